"""Whose each file is, and which deliverable it is: Message + contents -> Submission.

Both are decided by evidence, the strongest first, and all evidence is kept with the decision. Of several sources the
first that names exactly one wins; a source that names several or none says nothing.

Village: the unit written in the document; the file's name or folder; the subject; the body; the letter of ours that the
mail answers; the sender's registered address; the mail's other files where they agree.

Deliverable: the campaign's own form, recognised by its headings; the file's name or folder; the document's title; what
a file of this kind can only be; what the letter asked for that the mail answers; the mail's text where it names just
one deliverable. A recurring one then needs its round.
"""

from pipeline.matching.deliverables import keyword_deliverable
from pipeline.matching.evidence import known_form
from pipeline.matching.filing import file_submission
from pipeline.matching.rounds import is_settled, round_by_arrival, rounds_named
from pipeline.matching.villages import Owners, attested_villages, find_villages, listed_writers

__all__ = [
    "Owners",
    "attested_villages",
    "file_submission",
    "find_villages",
    "is_settled",
    "keyword_deliverable",
    "known_form",
    "listed_writers",
    "round_by_arrival",
    "rounds_named",
]
