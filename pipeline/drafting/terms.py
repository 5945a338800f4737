"""What a notice says of a material: formats, pieces, words, pixels, seconds; and what no rule can hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pipeline.drafting.plain import number_of

# --- numbers ----------------------------------------------------------------------------------------------------------

_NUMBER: Final = r"(?:\d+(?:\.\d+)?\s*[万千]?|[一二两三四五六七八九十百千万]+)"


class Unit(Enum):
    """What is counted."""

    PICTURES = "张"
    FILMS = "段"
    PIECES = "个"  # of whatever was spoken of
    COPIES = "份"
    WORDS = "字"
    PIXELS = "像素"
    SECONDS = "秒"
    MEGABYTES = "MB"


_UNITS: Final[Mapping[str, tuple[Unit, float]]] = {
    "张": (Unit.PICTURES, 1),
    "幅": (Unit.PICTURES, 1),
    "段": (Unit.FILMS, 1),
    "部": (Unit.FILMS, 1),
    "条": (Unit.PIECES, 1),
    "个": (Unit.PIECES, 1),
    "份": (Unit.COPIES, 1),
    "篇": (Unit.COPIES, 1),
    "件": (Unit.COPIES, 1),
    "则": (Unit.COPIES, 1),
    "例": (Unit.COPIES, 1),
    "个字": (Unit.WORDS, 1),
    "字": (Unit.WORDS, 1),
    "像素": (Unit.PIXELS, 1),
    "px": (Unit.PIXELS, 1),
    "分钟": (Unit.SECONDS, 60),
    "秒": (Unit.SECONDS, 1),
    "mb": (Unit.MEGABYTES, 1),
    "m": (Unit.MEGABYTES, 1),
    "兆": (Unit.MEGABYTES, 1),
    "kb": (Unit.MEGABYTES, 1 / 1024),
    "k": (Unit.MEGABYTES, 1 / 1024),
    "gb": (Unit.MEGABYTES, 1024),
    "g": (Unit.MEGABYTES, 1024),
}
_UNIT: Final = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_BOUND: Final = re.compile(
    r"(?P<low>不少于|不低于|不小于|不得少于|不得低于|至少|最少|最低|大于|多于|超过(?<!不超过)(?<!不得超过)|≥|>=?)?"
    r"(?P<high>不超过|不多于|不大于|不高于|不得超过|不得多于|不得大于|最多|至多|限报?|控制在|小于|少于|低于|≤|<=?)?\s*(?P<about>约|大约)?\s*(?:为|在)?\s*"
    rf"(?P<first>{_NUMBER})\s*(?P<unit1>{_UNIT})?\s*(?:(?:-+|至|到|~)\s*(?P<last>{_NUMBER}))?\s*(?P<unit>{_UNIT})(?![a-z])"
    r"\s*(?P<after>(?:及|或)?以上|(?:及|或)?以内|(?:及|或)?以下|之内|之间|左右|上下|内(?!容))?",
    re.IGNORECASE,
)
_FRAME: Final = re.compile(r"(?P<width>\d{3,5})\s*(?:px|像素)?\s*[×x*]\s*(?P<height>\d{3,5})", re.IGNORECASE)
# 长边像素不低于3000: the unit stands before.
_PLAIN_SIDE: Final = re.compile(
    r"(?:长边|短边|单边)(?:的)?(?:像素|分辨率)?\s*(?:不低于|不少于|不小于|大于|≥)\s*(?P<first>\d{3,5})(?!\s*(?:像素|px|\d))"
)
_EACH: Final = re.compile(
    r"每(?:人|名|项|个|次|场|期|户|类|幅|处|天|周|月)?[\u4e00-\u9fff]{0,6}?\s*(?:配|附|报送?|限报?|提供|推荐|不少于|不超过|至少|最多|各)?\s*$"
)
_EACH_VILLAGE: Final = re.compile(
    r"每(?:个)?(?:村居?|社区|单位|支部|镇街?|街道|校|企业|中队|家)[\u4e00-\u9fff]{0,5}?\s*(?:报送?|限报?|提供|推荐|不少于|至少|最多)?\s*$"
)
_EACH_TIME: Final = re.compile(
    r"每(?:次|期|周|月|季度)(?:各|报送?|限报?|提供|附|不少于|不超过|至少|最多)*"
)  # of a whole delivery
_SIDE: Final = re.compile(r"(?P<side>长边|短边|最短边|单边|宽度?|高度?|分辨率|像素)[^,。;\d]{0,8}$")


@dataclass(frozen=True, slots=True)
class Bound:
    """A number with its unit: at least, at most, about."""

    start: int
    end: int
    unit: Unit
    low: float | None
    high: float | None
    about: bool  # 左右, 约
    each: str  # 每人: of each of those, not of the whole delivery; empty where of that
    side: str = ""  # of pixels: 长边, 短边, …
    quote: str = ""


def find_bounds(text: str) -> tuple[Bound, ...]:
    """The numbers of a folded text that bound something, in order."""
    frames = [_read_frame(match) for match in _FRAME.finditer(text)]
    frames += [
        Bound(m.start(), m.end(), Unit.PIXELS, float(m["first"]), None, about=False, each="", side=m[0][:2], quote=m[0])
        for m in _PLAIN_SIDE.finditer(text)
    ]
    taken = [range(each.start, each.end) for each in frames]
    bounds = [bound for match in _BOUND.finditer(text) if (bound := _read_bound(match, text))]
    return tuple(
        sorted(
            [*frames, *(b for b in bounds if not any(b.start in t or b.end - 1 in t for t in taken))],
            key=lambda b: b.start,
        )
    )


def _read_frame(match: re.Match[str]) -> Bound:
    short = min(int(match["width"]), int(match["height"]))
    return Bound(
        match.start(), match.end(), Unit.PIXELS, short, None, about=False, each="", side="短边", quote=match[0]
    )


def _read_bound(match: re.Match[str], text: str) -> Bound | None:
    unit, factor = _UNITS[match["unit"].lower()]
    if text[: match.start()].endswith("第"):
        return None
    if unit is Unit.MEGABYTES and match["unit"].isupper() is False and match["unit"] not in ("兆", "Mb", "mb", "kb"):
        return None  # 3 m is a length
    first, last = _value(match["first"]), _value(match["last"]) if match["last"] else None
    if first is None:
        return None
    own = _UNITS[match["unit1"].lower()][1] if match["unit1"] else factor
    first *= own
    last = last * factor if last is not None else None
    after = (match["after"] or "").removeprefix("及").removeprefix("或")
    about = bool(match["about"]) or after in ("左右", "上下")
    low: float | None
    high: float | None
    if last is not None:
        low, high = first, last
    elif match["low"] or after == "以上":
        low, high = first, None
    elif match["high"] or after in ("以内", "以下", "之内", "内"):
        low, high = None, first
    else:
        low, high = first, first
    before = text[: match.start()]
    of = _EACH.search(before)
    each = of[0].strip() if of and not _EACH_VILLAGE.search(before) and not _EACH_TIME.fullmatch(of[0].strip()) else ""
    side = _SIDE.search(before)
    return Bound(
        match.start(), match.end(), unit, low, high, about, each, side["side"] if side else "", match[0].strip()
    )


def _value(written: str) -> float | None:
    plain = written.strip()
    factor = {"万": 10000, "千": 1000}.get(plain[-1:], 1) if plain[:1].isdigit() else 1
    if factor > 1:
        plain = plain[:-1].strip()
    try:
        return float(plain) * factor
    except ValueError:
        number = number_of(plain)
        return None if number is None else float(number)


# --- formats ----------------------------------------------------------------------------------------------------------

_FORMATS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("word", re.compile(r"word|\.?docx?(?![a-z])|可编辑的?电子|wps(?:文字|文档)?", re.IGNORECASE)),
    ("excel", re.compile(r"excel|exsel|\.?xlsx?(?![a-z])|电子表格", re.IGNORECASE)),
    ("pdf", re.compile(r"pdf", re.IGNORECASE)),
    ("jpeg", re.compile(r"jpe?g", re.IGNORECASE)),
    ("png", re.compile(r"png", re.IGNORECASE)),
    ("mp4", re.compile(r"mp4|mpeg-?4", re.IGNORECASE)),
    ("mov", re.compile(r"(?<![a-z])mov(?![a-z])", re.IGNORECASE)),
    ("avi", re.compile(r"(?<![a-z])avi(?![a-z])", re.IGNORECASE)),
    ("wmv", re.compile(r"wmv", re.IGNORECASE)),
    ("flv", re.compile(r"flv", re.IGNORECASE)),
    ("mpeg", re.compile(r"(?<![a-z])mpe?g(?![a-z0-9-])", re.IGNORECASE)),
)
TEXTS: Final = frozenset({"word", "excel", "pdf"})
PICTURES: Final = frozenset({"jpeg", "png"})
FILMS: Final = frozenset({"mp4", "mov", "avi", "wmv", "flv", "mpeg"})


@dataclass(frozen=True, slots=True)
class FormatWord:
    """A format that a text names."""

    start: int
    end: int
    format: str  # as the rules write it


def find_formats(text: str) -> tuple[FormatWord, ...]:
    """The formats of a folded text, in order."""
    found = (FormatWord(m.start(), m.end(), name) for name, pattern in _FORMATS for m in pattern.finditer(text))
    return tuple(sorted(found, key=lambda each: each.start))


# --- what no rule can hold --------------------------------------------------------------------------------------------

_UNTOLD: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    (
        "scan",
        re.compile(
            r"(?:签字|签名)?(?:并)?(?:加)?盖(?:公|单位)?章[^,。;、()和及与]{0,10}|扫描件|签字[^,。;、()]{0,6}(?:拍照|扫描)|拍照上传"
        ),
    ),
    ("paper", re.compile(r"一式[一二两三四五六七八九十\d]+份|纸质(?:版|材料|件|稿)?[^,。;()]{0,10}|邮寄[^,。;]{0,12}")),
    (
        "late",
        re.compile(
            r"(?:逾期|过期|超期|迟报|漏报)[^。;,]{0,18}|视为(?:放弃|无效|弃权)|不予(?:评选|参评|受理|上报)|通报批评|取消[^,。;]{0,8}资格"
        ),
    ),
    (
        "naming",
        re.compile(
            r"[^,。;]{0,40}(?:命名|标注|注明|备注)[^,。;]{0,24}|(?:邮件)?(?:主题|标题)(?:为|写明|注明|统一|:)[^,。;]{0,24}|文件(?:夹)?名[^,。;]{0,14}"
        ),
    ),
    (
        "packing",
        re.compile(
            r"打包[^,。;a-zA-Z]{0,10}|压缩[^,。;a-zA-Z]{0,10}|同一(?:个)?(?:文件夹|邮件)[^,。;]{0,8}|单独(?:打包|发送)"
        ),
    ),
    ("link", re.compile(r"(?:百度)?网盘[^,。;]{0,16}|提取码")),
    (
        "look",
        re.compile(
            r"(?:横版|竖版|横屏|竖屏|横向拍摄)[^,。;]{0,8}|(?:不带|无|不得[有带]|不加)[^,。;]{0,8}(?:水印|角标|台标|边框|logo)|\d+\s*dpi|\d+:\d+(?=画幅|比例)|码[流率][^,。;]{0,12}|帧[率/][^,。;]{0,8}",
            re.IGNORECASE,
        ),
    ),
    ("originality", re.compile(r"(?:原创|严禁抄袭|不得抄袭|不得网上下载|不得PS)[^,。;]{0,10}", re.IGNORECASE)),
    ("optional", re.compile(r"(?:有条件的|可(?:以|另|再)?[附配]|原则上|鼓励)[^。;]{0,24}")),
    (
        "channel",
        re.compile(
            r"(?:微信群?|QQ群?|钉钉|公众号|系统平台|小程序|OA)[^,。;、]{0,12}(?:报送|上报|提交|发送|上传)|(?:报送|上报|提交|发送|上传)[^,。;]{0,10}(?:微信|QQ群|钉钉|小程序)"
        ),
    ),
)
# Why it is not in the rules, and what to do instead.
WHY: Final[Mapping[str, str]] = {
    "scan": "签字、盖章认不出来，要由您看",
    "paper": "纸质材料不在邮箱里，要由您登记",
    "late": "逾期的照常登记并注明迟报，不会自动拒收",
    "naming": "文件怎么命名不作要求，认得出就行",
    "packing": "打不打包都能读，不作要求",
    "link": "网盘里的文件不会下载，要由您看",
    "look": "画面的样子不核对，要由您看",
    "originality": "只核对各村之间雷同，别处抄来的看不出",
    "optional": "规则里每一项都是必报，不要求必报的请删去那一项",
    "channel": "只收邮箱里的材料，别的渠道报来的要由您登记",
    "clock": "规则只到日，当天24时以前都算按时",
    "high-words": "只核对最少字数，不核对最多字数",
    "high-seconds": "只核对最短时长，不核对最长时长",
    "about-seconds": "“左右”不核对，只核对视频是否过短",
    "size": "文件大小不核对",
    "pixels": "只核对短边像素的下限，这一条没有写进规则",
    "frame": "视频的画面大小不核对",
    "each": "这是每人、每项的数目，规则只核对一个村共报几张",
    "copies": "篇数、份数不核对，同一项后来的一份代替先前的一份",
    "films": "只核对视频最多几段，不核对最少几段",
    "vague": "没有写明是哪一天，没有写进规则",
    "unknown": "不认识这种材料，没有写进规则；要收的，请照别的材料加一段",
    "nobody": "没有看出说的是哪一项材料",
    "within": "括号里提到的没有单独列为一项",
}


@dataclass(frozen=True, slots=True)
class Untold:
    """A phrase that was understood and that no rule can hold, or one that was not understood."""

    quote: str
    why: str  # key of WHY


def find_untold(text: str, folded: str) -> Iterator[Untold]:
    """The phrases of a sentence that no rule can hold, as written."""
    taken: list[range] = []
    for why, pattern in _UNTOLD:
        for match in pattern.finditer(folded):
            if match[0].strip() and not any(match.start() in each for each in taken):
                taken.append(range(match.start(), match.end()))
                yield Untold(text[match.start() : match.end()].strip(" （()）,，、"), why)
