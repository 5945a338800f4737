"""How everything stands, by the same SQL for both databases and both ways to them.

The ledger runs it (:mod:`pipeline.ledger.views`), and so does who merely looks, over the driver alone
(:mod:`pipeline.ledger.glance`): to load SQLAlchemy takes longer than to read a township. A row is read once and no
object is made of it but what is shown, so that a province in one ledger costs seconds, not minutes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from pipeline.model.finding import Audience, Finding, FormCell, Severity
from pipeline.model.standing import Standing, State

Rows = Callable[[str, Mapping[str, Any]], Iterable[Sequence[Any]]]  # runs a statement with its :values

_ENTRIES: Final = """
    SELECT village, deliverable, ordinal, due_at FROM entry
    WHERE campaign = :campaign{village} ORDER BY ordinal"""
# What a person or a delivery last decided by that moment; nothing where nothing came.
_DECIDED: Final = """
    SELECT d.village, d.deliverable, d.state, d.late, d.received_at, v.attachments, v.findings FROM (
        SELECT village, deliverable, state, late, received_at, version, row_number() OVER (
            PARTITION BY village, deliverable ORDER BY effective_at DESC, id DESC) AS place
        FROM decision WHERE campaign = :campaign AND effective_at <= :as_of{village}) AS d
    LEFT JOIN version v ON v.id = d.version
    WHERE d.place = 1"""
# Whose state was another at an earlier moment, apart from what passing deadlines did.
_CHANGED: Final = """
    SELECT DISTINCT village, deliverable FROM decision
    WHERE campaign = :campaign AND effective_at > :as_of AND effective_at <= :now"""
_NOTHING: Final = (None,) * 5
_OPEN: Final = frozenset({State.MISSING, State.NOT_DUE})
_STATES: Final = {each.value: each for each in State}


def select_standings(rows: Rows, campaign: str, as_of: object, village: str | None = None) -> Iterator[Sequence[Any]]:
    """A row for each entry, by the villages' places in the register; of one village alone where it is named.

    ``as_of``: the moment as the database keeps it (:func:`write_moment`). Entries and decisions are joined here:
    SQLite would go through all decisions for each entry.
    """
    one = " AND village = :village" if village is not None else ""
    values = {"campaign": campaign} | ({"village": village} if one else {})
    decided = {
        (row[0], row[1]): tuple(row)[2:] for row in rows(_DECIDED.format(village=one), {"as_of": as_of, **values})
    }
    for row in rows(_ENTRIES.format(village=one), values):
        yield (*row, *decided.get((row[0], row[1]), _NOTHING))


def read_standings(rows: Iterable[Sequence[Any]], deliverables: Sequence[str], as_of: datetime) -> Iterator[Standing]:
    """Every village × deliverable as it stood at a moment, in the order of register and campaign."""
    order = {id_: number for number, id_ in enumerate(deliverables)}
    # Villages that left the register have one place, the last.
    for _, same_place in groupby(rows, key=lambda row: row[2]):
        known = [row for row in same_place if row[1] in order]
        villages: dict[str, str] = {}  # each name once, for as many rows as it has
        for row in sorted(known, key=lambda row: (row[0], order[row[1]])):
            village, deliverable = villages.setdefault(row[0], row[0]), deliverables[order[row[1]]]
            yield _standing(village, deliverable, row[3], row[4:], as_of)


def earlier_standings(
    rows: Rows, campaign: str, standings: Sequence[Standing], moments: Mapping[str, object], as_of: datetime
) -> list[Standing]:
    """As all of ``standings`` stood at an earlier moment ``as_of``, out of what was decided since: two readings of a
    province are nearly the same.

    ``moments``: that of ``standings`` (now) and the earlier one (as_of), as the database keeps them.
    """
    changed = {(row[0], row[1]) for row in rows(_CHANGED, {"campaign": campaign, **moments})}
    decided: dict[tuple[str, str], tuple[Any, ...]] = {}
    if changed:
        since = f" AND (village, deliverable) IN ({_CHANGED})"
        found = rows(_DECIDED.format(village=since), {"campaign": campaign, **moments})
        decided = {(row[0], row[1]): tuple(row)[2:] for row in found}
    return [
        _standing(*key, each.due_at, decided.get(key, _NOTHING), as_of)
        if (key := (each.village, each.deliverable)) in changed or _passed(each, as_of)
        else each
        for each in standings
    ]


def _passed(standing: Standing, as_of: datetime) -> bool:
    """Whether a deadline came between, where nothing else did."""
    return standing.state is State.MISSING and standing.due_at is not None and as_of < standing.due_at


def _standing(village: str, deliverable: str, due_at: object, decided: Sequence[Any], as_of: datetime) -> Standing:
    state, late, received_at, attachments, findings = decided
    # Nothing came, it was taken back, or it counts no more by today's rules.
    if state is None or state in _OPEN:
        return Standing(village, deliverable, _state_by_deadline(due_at, as_of), due_at=read_moment(due_at))
    return Standing(
        village=village,
        deliverable=deliverable,
        state=_STATES[state],
        late=bool(late),
        received_at=read_moment(received_at),
        due_at=read_moment(due_at),
        attachments=tuple(_json(attachments)),
        findings=tuple(map(_finding, _json(findings))),
    )


@lru_cache(256)  # moments with zones are slow to compare, and a province has few deadlines
def _state_by_deadline(due_at: Any, as_of: datetime) -> State:
    due = read_moment(due_at)
    return State.MISSING if due and as_of >= due else State.NOT_DUE


def _finding(written: Mapping[str, Any]) -> Finding:
    """As :func:`pipeline.ledger.values.load_findings`, without pydantic, which takes longer to load."""
    values = dict(written)
    cells = tuple(FormCell(**each) for each in values.pop("cells", ()))
    severity, audience = Severity(values.pop("severity")), Audience(values.pop("audience"))
    return Finding(severity=severity, audience=audience, cells=cells, **values)


def _json(value: Any) -> Any:
    """The drivers give it as text, SQLAlchemy has PostgreSQL's read already."""
    if value is None or value == "[]":
        return ()
    return json.loads(value) if isinstance(value, str) else value


@lru_cache(4096)  # a province has few deadlines, and what comes in one mail has one moment
def read_moment(value: str | datetime | None) -> datetime | None:
    """The drivers give it as text; SQLite's is in UTC and has no zone. SQLAlchemy has PostgreSQL's read already."""
    if not isinstance(value, str):
        return value
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def write_moment(moment: datetime, *, sqlite: bool) -> str | datetime:
    """As SQLAlchemy writes it, so that moments compare as they are kept."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if sqlite else moment
