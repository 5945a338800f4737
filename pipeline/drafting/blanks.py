"""What a blank form says of itself: its columns, the figures that a village fills in, its samples. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pipeline.drafting.figure_names import BlankFigure, measure_of, name_figures
from pipeline.forms.figures import find_place
from pipeline.forms.headings import plain_heading
from pipeline.model.content import Cell, Table
from pipeline.model.reading import FigurePlace

_MEASURE: Final = re.compile(
    r"(?:场次|场数|人数|人次|次数|数量|户数|件数|起数|处数|篇数|份数|条数|个数|天数|金额|总额|面积|资金|产量|重量|里程|覆盖率|吨数|总数|合计|数)(?:\(.*\))?$"
    r"|\((?:场次?|人次?|户|份|篇|件|个|元|万元|亩|吨|公斤|斤|处|起|次|条|天|名|头|平方米|米|公里|千克|立方米|辆|块|台|套)\)$"
)
_LEVELS: Final = re.compile(r"国家级?|省级?|地?市级?|县级?|区级?|乡镇|镇级|街道|全镇|全县")
_OWN_LEVEL: Final = re.compile(r"村|社区|支部|本单位|居")
_UNIT: Final = re.compile(
    r"(?:填报|报送|所属|所在)?(?:单位|村居?|社区|村社区|支部|村名|单位名称|村居名称|组别|学校|企业|网格)(?:名称)?"
)
_ACCOUNT: Final = re.compile(r"写实|内容|开展|情况|做法|进展|纪实|记录|事项|措施")
_NO_ACCOUNT: Final = re.compile(r"照片|图片|时间|日期|地点|人数|备注|参加|影像|序号|整改情况|完成情况")
_PHOTOS: Final = re.compile(r"照片|图片|相片|影像|图像|佐证")
_SERIAL: Final = re.compile(r"\d{1,3}|[一二三四五六七八九十]{1,3}|合\s*计|总\s*计|小\s*计")
_SAMPLE: Final = re.compile(
    r"[xX×*＊某〇○□]{2}|…|\.{3}|例如|示例|如[:：]|[(（](?:图片|照片|填写|请).*[)）]|\d\s*[-至]\s*\d\s*张|张.*照片|某某?村"
)
_FILLED_IN: Final = re.compile(r"[xXＸ×…\d.\-]+")  # what a form shows in a place for a number
_MARKED: Final = re.compile(r"ＸＸ|XX|xx|××|某某")
_COUNT: Final = re.compile(r"(?P<low>\d)\s*[-至~—]+\s*(?P<high>\d)\s*张|(?P<same>\d)\s*张")


@dataclass(frozen=True, slots=True)
class BlankForm:
    """A form as the rules describe it: columns for rows of activities, or figures; neither where it is a list."""

    columns: Mapping[str, str]
    figures: tuple[BlankFigure, ...]
    samples: tuple[str, ...]
    photos: tuple[int, int] | None = None  # how many to a row, where a sample says so
    pairs: tuple[tuple[str, str], ...] = ()  # events and people that belong together
    events: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()  # labels of the rows that are to be filled in, where there are several
    left_out: tuple[str, ...] = ()  # headings that a village has nothing to write under, or no number


def read_blank(tables: Sequence[Table]) -> BlankForm:
    """What the largest table of a form says."""
    table = max(tables, key=lambda each: len(each.cells), default=Table(()))
    grid = _Grid(table)
    samples = _samples(grid)
    header = _header(grid)
    columns = _columns(header)
    if columns:
        return BlankForm(columns, (), samples, _photos(grid, samples))
    figures, left_out = _figures(grid)
    return BlankForm(
        {},
        tuple(figures),
        samples,
        pairs=_pairs(figures),
        events=tuple(each.id for each in figures if measure_of(each.headings[-1]) == "events"),
        rows=_labels(grid, figures),
        left_out=left_out,
    )


def _labels(grid: _Grid, figures: Sequence[BlankFigure]) -> tuple[str, ...]:
    """What stands before the rows below the first figure's heading: 宣传活动, 应急演练."""
    top = next((cell.row + cell.rows for cell in grid.cells if figures and _text(cell) == figures[0].headings[-1]), 0)
    found = (cell for cell in grid.cells if top and cell.column == 0 and cell.row >= top and cell.rows == 1)
    labels = [_text(cell) for cell in found if _text(cell) and cell.columns < grid.width]
    rows = [each for each in labels if not _SERIAL.fullmatch(each) and not _SAMPLE.search(each)]
    return tuple(rows) if len(rows) > 1 else ()


class _Grid:
    """A table by its places."""

    def __init__(self, table: Table) -> None:
        self.table, self.cells = table, table.cells
        self.width = max((cell.column + cell.columns for cell in table.cells), default=0)
        self._at = {
            (row, column): cell
            for cell in table.cells
            for row in range(cell.row, min(cell.row + cell.rows, 200))
            for column in range(cell.column, cell.column + cell.columns)
        }

    def below(self, cell: Cell) -> Cell | None:
        """What stands under a cell."""
        return self._at.get((cell.row + cell.rows, cell.column))

    def leads_to_blank(self, cell: Cell) -> bool:
        """Whether something is to be written right under it."""
        below = self.below(cell)
        if below is None:  # a workbook ends with the last row that holds anything
            return bool(self.table.name) and cell.row + cell.rows >= self.table.height
        return not _text(below) or bool(_FILLED_IN.fullmatch(_text(below)))

    def row(self, number: int) -> list[Cell]:
        """The cells that begin in a row, from left to right."""
        return sorted((cell for cell in self.cells if cell.row == number), key=lambda cell: cell.column)

    def over(self, cell: Cell) -> list[Cell]:
        """The headings that reach over a cell: left of it from the first column, and above it, outermost first."""
        left = [
            other
            for other in self.cells
            if other.column == 0
            and other.rows > 1
            and other.row <= cell.row < other.row + other.rows
            and cell.column > 0
        ]
        top = min((other.row for other in left), default=0)
        above = [
            other
            for other in self.cells
            if top <= other.row < cell.row
            and other.column <= cell.column
            and cell.column + cell.columns <= other.column + other.columns
            and other.columns < self.width
            and other not in left
            and not self.leads_to_blank(other)
        ]
        return [each for each in [*left, *sorted(above, key=lambda other: other.row)] if _text(each)]


