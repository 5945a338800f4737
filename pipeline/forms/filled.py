"""How a document stands to the blank form: whether it is that form at all, what was changed, whose it is."""

from __future__ import annotations

from typing import Final

from pipeline.forms.overlay import Overlay
from pipeline.forms.rows import body_rows
from pipeline.forms.units import own_unit, read_unit_line
from pipeline.model.campaign import Form
from pipeline.model.content import Document
from pipeline.model.filled import FilledForm

_LEAST_SHARE: Final = 0.2  # a statistics table with one section left is still that table
_LEAST_HEADINGS: Final = 2  # 单位 alone stands in any list


def read_filled_form(document: Document, laid: Overlay, form: Form) -> FilledForm | None:
    """The differences from the blank form, and the unit as written; None where no table resembles the form at all.

    Differences name headings: one that is gone, stands elsewhere, reads otherwise, or was added (a 序号 column too). A
    section that is gone as a whole is named by its own heading. Not different: fonts, widths, blank rows, another title
    or a title row within the table, notes left out, samples removed, headings with other spaces or with a remark in
    parentheses.
    """
    if laid.share < _LEAST_SHARE or len(laid.pairs) < _LEAST_HEADINGS:
        return None
    units: list[str] = []
    for row in body_rows(laid, form):
        unit = own_unit(row.text("unit"), form)
        if unit and unit not in units:
            units.append(unit)
    return FilledForm(form.title, laid.differences, read_unit_line(document, laid, form), tuple(units))
