"""Many offices in one PostgreSQL database: each sees its own, the county sees figures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from pipeline.cli import main
from pipeline.errors import AccessError
from pipeline.ledger import entries, intake, verdicts, views
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.ledger.rollup import Tally, roll_up, total
from pipeline.model.standing import State
from pipeline.register import Register
from tests.flow.township import lay_out_office
from tests.ledger.literals import CAMPAIGN, REGISTER, at, outcome, raw, verdict
from tests.servers.postgres import Postgres


@pytest.fixture
def url(postgres: Postgres) -> str:
    """An empty database."""
    return postgres.new_database()


def an_office(url: str, name: str) -> Ledger:
    """An office's ledger in this database, its entries prepared."""
    ledger = open_ledger(url, name)
    entries.prepare_entries(ledger, CAMPAIGN, REGISTER)
    return ledger


def test_an_office_sees_its_own_alone(url: str) -> None:
    """The same octets arrive in two offices' mailboxes: each has them, judges them, and knows nothing of the other."""
    east, west = an_office(url, "east"), an_office(url, "west")
    source = raw("plan", at(4))
    assert intake.receive(east, source, at(4))
    assert intake.receive(west, source, at(4))
    verdicts.record(east, verdict(source, outcome(State.ACCEPTED)), None, None, CAMPAIGN, at(4))
    assert next(each.state for each in views.standings(east, CAMPAIGN, at(6))) is State.ACCEPTED
    assert State.ACCEPTED not in [each.state for each in views.standings(west, CAMPAIGN, at(6))]
    assert len(list(intake.each_waiting(west))) == 1
    assert list(intake.each_waiting(east)) == []


def test_the_county_sees_figures_of_all(url: str) -> None:
    """Counts by office of what is due; what is due later does not count yet."""
    east = an_office(url, "east")
    an_office(url, "west")
    source = raw("plan", at(4))
    intake.receive(east, source, at(4))
    verdicts.record(east, verdict(source, outcome(State.ACCEPTED)), None, None, CAMPAIGN, at(4))
    tallies = roll_up(url, at(6))
    assert tallies == [
        Tally("east", CAMPAIGN.id, 2, due=2, delivered=1, late=0, review=0, returned=0, missing=1),
        Tally("west", CAMPAIGN.id, 2, due=2, delivered=0, late=0, review=0, returned=0, missing=2),
    ]
    whole = total(tallies, "county")
    assert (whole.villages, whole.due, whole.delivered, whole.missing) == (4, 4, 1, 3)
    assert roll_up(url, at(6), campaign="another") == []


def test_a_village_that_changed_its_name_is_counted_once(url: str) -> None:
    """Nothing is owed under the old name; what was delivered under it counts until it is moved."""
    first, *others = REGISTER.villages
    renamed = Register((replace(first, name="新名村", aliases=(first.name,)), *others))
    for name, came in (("east", True), ("west", False)):
        ledger = an_office(url, name)
        if came:
            source = raw("plan", at(4))
            intake.receive(ledger, source, at(4))
            verdicts.record(ledger, verdict(source, outcome(State.ACCEPTED)), None, None, CAMPAIGN, at(4))
        entries.prepare_entries(ledger, CAMPAIGN, renamed)
        assert [*dict.fromkeys(each.village for each in views.standings(ledger, CAMPAIGN, at(6)))][-1] == first.name
    east, west = roll_up(url, at(6))
    assert (east.due, east.delivered, east.missing) == (3, 1, 2)
    assert (west.villages, west.due, west.missing) == (2, 2, 2)


def test_a_role_of_one_office_cannot_read_another(url: str) -> None:
    """The database itself refuses, whatever the program asks."""
    for name in ("east", "west"):
        an_office(url, name)
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute(
            "CREATE ROLE clerk_of_east; GRANT USAGE ON SCHEMA east TO clerk_of_east; "
            "GRANT SELECT ON ALL TABLES IN SCHEMA east TO clerk_of_east; SET ROLE clerk_of_east"
        )
        connection.execute("SELECT count(*) FROM east.entry")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT count(*) FROM west.entry")


def test_the_role_that_rolls_up_needs_no_more_than_the_guide_says(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the grants of docs/operating.md and a file of one line; an office without them is named."""
    an_office(url, "east")
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute(
            "CREATE ROLE county LOGIN PASSWORD 'county'; GRANT USAGE ON SCHEMA east TO county;"
            "GRANT SELECT ON east.entry TO county"
        )
    config = tmp_path / "county.toml"
    its_own = make_url(url).set(username="county", password="county").render_as_string(hide_password=False)
    config.write_text(f'database = "{its_own}"\n', encoding="utf-8")
    assert main(["--config", str(config), "rollup", "--json"]) == 0
    assert [each["office"] for each in json.loads(capsys.readouterr().out)["offices"]] == ["east"]
    an_office(url, "west")
    assert main(["--config", str(config), "rollup"]) == 1
    assert "west" in capsys.readouterr().err


def test_the_command_gives_figures_and_no_names(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`rollup --json` of a real office; no village's name stands in it."""
    config = lay_out_office(tmp_path)
    config.write_text(f'database = "{url}"\noffice = "wanjia"\n{config.read_text("utf-8")}', encoding="utf-8")
    base = ["--config", str(config), "--now", "2023-05-06T10:00:00+08:00"]
    assert main([*base, "poll"]) == 0
    capsys.readouterr()
    assert main([*base, "rollup", "--json"]) == 0
    said = capsys.readouterr().out
    figures = json.loads(said)
    assert [(each["office"], each["villages"], each["due"], each["missing"]) for each in figures["offices"]] == [
        ("wanjia", 3, 3, 3)
    ]
    assert figures["total"]["villages"] == 3
    assert "石桥村" not in said


def test_without_postgresql_there_is_nothing_to_roll_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One clerk's install is told so, with the key."""
    assert main(["--config", str(lay_out_office(tmp_path)), "rollup"]) == 2
    assert "PostgreSQL" in capsys.readouterr().err


def test_an_office_needs_a_plain_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no plain name is refused when the settings are read, never handed to the database."""
    config = lay_out_office(tmp_path)
    written = 'database = "postgresql+psycopg://u@h/d"\noffice = "a; DROP TABLE x"\n' + config.read_text("utf-8")
    config.write_text(written, encoding="utf-8")
    assert main(["--config", str(config), "status"]) == 2
    assert "office" in capsys.readouterr().err


def test_a_server_that_is_not_there_is_one_line() -> None:
    """The operator's matter."""
    with pytest.raises(AccessError, match="数据库"):
        roll_up("postgresql+psycopg://u@127.0.0.1:9/x", at(6))
