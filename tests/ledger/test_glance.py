"""How everything stands over the driver alone: the same as the ledger tells, or nothing at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.ledger import entries, intake, verdicts, views
from pipeline.ledger.glance import glance
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.model.finding import Audience, Finding, FormCell, Severity
from pipeline.model.standing import Standing, State
from tests.ledger.literals import CAMPAIGN, REGISTER, at, outcome, raw, verdict
from tests.servers.postgres import Postgres

DUE = {each.id: each.due_at for each in CAMPAIGN.deliverables}
FINDING = Finding(
    "unit-blank", Severity.ERROR, Audience.VILLAGE, "请填写单位。", where="第2行", cells=(FormCell(2, "unit"),)
)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """A database's url and the office in it."""
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / '台账 1.db').as_posix()}", ""
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.new_database(), "east"


@pytest.fixture
def ledger(place: tuple[str, str]) -> Ledger:
    """Opened, its entries prepared, one plan returned and mended."""
    opened = open_ledger(*place)
    entries.prepare_entries(opened, CAMPAIGN, REGISTER)
    mails: list[tuple[int, State, tuple[Finding, ...]]] = [(3, State.RETURNED, (FINDING,)), (4, State.ACCEPTED, ())]
    for day, state, findings in mails:
        source = raw(f"plan {day}", at(day), uid=str(day))
        intake.receive(opened, source, at(day))
        verdicts.record(
            opened, verdict(source, replace(outcome(state), findings=findings)), None, None, CAMPAIGN, at(day)
        )
    return opened


def look(place: tuple[str, str], day: int, village: str | None = None) -> list[Standing] | None:
    """A glance on this day."""
    return glance(*place, CAMPAIGN.id, REGISTER.names, DUE, at(day), village)


@pytest.mark.parametrize("day", [2, 3, 4, 6])
def test_it_tells_what_the_ledger_tells(place: tuple[str, str], ledger: Ledger, day: int) -> None:
    """At every moment, findings and all; of one village alone where it is named."""
    everything = views.standings(ledger, CAMPAIGN, at(day))
    assert look(place, day) == everything
    assert look(place, day, "甲村") == everything[:2] == views.standings(ledger, CAMPAIGN, at(day), "甲村")
    assert everything[0].findings == ((FINDING,) if day == 3 else ())


@pytest.mark.parametrize("day", [2, 3, 4, 5, 6])
def test_an_earlier_moment_is_what_it_was_without_what_came_since(ledger: Ledger, day: int) -> None:
    """Out of how it stands at the end: states, deadlines that passed, findings of a version that was replaced."""
    at_the_end = views.standings(ledger, CAMPAIGN, at(7))
    assert views.standings_before(ledger, CAMPAIGN, at_the_end, at(7), at(day)) == views.standings(
        ledger, CAMPAIGN, at(day)
    )


def test_what_is_not_prepared_is_left_to_the_ledger(place: tuple[str, str], ledger: Ledger) -> None:
    """A village or a deadline that the ledger does not know yet: None, and the ledger is opened."""
    ledger.rest()
    more = (*REGISTER.names, "丙村")
    assert glance(*place, CAMPAIGN.id, more, DUE, at(5)) is None
    assert glance(*place, CAMPAIGN.id, more, DUE, at(5), "丙村") is None
    assert glance(*place, CAMPAIGN.id, REGISTER.names, DUE | {"plan": at(9)}, at(5)) is None


def test_no_database_is_no_answer(tmp_path: Path) -> None:
    """Neither is one without tables, nor is one made."""
    file = tmp_path / "new.db"
    assert look((f"sqlite:///{file.as_posix()}", ""), 5) is None
    assert not file.exists()
    assert look(("postgresql+psycopg://nobody@127.0.0.1:1/none", "east"), 5) is None
