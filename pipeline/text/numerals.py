"""Numbers as villages write them: 12, １２, 十二, 约50人, 40余."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

CHINESE: Final = "零〇一二两三四五六七八九十百千万"

# Words beside a figure that leave it certain: 约50人, 12场次, 共3名。 Two figures in one cell are not certain.
_FIGURE: Final = re.compile(
    r"(?:约|大约|大概|近|将近|超|超过|逾|[~≈]|共|共计|合计|计|总计)?"
    rf"(?P<number>\d[\d,]*(?:\.\d+)?[百千万]?|[{CHINESE}]+|[壹贰叁肆伍陆柒捌玖拾佰仟零]+)(?:余|多|来|几|\+)?"
    r"(?:个?(?:场次|场|人次|人|名|位|次|户|件|篇|条|期|组|例|家|对|个))?(?:左右|以上)?[。.、,;]*"
)


def read_count(text: str) -> int | None:
    """The whole number ≥ 0 that a cell holds, with its unit and 约 beside it; None where it is not certain.

    ``/``, 无, 许多, ``-1``, ``3.5``, ``12/13`` give None.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"^\((.+)\)$|\((?:人|人次|场|场次|次)\)$", r"\1", plain)  # （12）, 12（人）
    match = _FIGURE.fullmatch(plain.replace("廿", "二十").replace("卅", "三十"))
    if not match:
        return None
    number = f"一{match['number']}" if match["number"] in {"百", "千", "万"} else match["number"]  # 近百人
    if "," in number and not re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number):
        return None
    return read_number(number.replace(",", ""))


def read_number(number: str) -> int | None:
    """The value of bare digits or a bare Chinese numeral; None where it is none (百, 二三十) or no whole number."""
    try:
        value = float(number)
    except ValueError:
        import cn2an  # noqa: PLC0415 (long to load, and most numbers are digits)

        try:
            value = float(cn2an.cn2an(number, "smart"))
        except ValueError:  # cn2an: not a well-formed numeral
            return None
    return int(value) if value.is_integer() else None
