"""The report on paper and on a telephone, as a real browser lays it out."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from pipeline.report import Space, render_report
from tests.report.sample import CAMPAIGN, MESSAGES, NOW, REGISTER, STANDINGS, YESTERDAY

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SPACE = Space(1 << 30, 95, 100)


def render_town(size: int) -> str:
    """The sample's page with so many villages: the same ones under other names."""
    villages, standings, yesterday = list(REGISTER), list(STANDINGS), list(YESTERDAY)
    for number in range(size - len(REGISTER)):
        like = REGISTER[number % len(REGISTER)]
        name = f"新{like.name}{number}"
        villages.append(replace(like, name=name))
        standings += [replace(each, village=name) for each in STANDINGS if each.village == like.name]
        yesterday += [replace(each, village=name) for each in YESTERDAY if each.village == like.name]
    return render_report(
        CAMPAIGN, villages, now=NOW, standings=standings, yesterday=yesterday, messages=MESSAGES, space=SPACE
    ).html


def browse(page: str, folder: Path, *options: str) -> None:
    (folder / "page.html").write_text(page, encoding="utf-8")
    assert CHROMIUM is not None
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", *options, (folder / "page.html").as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


@pytest.mark.servers
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
@pytest.mark.parametrize("size", [22, 45, 60, 90])
def test_one_page(tmp_path: Path, size: int) -> None:
    """A town's day is one sheet of A4, with the numbers, what moved and what waits; mails are for the screen."""
    pdf = tmp_path / "page.pdf"
    browse(render_town(size), tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    (sheet,) = PdfReader(pdf).pages
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", sheet.extract_text()))  # a font gives radicals for signs
    assert round(float(sheet.mediabox.width)) == 595  # points
    for words in ("收集日报", "较昨日的变化", "新合格", "上沟村", "最久没有来件的村", "邮箱快满了", "电脑磁盘剩余"):
        assert words in text
    assert "今日来件" not in text
