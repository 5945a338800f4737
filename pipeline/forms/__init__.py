"""A filled form -> facts, by comparison with the campaign's blank form. Pure.

``overlay`` lays the headings of the blank form over those of a document; the others read by that: ``units`` whose form
it is, ``rows`` the activities of the progress table, ``figures`` the numbers of the statistics table; ``reading`` is
all of that at once.
"""

from pipeline.forms.reading import read_form, read_forms

__all__ = ["read_form", "read_forms"]
