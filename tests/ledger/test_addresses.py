"""Addresses that our letters do not reach, on a real ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlmodel import SQLModel, select

import pipeline
from pipeline.ledger import addresses, entries, intake, letters, memory, verdicts, views
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.ledger.tables import PollRow
from pipeline.model.letter import AddressState, Bounce, Failure, LetterState, RenderedLetter
from pipeline.model.message import Address, Message, RawMessage, Reason
from pipeline.model.standing import State
from pipeline.model.verdict import Disposition, Verdict
from pipeline.verdict import ignore
from tests.ledger.literals import CAMPAIGN, REGISTER, at, message, outcome, raw, verdict

MIGRATIONS = Path(addresses.__file__).parent.parent / "migrations"
DEAD, FAILING = AddressState.DEAD, AddressState.FAILING


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    """A ledger in which 甲村 wrote on the 4th and was answered."""
    opened = open_ledger(database)
    entries.prepare_entries(opened, CAMPAIGN, REGISTER)
    source = raw("plan", at(4))
    intake.receive(opened, source, at(4))
    verdicts.record(opened, verdict(source, outcome(State.ACCEPTED)), letter("reply:1"), None, CAMPAIGN, at(4))
    send(opened, at(4))
    yield opened
    opened.engine.dispose()


def letter(key: str, kind: str = "reply", recipient: str = "a@b.cn") -> RenderedLetter:
    return RenderedLetter(key, kind, "office@x", recipient, f"标题{key}", f"<{key}@x>", b"octets")


def send(ledger: Ledger, now: datetime) -> None:
    queue = letters.LetterQueue(ledger)
    for each in queue.due(now):
        queue.begin(each.id, now)
        queue.sent([each], now)


def of(source: RawMessage, sender: str) -> Message:
    return replace(message(source, f"<{source.blob.digest[:9]}@x>", source.blob.digest), sender=Address("", sender))


def come_back(
    ledger: Ledger,
    state: AddressState,
    day: int,
    *,
    address: str = "a@b.cn",
    letter_id: str = "<reply:1@x>",
    subject: str = "",
) -> None:
    """A bounce arrives."""
    source = raw(f"bounce {day} {state} {address}", at(day), f"9{day}")
    intake.receive(ledger, source, at(day))
    ignored = ignore(of(source, "mailer-daemon@b.cn"), Disposition.IGNORED, Reason.BOUNCE)
    bounce = Bounce((letter_id,) if letter_id else (), subject, (Failure(address, state, "对方邮箱不存在"),))
    verdicts.record(ledger, ignored, None, Reason.BOUNCE, CAMPAIGN, at(day), bounce)


def write(ledger: Ledger, sender: str, day: int) -> None:
    """Somebody writes."""
    source = raw(f"mail {day} {sender}", at(day), f"8{day}")
    intake.receive(ledger, source, at(day))
    said = Verdict(of(source, sender), Disposition.UNRECOGNISED, Reason.NOTHING_SENT, (), (), (), (), None)
    verdicts.record(ledger, said, None, Reason.NOTHING_SENT, CAMPAIGN, at(day))


def test_a_bounce_is_laid_to_its_letter(ledger: Ledger) -> None:
    """Address, village, letter and bounce are kept together; the answer shows that it came back."""
    come_back(ledger, DEAD, 5)
    (lost,) = addresses.lost_addresses(ledger, CAMPAIGN)
    assert (lost.address, lost.state, lost.village, lost.since) == ("a@b.cn", DEAD, "甲村", at(5))
    assert lost.subject == "标题reply:1"
    answered = next(each for each in views.messages(ledger) if each.village == "甲村")
    assert (answered.reply.state, answered.reply.note) == (LetterState.SENT, "被退回：对方邮箱不存在")
    assert lost.bounce in {each.digest for each in views.messages(ledger) if each.reason is Reason.BOUNCE}


def test_an_address_is_dead_until_somebody_writes_from_it(ledger: Ledger) -> None:
    """What arrived before the bounce is not answered any more; what arrives after it revives the address."""
    come_back(ledger, DEAD, 5)
    assert addresses.is_dead(ledger, "A@b.cn", at(4))
    assert not addresses.is_dead(ledger, "a@b.cn", at(6))
    assert not addresses.is_dead(ledger, "other@b.cn", at(4))
    assert addresses.dead_addresses(ledger) == {"a@b.cn"}
    write(ledger, "a@b.cn", 3)  # read late, written before
    assert addresses.dead_addresses(ledger) == {"a@b.cn"}
    write(ledger, "a@b.cn", 6)
    assert addresses.dead_addresses(ledger) == frozenset()
    assert addresses.lost_addresses(ledger, CAMPAIGN) == []
    come_back(ledger, FAILING, 5)  # an old bounce, read late
    assert addresses.lost_addresses(ledger, CAMPAIGN) == []


def test_what_may_pass_is_shown_and_holds_up_nothing(ledger: Ledger) -> None:
    """A full mailbox is no dead address; and it makes no dead one better."""
    come_back(ledger, FAILING, 5)
    assert addresses.dead_addresses(ledger) == frozenset()
    assert [each.state for each in addresses.lost_addresses(ledger, CAMPAIGN)] == [FAILING]
    come_back(ledger, DEAD, 6)
    come_back(ledger, FAILING, 7)
    assert [each.state for each in addresses.lost_addresses(ledger, CAMPAIGN)] == [DEAD]


def test_a_bounce_of_no_letter_of_ours_changes_nothing(ledger: Ledger) -> None:
    """Anybody can write one: a letter that we never sent, or an address that we never wrote to."""
    come_back(ledger, DEAD, 5, letter_id="<baosong.unknown@x>")
    come_back(ledger, DEAD, 5, letter_id="", address="other@b.cn")
    come_back(ledger, DEAD, 20, letter_id="")  # too long after it
    assert addresses.lost_addresses(ledger, CAMPAIGN) == []


def test_a_bounce_in_words_is_laid_to_the_letter_by_its_subject(ledger: Ledger) -> None:
    """NetEase and QQ name no Message-ID: the address, and of several letters the one with that subject."""
    letters.enqueue(ledger, letter("reminder:test:乙村:2023-05-04", "reminder"), at(4, 10))
    send(ledger, at(4, 10))
    come_back(ledger, DEAD, 5, letter_id="", subject="标题reply:1")
    assert [each.subject for each in addresses.lost_addresses(ledger, CAMPAIGN)] == ["标题reply:1"]
    come_back(ledger, DEAD, 6, letter_id="", subject="其他")
    (lost,) = addresses.lost_addresses(ledger, CAMPAIGN)
    assert (lost.village, lost.since) == ("乙村", at(6))  # the newest letter; a reminder's key tells the village


def test_what_waits_for_a_dead_address_is_held(ledger: Ledger) -> None:
    """Letters in the outbox do not go there either; the coordinator's report always does."""
    letters.enqueue(ledger, letter("reply:2"), at(5))
    letters.enqueue(ledger, letter("report:1", "report"), at(5))
    letters.enqueue(ledger, letter("reply:3", recipient="other@b.cn"), at(5))
    come_back(ledger, DEAD, 5)
    assert [each.recipient for each in letters.LetterQueue(ledger).due(at(6))] == ["a@b.cn", "other@b.cn"]
    assert letters.count_due(ledger, at(6)) == 2


