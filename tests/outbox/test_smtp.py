"""Letters through a mail server: what becomes of them when it refuses, is silent, or goes away."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pipeline.config.urls import MailUrl
from pipeline.model.letter import LetterState
from pipeline.outbox import InDoubtError, RefusedError
from pipeline.outbox.sending import SendReport, send_due
from pipeline.outbox.smtp import SmtpTransport
from tests.outbox.listqueue import NOON, ListQueue, letter, now
from tests.servers.ports import free_port
from tests.servers.smtpd import DROP, LEAVE, STALL, ScriptedSmtpd, running_smtpd

MINUTE = timedelta(minutes=1)


@pytest.fixture
def smtpd() -> Iterator[ScriptedSmtpd]:
    with running_smtpd() as server:
        yield server


def _url(server: ScriptedSmtpd) -> MailUrl:
    return MailUrl("smtp", "127.0.0.1", server.port)


def _transport(server: ScriptedSmtpd, *, timeout: float = 5, mails_per_connection: int = 8) -> SmtpTransport:
    return SmtpTransport(
        _url(server), None, timeout=timeout, end_of_data_timeout=timeout, mails_per_connection=mails_per_connection
    )


def _send(server: ScriptedSmtpd, queue: ListQueue, *, timeout: float = 5, mails_per_connection: int = 8) -> SendReport:
    with _transport(server, timeout=timeout, mails_per_connection=mails_per_connection) as transport:
        return send_due(queue, transport, now=now)


def test_letter_arrives_octet_for_octet(smtpd: ScriptedSmtpd) -> None:
    """Lines that begin with a dot too, and to one recipient."""
    queue = ListQueue(letter(1))
    assert _send(smtpd, queue) == SendReport(sent=1)
    (taken,) = smtpd.taken
    assert taken.octets == letter(1).octets
    assert (taken.sender, taken.recipients) == ("office@town.test", ("v1@village.test",))
    assert queue.steps == [("begin", 1), ("hand over", 1), ("sent", 1)]


def test_nothing_due_nothing_connected(smtpd: ScriptedSmtpd) -> None:
    """Nobody logs in for nothing."""
    assert _send(smtpd, ListQueue()) == SendReport()
    assert smtpd.connections == 0


def test_connection_is_renewed(smtpd: ScriptedSmtpd) -> None:
    """Five letters at two a connection take three connections, one after the other."""
    assert _send(smtpd, ListQueue(*map(letter, range(5))), mails_per_connection=2).sent == 5
    assert [taken.connection for taken in smtpd.taken] == [1, 1, 2, 2, 3]


def test_pause_between_letters_comes_before_the_letter_is_begun(smtpd: ScriptedSmtpd) -> None:
    """Who is stopped in the pause leaves nothing in doubt; no pause before the first letter."""
    queue = ListQueue(letter(1), letter(2))
    begun_at_pause = []
    transport = SmtpTransport(
        _url(smtpd),
        None,
        pace=timedelta(seconds=20),
        sleep=lambda seconds: begun_at_pause.append((seconds, queue.steps[-1])),
    )
    with transport:
        send_due(queue, transport, now=now)
    ((seconds, last_step),) = begun_at_pause
    assert 19 < seconds <= 20
    assert last_step == ("sent", 1)


@pytest.mark.parametrize("place", ["mail", "rcpt", "data"])
def test_letter_refused_for_now(smtpd: ScriptedSmtpd, place: str) -> None:
    """Wherever the 4yz comes, the letter waits and the next one goes out through the same connection."""
    getattr(smtpd, place).append("450 4.2.0 try later")
    queue = ListQueue(letter(1), letter(2))
    assert _send(smtpd, queue) == SendReport(sent=1, postponed=1)
    assert queue.until[1] == NOON + 2 * MINUTE
    assert [taken.recipients for taken in smtpd.taken] == [("v2@village.test",)]
    assert smtpd.connections == 1


@pytest.mark.parametrize("place", ["mail", "rcpt", "data"])
def test_letter_refused_for_good(smtpd: ScriptedSmtpd, place: str) -> None:
    """Wherever the 5yz comes, the letter is held with the server's words and the next one goes out."""
    getattr(smtpd, place).append("550 5.1.1 No such user here")
    queue = ListQueue(letter(1), letter(2))
    report = _send(smtpd, queue)
    assert (report.sent, report.held) == (1, 1)
    assert queue.states[1] is LetterState.HELD
    assert "No such user here" in queue.notes[1]


def test_spam_suspected(smtpd: ScriptedSmtpd) -> None:
    """554 DT:SPM is shown to a person at once; 451 DT:SPM after one more attempt."""
    smtpd.data += ["554 DT:SPM 163", "451 DT:SPM ,please try again", "451 DT:SPM ,please try again"]
    queue = ListQueue(letter(1), letter(2), letter(3, attempts=1))
    report = _send(smtpd, queue)
    assert (report.held, report.postponed) == (2, 1)
    assert queue.states == {1: LetterState.HELD, 2: LetterState.QUEUED, 3: LetterState.HELD}


def test_quarter_hour_number_used_up(smtpd: ScriptedSmtpd) -> None:
    """451 MI:SFQ puts every letter of the round off by 15 minutes; the others are not even begun."""
    smtpd.mail += ["250 OK", "451 MI:SFQ 163"]
    queue = ListQueue(letter(1), letter(2), letter(3))
    report = _send(smtpd, queue)
    assert (report.sent, report.postponed) == (1, 2)
    assert report.note
    assert queue.until == {2: NOON + 15 * MINUTE, 3: NOON + 15 * MINUTE}
    assert ("begin", 3) not in queue.steps


