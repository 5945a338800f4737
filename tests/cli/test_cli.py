"""The command line as an operator meets it: what is shown, what is refused, and how it ends."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest

from pipeline.check import all_checks
from pipeline.cli import main, main_group
from pipeline.office import alone, open_office
from tests.flow.township import lay_out_office, photo, plan, progress, write_mail

ROOT = Path(__file__).parents[2]
BEIJING = ZoneInfo("Asia/Shanghai")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; exit status, output, complaints. None of them ever holds a traceback."""

    def _run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main([str(each) for each in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return status, said.out, said.err

    return _run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An office whose mailbox is a folder with nothing in it."""
    return lay_out_office(tmp_path)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2023, 5, day, hour, tzinfo=BEIJING)


def put_mail(config: Path, name: str, octets: bytes) -> None:
    (config.parent / "mailbox" / f"{name}.eml").write_bytes(octets)


def plan_of(village: str, address: str, day: int = 4, message_id: str = "") -> bytes:
    files = ("方案.docx", plan(village))
    return write_mail(address, f"{village}活动方案", files, arrived=at(day), message_id=message_id)


def one_line(complaint: str) -> str:
    """The complaint, which is one line, begins with the program's name and is Chinese."""
    assert complaint.count("\n") == 1
    assert complaint.startswith("baosong：")
    assert re.search("[\u4e00-\u9fff]", complaint)
    return complaint


# --- wrong use --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (('[mailbox]\nurl = "eml:mailbox"', '[mailbox]\nulr = "eml:mailbox"'), 5, ["mailbox.ulr", "url"]),
        (("timeout = 5", 'timeout = "5"'), 6, ["mailbox.timeout"]),
        (('"eml:mailbox"', '"ftp://mailbox"'), 5, ["mailbox.url", "imaps"]),
        (('"villages.csv"', '"no.csv"'), 2, ["villages", "no.csv"]),
        (('"eml:mailbox"', '"eml:mailbox'), 5, ["引号"]),
        (('url = "eml:mailbox"', 'url = "imaps://a:secret@imap.town.test"'), 5, ["mailbox.url", "密码"]),
    ],
    ids=["unknown key", "wrong type", "wrong value", "missing file", "broken TOML", "password in the file"],
)
@pytest.mark.parametrize("command", ["poll", "run", "status", "messages", "report", "rules"])
def test_a_wrong_configuration(
    run: Run, config: Path, change: tuple[str, str], line: int, words: Sequence[str], command: str
) -> None:
    """Whatever is started: status 2, and one line with the file, the line, the key and the remedy."""
    config.write_text(config.read_text("utf-8").replace(*change, 1), encoding="utf-8")
    status, said, complaint = run("--config", config, command, *(["check"] if command == "rules" else []))
    assert (status, said) == (2, "")
    assert f"{config} 第{line}行" in one_line(complaint)
    assert [word for word in words if word not in complaint] == []
    assert "secret" not in complaint


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pol"], "pol"),
        (["poll", "--jsn"], "--jsn"),
        (["status", "--jsn"], "--json"),
        (["poll", "now"], "now"),
        (["--now", "yesterday", "poll"], "yesterday"),
        (["status", "--as-of", "2023-13-01"], "2023-13-01"),
        (["--now"], "--now"),
        (["check"], "文件"),
        (["check", "no-such-file.docx"], "不存在"),
        (["check", "/"], "文件夹"),
        (["explain", "photo-cuont"], "photo-count"),
        (["restore", "no-such.zip"], "不存在"),
        (["undo", "two"], "编号 应是整数"),
        (["web", "--port", "http"], "--port 应是0至65535的整数"),
        (["web", "--port", "70000"], "--port 应是0至65535的整数"),
        (["rules", "chek"], "chek"),
        (["--config", "no-such.toml", "poll"], "no-such.toml"),
        (["--config", ".", "poll"], "."),
    ],
)
def test_wrong_use(run: Run, config: Path, arguments: Sequence[str], words: str) -> None:
    """Status 2 and one Chinese line that names what was wrong."""
    status, said, complaint = run("--config", config, *arguments)
    assert (status, said) == (2, "")
    assert words in one_line(complaint)


