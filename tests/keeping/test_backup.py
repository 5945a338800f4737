"""A backup made while the office works, and an office made out of it."""

from __future__ import annotations

import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.keeping.bundle import MANIFEST
from pipeline.ledger.opening import open_ledger
from pipeline.ledger.snapshot import copy_to_file
from tests.keeping.offices import Run, answers, messages, put, states


@pytest.fixture
def saved(config: Path, run: Run, tmp_path: Path) -> Path:
    """A backup of the office."""
    file = tmp_path / "saved.zip"
    assert run(config, "backup", file)[0] == 0
    return file


def files_below(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def rewrite(backup: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """The backup with its members changed, the manifest as it was unless changed too."""
    with zipfile.ZipFile(backup) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    change(members)
    with zipfile.ZipFile(backup, "w") as opened:
        for name, octets in members.items():
            opened.writestr(name, octets)


def test_what_comes_out_is_the_same_office(config: Path, saved: Path, run: Run, tmp_path: Path) -> None:
    """Ledger, octets, notes, rules and register are those of the old office, and doctor finds all in order."""
    status, out, _ = run(None, "restore", saved, tmp_path / "new")
    assert status == 0
    assert "有问题" not in out
    new = tmp_path / "new" / "config.toml"
    assert states(run, new) == states(run, config)
    assert messages(run, new) == messages(run, config)
    octets = files_below(config.parent / "inbox_cache")
    assert octets
    assert octets.items() <= files_below(tmp_path / "new" / "inbox_cache").items()
    assert (tmp_path / "new" / "rules" / "2023-529" / "progress.docx").is_file()
    assert (tmp_path / "new" / "rules" / "villages.csv").read_bytes() == (config.parent / "villages.csv").read_bytes()


def test_the_restored_office_works_on(config: Path, saved: Path, run: Run, tmp_path: Path) -> None:
    """What came after the backup is fetched again, and what was answered meanwhile is not answered twice."""
    put(config, "4", "柳堤村", "liudi@village.test", 5)
    assert run(config, "poll")[0] == 0
    before = answers(config)
    assert len(before) == 4
    put(config, "5", "青禾村", "qinghe@village.test", 5, files="photos")

    assert run(None, "restore", saved, tmp_path / "new")[0] == 0
    new = tmp_path / "new" / "config.toml"
    assert run(new, "poll")[0] == 0
    after = answers(config)
    assert len(after) == 5
    assert set(before) < set(after)
    assert [each["reply"]["state"] for each in messages(run, new)] == ["sent"] * 5


def test_a_letter_that_waited_may_have_gone_out(config: Path, run: Run, tmp_path: Path) -> None:
    """One that stood in the outbox when the backup was made, and was sent since, is not sent again."""
    ledger = sqlite3.connect(config.parent / "baosong.db")
    ledger.execute("UPDATE letter SET state = 'queued', sent_at = NULL")
    ledger.commit()
    ledger.close()
    assert run(config, "backup", tmp_path / "b.zip")[0] == 0
    assert run(None, "restore", tmp_path / "b.zip", tmp_path / "new")[0] == 0
    before = answers(config)
    new = tmp_path / "new" / "config.toml"
    assert run(new, "poll")[0] == 0
    assert answers(config) == before
    assert {each["reply"]["state"] for each in messages(run, new)} == {"sent"}


def test_the_ledger_is_copied_at_one_moment(config: Path, tmp_path: Path) -> None:
    """While another connection writes pairs of rows, a copy never holds half a pair."""
    ledger = open_ledger(f"sqlite:///{config.parent / 'baosong.db'}")
    stop = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(config.parent / "baosong.db", timeout=30)
        number = 0
        while not stop.is_set():
            with connection:
                connection.executemany(
                    "INSERT INTO poll (started_at, stored, judged, trouble) VALUES ('2023-05-01', ?, 0, 'pair')",
                    [(number,), (number,)],
                )
            number += 1
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    counts = []
    try:
        for number in range(5):
            copy_to_file(ledger, tmp_path / f"{number}.db")
            with sqlite3.connect(tmp_path / f"{number}.db") as copy:
                [(count,)] = copy.execute("SELECT count(*) FROM poll WHERE trouble = 'pair'")
                assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            counts.append(count)
    finally:
        stop.set()
        writer.join()
        ledger.engine.dispose()
    assert all(count % 2 == 0 for count in counts)
    assert counts[-1] > counts[0]


def test_no_password_is_in_it(config: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither those of the environment nor one that stands in the database's url, which names the old place anyway."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", "pass-mailbox-7f3aqz")
    monkeypatch.setenv("BAOSONG_OUTGOING_PASSWORD", "pass-outgoing-7f3aqz")
    assert run(config, "backup", tmp_path / "b.zip")[0] == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as opened:
        content = b"".join(opened.read(name) for name in opened.namelist())
        assert b"7f3aqz" not in content
        assert b'"sqlite:///baosong.db"' in opened.read("config.toml")


def test_only_the_office_itself_may_read_it(saved: Path) -> None:
    """It holds everybody's papers."""
    assert saved.stat().st_mode & 0o077 == 0


def test_a_backup_gives_way_to_a_newer_one_and_nothing_else_does(config: Path, saved: Path, run: Run) -> None:
    """The same name may be used every night; a file that is no backup is left as it is."""
    assert run(config, "backup", saved)[0] == 0
    saved.write_bytes(b"a letter of the director's")
    status, _, complaint = run(config, "backup", saved)
    assert status == 2
    assert "不是本系统的备份" in complaint
    assert saved.read_bytes() == b"a letter of the director's"


def test_a_backup_that_fails_leaves_the_former_one(config: Path, saved: Path, run: Run) -> None:
    """It appears at one stroke: until then the old one stands, and nothing half-written lies beside it."""
    before = saved.read_bytes()
    last = max((config.parent / "inbox_cache").glob("??/*"))
    last.unlink()
    last.mkdir()  # what cannot be read as a file
    status, _, complaint = run(config, "backup", saved)
    assert status == 1
    assert complaint.count("\n") == 1
    assert saved.read_bytes() == before
    assert sorted(each.name for each in saved.parent.iterdir()) == ["office", "saved.zip"]


def test_what_is_missing_or_damaged_is_said(config: Path, run: Run, tmp_path: Path) -> None:
    """A backup is made all the same: it is needed most when a disk begins to fail."""
    first, second = sorted((config.parent / "inbox_cache").glob("??/*"))[:2]
    first.unlink()
    second.chmod(0o600)
    second.write_bytes(b"other octets")
    status, out, _ = run(config, "backup", tmp_path / "b.zip")
    assert status == 1
    assert "缺少1个" in out
    assert "1个文件已损坏" in out
    assert (tmp_path / "b.zip").is_file()


def test_a_folder_in_use_is_not_overwritten(saved: Path, run: Run, tmp_path: Path) -> None:
    """Not one file of it is touched; an empty folder may be used."""
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine.txt").write_text("mine")
    assert run(None, "restore", saved, tmp_path / "used")[0] == 2
    assert files_below(tmp_path / "used") == {"mine.txt": b"mine"}
    (tmp_path / "empty").mkdir()
    assert run(None, "restore", saved, tmp_path / "empty")[0] == 0


def change_octets(members: dict[str, bytes]) -> None:
    name = max(name for name in members if name.startswith("inbox_cache/"))
    members[name] = members[name][:-1] + bytes([members[name][-1] ^ 1])


def lose_a_file(members: dict[str, bytes]) -> None:
    del members[max(name for name in members if name.startswith("inbox_cache/"))]


def add_a_file(members: dict[str, bytes]) -> None:
    members["inbox_cache/stranger"] = b"x"


def lose_the_manifest(members: dict[str, bytes]) -> None:
    del members[MANIFEST]


def name_another_place(place: str) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        manifest = json.loads(members[MANIFEST])
        name = max(name for name in manifest["files"] if name.startswith("inbox_cache/"))
        manifest["files"][place] = manifest["files"].pop(name)
        members[place] = members.pop(name)
        members[MANIFEST] = json.dumps(manifest).encode()

    return change


def come_from_the_future(members: dict[str, bytes]) -> None:
    members[MANIFEST] = json.dumps({**json.loads(members[MANIFEST]), "revision": "9999"}).encode()


@pytest.mark.parametrize(
    "change",
    [
        change_octets,
        lose_a_file,
        add_a_file,
        lose_the_manifest,
        name_another_place("../outside"),
        name_another_place("inbox_cache/../../outside"),
        name_another_place("/tmp/outside"),
        name_another_place("inbox_cache\\..\\..\\outside"),
        name_another_place("C:outside"),
        name_another_place("rules/.."),
        come_from_the_future,
    ],
)
def test_what_is_not_as_it_was_made_is_refused(
    saved: Path, run: Run, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    """One line, no folder, nothing outside it."""
    rewrite(saved, change)
    before = sorted(each.name for each in tmp_path.iterdir())
    status, _, complaint = run(None, "restore", saved, tmp_path / "new")
    assert status == 1
    assert complaint.count("\n") == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == before


@pytest.mark.parametrize("octets", [b"", b"no zip at all", b"PK\x03\x04" + b"\0" * 100])
def test_a_file_that_is_no_backup_is_refused(run: Run, tmp_path: Path, octets: bytes) -> None:
    """Whatever was picked by mistake."""
    (tmp_path / "x.zip").write_bytes(octets)
    status, _, complaint = run(None, "restore", tmp_path / "x.zip", tmp_path / "new")
    assert status == 1
    assert complaint.count("\n") == 1
    assert not (tmp_path / "new").exists()
