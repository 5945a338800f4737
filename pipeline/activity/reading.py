"""One piece of a cell -> an :class:`~pipeline.model.reading.Activity`; a cell -> its activities."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile
from typing import Final

from pipeline.activity.cells import Label, Labelled, find_dated_commas, find_labels, split_activities
from pipeline.activity.grammar import find_held_on, find_parts, tells_what
from pipeline.activity.lexicon import Kind
from pipeline.activity.tokens import Token, clauses, plain_text, read_tokens
from pipeline.model.reading import Activity

# A label's value that tells nothing: 无, ____, the frame of a form left empty (　年　月　日, ××人), 待定.
_NOTHING: Final = re.compile(
    r"[\s/\\_—\-.…、,，。:：;；xX×*○〇年月日时分至人名]*"
    r"(?:[(（\[【]?(?:[暂尚]?无|略|空|不详|未知|待(?:[定补填]|确认)|[尚暂]?未[定填]写?)[)）\]】]?)?[\s。.]*"
)
_EDGES: Final = " \t\r\n\u3000,，.。;；:：、"
_MOST_SIGNS: Final = 5000  # of a cell that are read; a page of a village's writing has some 800
_SENTENCE_END: Final = re.compile(r"[。;；\n]")
_BEFORE_ACCOUNT: Final = frozenset({Kind.LINK, Kind.GATHER, Kind.AT, Kind.ADVERB, Kind.JOIN})


@dataclass(frozen=True, slots=True)
class _Piece:
    """A candidate for an activity, in the writer's signs and in plain ones, place by place the same."""

    original: str
    plain: str
    opens_on: date
    closes_on: date

    def tokens(self, start: int, end: int) -> list[Token]:
        """The tokens of a stretch; their places count from its start."""
        return read_tokens(self.plain[start:end], opens_on=self.opens_on, closes_on=self.closes_on)


def parse_activities(text: str, *, opens_on: date, closes_on: date) -> tuple[Activity, ...]:
    """The activities that a cell tells, in order; none for a blank cell. A part that is not told is empty.

    ``held_on`` is the first day named, in the campaign's own year where none is written; a time without a day (上周六)
    gives None. Where the words leave open whether a part is told, it is told.
    """
    text = text[:_MOST_SIGNS]
    plain = plain_text(text)

    def read(start: int, end: int) -> Activity:
        return _read(_Piece(text[start:end], plain[start:end], opens_on, closes_on))

    pieces = [
        part
        for piece in split_activities(plain, opens_on=opens_on, closes_on=closes_on)
        for part in _split_at_commas(plain, piece, read, opens_on, closes_on)
    ]
    if len(pieces) > 1 and _is_title(read(*pieces[0]), read(*pieces[1])):
        pieces = pieces[1:]
    activities: list[Activity] = []
    begin, end, joined = 0, 0, False
    for start, stop in pieces:
        activity = read(start, stop)
        # what stands not alone goes on telling of the one before
        if activities and (not _stands_alone(activity) or _goes_on(activities[-1], activity)):
            end, joined = stop, True
            continue
        if joined:
            activities[-1] = read(begin, end)
        activities.append(activity)
        begin, end, joined = start, stop, False
    if joined:
        activities[-1] = read(begin, end)
    return tuple(activities)


def _split_at_commas(
    plain: str, piece: tuple[int, int], read: Callable[[int, int], Activity], opens_on: date, closes_on: date
) -> list[tuple[int, int]]:
    """The piece, cut where a comma and a day begin another whole activity: each side tells all four."""
    start, end = piece
    pieces = []
    if not find_labels(plain[start:end]):
        for cut in find_dated_commas(plain, start, end, opens_on=opens_on, closes_on=closes_on):
            if _is_whole(read(start, cut)) and _is_whole(read(cut, end)):
                pieces.append((start, cut))
                start = cut
    return [*pieces, (start, end)]


def _is_whole(activity: Activity) -> bool:
    return bool(activity.time and activity.place and activity.people and activity.account)


def _is_title(first: Activity, second: Activity) -> bool:
    """A title over the list; one with a day tells nothing else, and what it stands over has a day of its own."""
    told = re.search(r"[^\W\d]", first.account) is not None
    return not _stands_alone(first) and (not first.time or (bool(second.time) and not told))


