"""What is chosen, and what is named, where a village's delivery is not as usual."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from pipeline.cache.local import LocalCache
from pipeline.content import read_content
from pipeline.errors import AccessError, ConfigError
from pipeline.forms.overlay import overlay
from pipeline.forms.rows import read_activity_rows
from pipeline.merge.gathering import Account, Delivered, group_gaps
from pipeline.merge.package import placing
from pipeline.merge.photos import choose_photos, choose_videos, most_photos
from pipeline.merge.progress import choose_rounds, write_progress
from pipeline.merge.reading import VillageRows, read_villages
from pipeline.merge.statistics import account_for, sum_figures, write_statistics_document
from pipeline.merge.summaries import write_summaries
from pipeline.model.content import Document
from pipeline.model.files import FileKind
from pipeline.model.reading import Figure, Picture
from pipeline.model.standing import Remembered, Standing, State
from tests.flow.township import progress
from tests.merge.literals import CAMPAIGN, at, delivered, gathered, source
from tests.merge.town import paragraphs, read_cells

ROUNDS = CAMPAIGN.rounds("progress")
STEMS = {"石桥村": "石桥村", "青禾村": "青禾村"}


def figures(*raw: str) -> Remembered:
    """The six figures as a village wrote them; what is no number has no value."""
    form = CAMPAIGN.deliverable("statistics").form
    assert form is not None
    return Remembered(
        figures=tuple(
            Figure(place, text, int(text) if text.isdigit() else None)
            for place, text in zip(form.figures, raw, strict=True)
        )
    )


# --- rounds -----------------------------------------------------------------------------------------------------------


def test_the_last_accepted_round_tells_all() -> None:
    """The rounds are cumulative; a village whose third was returned is in with its second, and named."""
    stand = gathered(
        Standing("青禾村", ROUNDS[2].id, State.RETURNED),
        taken=[delivered("石桥村", each.id) for each in ROUNDS] + [delivered("青禾村", each.id) for each in ROUNDS[:2]],
        villages=["石桥村", "青禾村"],
    )
    taken, gaps = choose_rounds(stand, ROUNDS, None)
    assert [(each.village, each.deliverable.round) for each in taken] == [("石桥村", 3), ("青禾村", 2)]
    assert [(gap.village, gap.title, gap.why) for gap in gaps] == [("青禾村", ROUNDS[2].title, "待补正")]


def test_a_round_that_is_not_due_is_not_missed() -> None:
    """In the middle of May nobody lacks the last round."""
    stand = gathered(
        *(Standing("石桥村", each.id, State.NOT_DUE) for each in ROUNDS[1:]),
        taken=[delivered("石桥村", ROUNDS[0].id)],
        as_of=at(5, 15),
    )
    taken, gaps = choose_rounds(stand, ROUNDS, None)
    assert [each.deliverable.round for each in taken] == [1]
    assert gaps == []


def test_waived_is_named_but_awaited_by_nobody() -> None:
    """It stands in the index, not among what is still missing."""
    stand = gathered(Standing("石桥村", "video", State.WAIVED))
    _, gaps = stand.take(CAMPAIGN.deliverable("video"))
    assert [(gap.why, gap.waits) for gap in gaps] == [("免报", False)]


# --- the village's own document ---------------------------------------------------------------------------------------


def read(chosen: list[Delivered], cache: LocalCache) -> list[VillageRows]:
    form = ROUNDS[2].form
    assert form is not None
    return list(read_villages(chosen, form, cache, CAMPAIGN.opens_on, CAMPAIGN.closes_on))


def test_of_twins_the_judged_one_is_taken(tmp_path: Path) -> None:
    """Two tables in one mail: the one whose activities the ledger remembers, though the other came last."""
    cache = LocalCache(tmp_path)
    judged, other = (cache.store([progress("石桥村", rows=rows)]) for rows in (2, 1))
    both = [source("一.docx", judged.digest), source("二.docx", other.digest)]
    document = read_content(cache.path(judged.digest), FileKind.DOCX, "")
    remembered = _activities_of(document)
    [found] = read([delivered("石桥村", ROUNDS[2].id, remembered, both)], cache)
    assert (found.source, len(found.rows), found.trouble) == (both[0], 2, "")


def _activities_of(document: object) -> Remembered:
    assert isinstance(document, Document)
    assert ROUNDS[2].form is not None
    laid = overlay(document, ROUNDS[2].form)
    rows = read_activity_rows(document, laid, ROUNDS[2].form, opens_on=CAMPAIGN.opens_on, closes_on=CAMPAIGN.closes_on)
    return Remembered(activities=tuple(activity for row in rows for activity in row.activities))


@pytest.mark.parametrize("sources", [[], [source("不在.docx", "b" * 64)]])
def test_accepted_by_a_person_without_a_readable_file(tmp_path: Path, sources: list[object]) -> None:
    """A link, or a file that is gone: no rows, and words for a person."""
    given = replace(delivered("石桥村", ROUNDS[2].id), sources=tuple(sources))  # type: ignore[arg-type]
    [found] = read([given], LocalCache(tmp_path))
    assert (found.rows, found.source) == ((), None)
    assert found.trouble.startswith("已判合格，但")


def test_the_forms_own_look_is_kept(tmp_path: Path) -> None:
    """Size of the sample's letters, and of the mark in an empty cell; columns and headings as in the blank form."""
    form = ROUNDS[2].form
    assert form is not None
    blank: Any = docx.Document(str(form.file))
    blank.tables[0].rows[1].cells[0].paragraphs[0].runs[0].font.size = Pt(9)
    mark = blank.tables[0].rows[1].cells[1].paragraphs[0]._p.get_or_add_pPr()
    mark.append(parse_xml(f'<w:rPr {nsdecls("w")}><w:sz w:val="15"/></w:rPr>'))
    blank.save(str(tmp_path / "blank.docx"))
    rounds = tuple(replace(each, form=replace(form, file=tmp_path / "blank.docx")) for each in ROUNDS)
    cache = LocalCache(tmp_path)
    stored = cache.store([progress("石桥村", rows=1)])
    stand = gathered(taken=[delivered("石桥村", ROUNDS[2].id, sources=[source("表.docx", stored.digest)])])
    write_progress(stand, rounds, None, cache, tmp_path / "p.docx", "p.docx", Account(), _step)
    row = read_cells(tmp_path / "p.docx")[1]
    assert [cell.xpath(".//w:r/w:rPr/w:sz/@w:val") for cell in row[:2]] == [["18"], ["15"]]
    headings = read_cells(tmp_path / "p.docx")[0]
    assert [cell.width for cell in headings] == [cell.width for cell in read_cells(form.file)[0]]


