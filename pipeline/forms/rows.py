"""The rows of the progress table -> activities, pictures and samples left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from pipeline.forms.headings import plain_heading
from pipeline.forms.overlay import Overlay
from pipeline.forms.units import samples_in, without_samples
from pipeline.model.campaign import Form
from pipeline.model.content import Cell, Document
from pipeline.model.filled import ActivityRow
from pipeline.model.reading import Activity, Picture

ACCOUNT, PHOTOS, UNIT, OTHER, PART = "account", "photos", "unit", "other", "part"
_NOTE: Final = re.compile(
    r"\s*(?:注|说明|备注|填表(?:人|说明|时间|日期)|审核人?|负责人|联系人|联系电话|制表|填报(?:人|时间|日期)|单位)\s*[:：]"
)
# All that a row of photos says of itself.
_CAPTION: Final = re.compile(
    r"\s*[(（]?(?:活动|现场|相关|以上|附)*(?:照片|图片|相片|图)[一二三四五六七八九十\d、-]*(?:如下|如图)?[)）]?[:：]?\s*"
)
_TOTAL: Final = re.compile(
    r"\s*(?:合\s*计|总\s*计|小\s*计|累\s*计|共\s*计)(?![\u4e00-\u9fff]*[月日])"
)  # the village's own sum
# Columns that a village put beside the account, whose headings are the labels of what an account tells.
_BESIDE: Final = re.compile(
    r"(?:活动|开展|举办|举行|具体)?(?:的)?(?:时间|日期|地点|场所|地址)|(?:活动)?(?:参加|参与|参会|到场)(?:活动)?(?:的)?(?:人员|人数|对象|群众|人)|人员|人数|对象"
)
_SECOND_LINE: Final = re.compile(rf"[(（][^()（）]+[)）]|{_BESIDE.pattern}|(?:活动)?内容")  # （2-3张）; 时间, 地点
_SERIAL: Final = re.compile(r"序号|编号|no|序")
_SEVERAL: Final = 2  # photos for each row, from which those that all lie in one row are taken for all rows
_ICON: Final = 40  # pixels: what is smaller on a side is a bullet or an emoji, no photo
_WORDS: Final = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A row below the headings, its cells by their role."""

    number: int  # from 1, headings not counted
    cells: Mapping[str, tuple[Cell, ...]]
    parts: tuple[
        tuple[str, Cell], ...
    ] = ()  # where the account was cut into columns of the village's own: heading, cell

    goes_on: bool = False  # what it tells stands in a cell that begins in a row above

    def text(self, role: str) -> str:
        """What the cells of this role say."""
        return "\n".join(cell.text for cell in self.cells.get(role, ()) if cell.text.strip())

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All photos of the row, whatever cell they stand in."""
        pictures = (picture for cells in self.cells.values() for cell in cells for picture in cell.pictures)
        return tuple(picture for picture in pictures if not 0 < min(picture.width, picture.height) < _ICON)


@dataclass(frozen=True, slots=True)
class _Column:
    role: str
    heading: str
    first: int  # column of the grid
    last: int


@dataclass
class _Told:
    """A filled row while what belongs to it is gathered."""

    row: BodyRow
    account: str
    pictures: list[Picture] = field(default_factory=list)


def read_activity_rows(
    document: Document, laid: Overlay, form: Form, *, opens_on: date, closes_on: date
) -> tuple[ActivityRow, ...]:
    """The filled rows, in order, through all tables that go on with the form (repeated or no headings).

    A row is filled where it holds an account or pictures; samples of the blank form fill nothing. Pictures in a row
    without text belong to the row above, under a unit written once more where that row has none. A row with pictures
    and no account has one activity of which nothing is told.
    """
    told: list[_Told] = []
    for row in body_rows(laid, form):
        account = _account(row, form)
        texts = without_samples(row.text(UNIT), form)
        if account:
            told.append(_Told(row, account, list(row.pictures)))
        elif row.pictures and told and (row.goes_on or not _WORDS.search(texts) or not told[-1].pictures):
            told[-1].pictures += row.pictures
        elif row.pictures:
            told.append(_Told(row, "", list(row.pictures)))
    _share_out(told)
    _share_floating(told, document)
    return tuple(_read_row(each, form, opens_on, closes_on) for each in told)


def _read_row(told: _Told, form: Form, opens_on: date, closes_on: date) -> ActivityRow:
    from pipeline.activity import parse_activities  # noqa: PLC0415 (long to load, and the judge finds rows read)

    activities = parse_activities(told.account, opens_on=opens_on, closes_on=closes_on) or (Activity(told.account),)
    texts = (cell.text for cells in told.row.cells.values() for cell in cells)
    left = {sample for text in texts for sample in samples_in(text, form)}
    samples = tuple(sample for sample in form.samples if sample in left)
    return ActivityRow(told.row.number, activities, tuple(told.pictures), samples)


def _account(row: BodyRow, form: Form) -> str:
    """What the row tells; columns of the village's own (时间, 地点) stand for labels."""
    own = without_samples(row.text(ACCOUNT), form)
    if not row.parts:
        text = own
    elif _WORDS.search(own) or ACCOUNT not in row.cells:
        told = [f"{heading}：{cell.text}" for heading, cell in row.parts if _WORDS.search(cell.text)]
        text = "\n".join([*told, f"内容：{own}"] if told and own else [*told, own]).strip()
    else:
        text = ""
    sums = any(_TOTAL.match(cell.text) for cells in row.cells.values() for cell in cells[:1])
    if row.pictures and _CAPTION.fullmatch(text):
        return ""
    return text if _WORDS.search(text) and not _NOTE.match(text) and not (sums and not row.pictures) else ""


