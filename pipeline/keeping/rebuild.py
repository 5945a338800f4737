"""``baosong rebuild``: the ledger made anew from the cache alone, the last resort where no backup is left.

What arrived, when and where, what people decided and which letters went out is noted beside the octets
(:mod:`pipeline.journal`); the verdicts are reached again, in the order of arrival, by today's rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline.config.loading import load_config
from pipeline.errors import AccessError, BaosongError, ConfigError
from pipeline.fetching import Progress
from pipeline.journal import DecisionNote, ExtensionNote, Note, SentNote, read_notes
from pipeline.judging import judge_waiting
from pipeline.ledger import decisions, intake, letters
from pipeline.ledger.acts import all_acts
from pipeline.ledger.opening import open_ledger
from pipeline.ledger.snapshot import begin_anew, count_messages
from pipeline.ledger.tables import PROGRAM
from pipeline.ledger.undoing import undo
from pipeline.model.message import RawMessage
from pipeline.office import Clock, Office, alone, open_office


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
    except AccessError:
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
    """Every arrival and decision once more, each at its own moment, in the order of time."""
    for extension in sorted((n for n in notes if isinstance(n, ExtensionNote)), key=lambda each: each.due_at):
        yield from _extend(office, extension)
    human = [each for each in notes if isinstance(each, DecisionNote) and each.campaign == office.campaign.id]
    events: list[tuple[datetime, RawMessage | DecisionNote]] = [(each.received_at, each) for each in arrivals]
    events += [(each.at, each) for each in human]
    for number, (at, event) in enumerate(sorted(events, key=lambda each: each[0]), 1):
        if isinstance(event, DecisionNote):
            yield from _decide(office, event)
        else:
            intake.receive(office.ledger, event, at)
            then = replace(office, clock=lambda at=at: at)  # type: ignore[misc]
            yield from judge_waiting(then)[1]
        progress("重建台账", number, len(events))


def _decide(office: Office, note: DecisionNote) -> Iterator[str]:
    try:
        if note.state in decisions.KINDS:
            decisions.decide(
                office.ledger,
                office.campaign,
                note.village,
                note.deliverable,
                state=note.state,
                who=note.who,
                why=note.why,
                now=note.at,
            )
        else:
            _take_back(office, note)
    except BaosongError as error:
        yield f"一次人工判定没有恢复（{note.village} {note.deliverable}）：{error}"


def _take_back(office: Office, note: DecisionNote) -> None:
    """What nobody decides (nothing had come, to be looked at) stood again when a decision was taken back."""
    for act in all_acts(office.ledger, office.campaign, village=note.village):
        if act.deliverable == note.deliverable and act.kind in decisions.KINDS.values() and not act.undone:
            undo(office.ledger, office.campaign, act.id, who=note.who, why=note.why, now=note.at)
            return
    raise ConfigError("没有可以撤销的判定，请按需要重新登记")


def _extend(office: Office, note: ExtensionNote) -> Iterator[str]:
    if note.campaign != office.campaign.id:
        return
    try:
        decisions.extend(
            office.ledger,
            office.campaign,
            note.village,
            note.deliverable,
            due_at=note.due_at,
            who=PROGRAM,
            why="由缓存恢复",
            now=office.now(),
        )
    except BaosongError as error:
        yield f"一次延期没有恢复（{note.village} {note.deliverable}）：{error}"
