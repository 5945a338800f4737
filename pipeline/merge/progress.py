"""The office's own progress table: the blank form, filled with the rows of all villages.

The account stands as the village wrote it. The photos are found again in the village's own accepted document, since the
ledger keeps a picture's facts and not its octets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from docx.document import Document as WordDocument
from docx.shared import Cm, Length, Pt, Twips
from docx.text.paragraph import Paragraph

from pipeline.cache import Cache
from pipeline.errors import ConfigError
from pipeline.forms.headings import plain_heading
from pipeline.forms.units import without_samples
from pipeline.merge.gathering import Account, Delivered, Gap, Gathered, Line, Source, group_gaps
from pipeline.merge.reading import AccountRow, VillageRows, read_villages
from pipeline.merge.saving import save_document
from pipeline.merge.word import (
    Album,
    empty_cell,
    fix_columns,
    keep_row,
    open_blank,
    rows_of,
    text_of,
    write_cell,
    write_unit,
)
from pipeline.model.campaign import Deliverable, Form
from pipeline.model.standing import State
from pipeline.text.days import write_month_day

_HIGHEST = Cm(5)  # of a photo: three of them and a line of text stand on one page
_CELL_MARGINS = 2 * 115  # twips left and right of a cell's content, where the table does not say otherwise

Step = Callable[[int, int], None]


# --- which round ------------------------------------------------------------------------------------------------------


def choose_rounds(
    gathered: Gathered, rounds: Sequence[Deliverable], only: str | None
) -> tuple[list[Delivered], list[Gap]]:
    """Of each village its last accepted round, or that of one deliverable id; a gap for each village without.

    The rounds are cumulative: the last one tells all. A village whose last accepted round is not the last that is due
    has its row and a gap as well.
    """
    if only is not None:
        return gathered.take(next(each for each in rounds if each.id == only))
    taken: list[Delivered] = []
    gaps: list[Gap] = []
    for village in gathered.villages:
        due = [each for each in rounds if _is_expected(gathered, village, each)]
        latest = (due or rounds)[-1]
        found = [gathered.delivered[village, each.id] for each in rounds if (village, each.id) in gathered.delivered]
        if found:
            taken.append(found[-1])
        if not found or found[-1].deliverable.round < latest.round:
            gaps.append(gathered.gap(village, latest))
    return taken, gaps


def _is_expected(gathered: Gathered, village: str, deliverable: Deliverable) -> bool:
    standing = gathered.standings.get((village, deliverable.id))
    return standing is None or standing.state is not State.NOT_DUE


# --- writing ----------------------------------------------------------------------------------------------------------


def write_progress(
    gathered: Gathered,
    rounds: Sequence[Deliverable],
    only: str | None,
    cache: Cache,
    target: Path,
    document_name: str,
    account: Account,
    step: Step,
) -> None:
    """Write the table; ConfigError where the blank form cannot be filled, OSError where the file cannot be written."""
    form = rounds[-1].form
    assert form is not None
    chosen, gaps = choose_rounds(gathered, rounds, only)
    account.gaps += gaps
    campaign = gathered.campaign
    document = open_blank(form.file)
    write_unit(document, campaign.issuer)
    sheet = _Sheet(document, form)
    album = Album(document)
    notes = [(gap.village, gap.title + gap.why) for gap in gaps]
    reading = read_villages(chosen, form, cache, campaign.opens_on, campaign.closes_on)
    for number, read in enumerate(reading, start=1):
        delivered = read.delivered
        for row in read.rows:
            sheet.add(delivered.village, row, album)
        if read.trouble:
            account.trouble(delivered.village, delivered.deliverable.title, read.trouble)
            notes.append((delivered.village, delivered.deliverable.title + read.brief))
        account.lines += _index(read, document_name)
        step(number, len(chosen))
    day = write_month_day(gathered.as_of)
    document.add_paragraph(
        f"汇总说明：本表收录截至{day}审核合格的写实表，名册共{len(gathered.villages)}个村，收录{len(chosen)}个村。"
    )
    if notes:
        document.add_paragraph(f"缺少或不全的：{'；'.join(group_gaps(notes))}。")
    save_document(document, target, title=form.title, author=campaign.issuer, at=gathered.as_of, album=album)


def _index(read: VillageRows, document: str) -> list[Line]:
    delivered = read.delivered
    photos = sum(len(row.photos) for row in read.rows)
    remark = "；".join(filter(None, [f"{len(read.rows)}行，照片{photos}张" if read.rows else "", read.trouble]))
    sources: Sequence[Source | None] = [read.source] if read.source else (delivered.sources or [None])
    return [
        Line(document, delivered.village, delivered.deliverable.title, "", source, delivered.version, remark)
        for source in sources
    ]


class _Sheet:
    """The table of the blank form: its columns by role, and the row that new rows are made of."""

    def __init__(self, document: WordDocument, form: Form) -> None:
        table, header, self._columns = _find_header(document, form)
        rows = list(table.tr_lst)
        below = rows[rows.index(header) + 1 :]
        # Rows of the form's own below, such as 填表人：, stay.
        blank = [row for row in below if not any(without_samples(text_of(cell), form) for cell in row.tc_lst)]
        self._pattern = deepcopy(blank[0] if blank else header)
        for row in blank:
            table.remove(row)
        written = [self._cell(self._pattern, role) for role in ("unit", "account")]
        for cell in self._pattern.tc_lst:
            if not any(cell is each for each in written):
                empty_cell(cell)
        keep_row(self._pattern)
        keep_row(header, header=True)
        fix_columns(table)
        self._last = header
        photos = self._cell(self._pattern, "photos")
        width = photos.width if photos is not None else None
        self._widest = Length(width - Twips(_CELL_MARGINS)) if width else Cm(4.6)

    def add(self, village: str, row: AccountRow, album: Album) -> None:
        """One more row."""
        element = deepcopy(self._pattern)
        for role, text in (("unit", village), ("account", row.text)):
            cell = self._cell(element, role)
            if cell is not None:
                write_cell(cell, text)
        cell = self._cell(element, "photos")
        for number, photo in enumerate(row.photos if cell is not None else ()):
            paragraph = empty_cell(cell) if number == 0 else cell.add_p()
            Paragraph(paragraph, None).paragraph_format.space_after = Pt(3)  # type: ignore[arg-type]  # needs no parent
            album.draw(paragraph.add_r(), photo, widest=self._widest, highest=_HIGHEST)
        self._last.addnext(element)
        self._last = element

    def _cell(self, row: Any, role: str) -> Any:
        column = self._columns.get(role)
        return next((cell for cell in row.tc_lst if cell.grid_offset == column), None)


def _find_header(document: WordDocument, form: Form) -> tuple[Any, Any, dict[str, int]]:
    """The table, its row of headings, and role -> grid column."""
    roles = {plain_heading(heading): role for role, heading in form.columns.items()}
    for table, rows in rows_of(document):
        for row in rows:
            found = {roles.get(plain_heading(text_of(cell)), ""): cell.grid_offset for cell in row.tc_lst}
            found.pop("", None)
            if {"account", "photos"} <= set(found):
                return table, row, found
    raise ConfigError("空白表里找不到写实和照片这两栏，请检查规则文件中的 columns", file=form.file)
