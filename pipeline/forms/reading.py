"""A document read by the campaign's blank forms: all that is to be had of its tables without knowing whose they are.

It is most of what judging a table takes, and rests on nothing that came before: so whoever opens a mail reads its
tables as well, and the judge finds them read.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.forms.figures import read_figures
from pipeline.forms.filled import read_filled_form
from pipeline.forms.overlay import overlay
from pipeline.forms.rows import read_activity_rows
from pipeline.model.campaign import Forms
from pipeline.model.content import Content, Document
from pipeline.model.filled import FormReading


def read_forms(content: Content, forms: Forms) -> Content:
    """The same content; a document with what each of the forms reads of its tables."""
    if not isinstance(content, Document) or not content.tables:
        return content
    return replace(content, readings={name: read_form(content, name, forms) for name in forms.blank})


def read_form(document: Document, name: str, forms: Forms) -> FormReading:
    """What the form of this deliverable reads of a document, now where nobody has done so before."""
    if (known := document.readings.get(name)) is not None:
        return known
    form = forms.blank[name]
    laid = overlay(document, form)
    filled = read_filled_form(document, laid, form)
    if filled is None:
        return FormReading(laid.share)
    if form.figures:
        return FormReading(laid.share, filled, figures=read_figures(laid, form))
    rows = read_activity_rows(document, laid, form, opens_on=forms.opens_on, closes_on=forms.closes_on)
    return FormReading(laid.share, filled, rows)
