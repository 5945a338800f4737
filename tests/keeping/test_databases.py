"""An office goes from one kind of database to the other through a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config.loading import load_config
from pipeline.errors import ConfigError
from pipeline.ledger import entries, intake, memory, verdicts, views
from pipeline.ledger.forgetting import find_old, forget
from pipeline.ledger.opening import open_ledger
from pipeline.ledger.rollup import roll_up
from pipeline.ledger.snapshot import copy_to_file, put_into, without_password
from pipeline.model.standing import State
from tests.engine.offices import lay_out
from tests.keeping.offices import Run, messages, states
from tests.ledger.literals import CAMPAIGN, REGISTER, at, outcome, raw, verdict
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.servers


def test_there_and_back(postgres: Postgres, tmp_path: Path) -> None:
    """From SQLite into PostgreSQL and into a file again: rows, moments and what counts on are the same; nothing is put
    into a database that holds a ledger."""
    postgres_url = postgres.new_database()
    old = open_ledger(f"sqlite:///{tmp_path}/old.db")
    entries.prepare_entries(old, CAMPAIGN, REGISTER)
    for day in (3, 4):
        source = raw(f"mail {day}", at(day), str(day))
        intake.receive(old, source, at(day))
        done = verdict(source, outcome(State.RETURNED if day == 3 else State.ACCEPTED))
        verdicts.record(old, done, None, None, CAMPAIGN, at(day))
    copy_to_file(old, tmp_path / "copy.db")

    new = put_into(tmp_path / "copy.db", postgres_url)
    assert views.standings(new, CAMPAIGN, at(5)) == views.standings(old, CAMPAIGN, at(5))
    third = raw("mail 5", at(5), "5")
    assert intake.receive(new, third, at(5))  # numbered on, not from one
    with pytest.raises(ConfigError):
        put_into(tmp_path / "copy.db", postgres_url)

    copy_to_file(new, tmp_path / "back.db")
    back = open_ledger(f"sqlite:///{tmp_path}/back.db")
    assert views.messages(back) == views.messages(new)
    assert [each.blob for each in intake.each_waiting(back)] == [third.blob]
    for each in (old, new, back):
        each.engine.dispose()


def test_an_office_of_many_is_saved_alone(postgres: Postgres, tmp_path: Path, run: Run) -> None:
    """Its backup has its own mail, and is an office again: in a file, or in a database of many under its own name."""
    url = postgres.new_database()
    east = lay_out(tmp_path, "east", url, mails=2, engine="embedded")
    west = lay_out(tmp_path, "west", url, mails=1, engine="embedded")
    for each in (east, west):
        assert run(each, "poll")[0] == 0
    east.write_text(east.read_text("utf-8").replace('"embedded"', '"procrastinate"'), "utf-8")
    assert run(east, "backup", tmp_path / "b.zip")[0] == 0

    assert run(None, "restore", tmp_path / "b.zip", tmp_path / "file")[0] == 0
    restored = tmp_path / "file" / "config.toml"
    assert len(messages(run, restored)) == 2
    assert states(run, restored) == states(run, east)

    status, _, said = run(None, "restore", tmp_path / "b.zip", tmp_path / "new", "--database", url)
    assert (status, "--office" in said, (tmp_path / "new").exists()) == (2, True, False)
    for taken in ("west", "No Name"):
        assert run(None, "restore", tmp_path / "b.zip", tmp_path / "new", "--database", url, "--office", taken)[0] == 2
    assert run(None, "restore", tmp_path / "b.zip", tmp_path / "new", "--database", url, "--office", "south")[0] == 0
    restored = tmp_path / "new" / "config.toml"
    assert load_config(restored).office == "south"
    assert states(run, restored) == states(run, east)
    assert len(messages(run, west)) == 1
    assert [each.office for each in roll_up(url, at(6))] == ["east", "south", "west"]


def test_postgresql_forgets_as_well(postgres: Postgres) -> None:
    """The message stays by its digest, its words go, and the state is as it was."""
    ledger = open_ledger(postgres.new_database())
    entries.prepare_entries(ledger, CAMPAIGN, REGISTER)
    source = raw("mail", at(3))
    intake.receive(ledger, source, at(3))
    verdicts.record(ledger, verdict(source, outcome(State.ACCEPTED, text="words")), None, None, CAMPAIGN, at(3))
    before = views.standings(ledger, CAMPAIGN, at(5))
    old = find_old(ledger, at(4), only=None)
    assert old.messages == {source.blob.digest}
    forget(ledger, old)
    assert views.standings(ledger, CAMPAIGN, at(5)) == before
    [message] = views.messages(ledger)
    assert (message.digest, message.sender.address, message.subject) == (source.blob.digest, "", "")
    assert [each.remembered.text for each in memory.recall(ledger, CAMPAIGN, ["甲村"], []).standings.values()] == [
        "",
        "",
    ]
    assert not intake.receive(ledger, source, at(5))
    ledger.engine.dispose()


def test_a_password_stays_out_of_files() -> None:
    """What is written into the settings names no password."""
    assert without_password("postgresql+psycopg://u:secret@h/d") == "postgresql+psycopg://u@h/d"
