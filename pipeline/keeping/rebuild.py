"""``baosong rebuild``: the ledger made anew from the cache alone, the last resort where no backup is left.

What arrived, when and where, what people did and which letters went out is noted beside the octets
(:mod:`pipeline.cache.journal`); the verdicts are reached again, in the order of arrival, by today's rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, TypedDict

from pipeline.cache.journal import ActNote, Note, SentNote, read_notes
from pipeline.config.loading import load_config
from pipeline.errors import AccessError, BaosongError, ConfigError
from pipeline.fetching import Progress
from pipeline.judging import judge_waiting
from pipeline.ledger import acts, decisions, intake, letters
from pipeline.ledger.opening import DamagedError, open_ledger
from pipeline.ledger.snapshot import begin_anew, count_messages
from pipeline.ledger.undoing import undo
from pipeline.model.campaign import Campaign
from pipeline.model.ledger import ActKind
from pipeline.model.message import RawMessage
from pipeline.office import Clock, Office, alone, open_office
from pipeline.rejudging import rejudge


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came back, where the former database lies, and what a person must see to."""

    messages: int
    decisions: int
    letters: int  # known to have gone out
    former: Path | None
    troubles: tuple[str, ...]


def rebuild(config_file: Path, clock: Clock, progress: Progress) -> Rebuilt:
    """Make the ledger anew. A damaged database is put aside; ConfigError where there is one in order."""
    config = load_config(config_file)
    former = _put_aside(config.database, config.office, clock())
    office = open_office(config_file, clock)
    with alone(office), office.at_work():
        arrivals, notes = read_notes(office.cache)
        begin_anew(office.ledger, at=office.now())
        with office.ledger.together():  # cut off, no half of it stays that would be taken for the whole
            troubles = [*_live_again(office, arrivals, notes, progress)]
            sent = {each.key: each.sent_at for each in notes if isinstance(each, SentNote)}
            letters.remember_sent(office.ledger, sent)
    human = sum(not isinstance(each, SentNote) for each in notes)
    digests = {each.blob.digest for each in arrivals}
    return Rebuilt(len(digests), human, len(sent), former, tuple(dict.fromkeys(troubles)))


def _put_aside(url: str, office: str, now: datetime) -> Path | None:
    """Where a damaged database file was moved to; None where there is none, or an empty one."""
    file = Path(url.removeprefix("sqlite:///").partition("?")[0]) if url.startswith("sqlite:") else None
    if file is not None and not file.exists():
        return None
    try:
        ledger = open_ledger(url, office)
        count = count_messages(ledger)
        ledger.engine.dispose()
    except DamagedError:  # one that is merely in use, or of a newer program, is in order
        if file is None:
            raise
    else:
        if not count:
            return None
        where = f"移走 {file}" if file else "换一个空的数据库"
        raise ConfigError(f"台账完好（{count}封来件），不需要重建；确要重建，请先做好备份，再{where}", key="database")
    aside = file.with_name(f"{file.name}.damaged-{now:%Y%m%d-%H%M%S}")
    try:
        for suffix in ("", "-wal", "-shm"):
            part = file.with_name(file.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise AccessError(f"损坏的数据库移不走（{error.strerror}），请检查权限：{file}") from error
    return aside


def _live_again(
    office: Office, arrivals: Sequence[RawMessage], notes: Sequence[Note], progress: Progress
) -> Iterator[str]:
    """Every arrival and act once more, each at its own moment, in the order of time."""
    people = [each for each in notes if isinstance(each, ActNote) and each.campaign == office.campaign.id]
    events: list[tuple[datetime, int, RawMessage | ActNote]] = [(each.received_at, 0, each) for each in arrivals]
    events += [(each.at, each.number, each) for each in people]
    numbers: dict[int, int] = {}  # of the acts, as they were and as they are now
    for done, (at, _, event) in enumerate(sorted(events, key=lambda each: each[:2]), 1):
        then = replace(office, clock=lambda at=at: at)  # type: ignore[misc]
        if isinstance(event, ActNote):
            yield from _act_again(then, event, numbers)
        else:
            intake.receive(office.ledger, event, at)
            yield from judge_waiting(then)[1]
        progress("重建台账", done, len(events))


def _act_again(office: Office, note: ActNote, numbers: dict[int, int]) -> Iterator[str]:
    try:
        number = _act(office, note, numbers)
    except BaosongError as error:
        yield f"一次人工决定没有恢复（{note.village or ''} {note.deliverable or ''}）：{error}"
    else:
        if number is not None:
            numbers[note.number] = number


def _is_overtaken(until: datetime, deliverable: str, campaign: Campaign) -> bool:
    """Whether the deadline was moved for all since, beyond what one village was given."""
    return any(each.id == deliverable and until < each.due_at for each in campaign.deliverables)


_DECIDED: Final = {kind: state for state, kind in decisions.KINDS.items()}


class _Words(TypedDict):
    """What every act is kept with."""

    who: str
    why: str
    now: datetime


def _act(office: Office, note: ActNote, numbers: Mapping[int, int]) -> int | None:  # noqa: PLR0911 (one case a kind)
    """The act's number; None where it took back one that is not done again, or the deadline has moved for all since."""
    ledger, campaign = office.ledger, office.campaign
    words: _Words = {"who": note.who, "why": note.why, "now": note.at}
    village, deliverable = note.village or "", note.deliverable or ""
    match note.act:
        case ActKind.ACCEPT | ActKind.RETURN | ActKind.WAIVE:
            return decisions.decide(ledger, campaign, village, deliverable, state=_DECIDED[note.act], **words)
        case ActKind.EXTEND if note.until is not None and not _is_overtaken(note.until, deliverable, campaign):
            return decisions.extend(ledger, campaign, village, deliverable, due_at=note.until, **words)
        case ActKind.CONFIRM:
            return decisions.confirm_address(
                ledger, campaign, office.register, village, note.address, holds=note.holds, **words
            )
        case ActKind.ASSIGN if note.message is not None:
            return rejudge(office, note.message, note.rule, who=note.who, why=note.why).act
        case ActKind.SETTLE:
            return acts.settle(ledger, campaign, note.matter, **words)
        case ActKind.UNDO if note.undoes is not None and note.undoes in numbers:
            return undo(ledger, campaign, numbers[note.undoes], **words)
    return None
