"""The pictures of an Office Open XML workbook, each by the place that it stands at.

Those that lie over a sheet are anchored to cells (ECMA-376 part 1, 20.5). WPS also puts pictures into cells: such a
cell holds the formula =DISPIMG("ID_...",1), and the pictures stand under these names in a part of its own,
cellimages.xml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from typing import Final

from lxml import etree

from pipeline.content.package import Package
from pipeline.content.refusal import Refusal
from pipeline.content.word import read_drawn
from pipeline.content.workbook import COLUMNS, ROWS
from pipeline.model.content import Cell
from pipeline.model.files import Problem
from pipeline.model.reading import Picture

Placed = tuple[int, int, Picture]  # row and column, from 0

_IN_CELL: Final = re.compile(r"=?\s*(?:_xlfn\.)?DISPIMG\(\s*[\"“](?P<name>[^\"”]+)[\"”].*\)\s*", re.IGNORECASE)
_MOST: Final = 500  # pictures of a sheet; a village sends some ten
_CELL_IMAGES: Final = "xl/cellimages.xml"
_ANCHORS: Final = frozenset({"oneCellAnchor", "twoCellAnchor"})


def find_placed(package: Package) -> Mapping[str, Sequence[Placed]]:
    """By the sheet's name the pictures that lie over it. A part that is damaged costs its own pictures alone."""
    found: dict[str, list[Placed]] = {}
    read = cache(partial(read_drawn, package))
    for name, sheet in _sheets(package):
        for kind, drawing in package.relationships(sheet).values():
            tree = _tree(package, drawing) if kind == "drawing" else None
            parts = package.relationships(drawing) if tree is not None else {}
            for anchor in tree if tree is not None else ():
                row, column = _corner(anchor)
                found.setdefault(name, []).extend(
                    (row, column, read(parts[id_][1])) for id_ in _embedded(anchor) if id_ in parts
                )
    return {name: placed[:_MOST] for name, placed in found.items()}


def find_in_cells(package: Package) -> Mapping[str, Picture]:
    """WPS's pictures within cells, by the names that formulas call them by."""
    tree = _tree(package, _CELL_IMAGES) if package.has(_CELL_IMAGES) else None
    if tree is None:
        return {}
    parts, found = package.relationships(_CELL_IMAGES), dict[str, Picture]()
    for image in islice(tree, _MOST):
        name = next((str(each.get("name", "")) for each in image.iter() if _local(each) == "cNvPr"), "")
        part = next((parts[id_][1] for id_ in _embedded(image) if id_ in parts), None)
        if name and part:
            found[name] = read_drawn(package, part)
    return found


def put_in(cells: Sequence[Cell], placed: Sequence[Placed], in_cells: Mapping[str, Picture]) -> list[Cell]:
    """The cells with their pictures; a place that had no cell gets one."""
    told = [_shown(cell, in_cells) if "DISPIMG" in cell.text else cell for cell in cells]
    at = {(cell.row, cell.column): number for number, cell in enumerate(told)}
    wide = [number for number, cell in enumerate(told) if cell.rows > 1 or cell.columns > 1]
    for row, column, picture in placed:
        index = at.get((row, column), next((number for number in wide if _covers(told[number], row, column)), None))
        if index is None:
            at[row, column] = len(told)
            told.append(Cell(row, column, "", pictures=(picture,)))
        else:
            told[index] = replace(told[index], pictures=(*told[index].pictures, picture))
    return told


def _shown(cell: Cell, in_cells: Mapping[str, Picture]) -> Cell:
    match = _IN_CELL.fullmatch(cell.text)
    if not match:
        return cell
    picture = in_cells.get(match["name"])
    return replace(cell, text="", pictures=(picture,) if picture else ())


def _covers(cell: Cell, row: int, column: int) -> bool:
    return cell.row <= row < cell.row + cell.rows and cell.column <= column < cell.column + cell.columns


def _sheets(package: Package) -> Iterator[tuple[str, str]]:
    """Name and part of each sheet."""
    book = next((part for kind, part in package.relationships("").values() if kind == "officeDocument"), "")
    tree = _tree(package, book) if book else None
    parts = package.relationships(book) if book else {}
    for sheet in tree.iter() if tree is not None else ():
        if _local(sheet) == "sheet" and (id_ := _related(sheet, "id")) in parts:
            yield str(sheet.get("name", "")), parts[id_][1]


def _corner(anchor: etree._Element) -> tuple[int, int]:
    """The cell at its upper left corner; the first one where it is anchored to none."""
    start = next((each for each in anchor if _local(anchor) in _ANCHORS and _local(each) == "from"), None)
    numbers = {_local(each): (each.text or "").strip() for each in start} if start is not None else {}
    row, column = (numbers.get(name, "") for name in ("row", "col"))
    return _number(row, ROWS), _number(column, COLUMNS)


def _number(text: str, limit: int) -> int:
    """A place within what is read of a sheet; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 and int(text) < limit else 0


def _embedded(element: etree._Element) -> list[str]:
    return [_related(each, "embed") for each in element.iter() if _local(each) == "blip"]


def _related(element: etree._Element, name: str) -> str:
    return next(
        (str(value) for key, value in element.attrib.items() if str(key).endswith(f"/relationships}}{name}")), ""
    )


def _tree(package: Package, part: str) -> etree._Element | None:
    try:
        return package.tree(part)
    except Refusal as refusal:
        if refusal.unreadable.problem is Problem.HOSTILE:
            raise
        return None


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
