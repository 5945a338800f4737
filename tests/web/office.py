"""An office whose villages have written this and that, for tests of its page. All names are invented."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import uvicorn

from pipeline.ledger import views
from pipeline.model.ledger import JudgedMessage
from pipeline.office import Office, open_office
from pipeline.run import poll
from pipeline.web.app import make_app
from pipeline.web.serving import open_desk, the_secret
from tests.flow.township import lay_out_office, photo, plan, progress, write_mail

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = datetime(2023, 5, 26, 10, tzinfo=BEIJING)
PASSWORD = "correct horse 马"
SCRIPT = "<script>document.title='bad'</script>"
IMAGE = "<img src=x onerror=alert(1)>"
LINK = "https://wx.mail.qq.com/ftn/download?func=3&key=abc&code=def"


def at(day: int, hour: int = 9) -> datetime:
    """A moment in May 2023."""
    return datetime(2023, 5, day, hour, tzinfo=BEIJING)


def build_office(folder: Path) -> Path:
    """An office that has judged its villages' mails; the path of its config.toml."""
    config = lay_out_office(folder)
    own = {name: f"{name}@village.test" for name in ("shiqiao", "qinghe", "liudi")}
    shared = [photo(f"shared {number}") for number in range(3)]
    mails = {
        "a": write_mail(own["shiqiao"], "石桥村活动方案", ("石桥村方案.docx", plan("石桥村")), arrived=at(4)),
        "b": write_mail(own["shiqiao"], "石桥村写实表 5.10", ("写实表.docx", progress("石桥村")), arrived=at(12, 16)),
        "c": write_mail(
            own["qinghe"], "青禾村写实表 5.10", ("青禾村写实表.docx", progress("青禾村", place=False)), arrived=at(9)
        ),
        "d": write_mail("new@elsewhere.test", "青禾村活动方案", ("方案.docx", plan("青禾村")), arrived=at(5)),
        "e": write_mail(
            "who@elsewhere.test",
            "活动照片",
            *((f"{number}.jpg", photo(f"unknown {number}")) for number in (1, 2, 3)),
            text="照片见附件。",
            message_id="<unknown@elsewhere.test>",
            arrived=at(20),
        ),
        "f": write_mail(
            own["shiqiao"],
            "石桥村活动照片",
            *((f"石桥村照片{number}.jpg", octets) for number, octets in enumerate(shared, 1)),
            arrived=at(21),
        ),
        "g": write_mail(
            own["liudi"],
            "柳堤村活动照片",
            *((f"柳堤村照片{number}.jpg", octets) for number, octets in enumerate(shared, 1)),
            arrived=at(22),
        ),
        "h": write_mail(
            "bad@elsewhere.test",
            f"{SCRIPT}{IMAGE}",
            (f"{IMAGE}.docx", plan("石桥村")),
            ("../../config.toml", b"gotcha"),
            text=f"正文{SCRIPT}",
            arrived=at(23),
        ),
        "i": write_mail(
            own["liudi"], "柳堤村活动视频", text=f"视频见超大附件。\n柳堤村视频.mp4 (86.35M)\n{LINK}", arrived=at(24)
        ),
        "j": write_mail("ask@elsewhere.test", "请问", text="请问什么时候截止？", arrived=at(26, 9)),
    }
    for name, octets in mails.items():
        (folder / "mailbox" / f"{name}.eml").write_bytes(octets)
    office = open_at(config)
    result = poll(office)
    assert not result.troubles
    office.ledger.engine.dispose()
    the_secret(office).set(PASSWORD)
    return config


def open_at(config: Path) -> Office:
    """The office on the day on which the tests look at it."""
    return open_office(config, lambda: NOW)


@dataclass(frozen=True, slots=True)
class Served:
    """A page that listens."""

    url: str
    office: Office
    config: Path

    def mail(self, letter: str) -> JudgedMessage:
        """What the ledger knows of a mail, by the name of its file."""
        octets = (self.config.parent / "mailbox" / f"{letter}.eml").read_bytes()
        digest = sha256(octets).hexdigest()
        return next(each for each in views.messages(self.office.ledger) if each.digest == digest)


@contextmanager
def serving(config: Path, invitation: str = "") -> Iterator[Served]:
    """The page on a free port of this machine."""
    office = open_at(config)
    settings = uvicorn.Config(
        make_app(open_desk(office, invitation), [], only_loopback=True),
        port=0,
        log_config=None,
        proxy_headers=False,
        lifespan="on",
    )
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Served(f"http://127.0.0.1:{port}", office, config)
    finally:
        server.should_exit = True
        thread.join(30)
        office.ledger.engine.dispose()