def test_a_server_that_refuses_the_address_at_once(ledger: Ledger) -> None:
    """No bounce will come: the refusal itself says that the address is not there."""
    letters.LetterQueue(ledger).lose_address(1, at(4), "收件地址不存在")
    assert addresses.dead_addresses(ledger) == {"a@b.cn"}


def test_who_wrote_last_for_a_village(ledger: Ledger) -> None:
    """Of what was answered; a mail that must not be answered gives no address to write to."""
    assert addresses.last_writers(ledger, CAMPAIGN) == {"甲村": "a@b.cn"}
    source = raw("later", at(6), "7")
    intake.receive(ledger, source, at(6))
    later = replace(verdict(source, outcome(State.ACCEPTED)), message=of(source, "robot@b.cn"))
    verdicts.record(ledger, later, None, Reason.AUTO_REPLY, CAMPAIGN, at(6))
    assert addresses.last_writers(ledger, CAMPAIGN) == {"甲村": "a@b.cn"}


def test_the_letters_of_the_last_hour(ledger: Ledger) -> None:
    """Those that went out, and one that a crash left in doubt; what only waits does not count."""
    queue = letters.LetterQueue(ledger)
    for key in ("reply:2", "reply:3", "reply:4"):
        letters.enqueue(ledger, letter(key), at(5))
    doubtful = queue.due(at(5))[0]
    queue.begin(doubtful.id, at(5))
    queue.hand_over(doubtful.id, at(5))
    assert letters.handed_over(ledger, at(3), at(6)) == [at(4), at(5)]
    assert letters.handed_over(ledger, at(4), at(6)) == [at(5)]
    assert letters.handed_over(ledger, at(3), at(4)) == [at(4)]
    assert letters.count_due(ledger, at(5)) == 2


