"""The order of a notice: its sections, its lists, and what is said where. Pure.

What counts as asked for depends on where it stands: 5月底前完成整改方案 is work to be done, the same words beneath
三、材料报送 are a paper to be handed in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.drafting.days import Anchor, Period
from pipeline.drafting.deadlines import Deadline, find_deadlines
from pipeline.drafting.heading import is_salutation
from pipeline.drafting.plain import NO_LABEL, Sentence
from pipeline.drafting.things import HANDING_IN, Thing, find_things, speaks_of_all

_REPORTING: Final = re.compile(
    r"报送|上报|提交|投稿|征集|征稿|报名|申报|材料|资料|作品要求|有关要求|有关事项|时间要求|工作要求|参赛|参与方式|方式"
)
_LEADS: Final = re.compile(r":\s*$|(?:下列|以下|如下)[\u4e00-\u9fff]{0,8}(?:材料|资料|内容|表格|文件)")
_INTRODUCES: Final = re.compile(r"(?:通知|公告|函告|通报|安排|说明)如下\s*:?\s*$")
_LABELLED: Final = re.compile(
    r"\s*(?:需|应|须)?(?:报送|上报|提交|申报|征集|投稿)?(?:的)?(?:材料|资料|(?<!活动)内容|作品|文件)(?:清单|目录|要求|包括)?\s*(?::|包括|为|有)"
)
_TIMED: Final = re.compile(
    r"\s*(?:报送|上报|提交|征集|征稿|投稿|收件|申报|推荐|报名|截止|截稿)?(?:截止)?(?:时间|日期|期限|时限)(?:要求|安排)?\s*(?::|为)"
)
_OURS: Final = re.compile(r"(?:我|本)(?:街道|镇|乡|办|局|县|区)[\u4e00-\u9fff]{0,4}将")
_LONGEST_HEADING: Final = 30
_LONGEST_CAPTION: Final = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with what is found in it and where it stands."""

    sentence: Sentence
    times: tuple[Deadline, ...]  # its deadlines, those that no day can be given too
    things: tuple[Thing, ...]
    handed_in: bool  # whether it speaks of handing in
    reporting: bool  # whether its section is about that
    section: int
    list_of: int | None = None  # the line that leads the list in which it stands

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Those of known days."""
        return tuple(each for each in self.times if each.days)

    @property
    def text(self) -> str:
        """The sentence, folded."""
        return self.sentence.folded

    @property
    def leads(self) -> bool:
        """Whether a list follows that it speaks of."""
        return bool(_LEADS.search(self.text)) and not _INTRODUCES.search(self.text)

    @property
    def labelled(self) -> bool:
        """Whether it begins with what it lists: 报送材料：…"""
        return bool(_LABELLED.match(self.text))

    @property
    def timed(self) -> bool:
        """Whether it begins with what it times: 报送时间：…"""
        return bool(_TIMED.match(self.text))

    @property
    def asks(self) -> bool:
        """Whether what it names is asked for."""
        captioned = self.reporting and self.sentence.captioned
        return self.handed_in or self.labelled or self.list_of is not None or captioned


def outline(sentences: Sequence[Sentence], anchor: Anchor, period: Period | None) -> tuple[Line, ...]:
    """The sentences with their deadlines and materials, each in its section and list."""
    lines: list[Line] = []
    section, reporting, reporting_rank = 0, False, NO_LABEL
    leaders: list[int] = []  # the lines whose lists are open, the outermost first
    for sentence in sentences:
        if is_salutation(sentence.folded):
            continue
        if sentence.opens:
            _close_lists(leaders, lines, sentence)
            if sentence.rank < NO_LABEL and sentence.rank <= 1:
                section += 1
            if head := _heading(sentence):
                about = bool(_REPORTING.search(head))
                if about or sentence.rank <= reporting_rank:
                    reporting, reporting_rank = about, sentence.rank
            elif sentence.rank < NO_LABEL and reporting and sentence.rank < reporting_rank:
                reporting = False
        handed_in = bool(HANDING_IN.search(sentence.folded)) and not _OURS.search(sentence.folded)
        timed = bool(_TIMED.match(sentence.folded))
        deadlines = find_deadlines(sentence, anchor, period, handed_in=handed_in or timed)
        things = find_things(sentence, [(each.start, each.end) for each in deadlines])
        line = Line(sentence, deadlines, things, handed_in, reporting, section, leaders[-1] if leaders else None)
        lines.append(line)
        if line.leads and (line.handed_in or line.deadlines or re.search(r"材料|资料|报送", line.text)):
            leaders.append(len(lines) - 1)
    return tuple(lines)


def join_captions(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences, a point's caption that only names a material in one with what it is the caption of:
    3.活动照片。每村不少于6张 is read as 3.活动照片：每村不少于6张, also where that is a paragraph of its own.
    """
    joined: list[Sentence] = []
    named: Thing | None = None  # by the caption before
    for sentence in sentences:
        if named and _goes_on(joined[-1], sentence) and not _names_again(sentence, named):
            caption = joined.pop()
            text = caption.text.rstrip()
            text += "" if text[-1] in "。：:" else "："
            folded = f"{caption.folded[: len(text) - 1]}:{sentence.folded}"
            joined.append(replace(caption, text=text + sentence.text, folded=folded, captioned=True))
            named = None
        else:
            joined.append(sentence)
            named = _read_caption(sentence)
    return tuple(joined)


def _read_caption(sentence: Sentence) -> Thing | None:
    """The material of a numbered point's first sentence that is its name and nothing else."""
    name = sentence.folded.strip().rstrip("。: ")
    if not sentence.opens or sentence.rank == NO_LABEL or len(name) > _LONGEST_CAPTION:
        return None
    things = find_things(replace(sentence, text=name, folded=name))
    alone = len(things) == 1 and things[0].end == len(name) and not HANDING_IN.search(name[: things[0].start])
    return things[0] if alone else None


def _goes_on(caption: Sentence, sentence: Sentence) -> bool:
    """Whether it may be what the caption stands over: in the same paragraph, or beneath a line without a mark."""
    if not sentence.opens:
        return True
    heads = not re.search(r"[。;:,]\s*$", caption.folded)
    return heads and sentence.rank == NO_LABEL and not speaks_of_all(sentence)


def _names_again(sentence: Sentence, caption: Thing) -> bool:
    """Whether it needs no caption: it names the material itself, and often more fully."""
    return any(each.family is caption.family for each in find_things(sentence))


def _heading(sentence: Sentence) -> str:
    """What a numbered paragraph calls itself: its words up to a colon, or all of a short line; empty for a text."""
    head, colon, _ = sentence.folded.strip().rstrip("。").partition(":")
    if sentence.rank == NO_LABEL or len(head) > _LONGEST_HEADING or re.search(r"\d+月|[,。]", head):
        return ""
    return head if colon or sentence.folded.strip().rstrip("。:") == head else ""


def _close_lists(leaders: list[int], lines: Sequence[Line], sentence: Sentence) -> None:
    """A list ends with a point of its leader's rank, and one without a number ends what has numbered points."""
    while leaders:
        leader = lines[leaders[-1]].sentence
        members = [line.sentence for line in lines[leaders[-1] + 1 :] if line.sentence.opens]
        if members:
            goes_on = sentence.rank == members[0].rank or (members[0].rank < sentence.rank < NO_LABEL)
        else:
            goes_on = leader.rank == NO_LABEL or sentence.rank > leader.rank
        if goes_on:
            return
        leaders.pop()