_WITHOUT_EXTRA = """
import sys
from importlib.machinery import PathFinder

class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        extra = ("obstore", "procrastinate", "prometheus_client", "psycopg", "psycopg2")
        return None if name.partition(".")[0] in extra else PathFinder.find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Finder
from pipeline.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("arguments", "setting", "words"),
    [
        (["rollup"], "", "PostgreSQL"),
        (["worker"], "", "requirements-province.lock"),
        (["rollup"], 'database = "postgresql+psycopg://county@db.test/baosong"', "requirements-province.lock"),
        (["poll"], 'database = "postgresql+psycopg://office@db.test/baosong"', "requirements-province.lock"),
        (["poll"], 'cache = "s3://bucket/office"', "requirements-province.lock"),
    ],
)
def test_what_only_many_offices_need_is_not_installed(
    config: Path, arguments: Sequence[str], setting: str, words: str
) -> None:
    """An office of its own has none of it: what asks for it says in one line what to do."""
    config.write_text(f"{setting}\n{config.read_text('utf-8')}", encoding="utf-8")
    command = [sys.executable, "-c", _WITHOUT_EXTRA, "--config", str(config), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode in (1, 2)
    assert "本程序出错" not in done.stderr
    assert words in one_line(done.stderr)


@pytest.mark.parametrize(
    ("arguments", "words"), [(["--village", "石桥"], "石桥村"), (["--deliverable", "plann"], "plan")]
)
def test_check_refuses_what_nobody_knows(
    run: Run, config: Path, tmp_path: Path, arguments: Sequence[str], words: str
) -> None:
    """A village or deliverable that is not there is told, with the nearest that is."""
    file = tmp_path / "a.docx"
    file.write_bytes(plan("石桥村"))
    status, _, complaint = run("--config", config, "check", file, *arguments)
    assert status == 2
    assert words in one_line(complaint)


# --- help -------------------------------------------------------------------------------------------------------------


def commands(group: click.Group = main_group, *path: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield (*path, name)


# Names that are no translatable words.
_NAMES = re.compile(
    r"--[a-z-]+|baosong( rules check)?|\.eml|config\.toml|JSON|Excel|Word|Ctrl\+C|\[report\] to|[\d:+T-]+"
    r"|progress@[\d-]+|plan|merged|backups|PostgreSQL|Prometheus|engine = \"procrastinate\""
    r"|WPS|CSV|PDF|rules|systemd|windows|none|keyring|file"
)


@pytest.mark.parametrize("path", [(), *commands()], ids=" ".join)
def test_help(run: Run, path: tuple[str, ...]) -> None:
    """Every command tells what it does and gives an example; no English stands there but names."""
    status, said, complaint = run(*path, "--help")
    assert (status, complaint) == (0, "")
    assert re.search(rf"例：baosong .*{path[-1]}" if path else r"\n    baosong demo", said)
    prose = [line for line in said.splitlines() if not re.search(r"(例：|^ {6}|^    )baosong", line)]
    listed = re.compile(rf"^  ({'|'.join(each[-1] for each in [*commands(), ('rules',)])})  ") if not path else None
    words = re.findall(
        "[A-Za-z]{2,}", _NAMES.sub("", "\n".join(listed.sub("", line) if listed else line for line in prose[1:]))
    )
    assert words == []


def test_without_a_command(run: Run) -> None:
    """The bare name shows the help."""
    status, said, complaint = run()
    assert status in (0, 2)
    assert "baosong demo" in said + complaint


_WEIGHTY = ("alembic", "av", "docx", "jinja2", "lxml", "openpyxl", "PIL", "pydantic", "rich", "sqlalchemy", "sqlmodel")


@pytest.mark.parametrize("arguments", [["--help"], ["poll", "--help"]])
def test_help_comes_at_once(arguments: Sequence[str]) -> None:
    """Nothing that takes long to import is imported before it is needed."""
    code = (
        f"import sys; from pipeline.cli import main; main({[*arguments]!r});"
        f"print(*[name for name in {_WEIGHTY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("code", list(all_checks()))
def test_explain(run: Run, code: str) -> None:
    """Every check explains itself under its five headings."""
    status, said, complaint = run("explain", code)
    assert (status, complaint) == (0, "")
    assert said.startswith(code)
    assert [heading for heading in ("查什么", "为什么", "不合格", "合格", "怎么改") if heading not in said] == []


def test_explain_lists_all(run: Run) -> None:
    """Without a code: all of them, each with its title."""
    _, said, _ = run("explain")
    assert [line.split()[0] for line in said.splitlines()] == list(all_checks())


# --- looking ----------------------------------------------------------------------------------------------------------


def test_status_as_json(run: Run, config: Path) -> None:
    """The contract's shape: every village with every deliverable, in the order of register and campaign."""
    put_mail(config, "1", plan_of("石桥村", "shiqiao@village.test"))
    put_mail(config, "2", write_mail("a@b.test", "青禾村方案", ("方案.docx", plan("青禾村")[:9000]), arrived=at(6)))
    run("--config", config, "--now", "2023-05-08T12:00", "poll")
    status, said, complaint = run("--config", config, "--now", "2023-05-08T12:00", "status", "--json")
    assert (status, complaint) == (0, "")
    told = json.loads(said)
    assert told["campaign"] == "2023-529"
    assert told["as_of"] == "2023-05-08T12:00:00+08:00"
    assert [each["village"] for each in told["villages"]] == ["石桥村", "青禾村", "柳堤村"]
    ids = [each["id"] for each in told["villages"][0]["deliverables"]]
    assert ids == [
        "plan", "progress@2023-05-10", "progress@2023-05-20", "progress@2023-05-31", "statistics", "summary", "photos",
        "video",
    ]  # fmt: skip
    first, second, third = (each["deliverables"][0] for each in told["villages"])
    assert first == {
        "id": "plan",
        "due": "2023-05-05",
        "state": "accepted",
        "late": False,
        "received_at": "2023-05-04T09:00:00+08:00",
        "findings": first["findings"],
    }
    assert (second["state"], second["late"]) == ("returned", True)
    assert {finding["code"] for finding in second["findings"]} == {"file-unreadable", "late"}
    assert (third["state"], third["received_at"]) == ("missing", None)
    assert told["villages"][2]["deliverables"][1]["state"] == "not-due"


