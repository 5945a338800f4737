"""What goes with an answer: from a village's mail to the files in the letter."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.shared import Cm
from PIL import Image, ImageFilter

from pipeline.cache.local import LocalCache
from pipeline.letter.answer import write_reply
from pipeline.marking import MOST_OCTETS, enclose
from pipeline.model.letter import Enclosures
from pipeline.model.past import Past
from pipeline.model.standing import State
from tests.content.compound import word_97
from tests.flow.township import FORMS, photo, plan, progress, statistics
from tests.marking.returned import AT, CAMPAIGN, answer, comments, judge_mail, notes

HEADINGS = ["单位", "开展的具体活动写实", "活动照片"]


def names(enclosures: Enclosures) -> list[str]:
    return [file.name for file in enclosures.files]


def workbook(**values: object) -> bytes:
    """The statistics form as a sheet, the village's own figures 0 but for these."""
    source: Any = docx.Document(str(FORMS / "statistics.docx"))
    book = openpyxl.Workbook()
    sheet: Any = book.worksheets[0]
    sheet["A1"] = "单位：石桥村"
    for number, row in enumerate(source.tables[0].rows, 3):
        column = 1 + row.grid_cols_before
        for cell in row._tr.tc_lst:
            span = cell.grid_span
            if cell.vMerge != "continue":
                sheet.cell(number, column).value = "\n".join(each.text for each in cell.p_lst)
            if span > 1:
                sheet.merge_cells(start_row=number, end_row=number, start_column=column, end_column=column + span - 1)
            column += span
    for name in ("R5", "V5", "R8", "V8", "R10", "V10"):
        sheet[name] = 0
    for name, value in values.items():
        sheet[name] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def blurred(seed: str) -> bytes:
    stream = io.BytesIO()
    Image.open(io.BytesIO(photo(seed))).filter(ImageFilter.GaussianBlur(25)).save(stream, "JPEG")
    return stream.getvalue()


def test_a_returned_table(tmp_path: Path) -> None:
    """The village's own file, what is missing marked at its rows, under a short name."""
    found = answer(tmp_path, ("石桥村写实表5月10日.docx", progress("石桥村", place=False, pictures=1)))
    assert names(found) == ["请补正-石桥村-写实表5月10日.docx"]
    places = [place for place, _ in comments(found.marked[0].octets)]
    assert places == ["0/1/1", "0/1/2", "0/2/1", "0/2/2"]


def test_nothing_to_mend(tmp_path: Path) -> None:
    """With what is accepted, and with a text that is returned, nothing goes."""
    accepted = ("写实表5月10日.docx", progress("石桥村")), ("实施方案.docx", plan("石桥村"))
    assert answer(tmp_path, *accepted) == Enclosures()
    document: Any = docx.Document()
    document.add_paragraph("石桥村活动月实施方案")
    stream = io.BytesIO()
    document.save(stream)
    assert answer(tmp_path, ("石桥村实施方案.docx", stream.getvalue())) == Enclosures()


def test_the_marked_copy_can_be_mended_and_sent(tmp_path: Path) -> None:
    """By its name and content it is the same deliverable; mended, it is accepted."""
    first = answer(tmp_path, ("石桥村写实表5月10日.docx", progress("石桥村", place=False)))
    document: Any = docx.Document(io.BytesIO(first.marked[0].octets))
    for number, row in enumerate(document.tables[0].rows[1:], 1):
        row.cells[1].paragraphs[0].add_run(f"地点：石桥村文化广场{number}号。")
    stream = io.BytesIO()
    document.save(stream)
    verdict = judge_mail(LocalCache(tmp_path / "cache"), (first.marked[0].name, stream.getvalue()))
    assert [(each.deliverable, each.state) for each in verdict.outcomes] == [("progress@2023-05-10", State.ACCEPTED)]


def test_wps(tmp_path: Path) -> None:
    """A .wps comes back as docx, with its comments."""
    octets = word_97(["单位：石桥村"], [HEADINGS, ["石桥村", "5月3日组织会员30人发放宣传册", ""]])
    found = answer(tmp_path, ("石桥村写实表5月10日.wps", octets))
    assert names(found) == ["请补正-石桥村-写实表5月10日.docx"]
    assert [place for place, _ in comments(found.marked[0].octets)] == ["0/1/1", "0/1/2"]


def test_statistics(tmp_path: Path) -> None:
    """In Word and in Excel the mark stands at the figure."""
    octets = statistics("石桥村", (("3", ""), ("2", "很多"), ("1", "40")))
    (word,) = answer(tmp_path, ("石桥村统计表.docx", octets)).marked
    assert [place for place, _ in comments(word.octets)] == ["0/2/6", "0/5/6"]
    (sheet,) = answer(tmp_path, ("石桥村统计表.xlsx", workbook(R5=None, V8="很多"))).marked
    assert (sheet.name, list(notes(sheet.octets))) == ("请补正-石桥村-统计表.xlsx", ["R5", "V8"])


