"""The office's own list of villages (Excel, WPS, Word, CSV) -> rows of the register. Columns are guessed, and shown.

Pure but for :func:`read_rows`.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.model.campaign import Village
from pipeline.model.content import Document, Table
from pipeline.register_file import COLUMNS
from pipeline.sandbox.readers import Job, Readers
from pipeline.sniff import sniff_kind

Rows = Sequence[Sequence[str]]

# What stands above the columns, the surest word first.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "village": (
        "村名",
        "村居名称",
        "村居",
        "行政村",
        "村庄",
        "村(社区)",
        "村社区",
        "单位名称",
        "报送单位",
        "单位",
        "社区",
        "名称",
        "村",
    ),
    "aliases": ("别名", "简称", "又名", "曾用名", "其他名称", "俗称"),
    "addresses": ("邮箱", "电子邮箱", "邮件", "email", "e-mail", "mail", "qq"),
    "contact": (
        "联系人",
        "负责人",
        "经办人",
        "报送人",
        "文书",
        "计生专干",
        "姓名",
        "联系电话",
        "电话",
        "手机",
        "联系方式",
    ),
}
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_QQ = re.compile(r"[1-9]\d{4,10}")
_VILLAGE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·（）()]{1,30}?(?:村|社区|庄|街|居|屯|楼|园|委会|居委)")
_TOTAL = re.compile(r"[合总小共]\s*计[:：]?")
_NO_VILLAGE = re.compile(r"[合总小]计|备注|说明|填表|单位:|注:|^共?\d+个")
# A village's body stands for the village: 楚庄村村民委员会, 楚庄村委会 -> 楚庄村.
_BODIES = (
    ("村村民委员会", "村"),
    ("村民委员会", "村"),
    ("村村委会", "村"),
    ("村委会", "村"),
    ("村村委", "村"),
    ("村委", "村"),
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
)
_MOST_ROWS_ABOVE = 12


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the parts of the register stand, by column from 0; several columns may hold addresses or a contact."""

    village: int
    aliases: tuple[int, ...] = ()
    addresses: tuple[int, ...] = ()
    contact: tuple[int, ...] = ()
    first_row: int = 0  # the first below the heading


@dataclass(frozen=True, slots=True)
class Roll:
    """What was understood of the list."""

    villages: tuple[Village, ...]
    remarks: tuple[str, ...]  # what a person should look at


# --- reading ----------------------------------------------------------------------------------------------------------


def read_rows(file: Path) -> list[Rows]:
    """The tables of a file, each as rows of cell texts. Raises ConfigError where there is none."""
    if not file.is_file():
        raise ConfigError("找不到这个文件，请检查路径", file=file)
    if file.suffix.lower() == ".csv":
        return [_read_csv(file)]
    with Readers() as readers:
        (content,) = readers.read_all([Job(file, sniff_kind(file), file.name)])
    if not isinstance(content, Document) or not content.tables:
        raise ConfigError("里面没有读到表格，请用 Excel、WPS 表格、Word 表格或 CSV 文件", file=file)
    return [_rows(table) for table in content.tables if table.cells]


def _read_csv(file: Path) -> Rows:
    octets = file.read_bytes()
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = octets.decode("gb18030", "replace")
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


def _rows(table: Table) -> Rows:
    width = max(cell.column + cell.columns for cell in table.cells)
    rows = [[""] * width for _ in range(table.height)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.rows):  # a merged cell says the same of each of its rows
            rows[row][cell.column] = _line(cell.text)
    return rows


def _line(text: str) -> str:
    return " ".join(text.split())


# --- guessing ---------------------------------------------------------------------------------------------------------


def guess_columns(rows: Rows) -> Columns | None:
    """Where what stands: by the headings, else by what the cells look like. None where no column holds villages."""
    for number, row in enumerate(rows[:_MOST_ROWS_ABOVE]):
        if len(list(filter(None, row))) > 1 or max(map(len, rows), default=0) == 1:
            found = _by_headings(row)
            if found is not None and any(_cell(each, found.village) for each in rows[number + 1 :]):
                return _with_addresses(found, rows, number + 1)
    return _by_looks(rows)


def _by_headings(row: Sequence[str]) -> Columns | None:
    plain = [re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)).lower() for cell in row]
    taken: dict[str, list[int]] = {name: [] for name in COLUMNS}
    for number, cell in enumerate(plain):
        for name in ("aliases", "addresses", "contact"):
            if len(cell) <= 12 and any(word in cell for word in _HEADINGS[name]):
                taken[name].append(number)
                break
    others = {number for columns in taken.values() for number in columns}
    free = [(number, cell) for number, cell in enumerate(plain) if number not in others and cell and len(cell) <= 12]
    for word in _HEADINGS["village"]:
        exact = [number for number, cell in free if cell == word]
        loose = [number for number, cell in free if word in cell and "镇" not in cell and "街道" not in cell]
        if exact or (loose and len(word) > 1):
            village = (exact or loose)[0]
            return Columns(village, tuple(taken["aliases"]), tuple(taken["addresses"]), tuple(taken["contact"]))
    return None


