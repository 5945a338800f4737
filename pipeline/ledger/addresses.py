"""Addresses. Those that our letters do not reach: told by bounces and refusals, taken back when somebody writes from
them. And those that are not in the register: for which village they write, by the coordinator's word or learned.

An address is learned from two mails that brought something new of one village, each naming the village itself (in the
document, the file's name or the subject): never from the first alone, not from a mail whose sender failed the server's
own tests, and not once it has brought another village's papers too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select, update

from pipeline.errors import ConfigError
from pipeline.ledger.opening import Ledger
from pipeline.ledger.plain import change, put, run
from pipeline.ledger.tables import AddressRow, ConfirmationRow, LetterRow, MessageRow, TestimonyRow, VersionRow
from pipeline.letter.mail import is_sendable
from pipeline.model.campaign import Campaign
from pipeline.model.letter import AddressState, Bounce, Failure, LetterState, LostAddress
from pipeline.model.submission import Writer
from pipeline.model.verdict import Verdict
from pipeline.register import Register
from pipeline.tomlfile import did_you_mean

# A bounce that does not name its letter is about one that went out no longer before: servers try for up to five days
# (RFC 5321 section 4.5.4.1).
LONGEST_DELIVERY = timedelta(days=7)
# Mails of one village alone, after which an address is taken to be that village's.
ENOUGH_TESTIMONY = 2


_DEAD = select(AddressRow.address).where(
    AddressRow.address == bindparam("address"),
    AddressRow.state == AddressState.DEAD,
    AddressRow.since >= bindparam("as_of"),
)
_REVIVE = (
    update(AddressRow)
    .where(
        col(AddressRow.address) == bindparam("of"),
        col(AddressRow.since) < bindparam("at"),
        col(AddressRow.state) != AddressState.ALIVE,
    )
    .values(state=AddressState.ALIVE, since=bindparam("at"))
)


def is_dead(ledger: Ledger, address: str, as_of: datetime) -> bool:
    """Whether nothing may be written to it, told by what arrived up to a moment."""
    with ledger.reading() as session:
        return bool(run(session, _DEAD, address=address.lower(), as_of=as_of))


def dead_addresses(ledger: Ledger) -> frozenset[str]:
    """All that nothing may be written to."""
    wanted = select(AddressRow.address).where(AddressRow.state == AddressState.DEAD)
    with ledger.reading() as session:
        return frozenset(session.exec(wanted))


def lost_addresses(ledger: Ledger, campaign: Campaign) -> list[LostAddress]:
    """All that our letters do not reach, the newest last, with the village and the letter that came back."""
    wanted = (
        select(AddressRow, LetterRow, MessageRow)
        .join(LetterRow, col(AddressRow.letter) == col(LetterRow.id), isouter=True)
        .join(MessageRow, col(LetterRow.message) == col(MessageRow.digest), isouter=True)
        .where(AddressRow.state != AddressState.ALIVE)
        .order_by(col(AddressRow.since), col(AddressRow.address))
    )
    with ledger.reading() as session:
        return [
            LostAddress(
                address=row.address,
                state=AddressState(row.state),
                since=row.since,
                why=row.why,
                village=_village(letter, message, campaign),
                subject=letter.subject if letter else "",
                bounce=row.bounce,
            )
            for row, letter, message in session.exec(wanted)
        ]


def _village(letter: LetterRow | None, message: MessageRow | None, campaign: Campaign) -> str | None:
    if message is not None:
        return message.village
    prefix = f"reminder:{campaign.id}:"
    if letter is not None and letter.key.startswith(prefix):
        return letter.key.removeprefix(prefix).rpartition(":")[0]
    return None


def last_writers(ledger: Ledger, campaign: Campaign) -> Mapping[str, str]:
    """Of each village the address from which it last delivered something that we answered."""
    wanted = (
        select(VersionRow.village, MessageRow.sender_address)
        .join(MessageRow, col(VersionRow.message) == col(MessageRow.digest))
        .where(VersionRow.campaign == campaign.id, col(MessageRow.no_reply).is_(None))
        .order_by(col(VersionRow.received_at), col(VersionRow.id))
    )
    with ledger.reading() as session:
        return {village: address for village, address in session.exec(wanted) if address}


def refuse_address(ledger: Ledger, letter_id: int, at: datetime, why: str) -> None:
    """A server said at once that the address of this letter is not there."""
    with ledger.writing() as session:
        letter = session.get_one(LetterRow, letter_id)
        _mark(session, Failure(letter.recipient, AddressState.DEAD, why), letter, at, bounce=None)


def add_bounce(session: Session, bounce: Bounce, digest: str, received_at: datetime) -> None:
    """Within the transaction that records the bounce: the letters that came back, and the addresses.

    What is no letter of ours changes nothing: anybody can write a mail that looks like a bounce.
    """
    for failure in bounce.failures:
        letter = _find_letter(session, bounce, failure.address, received_at)
        if letter is None:
            continue
        letter.note = f"被退回：{failure.why}"
        session.add(letter)
        _mark(session, failure, letter, received_at, bounce=digest)


def revive(session: Session, address: str, at: datetime) -> None:
    """Somebody wrote from it: it is there after all."""
    change(session, _REVIVE, of=address.lower(), at=at)


def _find_letter(session: Session, bounce: Bounce, address: str, received_at: datetime) -> LetterRow | None:
    """The letter to this address that came back; the bounce's own word counts first, then the subject, then time."""
    wanted = (
        select(LetterRow)
        .where(LetterRow.recipient == address, col(LetterRow.sent_at).is_not(None))
        .order_by(col(LetterRow.sent_at).desc(), col(LetterRow.id).desc())
    )
    if bounce.letters:
        # The address may differ from ours where the server forwards: the letter tells to whom we wrote.
        named = select(LetterRow).where(col(LetterRow.message_id).in_(bounce.letters))
        return session.exec(named).first()
    sent = session.exec(
        wanted.where(col(LetterRow.sent_at) <= received_at, col(LetterRow.sent_at) > received_at - LONGEST_DELIVERY)
    ).all()
    return next((letter for letter in sent if letter.subject == bounce.subject), next(iter(sent), None))


