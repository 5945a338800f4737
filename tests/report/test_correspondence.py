"""What the report says of each mail."""

from __future__ import annotations

import pytest

from pipeline.model.letter import LetterState, Reply
from pipeline.model.message import Reason
from pipeline.model.verdict import Disposition
from pipeline.report.correspondence import describe_mail
from pipeline.report.words import LETTERS, REASONS, SEVERITIES, STATES, join_titles, only_chinese, write_deadline
from tests.report.sample import CAMPAIGN, MESSAGES, SILENT, ZONE, at, make_message


@pytest.mark.parametrize("reason", list(Reason))
def test_every_silence_has_a_reason(reason: Reason) -> None:
    """Whatever the reason, a mail without an answer says why, in Chinese."""
    message = make_message(80, at(9, 9), "甲", "一", disposition=Disposition.IGNORED, reason=reason, reply=SILENT)
    assert describe_mail(CAMPAIGN, message).why == REASONS[reason]


def test_reason_of_the_answer_goes_first() -> None:
    """A submission that is not answered because of the cap says so."""
    message = make_message(81, at(9, 9), "甲", "一", reply=Reply(LetterState.NONE, reason=Reason.CAP))
    assert describe_mail(CAMPAIGN, message).why == REASONS[Reason.CAP]


def test_answered_mail_needs_no_reason() -> None:
    """Sent, and on its way: nothing to explain. Held back, or with no answer at all: something is said."""
    for state in LetterState:
        why = describe_mail(CAMPAIGN, make_message(82, at(9, 9), "甲", "一", reply=Reply(state))).why
        assert bool(why) is (state in {LetterState.NONE, LetterState.HELD})


def test_words_exist_for_all() -> None:
    """Every state, severity, reason and letter's state of the model has its Chinese word."""
    for words in (STATES, SEVERITIES, REASONS, LETTERS):
        assert set(words) == set(type(next(iter(words))))


def test_files_are_counted_by_deliverable() -> None:
    """Three photos stand as three photos, a link as a link."""
    assert describe_mail(CAMPAIGN, MESSAGES[1]).files == "精选活动照片3个"
    assert describe_mail(CAMPAIGN, MESSAGES[0]).files == "活动视频（链接）"


def test_rounds_are_drawn_together() -> None:
    """The rounds of one table are named once."""
    assert join_titles(CAMPAIGN.deliverables[1:5]) == "工作进展情况写实表（5月10日、5月20日、5月31日）、信息统计表"


def test_deadline_names_the_last_day() -> None:
    """A deadline at midnight is named by the day before; one at an hour keeps its hour."""
    assert write_deadline(at(11, 0), ZONE) == "6月10日"
    assert write_deadline(at(10, 17), ZONE) == "6月10日17:00"


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("收件地址不存在（服务器答复：550 5.1.1 User unknown (RCPT)）。", "收件地址不存在"),
        ("550 5.1.1 User unknown", ""),
        ("对方邮箱已满", "对方邮箱已满"),
    ],
)
def test_english_of_servers_is_left_to_the_workbook(note: str, shown: str) -> None:
    """The page shows the Chinese part of a note alone."""
    assert only_chinese(note) == shown


def test_an_answer_that_came_back_is_shown() -> None:
    """It was sent, did not arrive, and the coordinator is told why."""
    reply = Reply(LetterState.SENT, "a@x.test", "<1@x>", note="被退回：对方邮箱已满")
    line = describe_mail(CAMPAIGN, make_message(80, at(9, 8), "王", "方案", reply=reply))
    assert line.reply == "已回复，被退回"
    assert "对方邮箱已满" in line.why
