"""For which village an address writes: by the register, by the coordinator's word, or learned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipeline.errors import ConfigError
from pipeline.ledger import addresses, entries, intake, verdicts
from pipeline.ledger.decisions import confirm_address
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.model.campaign import Village
from pipeline.model.content import Other
from pipeline.model.files import FileKind
from pipeline.model.message import Attachment, Authentication, Blob
from pipeline.model.standing import State
from pipeline.model.submission import Evidence, Filing, Source
from pipeline.model.verdict import Verdict
from pipeline.register import Register
from tests.ledger.literals import CAMPAIGN, REGISTER, at, outcome, raw, verdict

ADDRESS = "a@b.cn"


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    """An empty ledger, its entries prepared; on SQLite and on PostgreSQL."""
    opened = open_ledger(database)
    entries.prepare_entries(opened, CAMPAIGN, REGISTER)
    yield opened
    opened.engine.dispose()


def mail(number: int, village: str = "甲村", source: Source = Source.DOCUMENT) -> Verdict:
    """A mail with a plan of this village, told to be so by this source."""
    attachment = Attachment(("方案.docx",), Blob(f"{number:064}", 9), "", FileKind.DOCX)
    filing = Filing(attachment, Other(), village, "plan", (Evidence(source, village, "words"),))
    brought = replace(outcome(State.ACCEPTED), village=village)
    return replace(verdict(raw(f"mail {number}", at(number), str(number)), brought), filings=(filing,), village=village)


def deliver(ledger: Ledger, *mails: Verdict) -> None:
    for each in mails:
        intake.receive(ledger, raw(_words(each), each.message.received_at, _words(each)), at(1))
        verdicts.record(ledger, each, None, None, CAMPAIGN, at(9))


def _words(judged: Verdict) -> str:
    return f"mail {judged.message.received_at.day}"


def villages(ledger: Ledger, register: Register = REGISTER, address: str = ADDRESS) -> list[str]:
    return [each.village for each in addresses.known_writers(ledger, address, register)]


def test_never_on_the_first_alone(ledger: Ledger) -> None:
    """Two mails that name the village themselves make the address known."""
    deliver(ledger, mail(1))
    assert villages(ledger) == []
    deliver(ledger, mail(2))
    assert villages(ledger) == ["甲村"]
    assert villages(ledger, address="A@B.CN") == ["甲村"]


@pytest.mark.parametrize("source", [Source.BODY, Source.SENDER, Source.SIBLINGS])
def test_only_the_papers_own_word_counts(ledger: Ledger, source: Source) -> None:
    """What was told by the body or by the address itself teaches nothing."""
    deliver(ledger, mail(1, source=source), mail(2, source=source))
    assert villages(ledger) == []


def test_who_writes_for_two_villages_writes_for_none(ledger: Ledger) -> None:
    """A clerk of the township: not learned, and no longer known once the second village comes."""
    deliver(ledger, mail(1), mail(2), mail(3, "乙村"))
    assert villages(ledger) == []


def test_the_same_papers_again_are_no_second_testimony(ledger: Ledger) -> None:
    """Nothing new was said."""
    again = mail(2)
    deliver(ledger, mail(1), replace(again, outcomes=tuple(replace(each, unchanged=True) for each in again.outcomes)))
    assert villages(ledger) == []


def test_a_sender_who_failed_the_tests_teaches_nothing(ledger: Ledger) -> None:
    """Anybody can write an address into a mail."""
    forged = mail(2)
    forged = replace(forged, message=replace(forged.message, authentication=Authentication(spf="fail")))
    deliver(ledger, mail(1), forged)
    assert villages(ledger) == []


def test_the_register_is_believed_before_what_was_learned(ledger: Ledger) -> None:
    """An address of 乙村 that sends 甲村's papers stays 乙村's: the disagreement is told."""
    register = Register((Village("甲村"), Village("乙村", addresses=(ADDRESS,))))
    deliver(ledger, mail(1), mail(2))
    assert villages(ledger, register) == ["乙村"]


def test_the_coordinators_word(ledger: Ledger) -> None:
    """Known at once, with the reason; taken back by the opposite word, which also stops learning."""

    def say(*, holds: bool) -> None:
        confirm_address(ledger, CAMPAIGN, REGISTER, "甲村", " A@b.cn", who="王", why="电话核实", now=at(3), holds=holds)

    say(holds=True)
    (writer,) = addresses.known_writers(ledger, ADDRESS, REGISTER)
    assert writer.village == "甲村"
    assert "电话核实" in writer.why
    deliver(ledger, mail(1), mail(2))
    say(holds=False)
    assert villages(ledger) == []


def test_a_village_that_left_the_register_is_known_no_more(ledger: Ledger) -> None:
    """Of a later campaign."""
    deliver(ledger, mail(1), mail(2))
    assert villages(ledger, Register((Village("乙村"),))) == []


@pytest.mark.parametrize(("address", "village"), [("a@b.cn", "丙村"), ("不是邮箱", "甲村")])
def test_what_cannot_be_confirmed(ledger: Ledger, address: str, village: str) -> None:
    """A strange village, no address: told to the operator."""
    with pytest.raises(ConfigError):
        confirm_address(ledger, CAMPAIGN, REGISTER, village, address, who="王", why="x", now=at(3))
