"""What is laid before the coordinator, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from pipeline.model.finding import Audience, Severity
from pipeline.model.ledger import JudgedMessage
from pipeline.model.letter import AddressState, LostAddress
from pipeline.model.message import Reason
from pipeline.model.standing import Standing, State
from pipeline.model.submission import LinkFiling
from pipeline.model.verdict import Disposition
from pipeline.report import needs
from pipeline.report.figures import count_figures
from pipeline.report.matters import Mailing, Matter, find_matters
from pipeline.report.needs import (
    BOUNCED,
    CRASHED,
    DEAD,
    EXPIRED,
    EXPIRING,
    FAILED,
    FLOOD,
    LINKED,
    OTHER,
    QUESTION,
    RETURNED_LETTER,
    REVIEW,
    UNKNOWN,
    UNREACHABLE,
)
from tests.report.sample import (
    CAMPAIGN,
    MESSAGES,
    NOW,
    REGISTER,
    REUSED,
    SILENT,
    STANDINGS,
    YESTERDAY,
    at,
    make_finding,
    make_link,
    make_message,
)


def test_every_sort_of_matter_has_its_place() -> None:
    """One without could not be told: the report would fail with the first matter of that sort."""
    sorts = {each for each in vars(needs).values() if isinstance(each, needs.Need)}
    assert sorts == set(needs.ORDER)
    assert len(needs.ORDER) == len(sorts)


def find(*messages: JudgedMessage, standings: tuple[Standing, ...] = ()) -> tuple[Matter, ...]:
    """The matters of these mails."""
    return find_matters(count_figures(CAMPAIGN, REGISTER, NOW, standings, ()), messages)


def with_links(*links: LinkFiling) -> JudgedMessage:
    """A mail that carries these links."""
    return make_message(60, at(9, 8), "东槐村", "视频", village="东槐村", links=links)


def test_order_and_sorts_of_the_sample() -> None:
    """Links that expire come first, then what failed on our side, then the rest."""
    figures = count_figures(CAMPAIGN, REGISTER, NOW, STANDINGS, YESTERDAY)
    needs = [matter.need for matter in find_matters(figures, MESSAGES)]
    assert needs[:3] == [EXPIRING, FAILED, needs[2]]
    assert [need.urgent for need in needs] == sorted((need.urgent for need in needs), reverse=True)
    assert REVIEW not in needs  # the one to be judged is the link's


@pytest.mark.parametrize(
    ("expires_at", "need"),
    [(at(9, 16), EXPIRED), (at(12, 17), EXPIRING), (at(12, 18), LINKED), (None, LINKED)],
)
def test_link_by_its_expiry(expires_at: datetime | None, need: object) -> None:
    """Within three days it presses; once expired the village must send again; unknown is not urgent."""
    matters = find(with_links(make_link("a.mp4", "东槐村", "video", expires_at)))
    assert [matter.need for matter in matters] == [need]


def test_first_to_expire_stands_first() -> None:
    """Links of one sort stand by their expiry."""
    links = [make_link(f"{day}.mp4", "东槐村", "video", at(day, 9)) for day in (12, 10, 11)]
    assert [matter.text[1:3] for matter in find(with_links(*links))] == ["10", "11", "12"]


def test_links_that_need_nobody() -> None:
    """A quoted link, and one whose deliverable is settled, are not laid before anybody."""
    message = with_links(make_link("a.mp4", "东槐村", "video", at(10, 9)))
    assert not find(message, standings=(Standing("东槐村", "video", State.ACCEPTED),))
    assert not find(with_links(make_link("a.mp4", "东槐村", "video", at(10, 9), quoted=True)))


def test_review_without_a_link() -> None:
    """What only a person can judge is listed as long as it is not judged, with or without a mail of today."""
    matters = find(standings=(Standing("东槐村", "plan", State.REVIEW),))
    assert [(matter.need, matter.village) for matter in matters] == [(REVIEW, "东槐村")]


def test_messages_by_what_they_leave_open() -> None:
    """A failure of ours, an unknown village, a question and a bounce are each a matter of their own."""
    day, strange = at(9, 8), Disposition.UNRECOGNISED
    bounce, asked = Reason.BOUNCE, Reason.NOTHING_SENT
    mails = {
        FAILED: make_message(61, day, "甲", "一", disposition=None, reply=SILENT),
        UNKNOWN: make_message(62, day, "甲", "一", disposition=strange),
        QUESTION: make_message(63, day, "甲", "一", disposition=strange, reason=asked, reply=SILENT),
        BOUNCED: make_message(64, day, "甲", "一", disposition=Disposition.IGNORED, reason=bounce, reply=SILENT),
    }
    for need, message in mails.items():
        assert [matter.need for matter in find(message)] == [need]


def test_ignored_mails_leave_nothing() -> None:
    """A newsletter, an auto-reply or a copy is nobody's work."""
    for reason in (Reason.BULK, Reason.AUTO_REPLY, Reason.DUPLICATE, Reason.OWN, Reason.RECEIPT):
        message = make_message(65, at(9, 8), "甲", "一", disposition=Disposition.IGNORED, reason=reason, reply=SILENT)
        assert not find(replace(message, findings=REUSED))


