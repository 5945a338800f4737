"""What is stuck, from round to round: which troubles last, and so are told to the coordinator's group, once. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Stuck:
    """Since when each trouble lasts, by its words without figures, and which were told."""

    since: Mapping[str, datetime] = field(default_factory=dict)
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Notice:
    """A few lines for the coordinator's group."""

    title: str
    text: str


def weigh_troubles(
    known: Stuck,
    troubles: Sequence[str],
    *,
    now: datetime,
    patience: timedelta,
    untried: Collection[str] = (),
    held: int = 0,
) -> tuple[Stuck, tuple[Notice, ...]]:
    """What is known after a round with these troubles, and what is to be told: what lasts longer than ``patience``.

    ``untried``: how the lines of those stages begin that this round left alone; theirs are neither over nor new.
    ``held``: letters that were put before a person in this round; they do not wait.
    """
    current = {re.sub(r"\d+", "", trouble): trouble for trouble in troubles}
    resting = {key for key in known.since if key.startswith(tuple(untried))}
    since = {key: known.since.get(key, now) for key in (*current, *resting)}
    lasting = {key for key in current if now - since[key] >= patience}
    notices = [
        Notice("报送系统：有事需要处理", f"{current[key]}（从{since[key]:%m-%d %H:%M}起）")
        for key in current
        if key in lasting - known.told
    ]
    if held:
        notices.append(Notice("报送系统：有信没能发出", f"有{held}封信需要人工处理，请看日报里的说明。"))
    told = (known.told | lasting) & since.keys()
    if known.told and not told:
        notices.append(Notice("报送系统：已恢复正常", "此前通知的问题已经没有了。"))
    return Stuck(since, told), tuple(notices)