def test_a_reminder_is_withdrawn_only_before_it_goes(ledger: Ledger) -> None:
    """What went out stays in the ledger for ever; what waits can be written anew."""
    keys = [f"reminder:test:甲村:2023-05-0{day}" for day in (4, 5)]
    letters.enqueue(ledger, letter(keys[0], "reminder"), at(4))
    send(ledger, at(4))
    letters.enqueue(ledger, letter(keys[1], "reminder"), at(5))
    assert letters.reminder_keys(ledger) == keys
    assert letters.reminder_keys(ledger, sent=True) == keys[:1]
    assert letters.reminder_keys(ledger, queued=True) == keys[1:]
    letters.withdraw(ledger, keys)
    assert letters.reminder_keys(ledger) == keys[:1]
    assert letters.enqueue(ledger, letter(keys[1], "reminder"), at(5))


def test_an_older_ledger_is_brought_up(tmp_path: Path) -> None:
    """A database of the first revision gets the new tables and columns, and keeps what it has."""
    url = f"sqlite:///{tmp_path}/old.db"
    config = Config()
    config.set_main_option("script_location", str(Path(pipeline.__file__).parent / "migrations"))
    with create_engine(url).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO message (digest, size, received_at, stored_at, state, attempts, trouble, sender_name,"
                " sender_address, subject, fingerprint, links) VALUES ('d', 1, '2023-05-04 01:00:00',"
                " '2023-05-04 01:00:00', 'received', 0, '', '', '', '', '', '[]')"
            )
        )
        for number, trouble in enumerate(("", "away")):
            connection.execute(
                text(
                    "INSERT INTO poll (started_at, finished_at, stored, judged, trouble) VALUES"
                    f" ('2023-05-04 0{number}:00:00', '2023-05-04 0{number}:01:00', 0, 0, '{trouble}')"
                )
            )
    again = open_ledger(url)
    assert inspect(again.engine).has_table("address")
    assert len(list(intake.each_waiting(again))) == 1
    with again.reading() as session:
        assert [row.reached for row in session.exec(select(PollRow))] == [True, False]
    again.engine.dispose()


def test_texts_of_an_older_ledger_are_met_again(database: str) -> None:
    """The sketches are made from what is remembered: copies of its texts are found."""
    plan = "村里的实施方案：先开动员会，再请医生讲课，然后走访困难家庭，最后组织一场文艺演出。"
    opened = open_ledger(database)
    entries.prepare_entries(opened, CAMPAIGN, REGISTER)
    intake.receive(opened, raw("a", at(4)), at(4))
    judged = verdict(raw("a", at(4)), outcome(State.ACCEPTED, text=plan))
    verdicts.record(opened, judged, None, None, CAMPAIGN, at(4))
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    with opened.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0002")
        assert not inspect(connection).has_table("sketch")
    opened.engine.dispose()
    again = open_ledger(database)
    past = memory.recall(again, CAMPAIGN, ["甲村"], [], [plan])
    assert [each.village for each in past.texts["plan"]] == ["甲村"]
    assert past.standings["甲村", "plan"].state is State.ACCEPTED
    with again.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
    again.engine.dispose()


def test_the_migrations_make_the_tables_that_the_code_knows(database: str) -> None:
    """Nothing is left that Alembic would still change."""
    opened = open_ledger(database)
    with opened.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
    opened.engine.dispose()
