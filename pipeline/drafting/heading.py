"""What frames a notice: title, who issued it and when, whom to ask, the list of its forms. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipeline.drafting.days import match_day
from pipeline.drafting.plain import fold

_KINDS: Final = r"(?:通知|通报|公告|启事|通告|函|倡议|意见|提示|安排)"
_TITLE_END: Final = re.compile(rf"{_KINDS}\s*(?:\((?:试行|补充)\))?\s*$")
_NUMBER_LINE: Final = re.compile(r"\s*[\u4e00-\u9fff]{1,10}\s*\[\d{4}\]\s*\d+\s*号\s*$|\s*第?\s*\d+\s*[期号]\s*$")
_SALUTED: Final = re.compile(r"(?:各|全)[^。;]{1,40}:\s*$")
_SIGNED: Final = re.compile(
    r"\s*(?:20\d\d|二[〇零][一二三四五六七八九〇零]{2})\s*年\s*\S{1,2}\s*月\s*\S{1,3}\s*日\s*(?:印发)?\s*$"
)
_SIGNED_BESIDE: Final = re.compile(
    r"\s*(?P<who>[\u4e00-\u9fff“”()]{2,30})\s+(?P<day>(?:20\d\d|二[〇零][一二三四五六七八九〇零]{2})\s*年\s*\S{1,2}\s*月\s*\S{1,3}\s*日)\s*$"
)
_BODY: Final = (
    r"(?:人民政府|政府|办事处|委员会|村民委员会|党委|党工委|办公室|指挥部|领导小组|联合会|妇联|协会|计生协|工会|团委|共青团[\u4e00-\u9fff]{0,10}委员会|[\u4e00-\u9fff]{2}局|派出所|司法所|财政所|中心校?|学校"
    r"|委|办|站|所|中心|大队|支部|公司|消防队)"
)
_ISSUER: Final = re.compile(rf"[\u4e00-\u9fff“”()·\s]{{3,40}}{_BODY}\s*(?:文件)?$")
_SIGNER: Final = re.compile(r"[\u4e00-\u9fff“”()·\s]{4,30}")  # whoever stands right above the day has signed
_SHORT_SIGNER: Final = re.compile(rf"[\u4e00-\u9fff]{{1,3}}{_BODY}")  # 镇妇联
_MAIL: Final = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_CONTACT: Final = re.compile(
    r"(?:联\s*系\s*人|经办人|负责人)\s*(?:及电话|及联系方式)?\s*[:]\s*(?P<who>[^,;。:\s]{1,24}(?:\s[\u4e00-\u9fff](?=[\s,;]|$))?)"
)
_PHONE: Final = re.compile(r"(?:联系)?(?:电\s*话|手机|方式)\s*[:]?\s*(?P<phone>[\d\-转、/ ]{7,40}\d)")
_LISTED: Final = re.compile(r"\s*附\s*件\s*(?:\d{0,2}|[一二三四五六七八九十])\s*[:]?\s*(?P<first>.*)$")
_ENTRY: Final = re.compile(r"\s*(?P<number>\d{1,2}|[一二三四五六七八九十])\s*[、.．:]\s*(?P<title>.+?)\s*$")
_APPENDIX: Final = re.compile(r"\s*附\s*件\s*(?P<number>\d{1,2}|[一二三四五六七八九十])?\s*[:]?\s*(?P<title>[^:]*)$")
_LONGEST_TITLE: Final = 60
_ORDER: Final = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Heading:
    """The frame of a notice; what it does not say is empty."""

    title: str
    issuer: str
    signed_on: date | None
    contact: str
    address: str  # for mail
    appendices: Mapping[int, str]  # number -> title, as the notice lists them
    first: int  # the paragraphs from here on
    end: int  # up to here are the notice itself, without title, signature and forms


def read_heading(paragraphs: Sequence[str]) -> Heading:
    """The frame around what the notice says."""
    folded = [fold(each) for each in paragraphs]
    title_at, title_end = _find_title(folded)
    title = _clean_title("".join(each.strip() for each in paragraphs[title_at:title_end]))
    signed_at = _find_signature(folded, title_end)
    end = _find_end(folded, title_end, signed_at)
    issuer, title = _find_issuer(paragraphs, folded, title_at, signed_at, title)
    listed = _read_list(paragraphs, folded, title_end, end)
    text = "\n".join(folded[title_end:end])
    address = _MAIL.search(text)
    line = folded[signed_at] if signed_at is not None else ""
    beside = _SIGNED_BESIDE.match(line)
    signed = match_day((beside["day"] if beside else line).replace(" ", ""), 0)
    signed_on = date(signed.year, signed.month or 1, signed.day) if signed and signed.year and signed.day else None
    return Heading(title, issuer, signed_on, _read_contact(text), address[0] if address else "", listed, title_end, end)


def _find_title(folded: Sequence[str]) -> tuple[int, int]:
    """The lines of the title: from 关于 to 的通知, which may stand two lines further down."""
    for start, line in enumerate(folded[:15]):
        if "关于" in line or "《" in line[:2]:
            for end in range(start + 1, min(start + 4, len(folded)) + 1):
                if _TITLE_END.search(folded[end - 1]):
                    return start, end
                if re.search(r"[。:;]\s*$", folded[end - 1]):
                    break
    for start, line in enumerate(folded[:8]):
        if _TITLE_END.search(line) and len(line) < 60 and not re.search(r"[。;]", line):
            before = (
                start
                and not re.search(_BODY + r"(?:文件)?\s*$|[号:。]\s*$", folded[start - 1])
                and len(folded[start - 1]) > 8
            )
            return start - bool(before), start + 1
    if folded and (len(folded[0]) > _LONGEST_TITLE or re.search(r"[。;:]", folded[0])):
        return 0, 0  # a message without a title
    return 0, min(1, len(folded))


def _clean_title(title: str) -> str:
    return re.sub(r"\s+", "", title).strip("【】")


def _find_signature(folded: Sequence[str], start: int) -> int | None:
    """The line of the day: the last such before the forms."""
    for number in range(start, len(folded)):
        line = folded[number]
        if (_SIGNED.match(line) or _SIGNED_BESIDE.match(line)) and not line.strip().endswith("印发"):
            return number
        if re.match(r"\s*附\s*件\s*(?:\d+|[一二三四五六])?\s*:?\s*$", line):
            break
    return None


def _find_end(folded: Sequence[str], start: int, signed_at: int | None) -> int:
    """Where the notice's own text ends: at its day, or where the first form begins."""
    for number in range(start, len(folded)):
        if number == signed_at:
            return number
        if re.match(r"\s*附\s*件\s*(?:\d+|[一二三四五六])\s*:?\s*$", folded[number]):
            return number
    return len(folded)


