"""Mails are opened while others come, and judged in the order of arrival all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.errors import AccessError
from pipeline.fetching import fetch
from pipeline.ledger import intake
from pipeline.office import Office, open_office
from pipeline.opening import Ahead
from tests.flow.township import lay_out_office, plan, write_mail

FIRST = datetime(2023, 5, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with six mails in its mailbox; the later a mail came, the sooner it is found."""
    config = lay_out_office(tmp_path)
    for number in range(6):
        mail = write_mail(
            "shiqiao@village.test",
            f"石桥村计划{number}",
            ("计划.docx", plan("石桥村") + bytes(number)),
            arrived=FIRST + timedelta(minutes=number),
            message_id=f"<{number}@village.test>",
        )
        (tmp_path / "mailbox" / f"{9 - number}.eml").write_bytes(mail)
    return open_office(config)


def attempts(office: Office) -> list[int]:
    return [each.attempts for each in intake.each_waiting(office.ledger)]


def test_what_was_begun_while_mail_came_is_given_in_the_order_of_arrival(office: Office) -> None:
    """Each is opened once, and counted as attempted as long as it is in hand."""
    with office.at_work(), Ahead(office) as ahead:
        for each in reversed(_fetched(office)):
            ahead.begin([each])
        assert attempts(office) == [1] * 6
        given = [one for group in ahead.in_turn(intake.each_waiting(office.ledger)) for one in group]
        assert [opening().message.subject for _, opening in given] == [f"石桥村计划{number}" for number in range(6)]
        assert [each.attempts for each, _ in given] == [0] * 6  # before this one


def test_what_was_merely_opened_is_as_if_untouched(office: Office) -> None:
    """Whoever ends early leaves no attempt behind; who comes after the end begins none."""
    with office.at_work():
        fetched = _fetched(office)
        with Ahead(office) as ahead:
            ahead.begin(fetched[:4])
            next(ahead.in_turn(islice(intake.each_waiting(office.ledger), 1)))
            assert sorted(attempts(office)) == [0, 0, 1, 1, 1, 1]
        assert sorted(attempts(office)) == [0, 0, 0, 0, 0, 1]  # the one that was given is its taker's
        ahead.begin(fetched[4:])
        assert sorted(attempts(office)) == [0, 0, 0, 0, 0, 1]


def test_what_was_attempted_before_is_given_by_itself(office: Office) -> None:
    """Who dies beside a poisonous mail shall not be taken for it."""
    fetched = _fetched(office)
    intake.begin_attempts(office.ledger, [fetched[2].blob.digest])
    with office.at_work(), Ahead(office) as ahead:
        ahead.begin([each for number, each in enumerate(fetched) if number != 2])
        groups = [
            [each.received_at for each, _ in group] for group in ahead.in_turn(intake.each_waiting(office.ledger))
        ]
    assert [each for group in groups for each in group] == [FIRST + timedelta(minutes=number) for number in range(6)]
    assert [FIRST + timedelta(minutes=2)] in groups


def test_workers_that_fail_cost_one_mail_its_turn(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who takes that one hears of it; what they had in hand besides, and all after it, is opened by itself."""

    def _fail(take: Callable[[], object], *, ahead: int) -> Iterator[object]:
        take(), take()
        raise AccessError("no worker")
        yield

    _fetched(office)
    monkeypatch.setattr(office.openers, "stream", _fail)
    with office.at_work(), Ahead(office) as ahead:
        given = [one for group in ahead.in_turn(intake.each_waiting(office.ledger)) for one in group]
        (_, first), *others = given
        with pytest.raises(AccessError, match="no worker"):
            first()
        assert [opening().message.subject for _, opening in others] == [f"石桥村计划{number}" for number in range(1, 6)]


def _fetched(office: Office) -> list[intake.Waiting]:
    """What is new, by arrival."""
    found: list[intake.Waiting] = []
    fetch(office, stored=found.extend)
    return sorted(found, key=lambda each: each.received_at)
