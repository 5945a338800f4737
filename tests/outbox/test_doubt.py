"""Letters in doubt, and what the account's own copies say of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.config.urls import MailUrl
from pipeline.model.letter import LetterState
from pipeline.outbox.doubt import GRACE, settle_by_copy
from pipeline.outbox.sending import SendReport, send_due
from pipeline.outbox.smtp import SmtpTransport
from tests.outbox.listqueue import NOON, ListQueue, letter, now
from tests.servers.smtpd import running_smtpd

LATER = NOON + GRACE


def doubtful() -> ListQueue:
    """A letter that surely went out, and one that a crash left on its way."""
    queue = ListQueue(letter(1), letter(2))
    queue.states[1] = LetterState.SENT
    queue.hand_over(2, NOON)
    return queue


@pytest.mark.parametrize(
    ("copies", "witnesses", "waited", "settled"),
    [
        (None, ["<1@town.test>"], GRACE, None),  # nobody can look
        ({"<2@town.test>"}, [], timedelta(0), True),
        ({"<1@town.test>", "<2@town.test>"}, ["<1@town.test>"], GRACE, True),
        ({"<1@town.test>"}, ["<1@town.test>"], GRACE, False),  # it keeps copies, and has none of this one
        ({"<1@town.test>"}, ["<1@town.test>"], GRACE - timedelta(seconds=1), None),  # not yet
        ({"<other@town.test>"}, ["<1@town.test>"], GRACE, None),  # it keeps no copies of ours
        (set(), [], GRACE, None),
    ],
)
def test_what_a_copy_proves(
    copies: set[str] | None, witnesses: list[str], waited: timedelta, settled: bool | None
) -> None:
    """A copy is proof; its absence only where copies are kept, and after a while."""
    queue = doubtful()
    assert settle_by_copy(queue.letters[2], copies, witnesses, NOON + waited) is settled


def test_without_copies_it_is_held() -> None:
    """Nobody can know: a person is told, once."""
    queue = doubtful()
    with running_smtpd() as smtpd, SmtpTransport(MailUrl("smtp", "127.0.0.1", smtpd.port), None) as transport:
        assert send_due(queue, transport, now=now) == SendReport(held=1)
        assert send_due(queue, transport, now=lambda: LATER) == SendReport()
        assert smtpd.taken == []


def test_its_copy_is_found_later() -> None:
    """Held at first; when the copy shows it is called sent, and is not sent again."""
    queue = doubtful()
    with running_smtpd() as smtpd, SmtpTransport(MailUrl("smtp", "127.0.0.1", smtpd.port), None) as transport:
        send_due(queue, transport, now=now, sent_folder=lambda: {"<1@town.test>"})
        assert queue.states[2] is LetterState.HELD
        report = send_due(queue, transport, now=lambda: LATER, sent_folder=lambda: {"<1@town.test>", "<2@town.test>"})
        assert (report.sent, queue.states[2]) == (1, LetterState.SENT)
        assert smtpd.taken == []


def test_no_copy_where_copies_are_kept() -> None:
    """It did not go out: it goes now, once."""
    queue = doubtful()
    with running_smtpd() as smtpd, SmtpTransport(MailUrl("smtp", "127.0.0.1", smtpd.port), None) as transport:
        report = send_due(queue, transport, now=lambda: LATER, sent_folder=lambda: {"<1@town.test>"})
        assert (report.sent, queue.states[2]) == (1, LetterState.SENT)
        assert [taken.recipients for taken in smtpd.taken] == [("v2@village.test",)]


def test_nobody_looks_for_nothing() -> None:
    """The folder of sent mail is opened only where a letter is in doubt."""
    looked: list[None] = []

    def _look() -> set[str]:
        looked.append(None)
        return set()

    with running_smtpd() as smtpd, SmtpTransport(MailUrl("smtp", "127.0.0.1", smtpd.port), None) as transport:
        assert send_due(ListQueue(letter(1)), transport, now=now, sent_folder=_look).sent == 1
    assert looked == []


def test_what_stops_the_mark_stops_the_letter() -> None:
    """Where the ledger cannot note that a letter is handed over, the server never gets its last dot."""
    with running_smtpd() as smtpd, SmtpTransport(MailUrl("smtp", "127.0.0.1", smtpd.port), None) as transport:
        transport.ready()

        def _refuse() -> None:
            raise OSError("disk full")

        with pytest.raises(OSError, match="disk full"):
            transport.send("office@town.test", "v1@village.test", letter(1).octets, before_end=_refuse)
        transport.ready()
        transport.send("office@town.test", "v2@village.test", letter(2).octets)
        assert [taken.recipients for taken in smtpd.taken] == [("v2@village.test",)]
