"""The whole report on the sample campaign, and at its edges."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.model.campaign import Village
from pipeline.model.letter import LetterState, Reply
from pipeline.model.verdict import Disposition
from pipeline.report import DailyReport, render_report
from tests.report.plain import assert_snapshot, dump_workbook, find_all, outline, parse_html, read_text
from tests.report.sample import CAMPAIGN, MESSAGES, NOW, REGISTER, STANDINGS, YESTERDAY, at, make_file, make_message


def render_sample() -> DailyReport:
    """The report of the sample."""
    return render_report(
        CAMPAIGN,
        REGISTER,
        now=NOW,
        standings=STANDINGS,
        yesterday=YESTERDAY,
        messages=MESSAGES,
        reminders={"石桥村": 1, "上沟村": 2},
    )


@pytest.fixture(scope="module")
def report() -> DailyReport:
    """The report of the sample, rendered once."""
    return render_sample()


def test_words_are_under_snapshot(report: DailyReport) -> None:
    """Subject, plain text, and the words for the work group, as a clerk reads them."""
    assert_snapshot("report.txt", f"{report.subject}\n{report.workbook_name}\n\n{report.text}")
    assert_snapshot("group_text.txt", report.group_text)
    assert_snapshot("brief.txt", report.brief)


def test_page_is_under_snapshot(report: DailyReport) -> None:
    """The HTML's headings, rows and colours."""
    assert_snapshot("page.txt", outline(report.html))


def test_workbook_is_under_snapshot(report: DailyReport) -> None:
    """The four sheets, cell by cell."""
    assert_snapshot("workbook.txt", dump_workbook(report.workbook))


def test_same_values_give_same_octets(report: DailyReport) -> None:
    """The report asks no clock: rendered again it is equal, workbook included."""
    assert render_sample() == report


def test_page_needs_nothing_that_mail_programs_drop(report: DailyReport) -> None:
    """No script, picture, form, link or flexible layout; every coloured cell carries a word or is part of a bar."""
    tree = parse_html(report.html)
    assert not find_all(tree, "//script | //img | //svg | //form | //link | //a | //iframe")
    assert "flex" not in report.html
    assert "grid" not in report.html
    for cell in find_all(tree, "//td[@bgcolor]"):
        assert read_text(cell).strip("\u00a0 ") or cell.get("title")


def test_no_codes_or_ids_are_shown(report: DailyReport) -> None:
    """The coordinator reads Chinese: no finding's code, no deliverable's id, no state's or reason's word."""
    shown = f"{report.subject}{report.text}{report.group_text}{outline(report.html)}"
    internal = "text-copied|photo-|file-|sender-un|progress|statistics|summary|not-due|missing|returned|bounce|None"
    assert not re.search(internal, shown + dump_workbook(report.workbook))


@pytest.mark.parametrize("villages", [(), (Village("独一村"),)])
def test_empty_campaign_still_reports(villages: tuple[Village, ...]) -> None:
    """No village, no standing and no mail is a report as well."""
    report = render_report(CAMPAIGN, villages, now=NOW, standings=(), yesterday=(), messages=())
    assert f"应报{len(villages)}个村，已齐0，待补正0，未报{len(villages)}" in report.subject
    assert outline(report.html).count("# ") >= 8
    assert dump_workbook(report.workbook).count("===") == 5


def test_campaign_without_deliverables_still_reports() -> None:
    """Nothing to hand in divides nothing by zero."""
    campaign = replace(CAMPAIGN, deliverables=())
    report = render_report(campaign, REGISTER, now=NOW, standings=(), yesterday=(), messages=MESSAGES)
    assert "应报22个村" in report.subject


def test_what_strangers_write_stays_text() -> None:
    """Markup in a subject or name is shown, not obeyed; what XML forbids or what turns a name round is dropped."""
    hostile = "<script>alert(1)</script>\x00\x0b\ud800\ufffe\u202egpj.exe"
    message = make_message(
        50,
        at(9, 16),
        hostile,
        f"{hostile}\r\nBcc: all@example.com",
        disposition=Disposition.UNRECOGNISED,
        attachments=(make_file(hostile, None, None),),
        reply=Reply(LetterState.HELD, to=hostile, note=hostile),
        trouble=hostile,
    )
    campaign = replace(CAMPAIGN, short_title=f"材料{hostile}")
    villages = (Village(hostile, contact=hostile),)
    report = render_report(campaign, villages, now=NOW, standings=(), yesterday=(), messages=(message,))
    assert not find_all(parse_html(report.html), "//script")
    assert "&lt;script&gt;" in report.html
    everything = report.subject + report.text + report.html + report.group_text + report.workbook_name
    assert not re.search("[\x00\x0b\ud800\ufffe\u202e\r]", everything)
    assert "<script>alert(1)</script>gpj.exe" in dump_workbook(report.workbook)
    assert not set(report.workbook_name) & set('\\/:*?"<>|')


def test_older_mails_appear_only_among_the_matters(report: DailyReport) -> None:
    """A mail of before the last report is told of as long as it needs a person, but is not among today's mails."""
    early = MESSAGES[0]
    assert early.received_at < NOW - timedelta(hours=24)
    matters, mails = report.text.partition("五、未回复")[::2]
    assert early.subject in matters
    assert early.subject not in mails


def test_weekend_mails_are_listed_after_the_weekend() -> None:
    """``since`` reaches back to the last report, however long ago that was."""
    report = render_report(
        CAMPAIGN, REGISTER, now=NOW, standings=STANDINGS, yesterday=YESTERDAY, messages=MESSAGES, since=at(5, 17)
    )
    assert MESSAGES[0].subject in report.text.partition("六、今日来件")[2]


def test_many_mails_stay_readable() -> None:
    """A busy day's page lists the last sixty mails and eight matters of a sort; the workbook has them all."""
    messages = [
        make_message(number, at(9, 8) + timedelta(minutes=number), "某人", f"第{number}封", disposition=None)
        for number in range(200)
    ]
    report = render_report(CAMPAIGN, REGISTER, now=NOW, standings=STANDINGS, yesterday=YESTERDAY, messages=messages)
    assert report.text.count("尚未核对") == 60
    assert "另有192件" in report.text
    assert dump_workbook(report.workbook).count("尚未核对") == 200