def _find_issuer(
    paragraphs: Sequence[str], folded: Sequence[str], title_at: int, signed_at: int | None, title: str
) -> tuple[str, str]:
    """Who issued it, by signature, letterhead or the title's own beginning; and the title without that."""
    if "关于" in title and (head := title.split("关于", 1)[0]) and _ISSUER.fullmatch(fold(head)):
        return head.removesuffix("文件"), title[len(head) :]
    if signed_at is not None:
        if beside := _SIGNED_BESIDE.match(folded[signed_at]):
            return beside["who"], title
        for number in range(signed_at - 1, max(signed_at - 4, title_at), -1):
            line = folded[number].strip()
            signs = _SIGNER.fullmatch(line) or _SHORT_SIGNER.fullmatch(line)
            right_above = number == signed_at - 1 and signs and not line.startswith("附")
            if (_ISSUER.fullmatch(line) or right_above) and not re.search(r"[,。:]", line):
                return _join_names(paragraphs[number]), title
    for number in range(title_at - 1, -1, -1):
        line = folded[number].strip()
        if _ISSUER.fullmatch(line) and not _NUMBER_LINE.match(line):
            return re.sub(r"\s+", "", paragraphs[number]).removesuffix("文件"), title
    return "", title


def _join_names(line: str) -> str:
    """A signature on one line; of two bodies beside each other with a mark between."""
    parts = line.split()
    return "、".join(parts) if len(parts) > 1 and all(len(each) >= 4 for each in parts) else "".join(parts)


def _read_contact(text: str) -> str:
    who, phone = _CONTACT.search(text), _PHONE.search(text)
    name = re.sub(r"\s", "", who["who"]) if who else ""
    number = re.sub(r"\s+", "", phone["phone"]) if phone else ""
    if name and number and number not in name:
        return f"{name}（电话{number}）"
    return name.replace("(", "（").replace(")", "）") or (f"电话{number}" if number else "")


def _read_list(paragraphs: Sequence[str], folded: Sequence[str], start: int, end: int) -> dict[int, str]:
    """The forms that the notice lists at its end: 附件：1、… 2、…"""
    found: dict[int, str] = {}
    inside = False
    for number in range(start, min(len(folded), end + 12)):
        line, written = folded[number], paragraphs[number]
        listed = re.match(r"\s*附\s*件\s*(?::|\d{1,2}\s*[:、.])", line)
        if listed and number < end:
            inside = True
            numbered = re.match(r"\s*附\s*件\s*(?P<number>\d{1,2})\s*[:、.]\s*(?P<title>.+)$", line)
            rest = written[listed.end() :]
            if numbered:
                found[int(numbered["number"])] = _plain_title(written[numbered.start("title") :])
            elif entry := _ENTRY.match(fold(rest)):
                _enter(found, entry, rest)
            elif rest.strip():
                found[1] = _plain_title(rest)
        elif inside and (entry := _ENTRY.match(line)) and number < end:
            _enter(found, entry, written)
        elif inside:
            break
    return found


def _enter(found: dict[int, str], entry: re.Match[str], written: str) -> None:
    number = int(entry["number"]) if entry["number"].isdecimal() else _ORDER.find(entry["number"]) + 1
    found[number] = _plain_title(written[entry.start("title") : entry.end("title")])


def _plain_title(title: str) -> str:
    return re.sub(r"\s+", "", title).strip("《》;；。")


def read_appendix_heading(line: str) -> tuple[int | None, str]:
    """The number and the title of 附件1：统计表; None and an empty title where it has none."""
    match = _APPENDIX.match(fold(line))
    if not match:
        return None, ""
    written = match["number"]
    number = None if not written else int(written) if written.isdecimal() else _ORDER.find(written) + 1
    return number, re.sub(r"\s+", "", line[match.start("title") : match.end("title")])


def is_salutation(folded: str) -> bool:
    """Whether the line only says to whom the notice goes: 各村（社区）："""
    return bool(_SALUTED.fullmatch(folded.strip()))
