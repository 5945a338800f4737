"""A rule has changed: what comes out otherwise is shown, taken over when told, and told to villages when told."""

from __future__ import annotations

import json
import mailbox
import shutil
from collections.abc import Callable
from datetime import datetime
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import update

from pipeline.cli import main
from pipeline.ledger import views
from pipeline.ledger.acts import all_acts
from pipeline.ledger.tables import MessageRow
from pipeline.model.ledger import Act, Rule
from pipeline.office import alone, open_office
from pipeline.rejudging import rejudge
from tests.flow.township import RULES, lay_out_office, photo, plan, progress, write_mail

BEIJING = ZoneInfo("Asia/Shanghai")
THREE = [(f"{number}.jpg", photo(f"green{number}")) for number in range(3)]

Run = Callable[..., tuple[int, str]]


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2023, 5, day, hour, tzinfo=BEIJING)


@pytest.fixture
def office(tmp_path: Path, database: str) -> Path:
    """An office with rules of its own; its mailbox holds a plan, three photos and a plan that came a day late."""
    shutil.copytree(RULES, tmp_path / "rules")
    config = lay_out_office(tmp_path, campaign="rules/2023-529.toml")
    named = "" if database.startswith("sqlite") else 'office = "wanjia"\n'
    config.write_text(f'database = "{database}"\n{named}{config.read_text("utf-8")}', encoding="utf-8")
    inbox = tmp_path / "mailbox"
    mails = {
        "1": ("shiqiao", "石桥村活动方案", [("方案.docx", plan("石桥村"))], 4),
        "2": ("qinghe", "青禾村照片", THREE, 5),
        "3": ("liudi", "柳堤村活动方案", [("方案.docx", plan("柳堤村"))], 6),
    }
    for name, (who, subject, files, day) in mails.items():
        octets = write_mail(f"{who}@village.test", subject, *files, arrived=at(day))
        (inbox / f"{name}.eml").write_bytes(octets)
    return config


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], office: Path) -> Run:
    """Runs a command on the ninth of May; exit status and output."""

    def _run(*arguments: str, day: int = 9) -> tuple[int, str]:
        capsys.readouterr()
        status = main(["--config", str(office), "--now", at(day, 12).isoformat(), *arguments])
        return status, capsys.readouterr().out

    return _run


def change_rules(office: Path, old: str, new: str) -> None:
    file = office.parent / "rules/2023-529.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def want_four_photos(office: Path) -> None:
    change_rules(
        office, "[deliverable.checks.photo-count]\nminimum = 3", "[deliverable.checks.photo-count]\nminimum = 4"
    )


def state_of(run: Run, village: str, deliverable: str, **options: Any) -> tuple[str, bool]:
    _, said = run("status", "--json", **options)
    rows = {each["village"]: each["deliverables"] for each in json.loads(said)["villages"]}
    found = next(each for each in rows[village] if each["id"] == deliverable)
    return found["state"], found["late"]


def letters(office: Path) -> list[str]:
    """The subjects of all letters that went out."""
    box = mailbox.Maildir(office.parent / "outgoing", create=False)
    return sorted(str(make_header(decode_header(mail["Subject"]))) for mail in box)


def rechecked(run: Run, *options: str) -> tuple[int, Any]:
    status, said = run("recheck", "--json", *options)
    return status, json.loads(said)


def test_the_same_rules_say_the_same(run: Run) -> None:
    """Nothing to do: no mail is judged again, unless all are wanted, and then nothing comes out otherwise."""
    run("poll")
    assert run("recheck")[0] == 0
    assert rechecked(run)[1]["judged"] == 0
    status, said = rechecked(run, "--all")
    assert (status, said["judged"], said["changes"], said["messages"]) == (0, 3, [], [])


def test_a_change_is_shown_and_nothing_is_done(run: Run, office: Path) -> None:
    """Status 1 and what is new, by village; ledger and outbox are as before, and it says the same once more."""
    run("poll")
    told = letters(office)
    want_four_photos(office)
    for _ in range(2):
        status, said = rechecked(run)
        assert status == 1
        assert [(each["village"], each["deliverable"]) for each in said["changes"]] == [("青禾村", "photos")]
        (change,) = said["changes"]
        assert (change["before"]["state"], change["after"]["state"]) == ("accepted", "returned")
        assert [each["code"] for each in change["new"]] == ["photo-count"]
        assert change["gone"] == []
        assert state_of(run, "青禾村", "photos") == ("accepted", False)
    assert letters(office) == told


