"""What the notice says of each material: how many, how long, in which format, and what no rule can hold. Pure.

A remark in brackets speaks of the material before it; words behind a list speak of all in it that they fit
(将方案、总结以Word格式报送); a sentence without a material speaks of what its paragraph spoke of, else of the only one
that it fits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.drafting.asking import Asked, same_as
from pipeline.drafting.deadlines import find_vague
from pipeline.drafting.lexicon import Sort
from pipeline.drafting.outline import Line
from pipeline.drafting.terms import (
    PICTURES,
    TEXTS,
    Bound,
    Unit,
    Untold,
    find_bounds,
    find_formats,
    find_untold,
)
from pipeline.drafting.things import Thing, speaks_of_all

_ALL: Final = re.compile(r"均(?!不)|统一|全部|一律|各项|所有|以上|上述|全都|各类")
_ALL_JUST_BEFORE: Final = re.compile(r"(?:均|统一|全部|一律|各项)[^,。;]{0,8}$")
_REFUSED: Final = re.compile(r"(?:不接受|不接收|不要|不得|不收|禁止|拒收|谢绝|不是|非)\s*$")
_CAPTION: Final = 16  # signs: a first sentence as short as that says what its paragraph is about
_PAPER_COPIES: Final = re.compile(r"一式\s*$")
_NIL: Final = re.compile(
    r"零报告|没有[^。;]{0,14}(?:也|都|均)(?:要|须|需|应)[^。;]{0,10}报|无[^,。;]{0,10}的?[,]?(?:也|都)(?:要|须|需|应)[^,。;]{0,4}报"
    r"|报[“\"]?无[”\"]?(?:[,。;)]|$)"
)
_WRITTEN: Final = frozenset({Sort.PROSE, Sort.TABLE, Sort.ROWS, Sort.LIST})
_FITS: Final[Mapping[Unit, frozenset[Sort]]] = {
    Unit.PICTURES: frozenset({Sort.PHOTOS, Sort.ROWS}),
    Unit.FILMS: frozenset({Sort.VIDEOS}),
    Unit.PIECES: frozenset({Sort.VIDEOS}),
    Unit.SECONDS: frozenset({Sort.VIDEOS}),
    Unit.WORDS: frozenset({Sort.PROSE}),
    Unit.COPIES: _WRITTEN,
    Unit.PIXELS: frozenset({Sort.PHOTOS, Sort.VIDEOS}),
    Unit.MEGABYTES: frozenset({Sort.PHOTOS, Sort.VIDEOS}),
}


@dataclass(slots=True)
class Said:
    """What is said of one material, while it is gathered."""

    bounds: list[Bound] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    untold: list[Untold] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)  # sentences that say something of it, besides those that ask for it
    nil: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of the materials, in their order, and of none of them."""

    of: tuple[Said, ...]
    untold: tuple[Untold, ...]


@dataclass(frozen=True, slots=True)
class _Scene:
    """A sentence, and of which materials it may speak; those are told by their places among all."""

    line: Line
    asked: Sequence[Asked]
    named: Sequence[tuple[Thing, int]]
    topic: Sequence[int]  # what its paragraph spoke of last
    before: Sequence[int]  # all that its paragraph spoke of

    def likely(self, start: int) -> list[int]:
        """Of which the words at this place may speak, the likeliest first."""
        here = [place for thing, place in self.named if thing.start <= start < thing.reach]
        if here and self.in_brackets(start):
            return here[:1]
        rest = [*(place for _, place in self.named), *self.topic]
        return list(dict.fromkeys([*here, *rest]))

    def in_brackets(self, start: int) -> bool:
        """Whether the place stands in a remark."""
        opened = self.line.text.rfind("(", 0, start + 1)
        return opened >= 0 and ")" not in self.line.text[opened:start]

    def is_remark(self, start: int) -> bool:
        """Whether the place stands in a remark on a material before it."""
        return self.in_brackets(start) and any(thing.start <= start < thing.reach for thing in self.line.things)

    def fitting(self, places: Collection[int], sorts: frozenset[Sort]) -> list[int]:
        """Those of these sorts."""
        return [place for place in places if self.asked[place].thing.sort in sorts]

    def only(self, sorts: frozenset[Sort]) -> list[int]:
        """The one of all that is of these sorts; photos before rows that have photos too."""
        places = self.fitting(range(len(self.asked)), sorts)
        if Sort.PHOTOS in sorts:
            places = [place for place in places if self.asked[place].thing.sort is not Sort.ROWS]
        return places if len(places) == 1 else []


def describe(lines: Sequence[Line], asked: Sequence[Asked]) -> Description:
    """What the sentences say of what is asked for."""
    said = [Said() for _ in asked]
    loose: list[Untold] = []
    asking = {lines[number].sentence.paragraph for each in asked for number in each.lines}
    paragraph, topic, before, led = -1, list[int](), list[int](), False
    for number, line in enumerate(lines):
        if line.sentence.paragraph != paragraph:
            paragraph, topic, before = line.sentence.paragraph, [], []
        named = [
            (thing, place)
            for thing in line.things
            if not thing.within and (place := _place(thing, asked, number)) is not None
        ]
        if line.handed_in or line.reporting:
            loose += [Untold(quote, "vague") for quote in find_vague(line.sentence, line.times)]
        if named:
            topic = [place for _, place in named]
            before += [place for place in topic if place not in before]
        central = line.reporting or line.sentence.paragraph in asking
        if line.sentence.opens:
            led = bool(named) and len(line.text.strip()) <= _CAPTION  # 1.读书征文。小学生不少于400字
        if not (central or named or led):
            continue
        scene = _Scene(line, asked, named, topic, tuple(before))
        touched = {*_tell_bounds(scene, said, loose), *_tell_formats(scene, said)}
        if central:
            touched |= {*_tell_nil(scene, said), *_tell_untold(scene, said, loose)}
        for place in touched:
            if number not in asked[place].lines and line.sentence.quoted not in said[place].quotes:
                said[place].quotes.append(line.sentence.quoted)
    return Description(tuple(said), tuple(dict.fromkeys(loose)))


