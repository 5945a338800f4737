"""The pages that a volume's contents name are those on which the texts stand, as LibreOffice lays them out."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from pypdf import PdfReader

from pipeline.merge.gathering import Account
from pipeline.merge.pages import count_lines, count_starts
from pipeline.merge.summaries import write_summaries
from pipeline.model.standing import Remembered
from tests.merge.large import VILLAGES
from tests.merge.literals import CAMPAIGN, delivered, gathered

SOFFICE = shutil.which("soffice")
SENTENCE = "本村组织会员和群众参加活动，发放宣传资料120份，解答群众提问。"


def test_lines_are_counted_by_their_signs() -> None:
    """37 wide ones to the line; a number stays whole, a stop hangs over; nothing is no less than a line."""
    assert [count_lines(text) for text in ("", "村" * 37, "村" * 38, "村" * 37 + "。")] == [1, 1, 2, 1]
    assert [count_lines("村" * number + "2023") for number in (34, 35)] == [1, 2]
    assert count_lines("村" * 36, indent=2) == 2


def test_each_text_begins_a_page() -> None:
    """A long list of contents takes a second page, a long text as well."""
    assert count_starts([["短"]] * 3, ["完"]) == [2, 3, 4]
    assert count_starts([["短"], ["村" * (37 * 40)], ["短"]], ["完"]) == [2, 3, 5]
    assert count_starts([["短"]] * 60, ["完"])[0] == 4


@pytest.mark.servers
@pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice is installed")
def test_the_contents_are_true(tmp_path: Path) -> None:
    """Sixty villages, texts of half a page to three pages: every number is that of the page with the heading."""
    texts = {
        village: "\n".join([f"{village}活动总结", *[SENTENCE * (1 + number % 7)] * (2 + number % 5)])
        for number, village in enumerate(VILLAGES)
    }
    stand = gathered(taken=[delivered(village, "summary", Remembered(text=text)) for village, text in texts.items()])
    write_summaries(stand, CAMPAIGN.deliverable("summary"), tmp_path / "s.docx", "s.docx", Account())
    assert SOFFICE is not None
    command = [SOFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "s.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    # A font may give radicals for signs.
    pages = [
        re.sub(r"[ \t]", "", unicodedata.normalize("NFKC", page.extract_text()))
        for page in PdfReader(tmp_path / "s.pdf").pages
    ]
    told = dict(re.findall(r"\d+、(\w+?)\.{3,}(\d+)", "\n".join(pages)))
    stands = {
        village: str(number)
        for number, page in enumerate(pages, 1)
        for village in VILLAGES
        if f"{village}活动总结" in page
    }
    assert told == stands
    assert len(told) == 60
