"""Units of work in an office's own ledger, on both databases."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.engine.desk import Desk, ask_for_mail, work_off
from pipeline.ledger import jobs
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.model.work import Unit
from pipeline.office import open_office
from pipeline.run import poll
from tests.engine.offices import answered, put_mail
from tests.flow.township import lay_out_office

NOW = datetime(2023, 5, 4, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ledger(database: str) -> Ledger:
    return open_ledger(database)


def _clock() -> datetime:
    return NOW


def test_asking_twice_is_asking_once(ledger: Ledger) -> None:
    """The earlier moment counts; what is done is no longer asked for."""
    jobs.ask(ledger, Unit.SEND, NOW + 5 * MINUTE)
    jobs.ask(ledger, Unit.SEND, NOW + MINUTE)
    jobs.ask(ledger, Unit.SEND, NOW + 9 * MINUTE)
    assert jobs.planned(ledger) == [jobs.Job(Unit.SEND, NOW + MINUTE, 0, "")]
    with jobs.doing(ledger, Unit.SEND, _clock):
        pass
    assert jobs.planned(ledger) == []


def test_a_request_and_its_row_are_one_transaction(ledger: Ledger) -> None:
    """What is rolled back was never asked for."""
    with suppress(KeyboardInterrupt), ledger.writing() as session:
        jobs.later(session, Unit.JUDGE, NOW)
        raise KeyboardInterrupt
    assert jobs.planned(ledger) == []


def test_what_is_asked_for_meanwhile_stands(ledger: Ledger) -> None:
    """A request that comes while the same is being done is done after it."""
    jobs.ask(ledger, Unit.JUDGE, NOW)
    with jobs.doing(ledger, Unit.JUDGE, _clock):
        jobs.ask(ledger, Unit.JUDGE, NOW)
    assert [job.unit for job in jobs.planned(ledger)] == [Unit.JUDGE]


def test_trouble_puts_off_and_a_crash_leaves_as_it_was(ledger: Ledger) -> None:
    """After 1, 2, 4 minutes again, with the reason; a person may hurry it; an exception changes nothing."""
    jobs.ask(ledger, Unit.SEND, NOW)
    for attempt in range(3):
        with jobs.doing(ledger, Unit.SEND, _clock) as job:
            job.trouble = "没有网络"
        assert jobs.planned(ledger) == [jobs.Job(Unit.SEND, NOW + MINUTE * 2**attempt, attempt + 1, "没有网络")]
    assert jobs.hurry(ledger, NOW) == 1
    with pytest.raises(KeyboardInterrupt), jobs.doing(ledger, Unit.SEND, _clock):
        raise KeyboardInterrupt
    assert jobs.planned(ledger) == [jobs.Job(Unit.SEND, NOW, 3, "没有网络")]


def test_the_service_does_what_is_due_and_nothing_else(tmp_path: Path) -> None:
    """A round where mail was asked for; what another program stored is judged and answered without one."""
    config = lay_out_office(tmp_path)
    put_mail(config, 0)
    office = open_office(config, _clock)
    desk = Desk(office, lambda _: None)
    work_off(desk)
    assert not answered(config)
    ask_for_mail(desk)
    work_off(desk)
    assert len(answered(config)) == 1
    assert jobs.planned(office.ledger) == []
    put_mail(config, 1)
    poll(office, units=[Unit.POLL])  # another program's, that ended there
    assert [job.unit for job in jobs.planned(office.ledger)] == [Unit.JUDGE]
    assert len(answered(config)) == 1
    work_off(desk)
    assert set(answered(config).values()) == {1}
    assert len(answered(config)) == 2
    assert jobs.planned(office.ledger) == []
