"""Workbooks: xlsx and xlsm, and xls with Kingsoft's .et, which is the same format."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pipeline.content.ole import MAGIC, carries_program, refuse_encrypted_package
from pipeline.content.package import Package
from pipeline.content.phantom import without_far_cells
from pipeline.content.refusal import Refusal, refuse
from pipeline.content.sheet_pictures import Placed, find_in_cells, find_placed, put_in
from pipeline.content.workbook import COLUMNS, ROWS, Reading, Sheet
from pipeline.model.content import Cell, Document, Table
from pipeline.model.files import FileKind, Problem
from pipeline.model.reading import Picture

_XML = re.compile(r"(?:xl/|\[content_types\]).*\.xml")
# A formula without a value behind it; one whose value is an empty text has been computed.
_NEVER_COMPUTED = re.compile(
    rb"""<(?:\w{1,20}:)?c\b(?![^<>]*\bt=["']str["'])[^<>]*>\s*"""
    rb"<(?P<f>(?:\w{1,20}:)?f)\b(?:[^<>]*/>|[^<>]*>[^<]*</(?P=f)>)\s*"
    rb"(?:<(?P<v>(?:\w{1,20}:)?v)\s*(?:/>|>\s*</(?P=v)>)\s*)?</(?:\w{1,20}:)?c>"
)
_PATIENCE = 10  # seconds


def read_sheet(path: Path, kind: FileKind) -> Document:
    """Each visible sheet that holds anything as a table from cell A1, at most 2000 rows by 200 columns of it. Pictures
    belong to the cell under their upper left corner; those of an old workbook are not read.

    Formulas stand by the values last computed; where one never was, because a program wrote the file, the workbook is
    UNSUPPORTED, and LibreOffice computes it. Every place of the used area has its cell, an empty one too; of a merge
    only the top left one. Raises Refusal.
    """
    octets = path.read_bytes()
    refuse_encrypted_package(octets)
    old = octets.startswith(MAGIC)
    macros = carries_program(octets) if old else False
    pictures = _Pictures()
    if not old:
        octets, macros, pictures = _prepare(octets)
    with tempfile.TemporaryDirectory(prefix="baosong-") as folder:
        # calamine goes by the ending, and the file in the cache has none
        copy = Path(folder) / ("workbook.xls" if old else "workbook.xlsx")
        copy.write_bytes(octets)
        reading = _read_apart(copy)
    if reading["problem"]:
        _refuse_entities(octets)
        raise Refusal(Problem(reading["problem"]), reading["detail"])
    tables = [_table(sheet, pictures) for sheet in reading["sheets"]]
    return Document(
        kind=kind,
        paragraphs=(),
        tables=tuple(table for table in tables if any(cell.text or cell.pictures for cell in table.cells)),
        pictures=tuple(picture for table in tables for cell in table.cells for picture in cell.pictures),
        macros=macros,
    )


@dataclass(frozen=True, slots=True)
class _Pictures:
    placed: Mapping[str, Sequence[Placed]] = field(default_factory=dict)  # by the sheet's name
    in_cells: Mapping[str, Picture] = field(default_factory=dict)


def _prepare(octets: bytes) -> tuple[bytes, bool, _Pictures]:
    """What is to be read of an Office Open XML workbook, whether it carries a program, its pictures. Raises Refusal."""
    package = Package(octets)
    try:
        macros = package.carries_program()
        if package.has("xl/workbook.bin"):  # calamine reads those without their merges: a form would seem changed
            raise Refusal(Problem.UNSUPPORTED, "xlsb", macros=macros)
        package.refuse_locked()
        near = without_far_cells(package, octets, ROWS, COLUMNS, look=partial(_refuse_uncomputed, macros=macros))
        return near, macros, _Pictures(find_placed(package), find_in_cells(package))
    finally:
        package.close()


def _refuse_uncomputed(sheet: bytes, *, macros: bool) -> None:
    if _NEVER_COMPUTED.search(sheet):
        raise Refusal(Problem.UNSUPPORTED, "formulas that nobody has computed", macros=macros)


def _refuse_entities(octets: bytes) -> None:
    """Raise Refusal if what calamine could not read is a bomb of entities."""
    if not octets.startswith(MAGIC):
        package = Package(octets)
        try:
            package.refuse_entities(_XML)
        finally:
            package.close()


def _read_apart(path: Path) -> Reading:
    """What a process of its own reads; Refusal where it ends without an answer.

    Out of memory or a panic: DAMAGED. Out of time: UNSUPPORTED, our own failure, for a person to look at.
    """
    command = [sys.executable, "-m", "pipeline.content.workbook", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=True)  # noqa: S603 (all our words)
        reading: Reading = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:  # slow, or the machine is: no fault of the file's that anybody has seen
        raise refuse(Problem.UNSUPPORTED, error) from error
    except (subprocess.SubprocessError, ValueError) as error:
        raise refuse(Problem.DAMAGED, error) from error
    return reading


def _table(sheet: Sheet, pictures: _Pictures) -> Table:
    extents, covered = _merges(sheet)
    cells = []
    for row, texts in enumerate(sheet["rows"]):
        for column, text in enumerate(texts):
            if (row, column) not in covered:
                height, width = extents.get((row, column), (1, 1))
                cells.append(Cell(row, column, text, height, width))
    cells = put_in(cells, pictures.placed.get(sheet["name"], ()), pictures.in_cells)
    return Table(cells=tuple(cells), name=sheet["name"])


def _merges(sheet: Sheet) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Top left place -> rows and columns of each merge, and the places that merges cover besides."""
    extents: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in sheet["merges"]:
        last_row, last_column = min(bottom, ROWS - 1), min(right, COLUMNS - 1)
        height, width = last_row - top + 1, last_column - left + 1
        if height < 1 or width < 1 or (top, left) in covered or len(covered) + height * width > ROWS * COLUMNS:
            continue
        extents[top, left] = height, width
        covered.update((row, column) for row in range(top, last_row + 1) for column in range(left, last_column + 1))
        covered.discard((top, left))
    return extents, covered
