"""From a submission to the verdict: states, what stands, and who is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.check import Setting, all_checks
from pipeline.model.content import Other, Unreadable
from pipeline.model.files import FileKind, Problem
from pipeline.model.finding import Audience, Severity
from pipeline.model.message import Reason
from pipeline.model.past import Past
from pipeline.model.standing import State
from pipeline.model.verdict import Disposition, Verdict
from pipeline.verdict import INTERNAL, dispose
from tests.submissions import (
    CAMPAIGN,
    DAMAGED,
    Sent,
    account,
    after,
    at,
    cloud_link,
    codes,
    judge_mail,
    mail,
    only,
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

ROUND = "progress@2023-05-10"
NO_PLACE = progress("石桥村", account(2, place=""))


def photos(*seeds: str) -> list[Sent]:
    return [sent(f"石桥村{seed}.jpg", picture(seed)) for seed in seeds]


# --- the mail as a whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "duplicate", "reason"),
    [
        ({}, False, None),
        ({}, True, Reason.DUPLICATE),
        ({"automatic": Reason.BOUNCE}, False, Reason.BOUNCE),
        ({"automatic": Reason.RECEIPT}, False, Reason.RECEIPT),
        ({"automatic": Reason.AUTO_REPLY}, False, None),  # it carries a file: judged, though never answered
        ({"automatic": Reason.AUTO_REPLY, "attachments": ()}, False, Reason.AUTO_REPLY),
        ({"automatic": Reason.BULK, "attachments": ()}, False, Reason.BULK),
        ({"message_id": "<baosong.0123@town.test>"}, False, Reason.OWN),
    ],
)
def test_dispose(changes: dict[str, object], duplicate: bool, reason: Reason | None) -> None:
    """What needs no reading: our own mail, a machine's without files, a copy."""
    message, _ = mail(sent("石桥村方案.docx", plan("石桥村")))
    disposal = dispose(replace(message, **changes), "office@town.test", duplicate=duplicate)  # type: ignore[arg-type]
    assert (disposal[1] if disposal else None) is reason


def test_our_own_address_in_any_case() -> None:
    """Mail that the office wrote to itself."""
    message, _ = mail(sender="office@town.test")
    assert dispose(message, "Office@Town.test", duplicate=False) == (Disposition.IGNORED, Reason.OWN)


def test_a_machines_mail_with_files_counts_and_is_not_answered() -> None:
    """A forwarding rule or a mailing program sends the village's file: it is filed, the reason stops the answer."""
    verdict = judge_mail(mail(sent("石桥村方案.docx", plan("石桥村")), automatic=Reason.AUTO_REPLY))
    assert (verdict.disposition, verdict.reason) == (Disposition.SUBMISSION, Reason.AUTO_REPLY)
    assert only(verdict.outcomes).state is State.ACCEPTED
    stray = judge_mail(mail(sent("logo.png", picture("a")), subject="邀请函", automatic=Reason.BULK))
    assert (stray.disposition, stray.reason, stray.outcomes) == (Disposition.IGNORED, Reason.BULK, ())


@pytest.mark.parametrize(
    ("subject", "body", "sender", "found"),
    [
        ("石桥村活动方案", "请查收附件", "a@b.test", ["attachment-missing"]),
        ("活动方案", "请查收附件", "shiqiao@village.test", ["attachment-missing"]),
        ("石桥村", "请问照片要几张？", "a@b.test", None),
        ("发票", "请查收附件", "a@b.test", None),
        ("Re: 石桥村活动方案", "收到，谢谢", "shiqiao@village.test", None),
        ("回复：请补正石桥村写实表", "好的，马上改", "shiqiao@village.test", None),
        ("回复：请补正石桥村写实表", "已改好，请查收", "shiqiao@village.test", ["attachment-missing"]),
        ("回复：请补正石桥村写实表", "", "shiqiao@village.test", ["attachment-missing"]),
        ("你好", "周末吃饭", "shiqiao@village.test", None),
    ],
)
def test_without_a_file(subject: str, body: str, sender: str, found: list[str] | None) -> None:
    """A village that speaks of a file forgot it; a question, a stranger, a greeting did not."""
    verdict = judge_mail(mail(subject=subject, body=body, sender=sender))
    if found is None:
        assert verdict.disposition is not Disposition.SUBMISSION
        assert (verdict.reason, verdict.findings) == (Reason.NOTHING_SENT, ())
    else:
        assert verdict.disposition is Disposition.SUBMISSION
        assert [code for code in codes(verdict.findings) if not code.startswith("sender")] == found


