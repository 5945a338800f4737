"""The notice's text as the grammar reads it: signs of one width, in sentences. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.text.numerals import read_number

# Sign for sign, so that a place in the folded text is the same place in the notice.
_FOLDED: Final = {
    **{sign: sign - 0xFEE0 for sign in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\t"), ord(" ")),
    **dict.fromkeys(map(ord, "–—－―‐−～"), ord("-")),
    **dict.fromkeys(map(ord, "〔［【"), ord("[")),
    **dict.fromkeys(map(ord, "〕］】"), ord("]")),
    ord("╳"): ord("×"),
    ord("○"): ord("〇"),
    ord("Ｏ"): ord("〇"),
}
_END: Final = re.compile(r"[。;!?]+[”\"』」)]*")
# The signs that number a heading or a point, by rank: 一、 then （一） then 1. then (1) and ①.
_LABELS: Final = (
    re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}\s*[、.,](?!\d)|第[一二三四五六七八九十]{1,3}[,、:\s])"),
    re.compile(r"\s*\([一二三四五六七八九十]{1,3}\)[、,.]?"),
    re.compile(r"\s*\d{1,2}\s*(?:、|\.(?!\d)|\.(?=\d{1,2}月)|\s(?=[^\d月年.\-]))|\s*[一二三四五六七八九十]是"),
    re.compile(r"\s*(?:\(\d{1,2}\)|\d{1,2}\)|[①-⑳])[、.,]?"),
)
_TIMING: Final = re.compile(r"\s*\S{0,4}[\u4e00-\u9fff]{0,8}(?:时间|日期|期限|时限)(?:要求|安排)?\s*:?\s*")
_LISTING: Final = re.compile(
    r"\s*\S{0,4}(?:报送|上报|提交|申报|征集|投稿|报送的)(?:材料|资料|内容|作品)(?:清单|目录)?\s*:?\s*"
)
_LONGEST_QUOTE: Final = 240
NO_LABEL: Final = len(_LABELS)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the notice."""

    paragraph: int  # from 0
    text: str  # as written, without the sign that numbers it
    folded: str  # the same, sign for sign, as :func:`fold` gives it
    rank: int  # of the number at its head, 0 the highest; NO_LABEL without one
    opens: bool  # whether it is the paragraph's first
    captioned: bool = False  # whether it begins with its point's caption, which names a material

    @property
    def quoted(self) -> str:
        """As it is shown to a reader."""
        return self.text.strip()


def fold(text: str) -> str:
    """Full-width signs as half-width ones, dashes and blanks of all kinds as one; as long as the text itself."""
    return text.translate(_FOLDED)


def split_sentences(paragraphs: Sequence[str]) -> tuple[Sentence, ...]:
    """The sentences of all paragraphs, in order; a bracketed remark is never cut in two."""
    return tuple(sentence for number, each in enumerate(paragraphs) for sentence in _split(number, each))


def _split(number: int, text: str) -> Iterator[Sentence]:
    folded = fold(text)
    start = 0
    bounds = [*(match.end() for match in _END.finditer(folded) if _is_level(folded[: match.start()])), len(text)]
    for end in bounds:
        if folded[start:end].strip():
            rank, label = _read_label(folded[start:end])
            opens = not folded[:start].strip()
            yield Sentence(number, text[start + label : end], folded[start + label : end], rank, opens)
        start = end


def _is_level(before: str) -> bool:
    """Whether as many brackets are closed as were opened."""
    return before.count("(") <= before.count(")") or len(before) - before.rfind("(") > 60


def _read_label(folded: str) -> tuple[int, int]:
    for rank, pattern in enumerate(_LABELS):
        if match := pattern.match(folded):
            return rank, match.end()
    return NO_LABEL, 0


def join_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """Paragraphs out of lines that were broken at the margin (PDF, text typed to a width).

    A line is taken for unfinished where it reaches the margin and ends in the midst of a sentence, and the next begins
    no point of its own.
    """
    widest = max((len(line) for line in lines), default=0)
    paragraphs: list[str] = []
    whole = True
    for line in lines:
        if whole or _starts_anew(line) or not paragraphs:
            paragraphs.append(line.strip())
        else:
            paragraphs[-1] += line.strip()
        whole = len(line) < 0.85 * widest or widest < 20 or bool(re.search(r"[。:;!?]\s*$", fold(line)))
    return tuple(paragraphs)


def _starts_anew(line: str) -> bool:
    folded = fold(line)
    return _read_label(folded)[0] < NO_LABEL or bool(re.match(r"\s*附\s*件|\s*(?:联系人|电话|邮箱)\s*:", folded))


def join_timed(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """The paragraphs, a heading that only says what follows (三、征集时间) with that on one line."""
    joined: list[str] = []
    timing = False
    for each in paragraphs:
        if timing and _read_label(fold(each))[0] == NO_LABEL:
            joined[-1] = f"{joined[-1].rstrip('：:')}：{each.strip()}"
        else:
            joined.append(each)
        timing = bool(_TIMING.fullmatch(fold(each)) or _LISTING.fullmatch(fold(each)))
    return tuple(joined)


def number_of(written: str) -> int | None:
    """The value of digits or of a Chinese numeral."""
    return read_number(written.strip().replace("俩", "两"))


def shorten(text: str) -> str:
    """A sentence as it is quoted: on one line, its midst left out where it is very long."""
    plain = re.sub(r"\s+", "", text)
    return plain if len(plain) <= _LONGEST_QUOTE else f"{plain[:160]}……{plain[-60:]}"
