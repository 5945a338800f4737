"""Free text of one cell -> the activities it tells. Pure and deterministic; no model, no network.

``reading`` is the way in: ``cells`` cuts the cell into pieces and finds labels, ``tokens`` reads a piece word by word,
``grammar`` says which words tell time, place and people, and what is left; ``likeness`` tells whether two texts speak
of one activity. The words are data, in ``words.toml``.
"""

from pipeline.activity.likeness import find_untold, same_activity
from pipeline.activity.reading import parse_activities

__all__ = ["find_untold", "parse_activities", "same_activity"]
