"""Problems marked in a workbook: notes in its cells, on a copy. By openpyxl."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl
from openpyxl.comments import Comment

from pipeline.marking.broken import BROKEN, Unmarkable, refuse_large
from pipeline.marking.cells import Spot
from pipeline.marking.word import AUTHOR

warnings.filterwarnings("ignore", module=r"openpyxl\.")  # of features that a copy does without

_LARGEST = 4 << 20  # octets unpacked, pictures left out: the form has some 20 KB, and openpyxl takes 1 s for 5 MB
_WIDTH = 260  # pixels
_LINE = 18
_SIGNS_A_LINE = 18
# Formulas that fetch or start something: DDE, other workbooks, the web.
_ACTIVE = re.compile(rb"[|\[]|\b(?:WEBSERVICE|HYPERLINK|CALL|REGISTER|EXEC|RTD|IMAGE)\b", re.IGNORECASE)
# The text of formulas and of defined names, in any sheet or the workbook itself, with or without a prefix.
_FORMULA = re.compile(rb"<(?:\w+:)?(?:f|definedName)(?:\s[^>]*)?>([^<]+)<")


def mark_sheet(octets: bytes, sheets: Sequence[str], spots: Mapping[Spot, list[str]]) -> bytes:
    """A copy of the xlsx with a note at each spot; ``sheets`` are the names of the document's tables.

    Links to other workbooks, macros and objects are not part of the copy. Raises Unmarkable where openpyxl cannot open
    it, or a formula reaches beyond the workbook.
    """
    try:
        refuse_large(octets, _LARGEST)
        _refuse_active(octets)
        workbook = openpyxl.load_workbook(io.BytesIO(octets), keep_vba=False, keep_links=False)
        _remove_earlier(workbook)
        for spot, said in spots.items():
            cell = workbook[sheets[spot.table]].cell(spot.row + 1, spot.column + 1)
            others = [cell.comment.text] if cell.comment else []
            cell.comment = _note("\n".join((*others, *said)))
        stream = io.BytesIO()
        workbook.save(stream)
    except BROKEN as error:
        raise Unmarkable(f"{type(error).__name__}: {error}") from error
    return stream.getvalue()


def _remove_earlier(workbook: openpyxl.Workbook) -> None:
    """Take away our own notes of the last time."""
    for sheet in workbook.worksheets:
        for cell in list(sheet._cells.values()):  # not row by row: a format may reach down to row 1048576
            if cell.comment and cell.comment.author == AUTHOR:
                cell.comment = None


def _note(text: str) -> Comment:
    lines = sum(1 + len(line) // _SIGNS_A_LINE for line in text.splitlines())
    return Comment(text, AUTHOR, width=_WIDTH, height=_LINE * (lines + 1))


def _refuse_active(octets: bytes) -> None:
    # Not cell by cell: a workbook that is formatted down to its last row has a million of them.
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml") and any(
                _ACTIVE.search(formula) for formula in _FORMULA.findall(archive.read(name))
            ):
                raise Unmarkable(f"active formula in {name}")