def test_nobodys_file() -> None:
    """A file without a village: unrecognised, and answered with the question whose it is."""
    verdict = judge_mail(mail(sent("方案.docx", text("活动月实施方案", "内容")), subject="材料"))
    assert verdict.disposition is Disposition.UNRECOGNISED
    assert verdict.outcomes == ()
    assert "village-unknown" in codes(verdict.findings)


def test_a_village_with_a_file_that_fits_nothing() -> None:
    """It is a submission all the same; the file is named and left out of the ledger."""
    verdict = judge_mail(mail(sent("石桥村会议记录.docx", text("会议记录", "内容")), sent("石桥村.mp3", Other())))
    assert verdict.disposition is Disposition.SUBMISSION
    assert verdict.outcomes == ()
    named = [finding.attachment for finding in verdict.findings if finding.code == "attachment-unrecognised"]
    assert named == ["石桥村会议记录.docx", "石桥村.mp3"]


def test_several_villages_in_one_mail() -> None:
    """Each has its own outcomes, in the order of the mail."""
    files = [
        sent("石桥村方案.docx", plan("石桥村")),
        sent("青禾村写实表.docx", progress("青禾村", account(6, place=""))),
    ]
    verdict = judge_mail(mail(*files, subject="石桥村、青禾村材料"))
    assert [(each.village, each.deliverable, each.state) for each in verdict.outcomes] == [
        ("石桥村", "plan", State.ACCEPTED),
        ("青禾村", ROUND, State.RETURNED),
    ]
    assert verdict.village is None


# --- states -----------------------------------------------------------------------------------------------------------


def state(verdict: Verdict) -> State:
    return only(verdict.outcomes).state


def test_states() -> None:
    """Nothing wrong, an error, only a warning, what only a person can settle."""
    assert state(judge_mail(mail(sent("石桥村方案.docx", plan("石桥村"))))) is State.ACCEPTED
    assert state(judge_mail(mail(sent("石桥村写实表.docx", NO_PLACE)))) is State.RETURNED
    late = judge_mail(mail(sent("石桥村方案.docx", plan("石桥村")), received_at=at(5, 6, 0)))
    assert (state(late), codes(only(late.outcomes).findings)) == (State.ACCEPTED, ["late"])
    link = judge_mail(mail(links=(cloud_link(),)))
    assert (state(link), codes(only(link.outcomes).findings)) == (State.REVIEW, ["cloud-link"])
    unsupported = judge_mail(mail(sent("石桥村方案.doc", Unreadable(Problem.UNSUPPORTED), kind=FileKind.DOC)))
    assert state(unsupported) is State.REVIEW


def test_a_file_and_a_link_of_one_deliverable() -> None:
    """The file may be good, but what the link holds nobody has seen."""
    verdict = judge_mail(mail(sent("石桥村活动视频.mp4", video()), links=(cloud_link(),)))
    assert state(verdict) is State.REVIEW


def test_all_problems_at_once() -> None:
    """A village hears of everything in one letter: rows, cells, lateness."""
    table = progress("石桥村", account(2, place=""), account(3, people=""), "5月4日")
    verdict = judge_mail(mail(sent("石桥村写实表.docx", table), received_at=at(5, 12)))
    found = {(finding.code, finding.where) for finding in only(verdict.outcomes).findings}
    assert {code for code, _ in found} >= {"late", "activity-no-place", "activity-no-people", "activity-no-content"}
    assert ("activity-no-place", "第1、3行") in found
    assert ("activity-no-people", "第2、3行") in found
    assert [each.severity for each in only(verdict.outcomes).findings] == sorted(
        each.severity for each in only(verdict.outcomes).findings
    )  # error before warning


def test_twins() -> None:
    """The same table twice, as a broken .doc and a good .docx: the good one is the village's."""
    files = [sent("石桥村写实表.docx", progress("石桥村")), sent("石桥村写实表.doc", DAMAGED, kind=FileKind.DOC)]
    for order in (files, files[::-1]):
        outcome = only(judge_mail(mail(*order)).outcomes)
        assert (outcome.state, outcome.findings) == (State.ACCEPTED, ())
        assert len(outcome.attachments) == 2
        assert len(outcome.remembered.activities) == 2


def test_of_two_equally_good_tables_the_last() -> None:
    """A corrected table sent beside the first one."""
    files = [
        sent("石桥村写实表1.docx", progress("石桥村", account(2))),
        sent("石桥村写实表2.docx", progress("石桥村", account(3))),
    ]
    outcome = only(judge_mail(mail(*files)).outcomes)
    assert [each.held_on and each.held_on.day for each in outcome.remembered.activities] == [3]


# --- newest wins ------------------------------------------------------------------------------------------------------