def test_status_as_of_an_earlier_moment(run: Run, config: Path) -> None:
    """What came later is not known then; a day without an hour is its beginning in Beijing."""
    put_mail(config, "1", plan_of("石桥村", "shiqiao@village.test"))
    run("--config", config, "--now", "2023-05-08", "poll")

    def states(moment: str) -> list[str]:
        told = json.loads(run("--config", config, "status", "--json", "--as-of", moment)[1])
        return [each["deliverables"][0]["state"] for each in told["villages"]]

    assert states("2023-05-04") == ["not-due", "not-due", "not-due"]
    assert states("2023-05-04T09:00:00+08:00") == ["accepted", "not-due", "not-due"]
    assert states("2023-05-05T15:59:59Z") == ["accepted", "not-due", "not-due"]
    assert states("2023-05-05T16:00:00Z") == ["accepted", "missing", "missing"]


def test_messages_as_json(run: Run, config: Path) -> None:
    """The contract's shape: attachment, finding and reply of a message; why another one was left alone."""
    octets = plan("青禾村")
    put_mail(config, "1", plan_of("青禾村", "qinghe@village.test", 6, message_id="<1@village.test>"))
    put_mail(
        config,
        "2",
        write_mail("qinghe@village.test", "自动回复", arrived=at(7), fields={"Auto-Submitted": "auto-replied"}),
    )
    run("--config", config, "--now", "2023-05-08", "poll")
    status, said, _ = run("--config", config, "messages", "--json")
    assert status == 0
    first, second = json.loads(said)["messages"]
    assert {key: first[key] for key in ("message_id", "from", "subject", "received_at", "disposition", "reason")} == {
        "message_id": "<1@village.test>",
        "from": "qinghe@village.test",
        "subject": "青禾村活动方案",
        "received_at": "2023-05-06T09:00:00+08:00",
        "disposition": "submission",
        "reason": None,
    }
    (attachment,) = first["attachments"]
    assert {key: attachment[key] for key in ("name", "path", "sha256", "size", "village", "deliverable")} == {
        "name": "方案.docx",
        "path": ["方案.docx"],
        "sha256": hashlib.sha256(octets).hexdigest(),
        "size": len(octets),
        "village": "青禾村",
        "deliverable": "plan",
    }
    assert {"source": "document", "names": "青禾村"}.items() <= attachment["evidence"][0].items()
    (delivery,) = first["deliveries"]
    assert (delivery["village"], delivery["deliverable"], delivery["state"]) == ("青禾村", "plan", "accepted")
    assert delivery["read"]["text"] > 100
    assert second["deliveries"] == []
    (late,) = first["findings"]
    assert set(late) >= {"code", "severity", "village", "deliverable", "attachment", "where", "message"}
    assert (late["code"], late["severity"], late["village"]) == ("late", "warning", "青禾村")
    assert (first["reply"]["state"], first["reply"]["to"]) == ("sent", "qinghe@village.test")
    assert re.fullmatch(r"<.+@town\.test>", first["reply"]["message_id"])
    assert (second["disposition"], second["reason"], second["reply"]["state"]) == ("ignored", "auto-reply", "none")