def test_day_number_used_up(smtpd: ScriptedSmtpd) -> None:
    """550 MI:STC: all goes on after midnight, and nothing is held."""
    smtpd.data.append("550 MI:STC 163")
    queue = ListQueue(letter(1, attempts=7), letter(2))
    assert _send(smtpd, queue).held == 0
    assert {until.date() for until in queue.until.values()} == {NOON.date() + timedelta(days=1)}


def test_too_many_in_one_connection(smtpd: ScriptedSmtpd) -> None:
    """MI:DMC: the same letter goes out in the same round, once, through a new connection."""
    smtpd.mail += ["250 OK", "451 MI:DMC 163"]
    queue = ListQueue(letter(1), letter(2))
    assert _send(smtpd, queue) == SendReport(sent=2)
    assert [taken.connection for taken in smtpd.taken] == [1, 2]


def test_too_many_at_the_first_letter(smtpd: ScriptedSmtpd) -> None:
    """MI:DMC on a fresh connection is no matter of the connection: no loop."""
    smtpd.mail += ["451 MI:DMC 163"] * 5
    assert _send(smtpd, ListQueue(letter(1))).postponed == 1
    assert len(smtpd.mail) == 4


def test_refused_greeting(smtpd: ScriptedSmtpd) -> None:
    """421 HL:IFC at the door: nobody is begun, all wait for half an hour."""
    smtpd.greeting.append("421 HL:IFC 163")
    queue = ListQueue(letter(1), letter(2))
    report = _send(smtpd, queue)
    assert report.postponed == 2
    assert queue.until == {1: NOON + 30 * MINUTE, 2: NOON + 30 * MINUTE}
    assert ("begin", 1) not in queue.steps


def test_server_away() -> None:
    """Nobody listens: the letters stay due and the attempt is not counted."""
    queue = ListQueue(letter(1))
    with SmtpTransport(MailUrl("smtp", "127.0.0.1", free_port()), None, timeout=0.3) as transport:
        report = send_due(queue, transport, now=now)
    assert report.note
    assert not report.access_refused
    assert queue.steps == []


@pytest.mark.parametrize("trouble", [DROP, STALL])
@pytest.mark.parametrize("place", ["mail", "rcpt"])
def test_connection_lost_before_the_letter(smtpd: ScriptedSmtpd, place: str, trouble: str) -> None:
    """Cut or silent before the final dot: surely not sent, so it is tried again; the next one goes out."""
    getattr(smtpd, place).append(trouble)
    queue = ListQueue(letter(1), letter(2))
    assert _send(smtpd, queue, timeout=1) == SendReport(sent=1, postponed=1)
    assert queue.states[1] is LetterState.QUEUED


@pytest.mark.parametrize("trouble", [DROP, STALL])
def test_connection_lost_after_the_letter(smtpd: ScriptedSmtpd, trouble: str) -> None:
    """Cut or silent after the final dot: nobody knows, so it is held and never sent twice; the next one goes out."""
    smtpd.data.append(trouble)
    queue = ListQueue(letter(1), letter(2))
    assert _send(smtpd, queue, timeout=1) == SendReport(sent=1, held=1)
    assert "可能已经发出" in queue.notes[1]
    assert _send(smtpd, queue) == SendReport()
    assert [taken.recipients for taken in smtpd.taken] == [("v1@village.test",), ("v2@village.test",)]


def test_two_in_doubt_end_the_round(smtpd: ScriptedSmtpd) -> None:
    """A network that cuts every letter does not put the whole queue before a person."""
    smtpd.data += [DROP] * 5
    report = _send(smtpd, ListQueue(*map(letter, range(5))))
    assert report.held == 2
    assert report.note


def test_interrupted_letter_is_not_sent_again(smtpd: ScriptedSmtpd) -> None:
    """Found in state sending after a crash: held with a note, for a mail server cannot be asked."""
    queue = ListQueue(letter(1))
    queue.hand_over(1, NOON)
    assert _send(smtpd, queue) == SendReport(held=1)
    assert "可能已经发出" in queue.notes[1]
    assert smtpd.taken == []


def test_connection_cut_while_idle(smtpd: ScriptedSmtpd) -> None:
    """A connection that died in the pause is replaced before the next letter is begun: nothing is lost or in doubt."""
    smtpd.data.append(LEAVE)
    transport = SmtpTransport(_url(smtpd), None, timeout=5, pace=timedelta(seconds=0.1))
    with transport:
        assert send_due(ListQueue(letter(1), letter(2)), transport, now=now) == SendReport(sent=2)
    assert [taken.connection for taken in smtpd.taken] == [1, 2]


def test_address_with_a_line_end_never_reaches_the_wire(smtpd: ScriptedSmtpd) -> None:
    """A recipient that would be a second command is refused by ourselves, for good."""
    with _transport(smtpd) as transport:
        transport.ready()
        with pytest.raises(RefusedError) as refused:
            transport.send("office@town.test", "a@b.test>\r\nRCPT TO:<c@d.test", b"\r\n")
    assert refused.value.permanent


def test_in_doubt_is_raised_as_such(smtpd: ScriptedSmtpd) -> None:
    """The transport itself tells "not sent" and "nobody knows" apart."""
    smtpd.data.append(DROP)
    with _transport(smtpd) as transport:
        transport.ready()
        with pytest.raises(InDoubtError):
            transport.send("office@town.test", "v1@village.test", letter(1).octets)
