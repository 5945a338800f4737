"""The letters' templates tried before any letter is needed: each is written once with everything that can stand in it.

A slip in a rarely used corner (the unknown village, the day's last answer) is told when the rules are loaded, and not
when the letter should go out.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

from pipeline.errors import ConfigError
from pipeline.letter.answer import reply_words
from pipeline.letter.reminder import Debt, Debtor, reminder_words
from pipeline.letter.section import Owed, Point, Section
from pipeline.letter.wording import render_template
from pipeline.model.campaign import Campaign, Village
from pipeline.model.letter import Enclosures, LetterFile
from pipeline.model.message import Address, Authentication, Blob, Message
from pipeline.model.verdict import NilReport, NilRuling

# What must be found again in a letter, whatever the office makes of its words: it would be of no use without.
_FAULT, _OTHER = "甲处没有填写", "乙处没有填写"
_ESSENTIAL = {
    _FAULT: "需要补正的问题（for sentence in point.sentences）",
    _OTHER: "需要补正的问题（for sentence in debt.sentences）",
}


def check_letters(campaign: Campaign) -> None:
    """Make sure that every template is there and can be used. Raises ConfigError with file, line and remedy."""
    for name, words, essential in _samples(campaign):
        for twin in (f"{name}.txt.j2", f"{name}.html.j2"):
            written = html.unescape(render_template(campaign.letters, twin, words))
            for each in essential:
                if each not in written:
                    told = _ESSENTIAL.get(each, f"“{each}”")
                    problem = f"信件模板：改过以后信里没有了{told}，请从安装包的 rules/letters/ 重新复制这个文件再改"
                    raise ConfigError(problem, file=campaign.letters / twin)


def _samples(campaign: Campaign) -> Iterator[tuple[str, Mapping[str, object], tuple[str, ...]]]:
    """Templates, the words for them, and what must be found again."""
    now = datetime.combine(campaign.opens_on, datetime.min.time(), campaign.timezone) + timedelta(hours=9)
    first = campaign.deliverables[0]
    message = Message(
        blob=Blob("0" * 64, 1),
        message_id=None,
        sender=Address("", "village@example.org"),
        reply_to=None,
        subject=first.title,
        sent_at=None,
        received_at=now,
        return_path=None,
        in_reply_to=(),
        references=(),
        text="",
        quoted="",
        automatic=None,
        authentication=Authentication(),
        attachments=(),
        links=(),
        fingerprint="",
    )
    point = (Point(first.title, (_FAULT,), "请于5月10日（星期三）24:00前报来"),)
    full = Section(
        "甲村", point, point, point, point, point, point, point, overdue=(first.title,),
        coming=(Owed("5月10日（星期三）24:00", (first.title,)),), required=2, done=1,
    )  # fmt: skip
    complete = Section("乙村", accepted=point, required=1, done=1)
    file = (LetterFile("表.docx", "application/msword", b""),)
    write = partial(reply_words, campaign, message, now)
    write_all = partial(
        write,
        remarks=("甲",),
        unseen=("甲.zip",),
        ours=("乙.docx",),
        last_today=True,
        mark="00000-00000",
        enclosures=Enclosures(file, file, file),
        files=("甲.docx",),
    )
    contact = campaign.contact
    sections = (full, complete)
    yield "reply", write_all(sections=sections), (_FAULT, "甲村", contact)
    for ruling in (NilRuling.REFUSED, NilRuling.UNCLEAR):
        nil = NilReport("乙村", (first.id,), ruling)
        yield "reply", write(sections=(complete,), nil=nil), (first.title,)
    yield "reply", write_all(unknown=True), (contact,)
    village, debts = Village("甲村"), []
    for due_at in (now - timedelta(days=1), now + timedelta(days=2)):
        debts += [Debt(first, due_at, returned=True, sentences=(_OTHER,)), Debt(first, due_at, returned=False)]
    for received in (True, False):
        debtor = Debtor(village, tuple(debts), received=received, done=1, required=2)
        yield "reminder", reminder_words(debtor, campaign, now, mark="00000-00000"), (_OTHER, "甲村", contact)
