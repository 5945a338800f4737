"""A notice -> a draft of its campaign: ``baosong rules draft``.

    files -> Notice (reading) -> sentences (plain) -> deadlines, materials (deadlines, things), each where it stands
    (outline) -> who is asked for what by when (asking), in which number and format (describing, demands), on which form
    (blanks) -> Draft (composing) -> the rules' text (writing), the clerk's summary (telling), the files (laying)

All between reading and laying is pure. What the grammar is not sure of is a doubt, and what it understands but the
rules cannot say is untold: both stand as 请核对 in the file, beside the notice's own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline.drafting.composing import draft_campaign
from pipeline.drafting.laying import lay_down
from pipeline.drafting.reading import read_notice
from pipeline.drafting.values import Draft

__all__ = ["draft_rules"]


def draft_rules(
    notice: Path, others: Sequence[Path], *, rules: Path, output: Path | None, overwrite: bool, today: date
) -> tuple[Draft, tuple[Path, ...]]:
    """Draft the campaign of a notice into ``output``, else into the folder ``rules`` under its id; the files written.

    Raises ConfigError where a file cannot be read as a notice or a form, nothing is asked for in it, or a file stands
    there already; AccessError where nothing can be written.
    """
    read, octets = read_notice(notice, others)
    draft = draft_campaign(read, today=today, id=_id_of(output))
    target = output or rules / f"{draft.id}.toml"
    if not read.direct:
        draft = replace(draft, notice_file="")
    return draft, lay_down(draft, octets, target, overwrite=overwrite)


def _id_of(output: Path | None) -> str:
    """The campaign's id where the file that is asked for is named like one."""
    return output.stem if output and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", output.stem) else ""