def test_for_a_person(run: Run, config: Path) -> None:
    """Without --json the same in Chinese, a line for each village and a few for each mail; no markup shows through."""
    mail = write_mail("shiqiao@village.test", "[red]石桥村[/]活动方案", ("方案[1].docx", plan("石桥村")), arrived=at(4))
    put_mail(config, "1", mail)
    run("--config", config, "--now", "2023-05-08", "poll")
    _, said, _ = run("--config", config, "--now", "2023-05-08", "status")
    assert [line.split("\t")[0] for line in said.splitlines()] == ["石桥村", "青禾村", "柳堤村"]
    _, said, _ = run("--config", config, "messages")
    assert "[red]石桥村[/]活动方案" in said
    assert "方案[1].docx  →  石桥村 活动月实施方案" in said


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_files(run: Run, config: Path, tmp_path: Path) -> None:
    """Files are judged together as one mail would bring them; nothing reaches mailbox, ledger or cache."""
    good, bad = tmp_path / "青禾村写实表5月10日.docx", tmp_path / "坏.jpg"
    good.write_bytes(progress("青禾村"))
    status, said, _ = run("--config", config, "--now", "2023-05-09", "check", good)
    assert (status, "没有发现问题" in said) == (0, True)
    bad.write_bytes(photo("x")[:500])
    status, said, _ = run("--config", config, "--now", "2023-05-09", "check", "--json", good, bad)
    assert status == 1
    (result,) = json.loads(said)["results"]
    assert result["paths"] == [str(good), str(bad)] or result["paths"] == [good.name, bad.name]
    assert {(each["village"], each["id"]): each["state"] for each in result["deliverables"]} == {
        ("青禾村", "progress@2023-05-10"): "accepted",
        ("青禾村", "photos"): "returned",
    }
    assert {each["code"] for each in result["findings"]} >= {"file-unreadable"}
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(
        ["config.toml", "mailbox", "villages.csv", good.name, bad.name]
    )


def test_check_a_mail(run: Run, config: Path, tmp_path: Path) -> None:
    """A mail is judged by its own arrival; what has errors ends with status 1."""
    mail = tmp_path / "a.eml"
    files = ("写实表.docx", progress("青禾村", place=False))
    mail.write_bytes(write_mail("qinghe@village.test", "青禾村写实表", files, arrived=at(9)))
    status, said, _ = run("--config", config, "check", "--json", mail)
    assert status == 1
    (result,) = json.loads(said)["results"]
    assert {each["code"] for each in result["findings"]} == {"activity-no-place"}
    assert [each["state"] for each in result["deliverables"]] == ["returned"]