def _stands_alone(activity: Activity) -> bool:
    return bool(activity.place or activity.people)


def _goes_on(before: Activity, after: Activity) -> bool:
    """①5月20日②村书屋③会员11人④读书会: what was begun is not told yet, and this tells nothing twice."""
    twice = (before.place and after.place) or (before.people and after.people)
    return not before.account and not after.time and not twice


def _read(piece: _Piece) -> Activity:
    labels = find_labels(piece.plain)
    told = {Label.TIME: "", Label.PLACE: "", Label.PEOPLE: "", Label.ACCOUNT: ""}
    prose = [(0, labels[0].start)] if labels else [(0, len(piece.plain))]
    held_on: date | None = None
    for each in labels:
        value_end = _value_end(piece, each)
        value = piece.original[each.value : value_end].strip(_EDGES)
        tokens = piece.tokens(each.value, value_end)
        empty = _NOTHING.fullmatch(value) is not None
        if each.label is Label.TIME:
            held_on = held_on or find_held_on(tokens)
            if all(token.kind in (Kind.VAGUE, Kind.LINK, Kind.BREAK, Kind.ADVERB) for token in tokens):
                value = ""
        if each.label in told and value and not empty:
            told[each.label] = "，".join(filter(None, (told[each.label], value)))
        elif each.label is not Label.OTHER and not empty:
            value_end = each.value  # nothing told here: the rest is looked at as prose
        if each.label is Label.ACCOUNT and not empty:
            prose.append((each.value, each.end))
        elif value_end < each.end:
            prose.append((value_end, each.end))
    return _complete(piece, prose, told, held_on)


def _value_end(piece: _Piece, label: Labelled) -> int:
    """Where the value of 时间, 地点, 人员 ends: at its sentence's end, or where a comma goes on to tell of deeds."""
    if label.label in (Label.ACCOUNT, Label.OTHER):
        return label.end
    sentence = _SENTENCE_END.search(piece.plain.rstrip(), label.value, label.end)
    end = sentence.start() if sentence else label.end
    if label.label is Label.PEOPLE:
        for comma in re.finditer(r"[，,\s]", piece.plain[label.value : end]):
            if tells_what(rest := piece.tokens(label.value + comma.end(), end), find_parts(rest)):
                return label.value + comma.start()
    return end


def _complete(piece: _Piece, prose: list[tuple[int, int]], told: dict[Label, str], held_on: date | None) -> Activity:
    """What the labels did not tell, looked for in the prose."""
    masked = ["\n"] * len(piece.plain)
    for start, end in prose:
        masked[start:end] = piece.plain[start:end]
    tokens = read_tokens("".join(masked), opens_on=piece.opens_on, closes_on=piece.closes_on)
    parts = find_parts(tokens)
    account = told[Label.ACCOUNT]
    if not account and tells_what(tokens, parts):
        account = _render_account(piece, tokens, parts.spent)
    return Activity(
        text=piece.original.strip(),
        held_on=held_on or (None if told[Label.TIME] else find_held_on(parts.time)),
        time=told[Label.TIME] or _render(piece, parts.time),
        place=told[Label.PLACE] or _render(piece, parts.place),
        people=told[Label.PEOPLE] or _render(piece, parts.people, "、"),
        account=account,
    )


def _render(piece: _Piece, tokens: list[Token], between: str = "") -> str:
    """The tokens' own signs; ``between`` stands where other words stood."""
    text = ""
    for index, token in enumerate(tokens):
        apart = index and token.start > tokens[index - 1].end
        text += (between if apart else "") + piece.original[token.start : token.end]
    return text.strip(_EDGES)


def _render_account(piece: _Piece, tokens: list[Token], spent: set[int]) -> str:
    """The words that are left, clause by clause, without the organiser before them."""
    rendered = []
    for clause in clauses(tokens):
        left = [token for token in clause if token.start not in spent]
        organ = next((index for index, token in enumerate(left[:2]) if token.kind is Kind.ORGAN), -1)
        if organ >= 0 and left[0].kind in (Kind.TEXT, Kind.ORGAN):
            left = left[organ + 1 :]
        left = list(dropwhile(lambda token: token.kind in _BEFORE_ACCOUNT, left))
        if left:
            rendered.append(_render(piece, left))
    return "，".join(filter(None, rendered))