def _share_out(told: list[_Told]) -> None:
    """Photos in one cell that reaches over several filled rows, divided among them in order."""
    for index, each in enumerate(told):
        cells = [cell for cell in each.row.cells.get(PHOTOS, ()) if cell.rows > 1 and cell.pictures]
        if not cells:
            continue
        end = max(cell.row + cell.rows for cell in cells) - min(cell.row for cell in cells)
        sharers = [other for other in told[index:] if other.row.number < each.row.number + end]
        if len(sharers) > 1 and not any(other.pictures for other in sharers[1:]):
            _divide(each.pictures, sharers)


def _share_floating(told: list[_Told], document: Document) -> None:
    """Photos that lie over the page where rows have none: they are anchored anywhere, outside the table or all in one
    row, and their order alone says to which rows they belong.
    """
    bare = [each for each in told if not each.pictures]
    if not bare or not document.floating:
        return
    in_rows = {picture.digest for each in told for picture in each.pictures}
    loose = {
        picture.digest: picture
        for picture in document.pictures
        if picture.digest in document.floating and picture.digest not in in_rows
    }
    if loose:
        _divide(list(loose.values()), bare)
        return
    sharers = [each for each in told if all(picture.digest in document.floating for picture in each.pictures)]
    pictures = [picture for each in sharers for picture in each.pictures]
    if len(pictures) >= _SEVERAL * len(sharers):  # else they may well be those of the row that they are anchored in
        _divide(pictures, sharers)


def _divide(pictures: list[Picture], sharers: list[_Told]) -> None:
    each_one, rest = divmod(len(pictures), len(sharers))
    start = 0
    for place, sharer in enumerate(sharers):
        end = start + each_one + (place < rest)
        sharer.pictures = pictures[start:end]
        start = end


def body_rows(laid: Overlay, form: Form) -> Iterator[BodyRow]:
    """The rows below the headings, blank ones too; rows that repeat the headings are left out and not counted."""
    columns = _columns(laid, form)
    if not columns:
        return
    header = laid.heading_rows[0]
    bounds = [*laid.first_rows, laid.grid.height]
    tables = [range(start, end) for start, end in pairwise(bounds)]
    number = 0
    by_row: dict[int, list[Cell]] = {}
    for cell in laid.grid.cells:
        by_row.setdefault(cell.row, []).append(cell)
    above = [cell for cell in laid.grid.cells if cell.rows > 1 and cell.row > header]
    width = _width(by_row, tables, header)
    for table in tables:
        if table.stop <= header:
            continue
        if header not in table and not _goes_on(by_row, table, columns, width):
            continue
        for index in table:
            cells = by_row.get(index, [])
            if index <= header or _repeats(cells, columns) or (index == header + 1 and _explains(cells)):
                continue
            number += 1
            if cells:
                reaching = [each for each in above if each.row < index < each.row + each.rows]
                yield _body_row(number, cells, columns, reaching)


