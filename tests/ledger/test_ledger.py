"""The ledger on a real SQLite file: what arrived, what was decided, what is sent."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import select, update

from pipeline.errors import AccessError
from pipeline.ledger import entries, intake, letters, memory, verdicts, views
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.ledger.revision import newest_revision
from pipeline.ledger.tables import MessageRow
from pipeline.model.letter import LetterState, RenderedLetter
from pipeline.model.message import Address, MessageState
from pipeline.model.standing import State
from tests.ledger.literals import CAMPAIGN, REGISTER, at, message, outcome, raw, verdict


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    """An empty ledger, its entries prepared; on SQLite and on PostgreSQL."""
    opened = open_ledger(database)
    entries.prepare_entries(opened, CAMPAIGN, REGISTER)
    yield opened
    opened.engine.dispose()


def letter(key: str) -> RenderedLetter:
    """An answer."""
    return RenderedLetter(key, "reply", "office@x", "a@b.cn", "收到", f"<{key}@x>", b"octets")


def test_however_many_wait_each_is_given_once_by_arrival(ledger: Ledger) -> None:
    """Read a few at a time, many of one moment; what is judged meanwhile, and what stays, makes no difference."""
    mails = [raw(f"mail {number}", at(3 + number // 700), str(number)) for number in range(1100)]
    intake.receive_all(ledger, mails, at(5))
    given: list[str] = []
    for each in intake.each_waiting(ledger):
        if len(given) % 400 == 0:
            intake.quarantine(ledger, each.blob.digest, "", sender=Address("", ""), subject="")
        given.append(each.blob.digest)
    assert given == [each.blob.digest for each in sorted(mails, key=lambda each: (each.received_at, each.blob.digest))]
    assert len(list(intake.each_waiting(ledger))) == 1097


def test_missing_is_a_row_from_the_start(ledger: Ledger) -> None:
    """Every village and deliverable is there before any mail; the deadline tells whether it is missing."""
    rows = views.standings(ledger, CAMPAIGN, at(6))
    assert [(each.village, each.deliverable, each.state) for each in rows] == [
        ("甲村", "plan", State.MISSING),
        ("甲村", "photos", State.NOT_DUE),
        ("乙村", "plan", State.MISSING),
        ("乙村", "photos", State.NOT_DUE),
    ]


def test_the_same_octets_are_one_message(ledger: Ledger) -> None:
    """A second sighting (another folder, a new UIDVALIDITY) is no second message."""
    assert intake.receive(ledger, raw("a", at(1), "1"), at(1))
    assert not intake.receive(ledger, raw("a", at(1), "9", uidvalidity=8), at(1))
    assert not intake.receive(ledger, raw("a", at(1), "1"), at(1))
    assert len(list(intake.each_waiting(ledger))) == 1


def test_the_highest_uid_is_of_one_uidvalidity(ledger: Ledger) -> None:
    """After a rebuilt mailbox nothing is known under the new UIDVALIDITY."""
    intake.receive(ledger, raw("a", at(1), "1669791329"), at(1))
    seen = intake.LedgerSeen(ledger, "imaps://u@h")
    assert seen.highest_uid("INBOX", 7) == 1669791329
    assert seen.highest_uid("INBOX", 8) == 0
    assert seen.highest_uid("Junk", 7) == 0
    assert seen.unseen("INBOX", 7, ["1669791329", "5"]) == ["5"]


def test_a_verdict_is_recorded_once(ledger: Ledger) -> None:
    """Verdict, ledger and answer come together; the same message again changes nothing."""
    source = raw("a", at(4))
    intake.receive(ledger, source, at(4))
    for _ in range(2):
        verdicts.record(ledger, verdict(source, outcome(State.ACCEPTED)), letter("r:a"), None, CAMPAIGN, at(4, 10))
    assert list(intake.each_waiting(ledger)) == []
    assert views.standings(ledger, CAMPAIGN, at(5))[0].state is State.ACCEPTED
    [found] = views.messages(ledger)
    assert found.reply.state is LetterState.QUEUED
    assert len(letters.LetterQueue(ledger).due(at(4, 11))) == 1


def test_a_crash_while_recording_leaves_nothing(ledger: Ledger) -> None:
    """A letter that cannot be written takes the verdict with it: the message still waits."""
    source = raw("a", at(4))
    intake.receive(ledger, source, at(4))
    broken = RenderedLetter("k", "reply", "o@x", "a@b.cn", "s", "<m>", None)  # type: ignore[arg-type]
    with pytest.raises(AccessError):
        verdicts.record(ledger, verdict(source, outcome(State.ACCEPTED)), broken, None, CAMPAIGN, at(4))
    assert len(list(intake.each_waiting(ledger))) == 1
    assert views.standings(ledger, CAMPAIGN, at(5))[0].state is State.NOT_DUE


def test_history_can_be_asked_as_of(ledger: Ledger) -> None:
    """The state at an earlier moment is what had arrived by then, however late it was judged."""
    for day, state in ((3, State.RETURNED), (7, State.ACCEPTED)):
        source = raw(f"mail {day}", at(day), str(day))
        intake.receive(ledger, source, at(20))
        verdicts.record(ledger, verdict(source, outcome(state, late=day > 5)), None, None, CAMPAIGN, at(20))
    as_of = [views.standings(ledger, CAMPAIGN, at(day))[0] for day in (2, 4, 8)]
    assert [(each.state, each.late) for each in as_of] == [
        (State.NOT_DUE, False),
        (State.RETURNED, False),
        (State.ACCEPTED, True),
    ]


def test_a_worse_version_does_not_take_the_place(ledger: Ledger) -> None:
    """What does not stand is kept as a version, and the entry stays."""
    for number, (state, stands) in enumerate(((State.ACCEPTED, True), (State.RETURNED, False)), 1):
        source = raw(f"mail {number}", at(number), str(number))
        intake.receive(ledger, source, at(number))
        done = verdict(source, outcome(state, stands=stands, text=f"text {number}"))
        verdicts.record(ledger, done, None, None, CAMPAIGN, at(number))
    assert views.standings(ledger, CAMPAIGN, at(5))[0].state is State.ACCEPTED
    past = memory.recall(ledger, CAMPAIGN, ["甲村"], [])
    assert past.standings["甲村", "plan"].remembered.text == "text 1"


def test_what_a_newer_version_replaced_is_known(ledger: Ledger) -> None:
    """Its files, not those of the version in force nor of one that never stood."""
    for number, stands in ((1, True), (2, True), (3, False)):
        source = raw(f"mail {number}", at(number), str(number))
        intake.receive(ledger, source, at(number))
        brought = replace(outcome(State.ACCEPTED, stands=stands), attachments=(f"{number}" * 64,))
        verdicts.record(ledger, verdict(source, brought, message_id=f"<{number}@x>"), None, None, CAMPAIGN, at(number))
    standings = memory.recall(ledger, CAMPAIGN, ["甲村"], []).standings
    assert standings["甲村", "plan"].superseded == {"1" * 64}
    assert standings["甲村", "photos"].superseded == frozenset()


def test_a_copy_has_the_same_words_under_the_same_id(ledger: Ledger) -> None:
    """One Message-ID on two different mails proves nothing, nor do the same words in a new mail."""
    source = raw("a", at(4))
    intake.receive(ledger, source, at(4))
    verdicts.record(ledger, verdict(source, outcome(State.ACCEPTED)), None, None, CAMPAIGN, at(4))

    def is_copy(message_id: str | None, fingerprint: str) -> bool:
        other = message(raw("b", at(5)), message_id, fingerprint)
        return memory.is_copy(ledger, other)

    assert is_copy("<1@x>", "f")
    assert not is_copy("<1@x>", "other")
    assert not is_copy("<2@x>", "f")


def test_attempts_are_counted_before_they_are_made(ledger: Ledger) -> None:
    """A message that kills the program is counted too, and given up in the end; a person can release it."""
    source = raw("a", at(4))
    intake.receive(ledger, source, at(4))
    for attempt in (1, 2, 3):
        intake.begin_attempts(ledger, [source.blob.digest])
        assert [each.attempts for each in intake.each_waiting(ledger)] == [attempt]
    intake.quarantine(ledger, source.blob.digest, "trouble", sender=Address("", "a@b.cn"), subject="甲村方案")
    assert list(intake.each_waiting(ledger)) == []
    [found] = views.messages(ledger)
    assert (found.disposition, found.trouble, found.quarantined) == (None, "trouble", True)
    assert (found.sender.address, found.subject) == ("a@b.cn", "甲村方案")
    intake.release(ledger, source.blob.digest, at(4))
    assert [each.attempts for each in intake.each_waiting(ledger)] == [0]


def test_the_queue_of_letters(ledger: Ledger) -> None:
    """A letter is due, handed over, sent or put off or held; one handed over and not ended is found as interrupted."""
    queue = letters.LetterQueue(ledger)
    for key in ("a", "b", "c"):
        assert letters.enqueue(ledger, letter(key), at(1))
    assert not letters.enqueue(ledger, letter("a"), at(1))
    first, second, third = queue.due(at(1))
    for each in (first, second, third):
        queue.begin(each.id, at(1))
        queue.hand_over(each.id, at(1))
    queue.sent([first], at(1))
    queue.postpone(second.id, at(1), at(2), "later")
    assert [each.id for each in queue.interrupted()] == [third.id]
    queue.hold(third.id, at(1), "look")
    assert queue.due(at(1, 10)) == []
    assert [(each.id, each.attempts) for each in queue.due(at(2))] == [(second.id, 1)]
    assert memory.answers_within_a_day(ledger, "a@b.cn", at(1, 10)) == 3


def test_the_file_is_as_an_office_needs_it(tmp_path: Path) -> None:
    """Write-ahead log on, foreign keys kept, tables at the newest revision."""
    open_ledger(f"sqlite:///{tmp_path}/b.db").engine.dispose()
    with sqlite3.connect(tmp_path / "b.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (newest_revision(),)


@pytest.mark.parametrize("content", [b"this is no database, not at all", b"SQLite format 3\x00" + b"\xff" * 200])
def test_a_damaged_file_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    """The operator is told, without a traceback."""
    (tmp_path / "b.db").write_bytes(content)
    with pytest.raises(AccessError, match="数据库"):
        open_ledger(f"sqlite:///{tmp_path}/b.db")


def test_an_attempt_that_the_disk_refused_is_not_the_message_s(ledger: Ledger) -> None:
    """However often the operator's trouble lasts, it brings no message nearer to quarantine."""
    source = raw("a", at(4))
    intake.receive(ledger, source, at(4))
    for _ in range(5):
        intake.begin_attempts(ledger, [source.blob.digest])
        assert [each.attempts for each in intake.each_waiting(ledger)] == [1]
        intake.withdraw_attempts(ledger, [source.blob.digest])
    assert [each.attempts for each in intake.each_waiting(ledger)] == [0]


def test_one_poller_on_either_database(database: str) -> None:
    """A second one under the same name is refused; the lock ends with the one who holds it."""
    first, second = open_ledger(database), open_ledger(database)
    with first.alone("imaps://a@b") as granted:
        assert granted
        with second.alone("imaps://a@b") as again, second.alone("imaps://other@b") as other:
            assert (again, other) == (False, True)
    with second.alone("imaps://a@b") as granted:
        assert granted
    first.engine.dispose()
    second.engine.dispose()


def test_a_message_s_state_is_one_of_its_words(ledger: Ledger) -> None:
    """Whichever way it is read; in the database it stands as that word. Another word is not written."""
    intake.receive(ledger, raw("a", at(4)), at(4))
    with ledger.reading() as session:
        (state,) = session.exec(select(MessageRow.state))
        written = session.connection().exec_driver_sql("SELECT state FROM message").scalar_one()
    assert (state, type(state), written) == (MessageState.RECEIVED, MessageState, "received")
    with pytest.raises(StatementError), ledger.writing() as session:
        session.execute(update(MessageRow).values(state="lost"))
