"""What the checks are given to look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TypeVar

import pytest

from pipeline.facts import Case, Reading, read_facts
from pipeline.model.content import Cell, Document, Table
from pipeline.model.facts import (
    ActivityTable,
    Delivery,
    FigureTable,
    File,
    Link,
    OtherText,
    PhotoSet,
    Pictures,
    Prose,
    Seen,
    VideoSet,
)
from pipeline.model.files import FileKind
from pipeline.model.filled import FilledForm, FormDifference
from pipeline.model.past import Past
from pipeline.model.standing import Remembered, State
from pipeline.model.submission import Filing, LinkFiling
from tests.submissions import (
    CAMPAIGN,
    DAMAGED,
    REGISTER,
    Sent,
    account,
    activity,
    at,
    cloud_link,
    judge_mail,
    mail,
    past,
    picture,
    plan,
    progress,
    sent,
    standing,
    statistics,
    text,
    video,
)

Wanted = TypeVar("Wanted")


def case(deliverable: str, *files: Sent, known: Past = Past(), links: int = 0) -> Case:  # noqa: B008 (frozen)
    """A delivery of 石桥村 on 4 May."""
    return Case(
        village="石桥村",
        rules=CAMPAIGN.deliverable(deliverable),
        filings=tuple(Filing(each.attachment, each.content, "石桥村", deliverable) for each in files),
        links=tuple(LinkFiling(cloud_link(), "石桥村", deliverable) for _ in range(links)),
        received_at=at(5, 4),
        past=known,
        campaign=CAMPAIGN,
        register=REGISTER,
    )


def kinds(reading: Reading) -> list[type]:
    """The kinds of facts, in order."""
    return [type(fact) for fact, _ in reading.facts]


def fact_of(reading: Reading, kind: type[Wanted]) -> Wanted:
    """The one fact of a kind."""
    (found,) = (fact for fact, _ in reading.facts if isinstance(fact, kind))
    return found


@pytest.mark.parametrize(
    ("deliverable", "file", "expected"),
    [
        ("plan", sent("a.docx", plan("石桥村")), [Delivery, File, Prose]),
        (
            "progress@2023-05-10",
            sent("a.docx", progress("石桥村")),
            [Delivery, File, FilledForm, ActivityTable, Pictures],
        ),
        ("statistics", sent("a.docx", statistics("石桥村")), [Delivery, File, FilledForm, FigureTable]),
        ("photos", sent("a.jpg", picture("a")), [Delivery, File, PhotoSet, Pictures]),
        ("video", sent("a.mp4", video()), [Delivery, File, VideoSet]),
        ("plan", sent("a.docx", DAMAGED), [Delivery, File]),
        ("plan", sent("a.xlsx", text("表", kind=FileKind.XLSX)), [Delivery, File]),
        ("photos", sent("a.png", picture("a", kind=FileKind.PNG)), [Delivery, File]),
        ("video", sent("a.mp4", DAMAGED), [Delivery, File]),
        ("progress@2023-05-10", sent("a.docx", text("没有表格")), [Delivery, File, FilledForm]),
    ],
)
def test_facts_of_each_kind(deliverable: str, file: Sent, expected: list[type]) -> None:
    """A file that cannot be read, or is of a wrong format, is a file and nothing more: no check guesses at it."""
    (reading,) = read_facts(case(deliverable, file))
    assert kinds(reading) == expected


def test_a_document_that_is_not_the_form() -> None:
    """It is told as such, with the headings that it lacks; whose it is was found elsewhere."""
    (reading,) = read_facts(case("progress@2023-05-10", sent("a.docx", text("没有表格"))))
    form = fact_of(reading, FilledForm)
    assert form.differences == (FormDifference("foreign", "“单位”、“开展的具体活动写实”、“活动照片”"),)
    assert form.unit_line == "石桥村"


def test_a_link_alone() -> None:
    """A cloud link in place of a file: the delivery and the link."""
    (reading,) = read_facts(case("video", links=1))
    assert kinds(reading) == [Delivery, Link]


def test_twins_are_read_apart() -> None:
    """The same table as .doc and .docx: two readings, each with the delivery."""
    readings = read_facts(case("progress@2023-05-10", sent("a.doc", DAMAGED), sent("a.docx", progress("石桥村"))))
    assert [kinds(each)[:2] for each in readings] == [[Delivery, File], [Delivery, File]]
    assert [bool(each.remembered.activities) for each in readings] == [False, True]


def test_photos_are_one_set() -> None:
    """All new ones together, beside the good ones that came before; a picture of a wrong format is no photo."""
    earlier = (picture("早"),)
    known = past(standing(State.RETURNED, "photos", remembered=Remembered(pictures=earlier)))
    files = (
        sent("1.jpg", picture("a")), sent("2.png", picture("b", kind=FileKind.PNG)), sent("3.jpg", picture("早")),
    )  # fmt: skip
    (reading,) = read_facts(case("photos", *files, known=known))
    photos = fact_of(reading, PhotoSet)
    assert [each.name for each in photos.new] == ["1.jpg", "3.jpg"]
    assert photos.earlier == earlier
    assert [each.digest for each in reading.remembered.pictures] == [picture("早").digest, picture("a").digest]


def test_a_picture_seen_elsewhere() -> None:
    """Another village, or an earlier campaign; the village's own earlier round is none: rounds are cumulative."""
    digest = picture("石桥村10").digest
    own = Seen("石桥村", "progress@2023-05-10", CAMPAIGN.id, exact=True)
    last_year = Seen("石桥村", "photos", "2022-529", exact=True)
    other = Seen("青禾村", "photos", CAMPAIGN.id, exact=False)
    known = replace(Past(), seen={digest: (last_year, other, own)})
    (reading,) = read_facts(case("progress@2023-05-20", sent("a.docx", progress("石桥村")), known=known))
    (first, *others) = fact_of(reading, Pictures).pictures
    assert first[1] == (last_year, other)
    assert all(seen == () for _, seen in others)