def _width(by_row: Mapping[int, list[Cell]], tables: list[range], header: int) -> int:
    table = next(each for each in tables if header in each)
    return _table_width(by_row, table)


def _table_width(by_row: Mapping[int, list[Cell]], table: range) -> int:
    return max((cell.column + cell.columns for row in table for cell in by_row.get(row, ())), default=0)


def _goes_on(by_row: Mapping[int, list[Cell]], table: range, columns: list[_Column], width: int) -> bool:
    """Whether a later table continues the form: its headings once more, or as many columns."""
    first = next((by_row[row] for row in table if by_row.get(row)), [])
    return _repeats(first, columns) or (_table_width(by_row, table) == width and len(first) <= len(columns))


def _repeats(cells: list[Cell], columns: list[_Column]) -> bool:
    """Whether this row is the heading row again."""
    texts = [plain_heading(cell.text) for cell in cells if plain_heading(cell.text)]
    headings = {plain_heading(column.heading) for column in columns}
    return len(texts) > 1 and sum(text in headings for text in texts) * 2 > len(texts)


def _explains(cells: list[Cell]) -> bool:
    """Whether this row, right below the headings, is their second line: remarks, or headings of parts."""
    texts = [text for cell in cells if (text := re.sub(r"\s", "", cell.text))]
    return bool(texts) and not any(cell.pictures for cell in cells) and all(map(_SECOND_LINE.fullmatch, texts))


def _body_row(number: int, cells: list[Cell], columns: list[_Column], reaching: list[Cell]) -> BodyRow:
    """``reaching`` are cells from rows above that go down to this one: one date for three rows holds for each."""
    roles: dict[str, list[Cell]] = {}
    parts: list[tuple[str, Cell]] = []
    goes_on = False
    for cell in sorted([*cells, *reaching], key=lambda each: each.column):
        column = _column_of(cell, columns)
        if column is None:
            continue
        if column.role == PART:
            parts.append((column.heading, cell))
        if cell in reaching:
            goes_on = goes_on or column.role == ACCOUNT
            continue
        roles.setdefault(column.role, []).append(cell)
    return BodyRow(number, {role: tuple(found) for role, found in roles.items()}, tuple(parts), goes_on)


def _column_of(cell: Cell, columns: list[_Column]) -> _Column | None:
    """The column that the cell lies under; the account, where it lies under the account among others."""
    last = cell.column + cell.columns
    under = {column: min(last, column.last) - max(cell.column, column.first) for column in columns}
    touched = [column for column, shared in under.items() if shared > 0]
    if not touched:
        return None
    account = [column for column in touched if column.role == ACCOUNT and under[column] == column.last - column.first]
    return account[0] if account else max(touched, key=lambda column: under[column])


def _columns(laid: Overlay, form: Form) -> list[_Column]:
    """The columns of the document, by the role that the blank form's headings give them; none without an account."""
    if not form.columns or not laid.heading_rows:
        return []
    role_of = {plain_heading(heading): role for role, heading in form.columns.items()}
    columns: list[_Column] = []
    taken: set[Cell] = set()
    for blank, there in laid.pairs:
        role = role_of.get(plain_heading(blank.text), OTHER)
        columns.append(_Column(role, there.text.strip(), there.column, there.column + there.columns))
        taken.add(there)
    row = [cell for cell in laid.grid.row(laid.heading_rows[0]) if cell not in taken and plain_heading(cell.text)]
    account_there = any(column.role == ACCOUNT for column in columns)
    for cell in row:
        name = plain_heading(cell.text)
        part = bool(_BESIDE.fullmatch(name)) if account_there else not _SERIAL.fullmatch(name)
        heading = cell.text.strip().replace("\n", "")
        columns.append(_Column(PART if part else OTHER, heading, cell.column, cell.column + cell.columns))
    if any(column.role == PART for column in columns):
        return columns
    return columns if account_there else []