def test_a_mended_version_replaces_a_returned_one() -> None:
    """Returned, then mended in time: accepted, and not late."""
    first = judge_mail(mail(sent("石桥村写实表.docx", NO_PLACE), received_at=at(5, 9)))
    mended = judge_mail(
        mail(sent("石桥村写实表.docx", progress("石桥村")), received_at=at(5, 10), number=2), after(first)
    )
    outcome = only(mended.outcomes)
    assert (outcome.state, outcome.stands, outcome.late) == (State.ACCEPTED, True, False)


def test_a_version_mended_too_late_is_late() -> None:
    """What was returned counts as not delivered."""
    first = judge_mail(mail(sent("石桥村写实表.docx", NO_PLACE), received_at=at(5, 9)))
    mended = judge_mail(
        mail(sent("石桥村写实表.docx", progress("石桥村")), received_at=at(5, 12), number=2), after(first)
    )
    assert (only(mended.outcomes).state, only(mended.outcomes).late) == (State.ACCEPTED, True)


def test_a_newer_version_of_what_came_in_time_is_not_late() -> None:
    """The deadline was kept by the first."""
    first = judge_mail(mail(sent("石桥村方案.docx", plan("石桥村")), received_at=at(5, 5)))
    newer = judge_mail(
        mail(sent("石桥村方案.docx", plan("石桥村", "（定稿）")), received_at=at(5, 9), number=2), after(first)
    )
    outcome = only(newer.outcomes)
    assert (outcome.state, outcome.stands, outcome.late, outcome.findings) == (State.ACCEPTED, True, False, ())


def test_a_delivery_takes_the_place_of_a_nil_report() -> None:
    """Who said that there was nothing, and sends something after all, is told what is wrong with it."""
    verdict = judge_mail(mail(sent("石桥村写实表.docx", NO_PLACE)), past(standing(State.NIL, ROUND)))
    outcome = only(verdict.outcomes)
    assert (outcome.state, outcome.stands) == (State.RETURNED, True)


@pytest.mark.parametrize("settled", [State.ACCEPTED, State.WAIVED])
def test_a_worse_version_does_not_stand(settled: State) -> None:
    """What was accepted stays in force; the village is told what is wrong with the newer one."""
    verdict = judge_mail(mail(sent("石桥村写实表.docx", NO_PLACE)), past(standing(settled, ROUND)))
    outcome = only(verdict.outcomes)
    assert (outcome.state, outcome.stands) == (State.RETURNED, False)
    assert codes(outcome.findings) == ["activity-no-place"]


def test_the_same_octets_again() -> None:
    """Nothing new to judge: the state stays, what was wrong is told once more."""
    given = mail(sent("石桥村写实表.docx", NO_PLACE), received_at=at(5, 9))
    first = judge_mail(given)
    again = only(
        judge_mail(mail(sent("写实表（改）.docx", NO_PLACE), received_at=at(5, 9), number=2), after(first)).outcomes
    )
    assert (again.unchanged, again.stands, again.state) == (True, False, State.RETURNED)
    assert again.findings == only(first.outcomes).findings
    good = judge_mail(mail(sent("石桥村方案.docx", plan("石桥村"))))
    again = only(judge_mail(mail(sent("方案.docx", plan("石桥村")), received_at=at(5, 20)), after(good)).outcomes)
    assert (again.unchanged, again.state, again.late, again.findings) == (True, State.ACCEPTED, False, ())


def test_an_older_version_after_a_newer_one() -> None:
    """The octets of a version that was replaced change nothing; of one that is still returned they are looked at."""
    old, new = sent("石桥村方案.docx", plan("石桥村")), "n" * 64
    known = standing(State.ACCEPTED, attachments=(new,))
    known = replace(known, superseded=frozenset({old.attachment.blob.digest}))
    outcome = only(judge_mail(mail(old, received_at=at(5, 4)), past(known)).outcomes)
    assert (outcome.unchanged, outcome.state) == (True, State.ACCEPTED)
    returned = only(judge_mail(mail(old, received_at=at(5, 4)), past(replace(known, state=State.RETURNED))).outcomes)
    assert not returned.unchanged


def test_photos_of_several_mails_count_together() -> None:
    """One, then one and a known one, then the third: the set is complete when three different ones are there."""
    known = Past()
    states = []
    for number, seeds in enumerate((["a"], ["a", "b"], ["c"], ["c"]), 1):
        verdict = judge_mail(mail(*photos(*seeds), received_at=at(6, number), number=number), known)
        states.append((state(verdict), only(verdict.outcomes).unchanged))
        known = after(verdict, known)
    assert states == [
        (State.RETURNED, False),
        (State.RETURNED, False),
        (State.ACCEPTED, False),
        (State.ACCEPTED, True),
    ]
    assert len(known.standings["石桥村", "photos"].remembered.pictures) == 3