def test_the_words_on_the_terminal(run: Run, office: Path) -> None:
    """A clerk reads village, deliverable, state before and after, and how to go on."""
    run("poll")
    want_four_photos(office)
    status, said = run("recheck")
    assert status == 1
    assert "青禾村\n  精选活动照片：合格 → 待补正\n    新发现  须改：" in said
    assert "baosong recheck --apply" in said


def test_taken_over_when_told(run: Run, office: Path) -> None:
    """The ledger says it from this moment on and remembers what it said before; nobody is written to."""
    run("poll")
    told = letters(office)
    want_four_photos(office)
    status, said = rechecked(run, "--apply")
    assert (status, said["applied"], said["letters"]) == (0, True, 0)
    assert state_of(run, "青禾村", "photos") == ("returned", False)
    assert state_of(run, "青禾村", "photos", day=8) == ("accepted", False)
    assert letters(office) == told
    assert rechecked(run)[1]["judged"] == 0
    assert rechecked(run, "--all")[1]["changes"] == []
    _, messages = run("messages", "--json")
    found = [each["code"] for mail in json.loads(messages)["messages"] for each in mail["findings"]]
    assert "photo-count" in found


def test_villages_are_told_when_told(run: Run, office: Path) -> None:
    """One letter to the one village that hears something new, and no second one."""
    run("poll")
    told = letters(office)
    want_four_photos(office)
    status, said = rechecked(run, "--mail")
    assert (status, said["letters"]) == (0, 1)
    (new,) = set(letters(office)) - set(told)
    assert "【重新核对】" in new
    assert "青禾村" in new
    assert rechecked(run, "--mail", "--all")[1]["letters"] == 0
    assert len(letters(office)) == len(told) + 1


def test_what_a_person_decided_stands(run: Run, office: Path) -> None:
    """Accepted by hand: still accepted, the new finding is told to the coordinator, and no letter goes out."""
    run("poll")
    told = letters(office)
    run("accept", "青禾村", "photos", "--why", "三张也够")
    run("waive", "石桥村", "plan", "--why", "免报")
    want_four_photos(office)
    _, said = rechecked(run, "--mail")
    assert state_of(run, "青禾村", "photos") == ("accepted", False)
    assert state_of(run, "石桥村", "plan") == ("waived", False)
    assert [(each["village"], each["decided_by_person"]) for each in said["changes"]] == [("青禾村", True)]
    assert letters(office) == told
    assert rechecked(run, "--all")[1]["changes"] == []


def test_a_deadline_that_moved(run: Run, office: Path) -> None:
    """What was late is in time; a village's own later deadline is not taken from it."""
    run("extend", "石桥村", "plan", "--until", "2023-05-20")
    run("poll")
    assert state_of(run, "柳堤村", "plan") == ("accepted", True)
    change_rules(office, "due      = 2023-05-05", "due      = 2023-05-08")
    _, said = rechecked(run, "--apply")
    (change,) = said["changes"]
    assert (change["village"], [each["code"] for each in change["gone"]]) == ("柳堤村", ["late"])
    assert state_of(run, "柳堤村", "plan") == ("accepted", False)
    assert state_of(run, "青禾村", "plan", day=9) == ("missing", False)
    _, said = run("status", "--json", "--as-of", at(19).isoformat())
    plan_of = {each["village"]: each["deliverables"][0] for each in json.loads(said)["villages"]}
    assert plan_of["石桥村"]["state"] == "accepted"


def test_a_village_that_gets_another_name(run: Run, office: Path) -> None:
    """A mail that nobody knew is recognised by today's register, and its file stands in the ledger."""
    stray = write_mail("someone@village.test", "杏林活动方案", ("方案.docx", plan("杏林村")), arrived=at(4, 15))
    (office.parent / "mailbox/4.eml").write_bytes(stray)
    run("poll")
    register = office.parent / "villages.csv"
    register.write_text(register.read_text("utf-8") + "\n杏林村,,,\n", encoding="utf-8")
    status, said = rechecked(run)
    assert status == 1
    moved = [(each["before"]["disposition"], each["after"]["disposition"]) for each in said["messages"]]
    assert ("unrecognised", "submission") in moved
    rechecked(run, "--apply")
    assert state_of(run, "杏林村", "plan") == ("accepted", False)


