"""The ledger made anew from the cache alone."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.cache.journal import ActNote, SentNote, forget_notes, note_arrivals, noting_sent, read_notes
from pipeline.cache.local import LocalCache
from pipeline.keeping.rebuild import rebuild
from pipeline.ledger import acts, addresses, views
from pipeline.model.ledger import Rule
from pipeline.model.message import Blob, Location, RawMessage
from pipeline.office import alone, open_office
from pipeline.rejudging import rejudge
from tests.keeping.offices import NOW, Run, answers, messages, put, runner, states

ROOT = Path(__file__).parents[2]


def lose_database(config: Path) -> None:
    for each in config.parent.glob("baosong.db*"):
        each.unlink()


def told(found: list[dict[str, object]]) -> list[dict[str, object]]:
    """All that is known of the messages but the rows' own numbers."""
    return sorted(found, key=lambda each: str(each["message_id"]))


def test_states_are_those_of_before(config: Path, run: Run) -> None:
    """Mails, findings, a person's decision, an extension and what was answered: all as it was, and no letter goes out
    again."""
    assert run(config, "waive", "柳堤村", "video", "--why", "没有拍摄条件")[0] == 0
    assert run(config, "extend", "青禾村", "summary", "--until", "2023-06-20")[0] == 0
    put(config, "4", "柳堤村", "liudi@village.test", 5)
    assert run(config, "poll")[0] == 0
    before = states(run, config), messages(run, config), answers(config)

    lose_database(config)
    status, out, _ = run(config, "rebuild")
    assert (status, "来件4封" in out) == (0, True)
    assert states(run, config) == before[0]
    assert told(messages(run, config)) == told(before[1])
    assert run(config, "poll")[0] == 0
    assert answers(config) == before[2]