def _text(cell: Cell) -> str:
    return re.sub(r"\s+", "", cell.text)


def _samples(grid: _Grid) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for cell in grid.cells:
        text = _text(cell)
        if text and len(text) <= 40 and _SAMPLE.search(unicodedata.normalize("NFKC", text) + text):
            if cell.row == 0 and not re.fullmatch(r"[xX×＊*…\.]+", text):
                continue
            found |= {text: None} | dict.fromkeys(_variants(text))
    return tuple(found)


def _variants(sample: str) -> list[str]:
    """The same with the other signs that stand for a name: ＸＸ村委, XX村委, ××村委."""
    if not _MARKED.search(sample):
        return []
    return [_MARKED.sub(sign, sample) for sign in ("XX", "××") if _MARKED.sub(sign, sample) != sample]


def _header(grid: _Grid) -> list[Cell]:
    """The row of headings of a table of rows: the first with three texts or two, below titles over the whole width."""
    for number in range(6):
        row = [cell for cell in grid.row(number) if _text(cell)]
        if len(row) >= 2 and not any(re.search(r"[:：]\s*$", _text(cell)) for cell in row):
            return row
    return []


def _columns(header: Sequence[Cell]) -> dict[str, str]:
    """Which column is what, where there is one that tells what was done and one for its photos."""
    texts = [_text(cell) for cell in header]
    photos = next((text for text in texts if _PHOTOS.search(text)), None)
    accounts = [text for text in texts if _ACCOUNT.search(text) and not _NO_ACCOUNT.search(text)]
    if photos is None or not accounts or plain_heading(photos) == plain_heading(accounts[0]):
        return {}
    unit = next((text for text in texts if _UNIT.fullmatch(plain_heading(text))), None)
    best = max(accounts, key=lambda text: ("写实" in text or "内容" in text, -texts.index(text)))
    return {**({"unit": unit} if unit else {}), "account": best, "photos": photos}


def _photos(grid: _Grid, samples: Sequence[str]) -> tuple[int, int] | None:
    texts = [*samples, *(_text(cell) for cell in grid.cells if _PHOTOS.search(cell.text))]
    for text in texts:
        if match := _COUNT.search(unicodedata.normalize("NFKC", text)):
            low, high = (match["same"], match["same"]) if match["same"] else (match["low"], match["high"])
            return int(low), int(high)
    return None


def _figures(grid: _Grid) -> tuple[list[BlankFigure], tuple[str, ...]]:
    """The numbers of a table, those of other levels than the village's own left out."""
    places: list[tuple[Cell, tuple[str, ...]]] = []
    left_out: dict[str, None] = {}
    leaves = [cell for cell in grid.cells if _is_leaf(cell, grid)]
    has_own = any(_OWN_LEVEL.search("".join(map(_text, grid.over(cell)))) for cell in leaves)
    for cell in leaves:
        outer = grid.over(cell)
        words = "".join(map(_text, outer))
        if not (_is_number(_text(cell)) or (outer and _is_number(_text(outer[0])))):
            left_out |= {_text(cell): None}
            continue
        if _LEVELS.search(words) and not _OWN_LEVEL.search(words) and (has_own or re.search(r"级", words)):
            left_out |= {"·".join(map(_text, outer)): None}
            continue
        places.append((cell, tuple(_text(each) for each in [*outer, cell])))
    figures = [
        figure
        for figure, (cell, _) in zip(name_figures([each for _, each in places]), places, strict=True)
        if find_place(grid.table, FigurePlace(figure.id, figure.title, figure.headings)) == cell
    ]
    lost = {_text(cell): None for cell, _ in places if cell not in _cells_of(figures, grid)}
    return figures, tuple(left_out | lost)


def _cells_of(figures: Sequence[BlankFigure], grid: _Grid) -> list[Cell | None]:
    return [find_place(grid.table, FigurePlace(each.id, each.title, each.headings)) for each in figures]


def _is_number(heading: str) -> bool:
    """Whether a number belongs under it: 宣传人数, 面积（亩）."""
    return bool(_MEASURE.search(unicodedata.normalize("NFKC", heading)))


def _is_leaf(cell: Cell, grid: _Grid) -> bool:
    """Whether a heading has a blank place under it."""
    text = _text(cell)
    if not text or _SERIAL.fullmatch(text) or _SAMPLE.search(text) or cell.columns >= grid.width:
        return False
    return grid.leads_to_blank(cell) and not (cell.column == 0 and cell.rows > 1)


def _pairs(figures: Sequence[BlankFigure]) -> tuple[tuple[str, str], ...]:
    """Numbers of events with the number of people right behind, of the same outer headings."""
    return tuple(
        (first.id, second.id)
        for first, second in pairwise(figures)
        if measure_of(first.headings[-1]) in ("events", "times")
        and measure_of(second.headings[-1]) == "people"
        and first.headings[:-1] == second.headings[:-1]
    )
