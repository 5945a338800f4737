# ruff: noqa: E501 a clerk's sentence is not cut, and a mail is read as a whole
"""How files, subjects and titles name a deliverable and its round, or leave it to be guessed. Only that is looked at."""

from __future__ import annotations

from tests.heldout.forms import TITLE, rebuilt, row, statistics_word
from tests.heldout.mails import Mail, due, file, mail
from tests.heldout.pictures import film, jpeg
from tests.heldout.texts import PLANS, SUMMARIES
from tests.heldout.word import prose

_EAST = "dongwa2008@163.example"

# Arrival, subject, file name, title in the document, round that is meant.
_ROUNDS = (
    ("5-12 09:00", "东洼村五月十日写实表", "1.docx", TITLE, "1"),
    ("5-12 09:10", "写实表", "东洼村写实表（截至5月20号）.docx", TITLE, "2"),
    ("5-12 09:20", "写实表", "东洼村2023.5.10.docx", TITLE, "1"),
    ("5-21 09:00", "写实表", "写实表-20230520.docx", TITLE, "2"),
    ("5-21 09:10", "第二期写实表", "东洼.docx", TITLE, "2"),
    ("5-13 09:00", "东洼村第1次写实表", "东洼.docx", TITLE, "1"),
    ("5-22 09:00", "材料", "材料.docx", "2023年宣传服务月活动进展情况写实表（5月31日）", "3"),
    ("5-11 09:30", "写实表5.1-5.10", "东洼.docx", TITLE, "1"),
    ("5-21 09:40", "东洼村5月11日至5月20日写实表", "东洼.docx", TITLE, "2"),
    ("5-30 09:30", "写实表（三）", "东洼写实表（三）.docx", TITLE, "3"),
    ("5-25 10:00", "东洼村第二次写实表（补报）", "写实表.docx", TITLE, "2"),
    ("5-21 10:10", "写实表", "附件1 写实表(5月20日前).docx", TITLE, "2"),
    ("5-21 10:20", "0520写实表", "微信文件.docx", TITLE, "2"),
    ("6-02 10:00", "五月底的写实表", "写实表.docx", TITLE, "3"),
    ("5-09 23:00", "写实表", "写实表 5月9日.docx", TITLE, "1"),  # the day it was written; the first round is near
    ("5-18 10:00", "写实表", "2023年5月18日写实表.docx", TITLE, "2"),
    ("5-12 11:00", "二次进展情况", "东洼.docx", TITLE, "2"),
)

# Subject, file name, content, deliverable.
_DELIVERABLES: tuple[tuple[str, str, bytes, str], ...] = (
    ("东洼村", "活动安排.docx", prose(PLANS["东洼村"].replace("方案", "安排")), "plan"),
    ("东洼村", "方案和总结.docx", prose(SUMMARIES["东洼村"]), "summary"),
    ("东洼村", "工作汇报.docx", prose(SUMMARIES["东洼村"].replace("总结", "汇报")), "summary|None"),
    ("总结", "新建 DOCX 文档.docx", prose(SUMMARIES["东洼村"].split("\n", 1)[1]), "summary"),
    ("东洼村活动小结", "小结.docx", prose(SUMMARIES["东洼村"].replace("总结", "小结")), "summary"),
    ("东洼村工作打算", "五月打算.docx", prose(PLANS["东洼村"].replace("方案", "打算")), "plan|None"),
    ("照片和视频", "写实表现场照片.jpg", jpeg(9101), "photos"),
    ("东洼村", "统计表照片.jpg", jpeg(9102), "photos|statistics"),
    ("东洼", "活动照片视频.mp4", film(9103, seconds=6), "video"),
    ("东洼", "附件2.docx", statistics_word("东洼村", ("1", "2", "3", "4", "5", "6")), "statistics"),
    ("东洼村实施方案", "附件1.docx", statistics_word("东洼村", ("1", "2", "3", "4", "5", "6")), "statistics"),
)


def mails() -> list[Mail]:
    """One mail each."""
    activity = row("5月6日上午，在村文化广场，会员三十人参加政策宣讲，发放资料六十份。", 9001, 9002)
    made = [
        mail(
            f"round-{number:02d}", when, f"clerk{number}@village.example", subject, "东洼村的，请查收",
            # each its own octets, or the ledger would call it the same version
            [file(name, rebuilt("东洼村", f"东洼村{' ' * number}", [activity], title=title), "东洼村", which)],
            allow=["*"], answered=None,
        )
        for number, (when, subject, name, title, which) in enumerate(_ROUNDS, 1)
    ]  # fmt: skip
    made += [
        mail(
            f"deliverable-{number:02d}", f"6-03 10:{number:02d}", f"writer{number}@village.example", subject, "东洼的，请查收",
            [file(name, octets, "东洼村", due(which))], allow=["*"], answered=None,
        )
        for number, (subject, name, octets, which) in enumerate(_DELIVERABLES, 1)
    ]  # fmt: skip
    return sorted(made, key=lambda each: each.received_at)
