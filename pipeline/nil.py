"""Nil reports (零报告): a village's word, without a file, that there is nothing to hand in. Pure.

Only the whole of the new text counts: 无 within a sentence may mean anything. A bare 无 needs a question that it
answers, so it counts in an answer to a letter of ours alone; 本期无活动 says by itself what it means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from pipeline.matching import is_settled, keyword_deliverable, round_by_arrival, rounds_named
from pipeline.model.campaign import Campaign, Deliverable, Village
from pipeline.model.message import Message
from pipeline.model.past import Past
from pipeline.model.verdict import NilReport, Ruling
from pipeline.register import Register, normalise

# What phones and signatures add: 发自我的iPhone, 13800000000, 2023年5月20日.
_FOOTER = re.compile(
    r"\s*(?:发自|来自|从\S{0,12}发送|通过\S{0,12}发送|sent from|get outlook|[-—_=*]{2,})"
    r"|[\s\d年月日号:：./\-—+()（）电话手机]+$",
    re.IGNORECASE,
)
_NOT_WORDS = re.compile(r"[\W_]+")
_GREETING = re.compile(r"(?:尊敬的|各位)?(?:领导|老师|主任|同志|办公室)?(?:们)?(?:您好|你好|[上下]午好|好)?(?:收到)?")
_THANKS = re.compile(r"(?:特此(?:报告|说明|回复)|(?:请|望)(?:知悉|周知)|非常感谢|感谢|谢谢您?|此致|敬礼|辛苦了)+$")
_WHO = r"(?:经核实|经核查|情况)?(?:本|我|咱|俺|该)?(?:们)?(?:村|社区|单位)?(?:委|两委)?"
_WHEN = (
    r"(?:(?:截[至止]到?|到)?(?:目前|现在|今|今日|当前)?(?:为止|前|之前|以来)?)"
    r"(?:本|这|此|该|当|近)?(?:一|个|次)*(?:期|月份|月|轮|次|旬|阶段|段时间|段|周|季度)?(?:内|中|期间)?"
)
_REASON = r"(?:(?:因为?|由于)[\u4e00-\u9fff]{1,8}?(?=[本我该未没无截目]))?"
_VERB = r"(?:为|是|属|属于|暂时|暂|均|都|确实|作|按|报|报告|上报|回复)*"
_EXPLICIT = (
    r"(?:零报告|零报送|零上报|零活动"
    r"|(?:无|没有|没|未|尚未)(?:有|曾)?(?:开展|组织|举办|进行|搞|安排)?(?:过)?(?:任何|相关|其他|其它|新增的?|新的|新)?"
    r"(?:会员|计生|宣传|服务|协会)*(?:活动)(?:的)?(?:情况|内容|开展)?"
    r"|活动(?:为|是)?(?:无|零)"
    r"|(?:无|没有)(?:情况|内容|材料|事项)(?:可)?(?:上报|报送|报告|报))"
)
_REST = r"(?:开展|可报|上报|报送|报告|发生|处理)*(?:了)?"
_SAYS_NIL = re.compile(f"{_REASON}(?:{_WHO}{_WHEN}{_VERB}|{_WHEN}{_WHO}{_VERB}){_EXPLICIT}{_REST}(?:{_VERB}零报告)?")
_DENIES = r"(?:暂时?|确|均|都|并|也)?(?:无|没有|未(?:发现|排查出|查出|排查到|收到|接到|发生|出现)|不存在)"
_ENDS_IN_NIL = re.compile(
    r"(?:无|没有|没|未|不存在)[\u4e00-\u9fff]{1,20}(?:实行|作|按|予以|特此|故|现)?零(?:报告|报送|上报)(?:上报|处理|报送)?$"
)
_ASKS = re.compile(r"是否|能否|可否|怎么|如何|吗|要不要|还是")
_LONGEST_DENIAL = 50  # signs
_BARE = re.compile(f"{_WHO}{_WHEN}{_VERB}(?:无|零)")


def find_nil(
    message: Message, village: str | None, past: Past, campaign: Campaign, register: Register
) -> NilReport | None:
    """What a mail without files says of having nothing; None where it says no such thing, or nobody knows whose."""
    if message.automatic is not None or village is None:
        return None
    thread = past.thread
    said = message.text if message.text.strip() or thread is not None else message.subject
    meaning = read_nil(said, register[village], campaign)
    if meaning is None or (meaning == "bare" and thread is None):
        return None
    could_be = _could_be(said, message, village, past, campaign)
    allowed = [each for each in could_be if each.nil_allowed]
    names = {each.name for each in allowed}
    if not could_be:
        return None
    if not allowed:
        return NilReport(village, tuple(each.id for each in could_be), Ruling.REFUSED)
    if len(names) > 1:
        return NilReport(village, tuple(each.id for each in allowed), Ruling.UNCLEAR)
    usual = round_by_arrival(campaign.rounds(allowed[0].name), message.received_at, village, past)
    chosen = usual if usual in allowed else allowed[0]
    return NilReport(village, (chosen.id,), Ruling.RECORDED)


def read_nil(text: str, village: Village, campaign: Campaign) -> Literal["explicit", "bare"] | None:
    """Whether the whole of a text says that there is nothing, by itself or only as an answer."""
    lines = [_without_name(line, village) for line in text.splitlines() if not _FOOTER.match(line)]
    lines = [line for line in lines if line]
    while len(lines) > 1 and _is_name(lines[-1], campaign):
        lines.pop()
    words = "".join(lines)
    if _says_none(words, campaign):
        return "explicit"
    for keyword in sorted({each for d in campaign.deliverables for each in d.keywords}, key=len, reverse=True):
        words = words.replace(_NOT_WORDS.sub("", normalise(keyword)), "")
    words = re.sub(r"\d{1,2}月(?:\d{1,2}[日号]?|份)?|第[一二三四五六\d][次轮期批]", "", words)
    words = _THANKS.sub("", words)
    greeting = _GREETING.match(words)
    words = words[greeting.end() :] if greeting else words
    if _SAYS_NIL.fullmatch(words):
        return "explicit"
    return "bare" if _BARE.fullmatch(words) else None


def _says_none(words: str, campaign: Campaign) -> bool:
    """经排查，我村无涉老矛盾纠纷，零报告: one sentence that denies what may be denied, or ends in 零报告."""
    if len(words) > _LONGEST_DENIAL or _ASKS.search(words):
        return False
    matter = "|".join(re.escape(normalise(k)) for d in campaign.deliverables if d.nil_allowed for k in d.keywords)
    denies = bool(matter) and re.fullmatch(
        rf"(?:{_GREETING.pattern})?(?:经[\u4e00-\u9fff]{{1,8}}?)?{_WHO}{_WHEN}{_DENIES}[\u4e00-\u9fff]{{0,8}}?(?:{matter})"
        rf"[\u4e00-\u9fff]{{0,6}}?(?:{_THANKS.pattern.rstrip('$')})?",
        words,
    )
    return bool(denies or _ENDS_IN_NIL.search(_THANKS.sub("", words)))


def _without_name(line: str, village: Village) -> str:
    """The line's words alone, without the village's own name."""
    words = _NOT_WORDS.sub("", normalise(line))
    for name in sorted((village.name, *village.aliases), key=len, reverse=True):
        core = re.escape(normalise(name).removesuffix("村"))
        words = re.sub(f"{core}(?:村|社区)?(?:村?民?委员?会|村?委|两委)?", "", words)
    return words


def _is_name(line: str, campaign: Campaign) -> bool:
    """Whether a last line is a signature: two to four signs that name no deliverable."""
    return bool(re.fullmatch(r"[\u4e00-\u9fff]{2,4}", line)) and keyword_deliverable(line, campaign) is None


def _could_be(said: str, message: Message, village: str, past: Past, campaign: Campaign) -> Sequence[Deliverable]:
    """The deliverables that are meant, not settled yet: those the letter asked for, else all; those named, if any."""
    asked = {ask.deliverable for ask in past.thread.asks if ask.village == village} if past.thread else set()
    could_be = [
        each
        for each in campaign.deliverables
        if (each.id in asked or not asked) and not is_settled(past, village, each.id)
    ]
    # Of an answer the subject is ours, and names what we had to say.
    texts = (said,) if past.thread is not None else (said, message.subject)
    for text in texts:
        if name := keyword_deliverable(text, campaign):
            could_be = [each for each in could_be if each.name == name] or could_be
            rounds = rounds_named(text, campaign.rounds(name))
            return [each for each in could_be if each in rounds] or could_be
    return could_be
