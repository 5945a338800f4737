"""Folders of files that stand for an account."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from pipeline.errors import AccessError
from pipeline.mailbox.opening import open_mailbox
from tests.mailbox.polling import Memory, config_of, message, poll

MAY_9 = "Tue, 9 May 2023 12:00:00 +0800"


def _maildir(root: Path, *subfolders: str) -> Path:
    for folder in ("", *subfolders):
        for name in ("new", "cur", "tmp"):
            (root / folder / name).mkdir(parents=True)
    return root


def test_eml_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Whatever the case of .eml; other files are no mail. The folder is left as it was."""
    for name in ("0002.eml", "0001.EML", "0003.eml", "notes.txt", ".hidden.eml"):
        (tmp_path / name).write_bytes(message(name))
    (tmp_path / "folder.eml").mkdir()
    before = sorted(tmp_path.iterdir())
    memory = Memory()
    got = poll(open_mailbox(config_of(f"eml:{tmp_path}"), None), memory)
    assert [each.octets for each in got] == [message(name) for name in ("0001.EML", "0002.eml", "0003.eml")]
    assert poll(open_mailbox(config_of(f"eml:{tmp_path}"), None), memory) == []
    assert sorted(tmp_path.iterdir()) == before


def test_the_same_name_with_another_content_is_new(tmp_path: Path) -> None:
    """A file that was replaced is another message, even where its size is the same."""
    file, memory = tmp_path / "a.eml", Memory()
    file.write_bytes(message("甲"))
    poll(open_mailbox(config_of(f"eml:{tmp_path}"), None), memory)
    file.write_bytes(message("乙"))
    os.utime(file, (file.stat().st_atime, file.stat().st_mtime + 1))
    (got,) = poll(open_mailbox(config_of(f"eml:{tmp_path}"), None), memory)
    assert got.octets == message("乙")


def test_arrival_by_received_field_else_by_file(tmp_path: Path) -> None:
    """The topmost Received field tells, else the file's own time; a day set leaves older mail out."""
    (tmp_path / "1.eml").write_bytes(message("有", received=MAY_9))
    (tmp_path / "2.eml").write_bytes(message("无"))
    os.utime(tmp_path / "2.eml", (0, 1_600_000_000))
    config = config_of(f"eml:{tmp_path}")
    got = poll(open_mailbox(config, None), Memory())
    assert [each.received_at for each in got] == [
        datetime(2023, 5, 9, 12, tzinfo=timezone(timedelta(hours=8))),
        datetime.fromtimestamp(1_600_000_000, UTC),
    ]
    assert len(poll(open_mailbox(replace(config, since=date(2023, 1, 1)), None), Memory())) == 1


def test_large_file_in_pieces(tmp_path: Path) -> None:
    """No file is held whole."""
    (tmp_path / "1.eml").write_bytes(message("大", size=5_000_000))
    (got,) = poll(open_mailbox(config_of(f"eml:{tmp_path}"), None), Memory())
    assert got.octets == message("大", size=5_000_000)
    assert got.largest_chunk <= 1024 * 1024


def test_maildir_oldest_first_with_junk_without_trash(tmp_path: Path) -> None:
    """new and cur are read by time of arrival, subfolders by their decoded names; nothing is moved."""
    root = _maildir(tmp_path / "box", ".Junk", ".&Xn9USpCuTvY-", ".Trash", ".&XfJT0ZAB-")
    (root / "cur" / "1.host:2,S").write_bytes(message("后", received=MAY_9))
    (root / "new" / "2.host").write_bytes(message("先", received="Mon, 8 May 2023 12:00:00 +0800"))
    (root / "tmp" / "3.host").write_bytes(message("未完"))
    for folder in (".Junk", ".&Xn9USpCuTvY-", ".Trash", ".&XfJT0ZAB-"):
        (root / folder / "new" / "9.host").write_bytes(message(folder))
    memory = Memory()
    got = poll(open_mailbox(config_of(f"maildir:{root}"), None), memory)
    assert [each.folder for each in got] == ["INBOX", "INBOX", "Junk", "广告邮件"]
    assert got[0].octets == message("先", received="Mon, 8 May 2023 12:00:00 +0800")
    (root / "new" / "2.host").rename(root / "cur" / "2.host:2,RS")  # a person has read it
    assert poll(open_mailbox(config_of(f"maildir:{root}"), None), memory) == []


@pytest.mark.parametrize("scheme", ["eml", "maildir"])
def test_missing_folder_is_told_in_one_line(tmp_path: Path, scheme: str) -> None:
    """The operator is told which path is wrong."""
    with pytest.raises(AccessError, match="没有") as caught:
        poll(open_mailbox(config_of(f"{scheme}:{tmp_path / '没有'}"), None), Memory())
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_no_maildir(tmp_path: Path) -> None:
    """A folder without new and cur is not taken for an empty account."""
    with pytest.raises(AccessError, match="cur"):
        poll(open_mailbox(config_of(f"maildir:{tmp_path}"), None), Memory())