def _by_looks(rows: Rows) -> Columns | None:
    width = max(map(len, rows), default=0)
    counts = [sum(bool(_VILLAGE.fullmatch(_cell(row, column))) for row in rows) for column in range(width)]
    if not counts or max(counts) == 0:
        return None
    village = counts.index(max(counts))
    first = next(number for number, row in enumerate(rows) if _VILLAGE.fullmatch(_cell(row, village)))
    return _with_addresses(Columns(village), rows, first)


def _with_addresses(columns: Columns, rows: Rows, first: int) -> Columns:
    """The columns with those in which addresses stand, whatever is written above them."""
    width = max(map(len, rows))
    holding = [
        column
        for column in range(width)
        if column not in (columns.village, *columns.aliases, *columns.contact)
        and any(_ADDRESS.search(_cell(row, column)) for row in rows[first:])
    ]
    addresses = tuple(dict.fromkeys((*columns.addresses, *holding)))
    return Columns(columns.village, columns.aliases, addresses, columns.contact, first)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


# --- understanding ----------------------------------------------------------------------------------------------------


def understand(rows: Rows, columns: Columns) -> Roll:
    """The villages of the list, each once, in its order."""
    villages: dict[str, Village] = {}
    remarks: list[str] = []
    for number, row in enumerate(rows[columns.first_row :], columns.first_row + 1):
        written = re.sub(r"\s+", "", unicodedata.normalize("NFKC", _cell(row, columns.village)))
        if any(_TOTAL.fullmatch(cell.strip()) for cell in row) or _NO_VILLAGE.search(written):
            continue
        if not re.search(r"[\u3400-\u9fff\U00020000-\U0003ffff]", written):
            continue
        name = formal_name(written)
        aliases = [part for column in columns.aliases for part in re.split(r"[;；、，,/\s]+", _cell(row, column))]
        addresses, strange = _addresses(row, columns.addresses)
        remarks += [f"第{number}行 {name}：“{each}”不像邮箱，没有采用" for each in strange]
        contact = " ".join(dict.fromkeys(filter(None, (_cell(row, column) for column in columns.contact))))
        known = villages.get(name)
        if known is not None:
            remarks.append(f"第{number}行 {name}：出现不止一次，已合并")
            aliases, addresses = [*known.aliases, *aliases], [*known.addresses, *addresses]
            contact = "；".join(dict.fromkeys(filter(None, (known.contact, contact))))
        others = dict.fromkeys(each for each in aliases if each and each != name)
        villages[name] = Village(name, tuple(others), tuple(dict.fromkeys(addresses)), contact)
    remarks += _shared(villages.values())
    return Roll(tuple(villages.values()), tuple(remarks))


def formal_name(written: str) -> str:
    """The village's own name, where its committee is written: 楚庄村委会 -> 楚庄村."""
    for body, ending in _BODIES:
        if written.endswith(body) and len(written) > len(body):
            return written.removesuffix(body) + ending
    return written


def _addresses(row: Sequence[str], columns: Sequence[int]) -> tuple[list[str], list[str]]:
    found: list[str] = []
    strange: list[str] = []
    for column in columns:
        written = unicodedata.normalize("NFKC", _cell(row, column))
        here = [each.lower() for each in _ADDRESS.findall(written)]
        if not here and _QQ.fullmatch(written.removesuffix(".0")):
            here = [f"{written.removesuffix('.0')}@qq.com"]
        if not here and written and not re.fullmatch(r"[/\\—–\-无]+|没有|暂无", written):
            strange.append(written)
        found += here
    return found, strange


def _shared(villages: Iterable[Village]) -> Iterator[str]:
    owners: dict[str, list[str]] = {}
    for village in villages:
        for address in village.addresses:
            owners.setdefault(address, []).append(village.name)
    for address, names in owners.items():
        if len(names) > 1:
            yield f"{address} 由{'、'.join(names)}共用，来信将按文件里写的村名区分"


# --- writing ----------------------------------------------------------------------------------------------------------


def write_register(villages: Sequence[Village]) -> str:
    """The register as CSV text."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for each in villages:
        writer.writerow([each.name, ";".join(each.aliases), ";".join(each.addresses), each.contact])
    return stream.getvalue()
