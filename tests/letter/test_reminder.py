"""Who is reminded when and of what; the letters in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from lxml import html

from pipeline.letter.reminder import (
    Debtor,
    choose_address,
    days_reminded,
    explain_quiet,
    find_debtors,
    is_planned,
    plan_days,
    reminder_key,
    write_reminder,
)
from pipeline.model.campaign import ReminderPlan, Village
from pipeline.model.finding import Audience, Finding, Severity
from pipeline.model.standing import Standing, State
from tests.report.sample import CAMPAIGN as SAMPLE
from tests.report.sample import FEW_PHOTOS, IDS, NOW, ZONE
from tests.snapshots import assert_letter

CAMPAIGN = replace(SAMPLE, letters=Path(__file__).parents[2] / "rules" / "letters")
VILLAGE = Village("石桥村", addresses=("shiqiao@village.test",), contact="王主任 6000001")
RECEIVED = datetime(2023, 5, 9, 9, tzinfo=ZONE)
HOSTILE = Finding("file-hostile", Severity.ERROR, Audience.COORDINATOR, "文件已隔离。", "石桥村", "photos")


def on(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2023, month, day, hour, tzinfo=ZONE)


def standing(deliverable: str, state: State, *findings: Finding, due_at: datetime | None = None) -> Standing:
    received_at = None if state in (State.MISSING, State.NOT_DUE) else RECEIVED
    return Standing("石桥村", deliverable, state, received_at=received_at, due_at=due_at, findings=findings)


def all_but(*others: Standing) -> list[Standing]:
    """Everything accepted but these."""
    open_ones = {each.deliverable for each in others}
    return [*(standing(id_, State.ACCEPTED) for id_ in IDS if id_ not in open_ones), *others]


def debtor(now: datetime, *standings: Standing) -> Debtor | None:
    found = find_debtors(CAMPAIGN, [VILLAGE], standings, now)
    return found[0] if found else None


def owed(now: datetime, *standings: Standing) -> list[str]:
    found = debtor(now, *standings)
    return [debt.deliverable.id for debt in found.debts] if found else []


# --- whether ----------------------------------------------------------------------------------------------------------


def test_only_those_that_owe_something_due() -> None:
    """A deadline that is far reminds nobody; all that is near or past does, the oldest first."""
    assert owed(on(4, 1)) == []
    assert owed(on(4, 28)) == ["plan"]  # three days before 5 May is a holiday
    assert owed(on(5, 6)) == ["plan", "progress@2023-05-10"]  # three days before is a Sunday, this a Saturday of work
    assert owed(on(6, 9)) == list(IDS)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.WAIVED, State.NIL, State.REVIEW])
def test_what_is_done_or_waits_for_us_is_not_owed(state: State) -> None:
    """A village that is complete, or that we still have to judge, is never reminded."""
    assert debtor(on(6, 12), *(standing(id_, state) for id_ in IDS)) is None


def test_what_is_to_be_mended_is_owed_where_the_village_can_mend_it() -> None:
    """A file that only we may look at is no debt; what a person returned is one, without a finding."""
    assert owed(on(6, 9), *all_but(standing("photos", State.RETURNED, FEW_PHOTOS))) == ["photos"]
    assert owed(on(6, 9), *all_but(standing("photos", State.RETURNED, HOSTILE))) == []
    assert owed(on(6, 9), *all_but(standing("photos", State.RETURNED))) == ["photos"]


def test_what_is_to_be_mended_comes_along_early() -> None:
    """It reminds nobody by itself before its time, and is named where another debt does."""
    early = standing("photos", State.RETURNED, FEW_PHOTOS)
    assert owed(on(5, 20), *all_but(early)) == []
    assert owed(on(5, 20), *all_but(early, standing("plan", State.MISSING))) == ["plan", "photos"]


def test_an_extension_counts() -> None:
    """A village that was given until the 20th is not reminded on the 9th."""
    later = standing("video", State.NOT_DUE, due_at=on(6, 21, 0))
    assert owed(on(6, 9), *all_but(later)) == []
    assert owed(on(6, 19), *all_but(later)) == ["video"]


def test_planned_days_move_to_days_of_work() -> None:
    """Saturday 10 June: three days and a day before, Friday for the day itself; a day after becomes Monday."""
    days = list(plan_days(ReminderPlan(), date(2023, 6, 10)))
    assert days == [date(2023, 6, day) for day in (7, 9, 9, 12, 13, 19)]
    assert list(plan_days(ReminderPlan(before=(3,), on_day=False, after=()), date(2023, 5, 5))) == [date(2023, 4, 28)]


def test_a_day_is_planned_once() -> None:
    """Reminded on its day it is done; a day that was missed is made up for within three days and no later."""
    found = debtor(on(6, 12), *all_but(standing("video", State.MISSING)))
    assert found is not None
    assert is_planned(found, CAMPAIGN, on(6, 12), [])
    assert not is_planned(found, CAMPAIGN, on(6, 12), [date(2023, 6, 12)])
    assert is_planned(found, CAMPAIGN, on(6, 13), [date(2023, 6, 12)])
    assert not is_planned(found, CAMPAIGN, on(6, 14), [date(2023, 6, 13)])
    assert is_planned(found, CAMPAIGN, on(6, 15), [date(2023, 6, 12)])  # 13 June was missed
    assert not is_planned(found, CAMPAIGN, on(6, 17), [])


def test_no_reminders_where_the_campaign_wants_none() -> None:
    """Empty lists plan no day."""
    none = replace(CAMPAIGN, reminders=ReminderPlan(before=(), on_day=False, after=()))
    (found,) = find_debtors(none, [VILLAGE], [], on(6, 12))
    assert not any(is_planned(found, none, on(6, day), []) for day in range(1, 30))


@pytest.mark.parametrize(
    ("now", "quiet"),
    [
        (on(6, 9, 9), False),
        (on(6, 9, 7), True),
        (on(6, 9, 20), True),
        (on(6, 10), True),
        (on(5, 1), True),
        (on(5, 6), False),
    ],
    ids=["a Friday", "early", "night", "Saturday", "a holiday", "a Saturday that is worked"],
)
def test_nobody_is_woken(now: datetime, quiet: bool) -> None:
    """Nights, weekends and holidays are quiet; a weekend that is worked is not."""
    assert bool(explain_quiet(CAMPAIGN, now)) is quiet


# --- to whom ----------------------------------------------------------------------------------------------------------


def test_the_first_address_that_lives() -> None:
    """Registered addresses in their order, then the one it last wrote from; a dead one never."""
    village = Village("石桥村", addresses=("a@x.test", "b@x.test"))
    assert choose_address(village, (), "c@x.test") == "a@x.test"
    assert choose_address(village, {"a@x.test"}, "c@x.test") == "b@x.test"
    assert choose_address(village, {"a@x.test", "b@x.test"}, "c@x.test") == "c@x.test"
    assert choose_address(village, {"a@x.test", "b@x.test", "c@x.test"}, "c@x.test") is None
    assert choose_address(Village("石桥村"), (), None) is None
    assert choose_address(Village("石桥村"), (), "石桥@x.test") is None


def test_a_key_tells_village_and_day() -> None:
    """The letters of other campaigns count for nothing."""
    key = reminder_key(CAMPAIGN, "石桥村", date(2023, 6, 9))
    assert key == "reminder:sample:石桥村:2023-06-09"
    assert days_reminded([key, "reminder:other:石桥村:2023-06-08", "reply:1"], CAMPAIGN) == {
        "石桥村": (date(2023, 6, 9),)
    }


# --- in which words ---------------------------------------------------------------------------------------------------

LETTERS = {
    "nothing-received": (on(5, 4), []),
    "something-missing": (
        NOW,
        all_but(standing("summary", State.NOT_DUE), standing("photos", State.RETURNED, FEW_PHOTOS)),
    ),
    "overdue": (on(6, 12), all_but(standing("video", State.MISSING), standing("photos", State.RETURNED, FEW_PHOTOS))),
    "overdue-and-coming": (on(6, 9), [standing("plan", State.ACCEPTED)]),
}


@pytest.mark.parametrize("name", LETTERS)
def test_letters(name: str) -> None:
    """A reminder as a clerk reads it; its HTML says the same. After a wanted change: SNAPSHOTS=write."""
    now, standings = LETTERS[name]
    found = debtor(now, *standings)
    assert found is not None
    letter = write_reminder(found, CAMPAIGN, to="shiqiao@village.test", domain="town.test", now=now)
    assert_letter(f"reminder-{name}", letter.subject, letter.text, letter.html)
    shown = "".join("".join(map(str, html.document_fromstring(letter.html).itertext())).split())
    for line in letter.text.splitlines():
        words = "".join(line.split()).lstrip("0123456789-.")
        assert words in shown


def test_what_no_letter_says() -> None:
    """No blame, no threat, no English; the same letter for the same day, whenever it is written."""
    found = debtor(on(6, 12))
    assert found is not None
    first, again = (
        write_reminder(found, CAMPAIGN, to="a@x.test", domain="town.test", now=on(6, 12) + timedelta(minutes=minutes))
        for minutes in (0, 5)
    )
    assert first.message_id == again.message_id
    for word in ("通报", "批评", "逾期", "后果", "未按要求", "None"):
        assert word not in first.text