def test_a_bad_picture_returns_the_set() -> None:
    """Three good ones and a PNG: returned; a later mail with a good one settles it."""
    bad = sent("石桥村d.png", picture("d", kind=FileKind.PNG))
    first = judge_mail(mail(*photos("a", "b", "c"), bad))
    assert (state(first), codes(only(first.outcomes).findings)) == (State.RETURNED, ["photo-format"])
    mended = judge_mail(mail(*photos("e"), number=2), after(first))
    assert state(mended) is State.ACCEPTED


def test_an_extended_deadline() -> None:
    """Who was given time until the 15th is not late on the 12th."""
    known = past(standing(State.RETURNED, "plan", due_at=at(5, 16, 0)))
    outcome = only(judge_mail(mail(sent("石桥村方案.docx", plan("石桥村")), received_at=at(5, 12)), known).outcomes)
    assert (outcome.late, outcome.findings) == (False, ())


@pytest.mark.parametrize(("second", "late"), [(0, True), (-1, False)])
def test_the_last_second_of_the_day(second: int, late: bool) -> None:
    """“5月5日前” includes the whole of the 5th, in Beijing."""
    received_at = at(5, 5, 23, 59, 59) if second else at(5, 6, 0)
    assert (
        only(judge_mail(mail(sent("石桥村方案.docx", plan("石桥村")), received_at=received_at)).outcomes).late is late
    )


# --- checks -----------------------------------------------------------------------------------------------------------


def test_a_crashing_check_is_the_coordinators_alone() -> None:
    """A check of ours that raises is told to the coordinator; the others run, and only a person can settle it."""
    rules = CAMPAIGN.deliverable("statistics")
    checks = {**rules.checks, "cell-blank": Setting(options="no options", message="{no-such-placeholder}")}
    campaign = replace(
        CAMPAIGN,
        deliverables=tuple(
            replace(each, checks=checks) if each.id == "statistics" else each for each in CAMPAIGN.deliverables
        ),
    )
    table = statistics("石桥村", ("", "120", "若干", "8", "0", "40"))
    verdict = judge_mail(mail(sent("石桥村统计表.docx", table)), campaign=campaign)
    findings = only(verdict.outcomes).findings
    assert set(codes(findings)) == {INTERNAL, "cell-not-number", "figures-inconsistent"}
    (ours,) = (finding for finding in findings if finding.code == INTERNAL)
    assert (ours.audience, ours.severity) == (Audience.COORDINATOR, Severity.WARNING)
    assert all_checks()["cell-blank"].title in ours.message
    good = statistics("石桥村", ("", "120", "2", "8", "1", "40"))
    assert state(judge_mail(mail(sent("石桥村统计表.docx", good)), campaign=campaign)) is State.REVIEW


def test_a_campaign_sets_the_weight() -> None:
    """A check may be turned off, or weigh otherwise: the state follows."""

    def with_place(setting: Setting) -> State:
        rules = CAMPAIGN.deliverable(ROUND)
        changed = replace(rules, checks={**rules.checks, "activity-no-place": setting})
        campaign = replace(
            CAMPAIGN, deliverables=tuple(changed if each.id == ROUND else each for each in CAMPAIGN.deliverables)
        )
        return state(judge_mail(mail(sent("石桥村写实表.docx", NO_PLACE)), campaign=campaign))

    assert with_place(Setting()) is State.RETURNED
    assert with_place(Setting(severity=Severity.WARNING)) is State.ACCEPTED
    assert with_place(Setting(enabled=False)) is State.ACCEPTED


def test_the_same_mail_gives_the_same_verdict() -> None:
    """No clock, no chance: judged again it is equal."""
    given = mail(sent("石桥村写实表.docx", NO_PLACE), *photos("a", "b"), links=(cloud_link(),))
    assert judge_mail(given) == judge_mail(given)


def test_texts_copied_within_one_mail() -> None:
    """Who writes for two villages and changes the name alone is found out in the same mail."""
    files = [sent(f"{village}方案.docx", plan(village)) for village in ("石桥村", "青禾村")]
    verdict = judge_mail(mail(*files, subject="石桥村、青禾村方案"))
    assert [finding.village for finding in verdict.findings if finding.code == "text-copied"] == ["青禾村"]


def test_pictures_reused_within_one_mail() -> None:
    """The same photos in two villages' sets are noticed though both came at once; a village's own two uses are not."""
    same = [
        sent(f"{village}{number}.jpg", picture(f"{number}")) for village in ("石桥村", "青禾村") for number in (1, 2, 3)
    ]
    verdict = judge_mail(mail(*same, subject="石桥村、青禾村照片"))
    reused = [finding.village for finding in verdict.findings if finding.code == "photo-reused"]
    assert set(reused) == {"青禾村"}