# --- figures ----------------------------------------------------------------------------------------------------------


def test_what_is_no_number_is_named_and_not_added(tmp_path: Path) -> None:
    """Accepted by a person though a cell says 无: the other five count, the sixth is named in both documents."""
    stand = gathered(
        taken=[
            delivered("石桥村", "statistics", figures("1", "2", "3", "4", "5", "6")),
            delivered("青禾村", "statistics", figures("10", "无", "30", "40", "50", "60")),
        ]
    )
    sums = sum_figures(stand, CAMPAIGN.deliverable("statistics"))
    assert sums.totals == (11, 2, 33, 44, 55, 66)
    assert [(village, place.id, raw) for village, place, raw in sums.unread] == [("青禾村", "publicity-people", "无")]
    account = Account()
    account_for(sums, account, "统计表汇总.docx")
    assert len(account.troubles) == 1
    write_statistics_document(stand, sums, tmp_path / "s.docx")
    assert "青禾村的宣传活动的宣传人数（原表写的是“无”）" in paragraphs(tmp_path / "s.docx")[-1]


def test_accepted_without_any_figure_is_named() -> None:
    """A picture of the table, accepted by a person: nothing of it is counted."""
    sums = sum_figures(gathered(taken=[delivered("石桥村", "statistics")]), CAMPAIGN.deliverable("statistics"))
    assert sums.totals == (0,) * 6
    assert len(sums.unread) == 6


# --- text, photos, videos ---------------------------------------------------------------------------------------------


def test_an_accepted_summary_without_text_is_named(tmp_path: Path) -> None:
    """A scan, accepted by a person: no empty heading, but a line."""
    account = Account()
    stand = gathered(
        taken=[
            delivered("石桥村", "summary", sources=[source("扫描.pdf")]),
            delivered("青禾村", "summary", Remembered(text="好")),
        ]
    )
    write_summaries(stand, CAMPAIGN.deliverable("summary"), tmp_path / "s.docx", "s.docx", account)
    assert "石桥村" not in paragraphs(tmp_path / "s.docx")
    assert "青禾村" in paragraphs(tmp_path / "s.docx")
    assert len(account.troubles) == 1


