"""Whose form it is: the line above the table, and samples that are still there."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from pipeline.forms.overlay import Overlay
from pipeline.model.campaign import Form
from pipeline.model.content import Document

_LABEL: Final = re.compile(
    r"(?:^|[\s　])(?:(?:填报|报送|上报|填表|填写|报表)?单\s*位(?:名称)?|(?:填报|报送)?村\s*[名别]|填报村)"
    r"\s*(?:[(（](?:盖?章|公章|盖公章|签章|村|村居|社区)[)）])?\s*[:：]"
    r"(?P<unit>.*)",
    re.DOTALL,
)
_NEXT_LABEL: Final = re.compile(
    r"\n|(?:填报|填表|制表|报送|上报|审核|负责|联系|经办|记录)\s*(?:人|时间|日期|电话|单位)|(?:日期|时间|电话|联系人|负责人|审核)\s*[:：]|\d{4}\s*年|[(（](?:盖?章|公章|盖公章|签章)[)）]"
)
# What the blank form says behind 单位： or a clerk leaves there without a name.
_NO_NAME: Final = re.compile(
    r"无|(?:[\u4e00-\u9fff]{2,4}(?:街道|镇|乡))?(?:[x×*某○〇□_\-.—/\\]+|\(.*?\)|办事处|村民委员会|居民委员会|村委会?|居委会?|村居|社区|街道"
    r"|镇|计划生育协会|计生协会?|党支部|村?两委|村)*",
    re.IGNORECASE,
)
_BLANKS: Final = re.compile(r"[\s_＿\u2000-\u200f\ufeff]+")
_MEASURES: Final = re.compile(r"[场次人名户篇个件万元份条、,，/和]+")


def plain(text: str) -> str:
    """Half-width, without blanks and underscores."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def own_unit(text: str, form: Form) -> str:
    """The text without blanks; empty where it is the form's sample, or names nobody (村委会)."""
    bare = plain(text).strip("。.,，、:：;；")
    for sample in form.samples:
        if len(bare) <= len(plain(sample)) + 3 and re.search(r"\w", sample):  # ＸＸ村委会 for ＸＸ村委
            bare = re.sub(re.escape(plain(sample)) + "会?", "", bare, flags=re.IGNORECASE)
    return "" if _NO_NAME.fullmatch(bare) or _MEASURES.fullmatch(bare) else bare


def read_unit_line(document: Document, laid: Overlay, form: Form) -> str:
    """What is written behind 单位： in a paragraph or in the rows above the headings; empty where nothing is."""
    first = laid.heading_rows[0] if laid.heading_rows else 0
    upper = [cell for cell in laid.grid.cells if cell.row < first]
    titles = (cell.text for table in document.tables for cell in table.cells if laid.turned and not cell.column)
    lines = [*document.paragraphs, *(cell.text for cell in upper), *titles]
    for line in lines:
        if match := _LABEL.search(line):
            unit = own_unit(_NEXT_LABEL.split(match["unit"], maxsplit=1)[0], form)
            if unit:
                return unit
    for cell in upper:  # 单位： and the name in two cells of a sheet
        if re.fullmatch(r"(?:填报|报送|上报|填表)?单位[:：]?", plain(cell.text)):
            beside = sorted(
                (each for each in upper if each.row == cell.row and each.column > cell.column),
                key=lambda each: each.column,
            )
            if unit := next((unit for each in beside if (unit := own_unit(each.text, form))), ""):
                return unit
    return ""


def split_unit_line(line: str) -> tuple[str, str, str] | None:
    """A line with 单位： as what stands up to the colon, what is written behind it, and the rest (another label).

    None where the line has no such label.
    """
    match = _LABEL.search(line)
    if match is None:
        return None
    start = match.start("unit")
    end = start + len(_NEXT_LABEL.split(match["unit"], maxsplit=1)[0])
    if line[end:]:  # the blanks before the next label are its own
        end = start + len(line[start:end].rstrip())
    return line[:start], line[start:end], line[end:]


def samples_in(text: str, form: Form) -> tuple[str, ...]:
    """The form's own samples that this text still holds. Signs alone (……) count only as the whole of a paragraph."""
    bare = plain(text).casefold()
    lines = {plain(line) for line in text.splitlines()}
    found: dict[str, str] = {}  # ＸＸ村委 and XX村委 are one
    for sample in form.samples:
        mine = plain(sample).casefold()
        if (mine in bare) if re.search(r"\w", mine) else (mine in lines):
            found.setdefault(mine, sample)
    return tuple(found.values())


def without_samples(text: str, form: Form) -> str:
    """The text without the form's own samples."""
    for sample in samples_in(text, form):
        letters = [re.escape(sign) for sign in plain(sample)]
        kept = "".join(
            unicodedata.normalize("NFKC", sign) if len(unicodedata.normalize("NFKC", sign)) == 1 else sign
            for sign in text
        )
        match = re.search(r"\s*".join(letters), kept, re.IGNORECASE)
        text = text[: match.start()] + text[match.end() :] if match else text.replace(sample, "")
    return text.strip()