def test_mail_that_is_no_longer_anyones(run: Run, office: Path) -> None:
    """A delivery that today's rules do not know any more, of a village that is in no register: nothing came, and status
    tells of it no more."""
    change_rules(office, 'formats  = ["word", "pdf"]', 'formats  = ["pdf"]')
    run("poll")
    assert state_of(run, "石桥村", "plan") == ("returned", False)
    change_rules(office, 'keywords = ["实施方案", "活动方案"', 'keywords = ["总体方案"')
    register = office.parent / "villages.csv"
    register.write_text(register.read_text("utf-8").replace("石桥村,", "河湾村,"), encoding="utf-8")
    _, said = rechecked(run, "--apply")
    assert said["applied"]
    opened = open_office(office)
    found = views.standings(opened.ledger, opened.campaign, datetime(2023, 6, 30, tzinfo=ZoneInfo("Asia/Shanghai")))
    assert [each.state for each in found if each.village == "石桥村"] == ["missing"] * len(opened.campaign.deliverables)
    assert "石桥村" not in run("status", "--json")[1]


def test_octets_that_are_gone(run: Run, office: Path) -> None:
    """A mail that cannot be read any more: named, status 1, and nothing is taken over."""
    run("poll")
    want_four_photos(office)
    shutil.rmtree(office.parent / "inbox_cache")
    status, said = rechecked(run, "--apply")
    assert (status, said["applied"]) == (1, False)
    assert said["troubles"]
    assert state_of(run, "青禾村", "photos") == ("accepted", False)


def test_in_the_order_of_old(run: Run, office: Path) -> None:
    """A later table that a decision preceded is judged with that decision known: 合格 by hand, then a worse file."""
    inbox = office.parent / "mailbox"
    bad = ("写实表.docx", progress("石桥村", place=False))
    inbox.joinpath("5.eml").write_bytes(write_mail("shiqiao@village.test", "石桥村写实表", bad, arrived=at(7)))
    run("poll")
    run("accept", "石桥村", "progress@2023-05-10", "--why", "已电话核实")
    worse = ("写实表.docx", progress("石桥村", place=False, rows=3))
    inbox.joinpath("6.eml").write_bytes(write_mail("shiqiao@village.test", "石桥村写实表5.10", worse, arrived=at(8)))
    run("poll", day=10)
    assert state_of(run, "石桥村", "progress@2023-05-10", day=10) == ("accepted", False)
    assert rechecked(run, "--all")[1]["changes"] == []


def test_what_a_person_took_back_counts_no_more(run: Run, office: Path) -> None:
    """Accepted by hand and undone: the rules alone say how it stands."""
    run("poll")
    run("accept", "青禾村", "photos", "--why", "三张也够")
    number = open_acts(office)[0].id
    run("undo", str(number), "--why", "看错了")
    want_four_photos(office)
    _, said = rechecked(run)
    assert [(each["village"], each["after"]["state"]) for each in said["changes"]] == [("青禾村", "returned")]


def test_whose_a_file_is_was_told_by_a_person(run: Run, office: Path) -> None:
    """A mail that names no village and was given to one by hand stays there, judged by today's rules."""
    files = [(f"{number}.jpg", photo(f"stray{number}")) for number in range(3)]
    stray = write_mail("someone@village.test", "照片", *files, arrived=at(7))
    (office.parent / "mailbox/7.eml").write_bytes(stray)
    run("poll")
    desk = open_office(office, lambda: at(8))
    (digest,) = [each.digest for each in views.messages(desk.ledger) if each.sender.address.startswith("someone")]
    with alone(desk):
        rejudge(desk, digest, Rule("石桥村", "photos", None, "王"), who="王", why="电话问过")
    assert state_of(run, "石桥村", "photos", day=10) == ("accepted", False)
    assert rechecked(run, "--all")[1]["changes"] == []
    want_four_photos(office)
    _, said = rechecked(run, "--apply")
    assert {each["village"] for each in said["changes"]} == {"青禾村", "石桥村"}
    assert state_of(run, "石桥村", "photos", day=10) == ("returned", False)
    assert rechecked(run, "--all")[1]["changes"] == []


def test_mail_that_was_forgotten(run: Run, office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its octets are gone for good: said in a line, and the ledger stands as it is."""
    run("poll")
    desk = open_office(office, lambda: at(9))
    with desk.ledger.writing() as session:
        session.exec(update(MessageRow).values(state="forgotten"))
    want_four_photos(office)
    status = main(["--config", str(office), "--now", at(9, 12).isoformat(), "recheck"])
    assert status == 1
    assert "forget" in capsys.readouterr().err
    assert state_of(run, "青禾村", "photos") == ("accepted", False)


def open_acts(office: Path) -> list[Act]:
    desk = open_office(office, lambda: at(9))
    return all_acts(desk.ledger, desk.campaign)