def _mark(session: Session, failure: Failure, letter: LetterRow, at: datetime, *, bounce: str | None) -> None:
    """The address is that of our letter, whatever name for it the bounce has."""
    row = session.get(AddressRow, letter.recipient)
    if row is not None and (
        row.since > at or (row.state == AddressState.DEAD and failure.state is not AddressState.DEAD)
    ):
        return  # somebody wrote from it since, or worse is known
    if row is None:
        row = AddressRow(address=letter.recipient, state=failure.state, since=at, why=failure.why)
    row.state, row.since, row.why = failure.state, at, failure.why
    row.letter, row.bounce = letter.id, bounce
    session.add(row)
    if failure.state is AddressState.DEAD:
        session.exec(
            update(LetterRow)
            .where(
                col(LetterRow.recipient) == letter.recipient,
                col(LetterRow.state) == LetterState.QUEUED,
                col(LetterRow.kind).not_in(("report", "alarm")),  # the coordinator's
            )
            .values(state=LetterState.HELD, note=f"没有发出：{failure.why}")
        )


# --- for which village an address writes ------------------------------------------------------------------------------


_WORDS = select(ConfirmationRow.village, ConfirmationRow.holds, ConfirmationRow.why).where(
    ConfirmationRow.address == bindparam("address")
)
_COUNTED = (
    select(TestimonyRow.village, func.count())
    .where(TestimonyRow.address == bindparam("address"))
    .group_by(TestimonyRow.village)
)


def known_writers(ledger: Ledger, address: str, register: Register) -> tuple[Writer, ...]:
    """The villages that an address is known to write for: by the register and the coordinator's word; where neither
    knows it, by what it was learned from. None while that is not sure.
    """
    from pipeline.matching import listed_writers  # noqa: PLC0415 (long to load, and most rounds judge nothing)

    address = address.lower()
    with ledger.reading() as session:
        words = run(session, _WORDS, address=address)
        counted = run(session, _COUNTED, address=address)
    refused = {village for village, holds, _ in words if not holds}
    known = {each.village: each for each in listed_writers(address, register) if each.village not in refused}
    known |= {village: Writer(village, f"工作人员已确认：{why}") for village, holds, why in words if holds}
    if not known and len(counted) == 1:
        village, count = counted[0]
        if count >= ENOUGH_TESTIMONY and village not in refused:
            known[village] = Writer(village, f"这个邮箱以前{count}次报送的都是{village}的材料")
    return tuple(writer for village, writer in known.items() if village in register)


def confirm(
    session: Session,
    address: str,
    village: str,
    register: Register,
    *,
    who: str,
    why: str,
    now: datetime,
    holds: bool,
) -> dict[str, Any] | None:
    """Within a transaction: the coordinator's word that an address writes for a village, or (``holds`` False) that it
    does not; the last word counts. The word before it. ConfigError where village or address is none.
    """
    if village not in register:
        raise ConfigError(f"名册中没有“{village}”{did_you_mean(village, register.names)}，请写名册上的村名")
    address = address.strip().lower()
    if not is_sendable(address):
        raise ConfigError(f"“{address}”不像邮箱地址，请照来信中的发件邮箱填写")
    known = session.get(ConfirmationRow, (address, village))
    before = {"holds": known.holds, "who": known.who, "why": known.why, "at": known.at.isoformat()} if known else None
    session.merge(ConfirmationRow(address=address, village=village, holds=holds, who=who, why=why, at=now))
    return before


def take_back_word(session: Session, address: str, village: str, before: dict[str, Any] | None) -> None:
    """Within a transaction: the word before the last one counts again; none where there was none."""
    row = session.get_one(ConfirmationRow, (address, village))
    if before is None:
        session.delete(row)
        return
    row.holds, row.who, row.why = before["holds"], before["who"], before["why"]
    row.at = datetime.fromisoformat(before["at"])
    session.add(row)


def add_testimony(session: Session, verdict: Verdict) -> None:
    """Within the transaction that records the verdict: whose papers the mail brought, by their own word."""
    from pipeline.matching import attested_villages  # noqa: PLC0415 (as above)

    message = verdict.message
    said = message.authentication
    if verdict.reason is not None or "fail" in {result.lower() for result in (said.spf, said.dkim, said.dmarc)}:
        return
    new = {outcome.village for outcome in verdict.outcomes if not outcome.unchanged}
    rows = [
        {
            "address": message.sender.address,
            "village": village,
            "message": message.blob.digest,
            "received_at": message.received_at,
        }
        for village in sorted(new & attested_villages(verdict.filings))
    ]
    put(session, TestimonyRow, rows)