def test_check_as_told(run: Run, config: Path, tmp_path: Path) -> None:
    """A file that names nobody is judged for the village and deliverable of the command line."""
    file = tmp_path / "1.jpg"
    file.write_bytes(photo("y"))
    arguments = ["--config", config, "check", "--json", file, "--village", "柳堤村", "--deliverable", "photos"]
    status, said, _ = run(*arguments)
    (result,) = json.loads(said)["results"]
    assert status == 1
    assert [(each["village"], each["id"]) for each in result["deliverables"]] == [("柳堤村", "photos")]
    assert {each["code"] for each in result["findings"]} >= {"photo-count"}


# --- report, doctor, rules --------------------------------------------------------------------------------------------


def test_report(run: Run, config: Path) -> None:
    """Page, text and workbook are written, and their places told."""
    put_mail(config, "1", plan_of("石桥村", "shiqiao@village.test"))
    run("--config", config, "--now", "2023-05-08", "poll")
    status, said, complaint = run("--config", config, "--now", "2023-05-08", "report")
    assert (status, complaint) == (0, "")
    files = sorted((config.parent / "reports").iterdir())
    assert [file.suffix for file in files] == [".html", ".txt", ".xlsx"]
    assert [file for file in files if str(file) not in said] == []
    assert "石桥村" in files[0].read_text("utf-8")


def test_report_without_reader(run: Run, config: Path) -> None:
    """--send needs to know to whom: file and key are named, and nothing was done."""
    status, _, complaint = run("--config", config, "report", "--send")
    assert status == 2
    assert f"{config}：report.to" in one_line(complaint)
    assert not (config.parent / "reports").exists()


def test_doctor_finds_all_in_order(run: Run, config: Path) -> None:
    """A line for each part, and status 0."""
    status, said, complaint = run("--config", config, "doctor")
    assert (status, complaint) == (0, "")
    assert len(said.splitlines()) >= 8
    assert all(line.startswith("正常  ") for line in said.splitlines())


def _no_mailbox(folder: Path) -> None:
    (folder / "mailbox").rmdir()


def _cache_is_a_file(folder: Path) -> None:
    (folder / "inbox_cache").mkdir()
    for each in range(256):
        (folder / "inbox_cache" / f"{each:02x}").write_text("no folder")


def _database_is_none(folder: Path) -> None:
    (folder / "baosong.db").write_text("no database" * 100)


def _bad_register(folder: Path) -> None:
    (folder / "villages.csv").write_text("village\n石桥村\n石桥村\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "part"),
    [
        (_no_mailbox, "收信邮箱"),
        (_cache_is_a_file, "文件缓存"),
        (_database_is_none, "数据库"),
        (_bad_register, "活动规则"),
    ],
)
def test_doctor_names_what_is_wrong(run: Run, config: Path, spoil: Callable[[Path], None], part: str) -> None:
    """The broken part alone is named, the others are tried all the same, and the status is 1."""
    spoil(config.parent)
    status, said, complaint = run("--config", config, "doctor")
    assert (status, complaint) == (1, "")
    wrong = [line for line in said.splitlines() if not line.startswith("正常")]
    assert [line.startswith(f"有问题  {part}：") for line in wrong] == [True]


def test_doctor_without_configuration(run: Run, tmp_path: Path) -> None:
    """Nothing else can be tried."""
    status, said, _ = run("--config", tmp_path / "no.toml", "doctor")
    assert status in (1, 2)
    assert said.startswith("有问题  配置文件：")


def test_rules_check(run: Run, config: Path, tmp_path: Path) -> None:
    """The campaign of the configuration, or another file: in order, or file and line of the fault."""
    status, said, _ = run("--config", config, "rules", "check")
    assert (status, "progress@2023-05-20" in said) == (0, True)
    bad = tmp_path / "bad.toml"
    bad.write_text('[campaign]\nid = "x"\ntitel = "y"\n', encoding="utf-8")
    status, _, complaint = run("--config", config, "rules", "check", bad)
    assert status == 2
    assert f"{bad} 第3行" in one_line(complaint)
    assert "title" in complaint


# --- the coordinator's own decisions ----------------------------------------------------------------------------------


