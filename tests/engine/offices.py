"""Offices of one PostgreSQL database with mail to be dealt with, and workers as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.flow.township import VILLAGES, lay_out_office, plan, write_mail
from tests.servers.smtpd import running_smtpd

ROOT = Path(__file__).parents[2]
_PAUSE = 0.4  # seconds
_MORNING = datetime(2023, 5, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def lay_out(folder: Path, name: str, database: str, *, mails: int, engine: str = "procrastinate") -> Path:
    """An office with so many mails, each of which is to be answered; the path of its config.toml."""
    config = lay_out_office(folder / name, office=f"{name}@town.test")
    head, rest = config.read_text("utf-8").split("\n[mailbox]", 1)
    lines = f'database = "{database}"\noffice = "{name}"\nengine = "{engine}"\n'
    config.write_text(f"{head}{lines}\n[mailbox]{rest}", "utf-8")
    for number in range(mails):
        put_mail(config, number)
    return config


def put_mail(config: Path, number: int) -> None:
    """One more mail into the office's mailbox, whole at once."""
    village, sender = list(VILLAGES.items())[number % len(VILLAGES)]
    mail = write_mail(
        f"{sender}{number}@village.test",
        f"{village}活动方案",
        ("方案.docx", plan(village)),
        message_id=f"<{number}.{config.parent.name}@village.test>",
        arrived=_MORNING + timedelta(minutes=number),
    )
    unfinished = config.parent / "unfinished"
    unfinished.write_bytes(mail)
    unfinished.rename(config.parent / "mailbox" / f"{number:04}.eml")


@contextmanager
def sending_slowly(config: Path) -> Iterator[None]:
    """The office's letters go to a mail server, with a pause after each; :func:`answered` finds what it took."""
    new = config.parent / "outgoing" / "new"
    new.mkdir(parents=True, exist_ok=True)
    with running_smtpd() as server:

        def _keep(octets: bytes) -> None:
            (new / str(len(server.taken))).write_bytes(octets)

        server.keep = _keep
        written = config.read_text("utf-8").replace("maildir:outgoing", server.url)
        paced = written.replace("[outgoing]", f"[outgoing]\nseconds_between_mails = {_PAUSE}")
        config.write_text(paced, encoding="utf-8")
        yield


def await_pause() -> None:
    """A letter was taken this moment: return when that is noted, and the next one has not begun."""
    time.sleep(_PAUSE / 3)


def answered(config: Path) -> Counter[str]:
    """How often each mail was answered, by its Message-ID."""
    letters = [each.read_bytes() for each in (config.parent / "outgoing" / "new").glob("*")]
    return Counter(str(message_from_bytes(each, policy=default)["In-Reply-To"]) for each in letters)


@contextmanager
def working(
    *offices: Path, log: Path, environment: Mapping[str, str] | None = None, core: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker for these offices; with ``core`` it and its children have that one alone (Linux)."""
    held = ["taskset", "--cpu-list", str(core)] if core is not None else []
    command = [*held, sys.executable, "-m", "pipeline", "worker", *map(str, offices)]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=subprocess.STDOUT, cwd=ROOT, env={**os.environ, **(environment or {})}
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def until(reached: Callable[[], bool], seconds: float, what: Callable[[], str]) -> float:
    """Wait for it; how long that took. Fails with what there is to tell."""
    begun = time.monotonic()
    while not reached():
        assert time.monotonic() < begun + seconds, what()
        time.sleep(0.05)
    return time.monotonic() - begun