def test_a_decision_is_noted_however_long_the_next_round_is_away(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That round finds nothing new in the mailbox, nor does the one before: what was decided in between is new."""

    def at(moment: str, *arguments: object) -> None:
        assert runner(capsys, f"2023-05-06T{moment}+08:00")(config, *arguments)[0] == 0

    at("12:10", "poll")
    at("12:11", "poll")
    at("12:12", "waive", "柳堤村", "video", "--why", "没有拍摄条件")
    at("12:40", "poll")
    _, notes = read_notes(LocalCache(config.parent / "inbox_cache"))
    assert [each.village for each in notes if isinstance(each, ActNote)] == ["柳堤村"]


def test_a_decision_taken_back_is_taken_back(config: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """What stood before it stands again: nothing had come, or a paper that was accepted."""
    later = runner(capsys, "2023-05-06T13:00:00+08:00")
    for command in (["waive", "柳堤村", "video"], ["return", "石桥村", "plan"]):
        assert run(config, *command, "--why", "弄错")[0] == 0
    assert run(config, "poll")[0] == 0
    for number in (1, 2):
        assert later(config, "undo", number)[0] == 0
    assert later(config, "poll")[0] == 0
    before = states(later, config)
    lose_database(config)
    assert later(config, "rebuild")[0] == 0
    assert states(later, config) == before


def test_whatever_people_did_is_done_again(config: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Whose an address and whose a mail is, a matter that is settled, an extension that was taken back."""
    put(config, "5", "某村", "stranger@village.test", 5)
    assert run(config, "poll")[0] == 0
    office = open_office(config, lambda: datetime.fromisoformat(NOW))
    [unknown] = [each.digest for each in views.messages(office.ledger) if each.village is None]
    with alone(office):
        rejudge(office, unknown, Rule(village="青禾村"), who="王", why="打过电话")
    acts.settle(office.ledger, office.campaign, "一件事", who="王", why="办过了", now=office.now())
    assert run(config, "confirm", "stranger@village.test", "青禾村", "--why", "打过电话")[0] == 0
    assert run(config, "extend", "柳堤村", "summary", "--until", "2023-06-20", "--why", "弄错")[0] == 0
    later = runner(capsys, "2023-05-06T13:00:00+08:00")
    assert later(config, "undo", 4)[0] == 0
    assert later(config, "poll")[0] == 0

    def told_of() -> list[object]:
        ledger, campaign = open_office(config).ledger, office.campaign
        writers = addresses.known_writers(ledger, "stranger@village.test", office.register)
        return [acts.all_acts(ledger, campaign), acts.settled_matters(ledger, campaign), writers]

    before = states(later, config), told(messages(later, config)), told_of()
    lose_database(config)
    assert later(config, "rebuild")[0] == 0
    assert (states(later, config), told(messages(later, config)), told_of()) == before


def test_cut_off_and_begun_again(config: Path, run: Run) -> None:
    """Ctrl-C, or a power cut, leaves no half ledger that would pass for a whole one."""
    assert run(config, "waive", "柳堤村", "video", "--why", "没有拍摄条件")[0] == 0
    assert run(config, "poll")[0] == 0
    before = states(run, config)
    lose_database(config)

    def stop(_: str, done: int, __: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(config, lambda: datetime(2023, 5, 6, 4, tzinfo=UTC), stop)
    assert run(config, "rebuild")[0] == 0
    assert states(run, config) == before


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline.keeping.rebuild import rebuild
def stop(_, done, __):
    if done == 2:
        os.kill(os.getpid(), signal.SIGKILL)
rebuild(Path(sys.argv[1]), lambda: datetime(2023, 5, 6, 4, tzinfo=UTC), stop)
"""


def test_killed_it_is_begun_again_before_the_next_round(config: Path, run: Run) -> None:
    """No round takes up what lies in the mailbox as if it had just come; poll and doctor say what to do first."""
    assert run(config, "waive", "柳堤村", "video", "--why", "没有拍摄条件")[0] == 0
    assert run(config, "poll")[0] == 0
    before = states(run, config), answers(config)
    lose_database(config)
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(config)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    for command in (["poll"], ["poll", "--repair"], ["remind", "--anyway"]):
        status, _, complaint = run(config, *command)
        assert (status, "baosong rebuild" in complaint) == (1, True)
    assert "baosong rebuild" in run(config, "doctor")[1]
    assert messages(run, config) == []
    assert run(config, "rebuild")[0] == 0
    assert run(config, "poll")[0] == 0
    assert (states(run, config), answers(config)) == before


def test_a_lost_database_is_no_new_office(config: Path, run: Run) -> None:
    """What was answered by it is not answered again; with a cache of its own it is a new office."""
    before = answers(config)
    lose_database(config)
    assert run(config, "poll")[0] == 1
    assert answers(config) == before
    config.write_text('cache = "another"\n' + config.read_text("utf-8"), encoding="utf-8")
    assert run(config, "poll")[0] == 0


def test_nothing_is_fetched_again(config: Path, run: Run) -> None:
    """Where each mail was seen is known too."""
    lose_database(config)
    assert run(config, "rebuild")[0] == 0
    status, out, _ = run(config, "poll")
    assert (status, out.startswith("新收0封，核对0封，寄出0封")) == (0, True)


def test_a_damaged_database_is_put_aside(config: Path, run: Run) -> None:
    """It is kept under another name, and the office works again."""
    before = states(run, config)
    lose_database(config)
    (config.parent / "baosong.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    assert run(config, "status")[0] == 1
    assert run(config, "rebuild")[0] == 0
    assert states(run, config) == before
    [aside] = [each for each in config.parent.glob("baosong.db.damaged-*") if each.suffix != "-wal"]
    assert aside.read_bytes().endswith(b"\xff" * 4096)


def test_a_ledger_in_use_or_of_a_newer_program_stays_where_it_is(config: Path, run: Run, tmp_path: Path) -> None:
    """Neither is damaged: another program writes there, or the older of two programs was started."""
    folder = tmp_path / "elsewhere"  # no connection of this process's own is open there
    shutil.copytree(config.parent, folder, ignore=shutil.ignore_patterns("elsewhere"))
    file, moved = folder / "baosong.db", folder / config.name
    moved.write_text(config.read_text("utf-8").replace("baosong.db", "baosong.db?timeout=0"), encoding="utf-8")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        status, _, complaint = run(moved, "rebuild")
        assert (status, "正在使用" in complaint) == (1, True)
        other.execute("ROLLBACK")
    with closing(sqlite3.connect(file)) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in ("status", "rebuild"):
        status, _, complaint = run(moved, command)
        assert (status, "请先升级本程序" in complaint) == (1, True)
    assert not [*folder.glob("baosong.db.damaged-*")]


def test_a_ledger_in_order_is_not_built_anew(config: Path, run: Run) -> None:
    """What people have decided there is worth more than what could be guessed."""
    before = states(run, config)
    assert run(config, "rebuild")[0] == 2
    assert states(run, config) == before


def test_a_letter_of_which_nothing_is_known_is_settled(config: Path, run: Run) -> None:
    """Without the note that it went out it is looked for where letters go: here it lies there, so it is not sent."""
    for note in (config.parent / "inbox_cache" / "notes").glob("??/*"):
        if json.loads(note.read_bytes().splitlines()[0])["kind"] == "sent":
            note.unlink()
    before = answers(config)
    lose_database(config)
    assert run(config, "rebuild")[0] == 0
    assert {each["reply"]["state"] for each in messages(run, config)} == {"queued"}
    assert run(config, "poll")[0] == 0
    assert answers(config) == before
    assert {each["reply"]["state"] for each in messages(run, config)} == {"sent"}


def test_octets_that_are_gone_keep_nobody_waiting(config: Path, run: Run) -> None:
    """A mail whose octets are lost is named, and the others come back."""
    arrivals, _ = read_notes(LocalCache(config.parent / "inbox_cache"))
    lost = arrivals[1].blob.digest
    (config.parent / "inbox_cache" / lost[:2] / lost).unlink()
    lose_database(config)
    status, out, _ = run(config, "rebuild")
    assert status == 1
    assert lost in out
    assert sorted(each["disposition"] or "" for each in messages(run, config)) == ["", "submission", "submission"]


@pytest.mark.parametrize("octets", [b"", b"{}", b"\xff\xfe", b'{"kind":"arrival"}', b'{"kind":"sent","key":1}'])
def test_what_is_no_note_is_left_out(tmp_path: Path, octets: bytes) -> None:
    """A damaged note costs itself and no other."""
    cache = LocalCache(tmp_path)
    cache.note(octets)
    cache.note(b'{"kind":"sent","key":"reply:x","sent_at":"2023-05-05T09:00:00+08:00"}')
    arrivals, notes = read_notes(cache)
    assert (len(arrivals), len(notes)) == (0, 1)


def test_what_is_noted_in_two_companies_is_read_once(tmp_path: Path) -> None:
    """A round that was cut off before the ledger knew notes the same mails again, and others with them."""
    first, second, third = (raw(number) for number in range(3))
    cache = LocalCache(tmp_path)
    note_arrivals(cache, [first, second])
    note_arrivals(cache, [second, third])
    assert len(list(cache.notes())) == 2
    assert read_notes(cache) == ([first, second, third], [])


def test_a_forgotten_mail_goes_and_its_neighbours_stay(tmp_path: Path) -> None:
    """Though one note told of both."""
    first, second = raw(1), raw(2)
    cache = LocalCache(tmp_path)
    note_arrivals(cache, [first, second])
    with noting_sent(cache) as tell:
        for each in (first, second):
            tell(f"reply:{each.blob.digest}", each.received_at)
    forget_notes(cache, {first.blob.digest})
    arrivals, others = read_notes(cache)
    assert arrivals == [second]
    assert others == [SentNote(f"reply:{second.blob.digest}", second.received_at)]
    assert not any(first.blob.digest.encode() in octets for octets in cache.notes())


def raw(number: int) -> RawMessage:
    """A mail that came at so many minutes past nine."""
    at = datetime(2023, 5, 5, 9, number, tzinfo=UTC)
    return RawMessage(Location("imap://town.test", "INBOX", 1, str(number)), at, Blob(f"{number:064x}", 100))


def test_a_mailed_note_is_no_note(tmp_path: Path) -> None:
    """What strangers send is kept apart from notes, whatever its octets."""
    cache = LocalCache(tmp_path)
    cache.store([b'{"kind":"sent","key":"reply:x","sent_at":"2023-05-05T09:00:00+08:00"}'])
    assert list(cache.notes()) == []