def test_who_decides_under_the_services_login(run: Run, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The history names the person, not the login that the service works under."""
    monkeypatch.setenv("LOGNAME", "baosong")
    monkeypatch.setenv("SUDO_USER", "wang")
    assert run("--config", config, "waive", "青禾村", "video", "--why", "没有拍摄条件")[0] == 0
    assert "wang" in run("--config", config, "undo")[1]


def test_the_coordinator_decides(run: Run, config: Path) -> None:
    """What a person decided stands in the ledger from then on, and not before."""
    put_mail(config, "1", plan_of("石桥村", "shiqiao@village.test"))
    run("--config", config, "--now", "2023-05-08", "poll")
    for arguments in (
        ["return", "石桥村", "plan", "--why", "与去年相同"],
        ["waive", "青禾村", "video", "--why", "没有拍摄条件"],
    ):
        status, said, complaint = run("--config", config, "--now", "2023-05-09T10:00", *arguments)
        assert (status, complaint) == (0, "")
        assert arguments[-1] in said

    def states(moment: str) -> tuple[str, str]:
        told = json.loads(run("--config", config, "status", "--json", "--as-of", moment)[1])
        found = {(each["village"], d["id"]): d["state"] for each in told["villages"] for d in each["deliverables"]}
        return found["石桥村", "plan"], found["青禾村", "video"]

    assert states("2023-05-09T09:59") == ("accepted", "not-due")
    assert states("2023-05-09T10:00") == ("returned", "waived")
    assert run("--config", config, "accept", "石桥村", "plan", "--why", "已当面说明")[0] == 0
    assert states("2033-01-01")[0] == "accepted"


def test_a_confirmed_address_is_known(run: Run, config: Path) -> None:
    """A mail that names no village is the confirmed village's; taken back, the next one is nobody's."""
    sender = "new@village.test"
    assert run("--config", config, "confirm", sender, "石桥村", "--why", "已电话核实")[0] == 0
    nameless = ("方案.docx", plan("我"))
    put_mail(config, "1", write_mail(sender, "方案", nameless, arrived=at(4), message_id="<1@village.test>"))
    run("--config", config, "--now", "2023-05-05", "poll")
    assert run("--config", config, "confirm", sender, "石桥村", "--wrong", "--why", "已调走")[0] == 0
    put_mail(config, "2", write_mail(sender, "方案", nameless, arrived=at(5), message_id="<2@village.test>"))
    run("--config", config, "--now", "2023-05-06", "poll")
    told = json.loads(run("--config", config, "messages", "--json")[1])["messages"]
    assert [each["attachments"][0]["village"] for each in told] == ["石桥村", None]
    assert "已电话核实" in told[0]["attachments"][0]["evidence"][0]["text"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["confirm", "a@b.cn", "石桥", "--why", "x"], "石桥村"),
        (["confirm", "石桥村", "a@b.cn", "--why", "x"], "名册"),
        (["accept", "石桥", "plan", "--why", "x"], "石桥"),
        (["waive", "石桥村", "plann", "--why", "x"], "plann"),
        (["accept", "石桥村", "plan", "--why", " "], "--why"),
        (["return", "石桥村", "plan"], "--why"),
        (["accept", "石桥村", "plan", "--why", "x"], "还没有报送"),
        (["extend", "石桥村", "plan", "--until", "明天"], "明天"),
        (["extend", "石桥村", "plan", "--until", "2022-05-15"], "不能早于原定的期限（2023年05月05日）"),
        (["undo", "9" * 21], "没有编号为"),
    ],
)
def test_a_decision_that_cannot_be(run: Run, config: Path, arguments: Sequence[str], words: str) -> None:
    """A strange village, a strange deliverable, no reason, nothing to decide on: status 2 and one line."""
    status, said, complaint = run("--config", config, *arguments)
    assert (status, said) == (2, "")
    assert words in one_line(complaint)


def test_a_return_is_told_to_the_village(run: Run, config: Path) -> None:
    """With --send the reason goes to who sent the file, by the next round; without it nobody is written to."""
    put_mail(config, "1", plan_of("石桥村", "shiqiao@village.test"))
    run("--config", config, "--now", "2023-05-08", "poll")
    letters = config.parent / "outgoing" / "new"
    before = set(letters.iterdir())
    moment = ("--config", config, "--now", "2023-05-09T10:00")
    run(*moment, "return", "石桥村", "plan", "--why", "与去年相同")
    run(*moment, "poll")
    assert set(letters.iterdir()) == before
    status, said, _ = run(*moment, "return", "石桥村", "plan", "--why", "请按今年的通知重写", "--send")
    assert (status, "shiqiao@village.test" in said) == (0, True)
    run(*moment, "poll")
    (letter,) = set(letters.iterdir()) - before
    mail = message_from_bytes(letter.read_bytes(), policy=policy.default)
    assert mail["To"] == "shiqiao@village.test"
    assert "请按今年的通知重写" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_an_extension_before_anything_came(run: Run, config: Path) -> None:
    """Who was given more time is not late within it."""
    run("--config", config, "--now", "2023-05-04", "extend", "石桥村", "plan", "--until", "2023-05-15")
    put_mail(config, "1", plan_of("石桥村", "shiqiao@village.test", 14))
    run("--config", config, "--now", "2023-05-16", "poll")
    told = json.loads(run("--config", config, "--now", "2023-05-16", "status", "--json")[1])
    plan_now = told["villages"][0]["deliverables"][0]
    assert (plan_now["state"], plan_now["late"], plan_now["findings"]) == ("accepted", False, [])


# --- poll, when something is in its way -------------------------------------------------------------------------------


def test_a_second_program(run: Run, config: Path) -> None:
    """While another one polls: status 1, one line, and nothing is touched."""
    put_mail(config, "1", plan_of("石桥村", "shiqiao@village.test"))
    with alone(open_office(config)):
        status, said, complaint = run("--config", config, "poll")
        assert (status, said) == (1, "")
        assert "另一个" in one_line(complaint)
    assert run("--config", config, "poll")[:2] == (0, "新收1封，核对1封，寄出1封。\n")


def test_the_mailbox_folder_is_gone(run: Run, config: Path) -> None:
    """One line says so; when it is back the next round goes on."""
    (config.parent / "mailbox").rmdir()
    status, said, _ = run("--config", config, "poll")
    assert status == 1
    assert len(said.splitlines()) == 2
    assert "mailbox" in said
    (config.parent / "mailbox").mkdir()
    put_mail(config, "1", plan_of("石桥村", "shiqiao@village.test"))
    assert run("--config", config, "poll")[0] == 0


def test_a_broken_letter(run: Run, config: Path) -> None:
    """A letter's wording that cannot be used is told before any mail is judged; mended, the mail is answered."""
    rules = config.parent / "rules"
    shutil.copytree(ROOT / "rules", rules)
    config.write_text(
        re.sub('campaign = ".*"', 'campaign = "rules/2023-529.toml"', config.read_text("utf-8")), encoding="utf-8"
    )
    put_mail(config, "1", plan_of("石桥村", "shiqiao@village.test"))
    template = rules / "letters" / "reply.txt.j2"
    whole = template.read_text("utf-8")
    template.write_text(whole.replace("{% endif %}", "{% endfi %}", 1), encoding="utf-8")
    status, _, complaint = run("--config", config, "poll")
    assert status == 2
    assert str(template) in one_line(complaint)
    template.write_text(whole, encoding="utf-8")
    assert run("--config", config, "poll")[0] == 0


def test_the_disk_of_the_cache_is_full(config: Path) -> None:
    """A disk of 200 kB, for real: the operator is told to free space; what fits is done, the rest by the next round."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("this system lets nobody mount a small disk of his own (unshare -rm)")
    put_mail(config, "1", plan_of("石桥村", "shiqiao@village.test"))
    pictures = [(f"{number}.jpg", photo(f"full{number}") + bytes(100_000)) for number in range(3)]
    put_mail(config, "2", write_mail("qinghe@village.test", "青禾村照片", *pictures, arrived=at(5)))
    cache = shlex.quote(str(config.parent / "inbox_cache"))
    poll = shlex.join([sys.executable, "-m", "pipeline", "--config", str(config), "--now", "2023-05-08", "poll"])
    script = (
        f"mkdir {cache} && mount -t tmpfs -o size=200k none {cache} || exit 9\n"
        f"{poll}; echo status $?; mount -o remount,size=8m {cache}; {poll}; echo status $?"
    )
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False
    )
    assert done.stderr == ""
    first, trouble, status, *after = done.stdout.splitlines()
    assert "核对1封，寄出1封" in first
    assert trouble.startswith("需要处理：收信：")
    assert "磁盘已满" in trouble
    assert status == "status 1"
    assert after == ["新收1封，核对1封，寄出1封。", "status 0"]


def test_all_is_in_the_file_that_people_copy(config: Path) -> None:
    """When a command has ended nothing of the ledger waits in SQLite's WAL beside it."""
    put_mail(config, "1", plan_of("石桥村", "shiqiao@village.test"))
    subprocess.run([sys.executable, "-m", "pipeline", "--config", str(config), "poll"], cwd=ROOT, check=True)
    assert sorted(each.name for each in config.parent.glob("baosong.db*") if each.suffix != ".lock") == ["baosong.db"]


@pytest.mark.parametrize("command", ["explain", "messages"])
def test_output_that_nobody_reads_to_the_end(run: Run, config: Path, command: str) -> None:
    """`baosong explain | head -1` ends quietly, whoever prints: click or rich."""
    put_mail(config, "1", plan_of("石桥村", "shiqiao@village.test"))
    run("--config", config, "poll")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "--config", str(config), command],
            stdout=writing, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False,
        )  # fmt: skip
    finally:
        os.close(writing)
    assert done.stderr == ""


