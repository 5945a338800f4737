"""What stands among the materials of a notice and is none that the lexicon knows: 征文、手抄报、视频. Pure.

It is not drafted, and never passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from pipeline.drafting.asking import Asked
from pipeline.drafting.outline import Line
from pipeline.drafting.plain import NO_LABEL
from pipeline.drafting.terms import Untold
from pipeline.drafting.things import HANDING_IN

_REMARK: Final = re.compile(r"\([^()]*\)")
_OPENS: Final = re.compile(r"(?:将|把|报送|上报|提交)")
_CLAUSE: Final = re.compile(rf"[,。;:]|{HANDING_IN.pattern}")
_ENDS: Final = re.compile(rf"{_CLAUSE.pattern}|[发送交]|打包|压缩|[于按以经由通]|一并|汇总|盖章|签字|均|统一")
_BETWEEN: Final = re.compile(r"[、和及与]|以及|并")
_WORD: Final = re.compile(r"[\u4e00-\u9fff“”]{2,16}")
_NO_MATERIAL: Final = re.compile(
    r".*(?:电子版|纸质版|电子稿|电子文档|扫描件|原件|复印件|纸质件|材料|资料|文件)|每.{0,8}|各.{0,8}|[上下]旬|其他|其它|优秀的?|精选|原创|典型|相关|有关|.*(?:每|不少于|不超过|至少).*"
)
_HEAD: Final = re.compile(r"^[^,。;:(]{2,24}")


def find_unknown(lines: Sequence[Line], asked: Sequence[Asked]) -> Iterator[Untold]:
    """The words that stand where a material's name belongs, as written."""
    of_asked = {number for each in asked for number in each.lines}
    for number, line in enumerate(lines):
        if number in of_asked and line.handed_in:
            yield from (Untold(word, "unknown") for word in _among(line))
        elif _is_bare_member(line, lines) and (match := _HEAD.match(line.text.strip())):
            yield Untold(line.sentence.text.strip()[: match.end()], "unknown")


def _is_bare_member(line: Line, lines: Sequence[Line]) -> bool:
    """Whether it is a point of a list of materials, and names none."""
    if line.list_of is None or line.things or line.times or not line.sentence.opens or line.sentence.rank == NO_LABEL:
        return False
    leader = lines[line.list_of]
    siblings = [each for each in lines if each.list_of == line.list_of and each.things]
    return leader.handed_in and bool(siblings)


def _among(line: Line) -> Iterator[str]:
    """The listed words before, between and behind the materials of a sentence."""
    things = [each for each in line.things if not each.within]
    if not things:
        return
    text, written = line.text, line.sentence.text
    opened = [match.end() for match in _OPENS.finditer(text, 0, things[0].start)]
    gaps = [(opened[-1], things[0].start)] if opened else []
    gaps += [(one.end, other.start) for one, other in pairwise(things)]
    gaps.append((things[-1].end, len(text)))
    for place, (start, end) in enumerate(gaps):
        plain = _REMARK.sub(lambda match: " " * len(match[0]), text[start:end])
        last = place == len(gaps) - 1
        if last:
            if not _BETWEEN.match(plain.lstrip()):
                continue
            stop = _ENDS.search(plain)
            plain = plain[: stop.start()] if stop else plain
        elif _CLAUSE.search(plain):
            continue
        if not _BETWEEN.search(plain):
            continue
        for piece in re.finditer(r"[^、]+", _BETWEEN.sub(lambda match: "、" * len(match[0]), plain)):
            first = start + piece.start() + len(piece[0]) - len(piece[0].lstrip())
            word = written[first : first + len(piece[0].strip())]
            if _WORD.fullmatch(word) and not _NO_MATERIAL.fullmatch(word):
                yield word
