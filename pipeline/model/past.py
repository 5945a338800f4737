"""What was known before a message was judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model.facts import OtherText, Seen
from pipeline.model.reading import Picture
from pipeline.model.standing import Standing


@dataclass(frozen=True, slots=True)
class Ask:
    """What a letter of ours asked a village for."""

    village: str
    deliverable: str  # id
    returned: bool  # to be mended; else not received yet


@dataclass(frozen=True, slots=True)
class Thread:
    """The letter of ours that a mail answers."""

    villages: tuple[str, ...] = ()  # to whom it spoke
    asks: tuple[Ask, ...] = ()
    unknown: str | None = None  # digest of the mail of which it asked whose it is, as long as nobody has said


@dataclass(frozen=True, slots=True)
class Past:
    """What was known before a message was judged; all a judge may know of earlier mails."""

    standings: Mapping[tuple[str, str], Standing] = field(default_factory=dict)  # by village and deliverable id
    texts: Mapping[str, tuple[OtherText, ...]] = field(default_factory=dict)  # by deliverable id, those that are like
    seen: Mapping[str, tuple[Seen, ...]] = field(default_factory=dict)  # picture digest -> where else it was met
    pictures: tuple[tuple[Picture, Seen], ...] = ()  # of other villages in this same mail
    thread: Thread | None = None
    ours: frozenset[str] = frozenset()  # digests of files of the mail that we ourselves had sent