def test_a_bug_of_ours_is_one_line(config: Path) -> None:
    """What nobody foresaw: status 1 and one line that says how to get the details; with --verbose the details."""
    broken = (
        "import sys, pipeline.cli.jsonview; del pipeline.cli.jsonview.status_lines;"
        "from pipeline.cli import main; sys.exit(main())"
    )

    def start(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", broken, "--config", str(config), *arguments, "status", "--json"]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False)

    done = start()
    assert (done.returncode, done.stdout) == (1, "")
    assert "--verbose" in one_line(done.stderr)
    assert "Traceback" in start("--verbose").stderr


# --- the coordinator's page -------------------------------------------------------------------------------------------


def test_decisions_are_listed_and_undone(run: Run, config: Path) -> None:
    """Each with its number, who and why; undone by that number, once."""
    run("--config", config, "--now", "2023-05-04", "waive", "石桥村", "video", "--why", "没有条件")
    status, said, _ = run("--config", config, "undo")
    assert (status, "没有条件" in said, "免予报送" in said) == (0, True, True)
    number = said.split()[0]
    assert run("--config", config, "undo", number, "--why", "看错")[0] == 0
    assert "已撤销" in run("--config", config, "undo")[1]
    status, _, complaint = run("--config", config, "undo", number)
    assert status == 2
    one_line(complaint)


def test_the_page_starts_with_a_link_for_the_first_password(config: Path) -> None:
    """On this machine alone, and it ends when it is told to."""
    program = [sys.executable, "-m", "pipeline", "--config", str(config), "web", "--port", "0"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1) as started:
        assert started.stdout is not None
        lines: list[str] = []
        for line in started.stdout:
            lines.append(line)
            if "Ctrl+C" in line:
                break
        assert re.search(r"http://127\.0\.0\.1:\d+/first/[\w-]{20,}", "".join(lines))
        started.terminate()
        started.wait(30)


def test_the_page_is_not_opened_to_the_network_without_a_password(run: Run, config: Path) -> None:
    """It says what to do first."""
    status, _, complaint = run("--config", config, "web", "--host", "0.0.0.0", "--port", "0")
    assert status == 2
    assert "--set-password" in one_line(complaint)


def test_version(run: Run) -> None:
    """What is installed says its own version."""
    status, said, complaint = run("--version")
    assert (status, complaint) == (0, "")
    assert re.fullmatch(r"baosong \d+\.\d+\.\d+\n", said)
