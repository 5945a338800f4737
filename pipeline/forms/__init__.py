"""A filled form -> facts, by comparison with the campaign's blank form. Pure.

``overlay`` lays the headings of the blank form over those of a document; the others read by that: ``units`` whose form
it is, ``rows`` the activities of the progress table, ``figures`` the numbers of the statistics table; ``reading`` is
all of that at once.
"""

from pipeline.forms.figures import read_figures
from pipeline.forms.filled import read_filled_form, resembles
from pipeline.forms.reading import read_form, read_forms
from pipeline.forms.rows import read_activity_rows

__all__ = ["read_activity_rows", "read_figures", "read_filled_form", "read_form", "read_forms", "resembles"]