def test_who_sent_a_picture_first_reused_nothing() -> None:
    """The other village came after: the first one's next round is not blamed for it."""
    own = Seen("石桥村", "progress@2023-05-10", CAMPAIGN.id, exact=True)
    later = Seen("青禾村", "photos", CAMPAIGN.id, exact=True)
    known = replace(Past(), seen={picture("石桥村10").digest: (own, later)})
    (reading,) = read_facts(case("progress@2023-05-20", sent("a.docx", progress("石桥村")), known=known))
    assert all(seen == () for _, seen in fact_of(reading, Pictures).pictures)


def test_the_earlier_activities() -> None:
    """Those of the last accepted round before this one; a returned round, and a later one, do not count."""
    known = past(
        standing(State.ACCEPTED, "progress@2023-05-10", remembered=Remembered(activities=(activity(6),))),
        standing(State.RETURNED, "progress@2023-05-20", remembered=Remembered(activities=(activity(16),))),
    )
    last = case("progress@2023-05-31", sent("a.docx", progress("石桥村", account(6), account(26))), known=known)
    assert fact_of(read_facts(last)[0], ActivityTable).earlier == (activity(6),)
    first = case("progress@2023-05-10", sent("a.docx", progress("石桥村")), known=known)
    assert fact_of(read_facts(first)[0], ActivityTable).earlier == ()


def test_the_progress_beside_the_figures() -> None:
    """The statistics are compared with the last accepted progress table of the village; None where there is none."""
    table = sent("a.docx", statistics("石桥村"))
    assert fact_of(read_facts(case("statistics", table))[0], FigureTable).progress is None
    known = past(standing(State.ACCEPTED, "progress@2023-05-20", remembered=Remembered(activities=(activity(6),))))
    assert fact_of(read_facts(case("statistics", table, known=known))[0], FigureTable).progress == (activity(6),)


def test_other_villages_texts() -> None:
    """A text is compared with those of others, never with the village's own earlier one."""
    texts = (OtherText("石桥村", "本村的"), OtherText("青禾村", "别村的"))
    known = replace(Past(), texts={"plan": texts})
    (reading,) = read_facts(case("plan", sent("a.docx", plan("石桥村")), known=known))
    assert fact_of(reading, Prose).others == texts[1:]
    assert reading.remembered.text.startswith("石桥村5.29会员活动月实施方案")


def test_an_extension_moves_the_deadline() -> None:
    """The ledger's own due date is the one that counts."""
    later = at(5, 16, 0)
    known = past(standing(State.RETURNED, "plan", due_at=later))
    (reading,) = read_facts(case("plan", sent("a.docx", plan("石桥村")), known=known))
    assert fact_of(reading, Delivery).deliverable.due_at == later


def test_a_form_that_lost_the_column_of_the_account() -> None:
    """Told as a changed form, not as an empty table too; columns of the village's own are read instead."""
    lost = Document(FileKind.DOCX, ("单位：石桥村",), (_rows(("单位", "活动照片"), ("石桥村", "")),))
    found = {each.code for each in judge_mail(mail(sent("石桥村写实表.docx", lost))).findings}
    assert "form-changed" in found
    assert "no-activity" not in found
    headings = ("单位", "时间", "地点", "参加人员", "活动内容", "活动照片")
    parts = _rows(headings, ("石桥村", "5月2日", "", "会员30人", "发放宣传册", ""))
    split = Document(FileKind.DOCX, ("单位：石桥村",), (parts,))
    found = {each.code for each in judge_mail(mail(sent("石桥村写实表.docx", split))).findings}
    assert {"form-changed", "activity-no-place"} <= found


def _rows(*rows: tuple[str, ...]) -> Table:
    return Table(tuple(Cell(n, column, text) for n, row in enumerate(rows) for column, text in enumerate(row)))


def test_figures_of_a_dropped_section_are_not_blank() -> None:
    """The form has lost their headings: one finding, not two."""
    whole = statistics("石桥村")
    kept = tuple(cell for cell in whole.tables[0].cells if not 3 <= cell.row <= 7)
    verdict = judge_mail(mail(sent("石桥村统计表.docx", replace(whole, tables=(Table(kept),)))))
    found = {each.code for each in verdict.findings}
    assert "form-changed" in found
    assert "cell-blank" not in found


def test_an_extension_is_told_in_the_campaigns_own_time() -> None:
    """The database gives it in UTC, and a letter names its hour and day."""
    plan = CAMPAIGN.deliverable("plan")
    known = past(standing(State.RETURNED, "plan", due_at=plan.due_at.astimezone(UTC)))
    (reading,) = read_facts(case("plan", known=known))
    assert fact_of(reading, Delivery).deliverable.due_at.tzinfo == CAMPAIGN.timezone