def test_same_sort_of_finding_stands_once() -> None:
    """Two reused photos of one set are one matter, which says how many there are."""
    matters = find(make_message(66, at(9, 8), "甲", "一", village="后营村", findings=REUSED))
    assert len(matters) == 1
    assert "共2处" in matters[0].text


@pytest.mark.parametrize(("code", "need"), [("a-new-check", OTHER), ("internal", CRASHED)])
def test_findings_nobody_foresaw(code: str, need: object) -> None:
    """A new check's finding for the coordinator is shown without an edit here; a crashed check is our own failure."""
    finding = make_finding(code, "有情况", "东槐村", "plan", severity=Severity.WARNING, audience=Audience.COORDINATOR)
    matters = find(make_message(67, at(9, 8), "甲", "一", village="东槐村", findings=(finding,)))
    assert [matter.need for matter in matters] == [need]


def test_findings_for_the_village_are_not_the_coordinators_work() -> None:
    """What the village was told stands in its own list."""
    finding = make_finding("late", "晚了", "东槐村", "plan", severity=Severity.WARNING)
    assert not find(make_message(68, at(9, 8), "甲", "一", village="东槐村", findings=(finding,)))


def test_addresses_that_letters_do_not_reach() -> None:
    """A dead one is urgent and named with village and letter; its bounce is not listed again as any bounce."""
    bounce = make_message(70, at(9, 8), "postmaster", "退信", disposition=Disposition.IGNORED, reason=Reason.BOUNCE)
    other = make_message(71, at(9, 9), "postmaster", "退信", disposition=Disposition.IGNORED, reason=Reason.BOUNCE)
    lost = (
        LostAddress("a@x.test", AddressState.DEAD, at(9, 8), "对方邮箱不存在", "石桥村", "【请补正】", bounce.digest),
        LostAddress("b@x.test", AddressState.FAILING, at(9, 8), "对方邮箱已满", None, "", None),
    )
    matters = find_matters(count_figures(CAMPAIGN, REGISTER, NOW, (), ()), [bounce, other], Mailing(lost=lost))
    assert [(matter.need, matter.village) for matter in matters] == [
        (DEAD, "石桥村"),
        (RETURNED_LETTER, ""),
        (BOUNCED, ""),
    ]
    assert "a@x.test" in matters[0].text
    assert DEAD.urgent


def test_villages_to_be_called_and_a_flood() -> None:
    """Who cannot be reminded by mail is named; that letters were held back is told, with how many wait."""
    mailing = Mailing(unreachable=(("上沟村", "没有登记邮箱"),), flood=200, waiting=7)
    matters = find_matters(count_figures(CAMPAIGN, REGISTER, NOW, (), ()), [], mailing)
    assert [(matter.need, matter.village) for matter in matters] == [(FLOOD, ""), (UNREACHABLE, "上沟村")]
    assert "7封" in matters[0].text