def _place(thing: Thing, asked: Sequence[Asked], number: int) -> int | None:
    """Which of all this mention means."""
    own = [place for place, each in enumerate(asked) if number in each.lines and each.name == thing.name]
    known = same_as(thing, asked)
    return own[0] if own else asked.index(known) if known else None


def _tell_bounds(scene: _Scene, said: Sequence[Said], loose: list[Untold]) -> Iterator[int]:
    for bound in find_bounds(scene.line.text):
        in_deadline = any(each.start <= bound.start < each.end for each in scene.line.times)
        if in_deadline or _PAPER_COPIES.search(scene.line.text[: bound.start]):
            continue
        sorts = _FITS[bound.unit]
        places = scene.fitting(scene.likely(bound.start), sorts)[:1]
        remark = scene.is_remark(bound.start)
        others = any(each.sort in sorts for each in scene.line.things)  # what is not asked for has its own measure
        if not places and not (remark or others) and bound.unit is not Unit.PIECES:
            places = scene.only(sorts)
        if not places and not remark and bound.unit not in (Unit.PIECES, Unit.COPIES, Unit.MEGABYTES):
            around = scene.line.sentence.text[max(0, bound.start - 8) : bound.end]
            loose.append(Untold(around.strip("，。、；：（） "), "nobody"))
        for place in places:
            if bound not in said[place].bounds:
                said[place].bounds.append(bound)
            yield place


# --- formats ----------------------------------------------------------------------------------------------------------


def _tell_formats(scene: _Scene, said: Sequence[Said]) -> Iterator[int]:
    for word in find_formats(scene.line.text):
        if _REFUSED.search(scene.line.text[: word.start]):
            continue
        for place in _with_format(scene, word.format, word.start):
            if word.format not in said[place].formats:
                said[place].formats.append(word.format)
            yield place


def _with_format(scene: _Scene, name: str, start: int) -> list[int]:
    """Whose format the word at this place names."""
    text, sorts = scene.line.text, _sorts_of(name)
    near = scene.likely(start)
    if _ALL_JUST_BEFORE.search(text[:start]):
        near = list(dict.fromkeys([*near, *scene.before]))
    elif scene.is_remark(start):
        return scene.fitting(near, sorts)[:1]
    of = scene.fitting(near, sorts)
    everything = scene.fitting(range(len(scene.asked)), sorts)
    if speaks_of_all(scene.line.sentence):
        return everything
    if not of:
        texts = [place for place in everything if scene.asked[place].thing.sort is Sort.PROSE]
        return everything if _ALL.search(text[:start]) else texts or everything
    if all(thing.end <= start for thing in scene.line.things):
        return of
    own = [place for thing, place in scene.named if thing.start <= start < thing.reach and place in of]
    return own[:1] or of[:1]


def _sorts_of(name: str) -> frozenset[Sort]:
    if name in TEXTS:
        return _WRITTEN
    return frozenset({Sort.PHOTOS if name in PICTURES else Sort.VIDEOS})


# --- the rest ---------------------------------------------------------------------------------------------------------


def _tell_nil(scene: _Scene, said: Sequence[Said]) -> Iterator[int]:
    """Nil reports: tables first, of what the sentence or its paragraph speaks of, else all that recur."""
    if not _NIL.search(scene.line.text):
        return
    of = [place for _, place in scene.named] or scene.fitting(scene.topic, _WRITTEN)
    tables = scene.fitting(of, _WRITTEN - {Sort.PROSE})
    everything = range(len(scene.asked))
    recurring = [place for place in everything if len(scene.asked[place].days) > 1]
    for place in tables or of or scene.fitting(everything, frozenset({Sort.TABLE, Sort.ROWS})) or recurring:
        said[place].nil = True
        yield place


def _tell_untold(scene: _Scene, said: Sequence[Said], loose: list[Untold]) -> Iterator[int]:
    """Phrases that no rule can hold: of one material where the sentence leaves no doubt whose, else of none."""
    line = scene.line
    for untold in find_untold(line.sentence.text, line.text):
        start = max(line.sentence.text.find(untold.quote), 0)
        near = scene.likely(start)[:1] if scene.in_brackets(start) else []
        if len(scene.named) == 1:
            near = near or [scene.named[0][1]]
        for place in near:
            said[place].untold.append(untold)
            yield place
        if not near:
            loose.append(untold)
    for thing in line.things:
        if thing.within and scene.named and all(thing.name != each.name for each in scene.asked):
            opened = line.text.rfind("(", 0, thing.start + 1)
            closed = line.text.find(")", thing.start)
            remark = line.sentence.text[opened + 1 : closed if closed > 0 else None]
            said[scene.named[0][1]].untold.append(Untold(remark, "within"))