def test_a_changed_form(tmp_path: Path) -> None:
    """The heading is marked, and the blank form goes along with the village's name."""
    document: Any = docx.Document(io.BytesIO(progress("石桥村")))
    document.tables[0].cell(0, 2).text = "备注"
    stream = io.BytesIO()
    document.save(stream)
    found = answer(tmp_path, ("石桥村写实表5月10日.docx", stream.getvalue()))
    assert names(found) == ["请补正-石桥村-写实表5月10日.docx", "空白表-石桥村-写实表.docx"]
    assert [line.text for line in docx.Document(io.BytesIO(found.blanks[0].octets)).paragraphs][1] == "单位：石桥村"


def test_a_form_as_a_picture(tmp_path: Path) -> None:
    """A form that came as a picture: the blank one, once for all rounds."""
    files = [(f"石桥村写实表5月{day}日.jpg", photo(str(day))) for day in (10, 20)]
    assert names(answer(tmp_path, *files)) == ["空白表-石桥村-写实表.docx"]


def test_photos(tmp_path: Path) -> None:
    """Of photos of which something is said, five at most go as thumbnails."""
    good = [(f"照片{number}.jpg", photo(str(number))) for number in range(3)]
    assert names(answer(tmp_path, *good)) == []
    found = answer(tmp_path, *good, *((f"照片{number}.jpg", blurred(str(number))) for number in range(3, 5)))
    assert [len(each.octets) <= 40_000 for each in found.thumbnails] == [True, True]
    assert all(each.startswith("请补正-石桥村-照片") for each in names(found))
    many = answer(tmp_path, *((f"照片{number}.jpg", blurred(str(number))) for number in range(8)))
    assert len(many.thumbnails) == 5


def test_two_files_of_one_name(tmp_path: Path) -> None:
    """Where two files of a delivery bear one name, a finding does not tell which is meant: neither is marked."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(2):
            archive.writestr(f"{number}/写实表5月10日.docx", progress("石桥村", rows=1 + number, place=False))
    assert answer(tmp_path, ("石桥村.zip", stream.getvalue())).marked == ()


def test_the_limit(tmp_path: Path) -> None:
    """What does not fit into 5 MB is left out, and the letter goes without."""
    document: Any = docx.Document(io.BytesIO(progress("石桥村", place=False)))
    noise = io.BytesIO()
    pixels = random.Random(5).randbytes(1400 * 1400 * 3)
    Image.frombytes("RGB", (1400, 1400), pixels).save(noise, "PNG", compress_level=0)  # only photos are scaled down
    document.tables[0].cell(1, 2).paragraphs[0].add_run().add_picture(noise, width=Cm(4))
    stream = io.BytesIO()
    document.save(stream)
    assert stream.tell() > MOST_OCTETS
    assert answer(tmp_path, ("石桥村写实表5月10日.docx", stream.getvalue())) == Enclosures()


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "word/embeddings/oleObject1.bin"])
def test_what_could_do_harm_is_not_sent_back(tmp_path: Path, part: str) -> None:
    """A document with macros or a program in it."""
    stream = io.BytesIO(progress("石桥村", place=False))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(part, word_97(["x"], extra={"_VBA_PROJECT": b"x"}))
    assert answer(tmp_path, ("石桥村写实表5月10日.docx", stream.getvalue())).marked == ()


def test_a_doubtful_sender(tmp_path: Path) -> None:
    """Where the receiving server found the sender forged, no file goes back: it would go to a stranger."""
    files = ("石桥村写实表5月10日.docx", progress("石桥村", place=False)), ("5.jpg", blurred("5"))
    fields = {"Authentication-Results": "mx.town.test; spf=fail smtp.mailfrom=village.test"}
    assert names(answer(tmp_path, *files)) != []
    assert answer(tmp_path, *files, fields=fields) == Enclosures()


def test_only_of_this_mail(tmp_path: Path) -> None:
    """What stands in the ledger of other mails is never sent: an earlier version that remains in force has no file."""
    cache = LocalCache(tmp_path / "cache")
    verdict = judge_mail(cache, ("石桥村写实表5月10日.docx", progress("石桥村", place=False)))
    (outcome,) = verdict.outcomes
    kept = replace(verdict, outcomes=(replace(outcome, stands=False),))
    assert enclose(kept, CAMPAIGN, cache, at=AT) == Enclosures()
    assert enclose(replace(verdict, filings=()), CAMPAIGN, cache, at=AT) == Enclosures()


def test_the_letter_speaks_of_its_files(tmp_path: Path) -> None:
    """A sentence for each kind of file in both twins; none where no file goes."""
    cache = LocalCache(tmp_path / "cache")
    verdict = judge_mail(cache, ("石桥村写实表5月10日.docx", progress("石桥村", place=False)))
    with_files = write_reply(
        verdict, Past(), CAMPAIGN, domain="town.test", now=AT, enclosures=enclose(verdict, CAMPAIGN, cache, at=AT)
    )
    without = write_reply(verdict, Past(), CAMPAIGN, domain="town.test", now=AT)
    assert [file.name for file in with_files.files] == ["请补正-石桥村-写实表5月10日.docx"]
    assert "批注" in with_files.text
    assert "批注" in with_files.html
    blanks = write_reply(
        verdict, Past(), CAMPAIGN, domain="town.test", now=AT, enclosures=Enclosures(blanks=with_files.files)
    )
    assert f"附件“{with_files.files[0].name}”是空白表" in blanks.text
    assert f"附件“{with_files.files[0].name}”是空白表" in blanks.html
    assert without.files == ()
    assert "批注" not in without.text + without.html
