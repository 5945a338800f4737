"""Personal data deleted after the campaign."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pipeline.cache.local import LocalCache
from tests.flow.township import plan, write_mail
from tests.keeping.offices import Run, answers, at, messages, put, runner, states

# What only one person's mail and decision hold, each in another place.
MARKS = ("林晚晴", "wanqing.lin", "13900000077", "晚晴的方案", "口头说明")


@pytest.fixture
def later(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command a month after the last deadline."""
    return runner(capsys, "2023-07-20T12:00:00+08:00")


@pytest.fixture
def named(config: Path, run: Run) -> Path:
    """The office after a mail full of personal data, and a decision that speaks of it."""
    octets = write_mail(
        "林晚晴 <wanqing.lin@village.test>",
        "柳堤村方案（林晚晴）",
        ("晚晴的方案.docx", plan("柳堤村")),
        text="我是林晚晴，电话13900000077。",
        arrived=at(5),
        message_id="<wanqing.lin@village.test>",
    )
    (config.parent / "mailbox" / "9.eml").write_bytes(octets)
    assert run(config, "poll")[0] == 0
    assert run(config, "accept", "柳堤村", "plan", "--why", "林晚晴口头说明")[0] == 0
    assert run(config, "poll")[0] == 0
    return config


def marks_below(config: Path) -> set[tuple[str, str]]:
    """Which of the marks stand in the ledger's file or the cache, in any writing that we use."""
    files = [*config.parent.glob("baosong.db*"), *(config.parent / "inbox_cache").rglob("*")]
    found = set()
    for file in files:
        octets = file.read_bytes() if file.is_file() else b""
        for mark in MARKS:
            if mark.encode() in octets or json.dumps(mark)[1:-1].encode() in octets:
                found.add((file.name.partition(".db")[0], mark))
    return found


def deliverables(told: Any) -> list[tuple[Any, ...]]:
    return [
        (village["village"], each["id"], each["state"], each["late"], each["received_at"])
        for village in told["villages"]
        for each in village["deliverables"]
    ]


def test_nothing_of_a_person_is_left(named: Path, later: Run) -> None:
    """Neither in the database's file, its log and its free pages, nor in the cache and its notes."""
    assert {mark for _, mark in marks_below(named)} == set(MARKS)
    assert later(named, "forget", "--yes")[0] == 0
    assert marks_below(named) == set()
    assert list(LocalCache(named.parent / "inbox_cache").digests()) == []


def test_the_figures_stay(named: Path, later: Run) -> None:
    """Every state, its lateness and its day, now and at earlier moments; the number of mails and what they were."""
    before = [deliverables(states(later, named)), deliverables(_as_of(later, named, "2023-05-04"))]
    kinds = [(each["disposition"], each["village"], len(each["attachments"])) for each in messages(later, named)]
    codes = sorted(finding["code"] for each in messages(later, named) for finding in each["findings"])
    assert later(named, "forget", "--yes")[0] == 0
    assert [deliverables(states(later, named)), deliverables(_as_of(later, named, "2023-05-04"))] == before
    told = messages(later, named)
    assert [(each["disposition"], each["village"], len(each["attachments"])) for each in told] == kinds
    assert sorted(finding["code"] for each in told for finding in each["findings"]) == codes


def _as_of(run: Run, config: Path, day: str) -> Any:
    return json.loads(run(config, "status", "--json", "--as-of", day)[1])


def test_what_still_lies_in_the_mailbox_is_not_taken_in_again(named: Path, later: Run) -> None:
    """The mails are known by their digests, and nobody is answered twice."""
    assert later(named, "forget", "--yes")[0] == 0
    before = answers(named)
    status, out, _ = later(named, "poll")
    assert (status, out.startswith("新收0封，核对0封，寄出0封")) == (0, True)
    assert answers(named) == before
    assert marks_below(named) == set()


def test_reports_and_pages_go_on(named: Path, later: Run) -> None:
    """What reads the ledger meets the blanks without stumbling."""
    assert later(named, "forget", "--yes")[0] == 0
    assert later(named, "messages")[0] == 0
    assert later(named, "status")[0] == 0
    assert later(named, "report")[0] == 0
    assert later(named, "backup")[0] == 0


def test_a_preview_deletes_nothing(named: Path, later: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a question that nobody answers."""
    before = marks_below(named)
    status, out, _ = later(named, "forget", "--dry-run")
    assert (status, "来件4封" in out) == (0, True)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert later(named, "forget")[0] == 130
    assert marks_below(named) == before


def test_not_before_the_campaign_is_over(named: Path, run: Run) -> None:
    """As long as a village may still mend something its papers are needed."""
    status, _, complaint = run(named, "forget", "--yes")
    assert (status, "还没有结束" in complaint) == (2, True)
    assert marks_below(named)


def test_only_what_is_older(named: Path, run: Run) -> None:
    """With a day named, what arrived since keeps all its octets, and states stay."""
    status, out, _ = run(named, "forget", "--before", "2023-05-05", "--yes")
    assert (status, "来件2封" in out) == (0, True)
    assert {mark for _, mark in marks_below(named)} == set(MARKS)
    old, kept = messages(run, named)[:2], messages(run, named)[2:]
    assert {each["from"] for each in old} == {""}
    cache = LocalCache(named.parent / "inbox_cache")
    digests = frozenset(cache.digests())
    assert {file["sha256"] for each in kept for file in each["attachments"]} <= digests
    assert not {file["sha256"] for each in old for file in each["attachments"]} & digests


def test_what_waits_is_not_deleted(named: Path, later: Run) -> None:
    """A mail that could not be judged yet, or whose answer is not sent, is still needed."""
    with sqlite3.connect(named.parent / "baosong.db") as ledger:
        ledger.execute("UPDATE message SET state = 'quarantined' WHERE sender_address = 'wanqing.lin@village.test'")
        ledger.execute("UPDATE letter SET state = 'queued' WHERE recipient = 'qinghe@village.test'")
    status, out, _ = later(named, "forget", "--yes")
    assert (status, "来件2封" in out, "另有2封" in out) == (0, True, True)
    assert {mark for _, mark in marks_below(named)} >= {"林晚晴", "13900000077"}


def test_a_rebuild_afterwards_does_not_look_for_what_is_gone(named: Path, later: Run) -> None:
    """The notes of forgotten mails are gone with them."""
    put(named, "10", "石桥村", "shiqiao@village.test", 25)
    assert later(named, "forget", "--before", "2023-05-20", "--yes")[0] == 0
    assert later(named, "poll")[0] == 0
    for each in named.parent.glob("baosong.db*"):
        each.unlink()
    _, out, _ = later(named, "rebuild")
    assert ("来件1封" in out, "缓存里缺少" in out) == (True, False)