def test_text_cannot_break_the_document(tmp_path: Path) -> None:
    """Signs that XML forbids, and markup, are no markup of ours."""
    account = Account()
    text = "石桥村活动总结\x0b\x00\n<w:p>&lt; 活动 \u202e很好"
    stand = gathered(taken=[delivered("石桥村", "summary", Remembered(text=text))])
    write_summaries(stand, CAMPAIGN.deliverable("summary"), tmp_path / "s.docx", "s.docx", account)
    assert paragraphs(tmp_path / "s.docx")[-1] == "<w:p>&lt; 活动 很好"


def test_photos_follow_the_campaigns_number() -> None:
    """Five by the notice; the same picture twice counts once; a set without a file is named."""
    pictures = [Picture(f"{n % 7:064d}", FileKind.JPEG, 800, 600, 50.0, n) for n in range(8)]
    account = Account()
    stand = gathered(
        taken=[delivered("石桥村", "photos", Remembered(pictures=tuple(pictures))), delivered("青禾村", "photos")]
    )
    rules = CAMPAIGN.deliverable("photos")
    assert most_photos(rules) == 5
    chosen = choose_photos(stand, rules, STEMS, account)
    assert [(each.name, int(each.digest)) for each in chosen] == [(f"石桥村-0{n + 1}.jpg", n) for n in range(5)]
    assert [line.remark for line in account.lines] == ["超过5张，没有选入"] * 2
    assert [trouble.startswith("青禾村") for trouble in account.troubles] == [True]


def test_only_videos_are_videos(tmp_path: Path) -> None:
    """A note that lay beside the video is none; a delivery without any is named."""
    cache = LocalCache(tmp_path)
    video = cache.store([b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64])
    note = cache.store([progress("石桥村")])
    account = Account()
    stand = gathered(
        taken=[
            delivered("石桥村", "video", sources=[source("说明.docx", note.digest), source("录像", video.digest)]),
            delivered("青禾村", "video", sources=[source("说明.docx", note.digest)]),
        ]
    )
    chosen = choose_videos(stand, CAMPAIGN.deliverable("video"), STEMS, cache, account)
    assert [each.name for each in chosen] == ["石桥村.mp4"]
    assert [trouble.startswith("青禾村") for trouble in account.troubles] == [True]


# --- the edges --------------------------------------------------------------------------------------------------------


def test_a_blank_form_that_cannot_be_filled_is_the_operators(tmp_path: Path) -> None:
    """A form that is no docx: ConfigError with the file, and no document."""
    blank = tmp_path / "progress.docx"
    blank.write_bytes(b"no form")
    rounds = tuple(replace(each, form=each.form and replace(each.form, file=blank)) for each in ROUNDS)
    with pytest.raises(ConfigError) as caught:
        write_progress(
            gathered(villages=["石桥村"]),
            rounds,
            None,
            LocalCache(tmp_path),
            tmp_path / "p.docx",
            "p.docx",
            Account(),
            _step,
        )
    assert caught.value.file == blank


def _step(done: int, total: int) -> None:
    """Nobody watches."""


def test_a_document_open_in_word_is_left_alone(tmp_path: Path) -> None:
    """Where the file cannot be replaced the old one stays, nothing half-written stays, and the operator is told."""
    (tmp_path / "表.docx").mkdir()
    (tmp_path / "表.docx" / "x").write_bytes(b"")
    with pytest.raises(AccessError) as caught, placing(tmp_path, "表.docx") as target:
        target.write_bytes(b"new")
    assert "表.docx" in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["表.docx"]


def test_villages_that_lack_for_one_reason_stand_together() -> None:
    """Each reason once, in the order of the register."""
    gaps = [("石桥村", "未报"), ("青禾村", "待补正"), ("柳堤村", "未报")]
    assert group_gaps(gaps) == ["石桥村、柳堤村（2个村，未报）", "青禾村（待补正）"]
    assert group_gaps(gaps, 1) == ["石桥村等（2个村，未报）", "青禾村（待补正）"]
