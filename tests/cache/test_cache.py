"""The cache: whole or not at all, once, and in plain words when the disk will not."""

import hashlib
import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.cache import Cache
from pipeline.cache.local import LocalCache
from pipeline.errors import AccessError, TransientError
from pipeline.model.message import Blob


def _files(root: Path) -> list[Path]:
    return sorted(each for each in root.rglob("*") if each.is_file())


def test_stores_by_digest_and_reads_back(tmp_path: Path) -> None:
    """One level of folders, no suffix, read-only; the octets come back the same by every way."""
    cache: Cache = LocalCache(tmp_path / "deep" / "cache")
    blob = cache.store([b"abc", b"", b"def"])
    digest = hashlib.sha256(b"abcdef").hexdigest()
    assert blob == Blob(digest, 6)
    assert _files(tmp_path) == [tmp_path / "deep" / "cache" / digest[:2] / digest]
    assert cache.contains(digest)
    assert cache.read(digest) == b"abcdef"
    assert cache.path(digest).read_bytes() == b"abcdef"
    assert not cache.path(digest).stat().st_mode & 0o222
    with cache.open(digest) as file:
        file.seek(3)
        assert file.read() == b"def"


def test_what_lay_a_folder_deeper_is_found(tmp_path: Path) -> None:
    """As earlier versions and their backups have it: by every way, and kept once when it comes again."""
    digest = hashlib.sha256(b"old").hexdigest()
    asks: list[Callable[[LocalCache], bool]] = [
        lambda cache: cache.read(digest) == b"old",
        lambda cache: cache.contains(digest),
        lambda cache: cache.path(digest).read_bytes() == b"old",
        lambda cache: list(cache.digests()) == [digest],
        lambda cache: cache.store([b"old"]).digest == digest and list(cache.digests()) == [digest],
    ]
    for number, ask in enumerate(asks):
        cache = LocalCache(tmp_path / f"{number}")
        (older := cache.root / digest[:2] / digest[2:4]).mkdir(parents=True)
        (older / digest).write_bytes(b"old")
        assert ask(cache)
        cache.remove(digest)
        assert _files(cache.root) == []


def test_the_same_octets_are_kept_once(tmp_path: Path) -> None:
    """However they are cut into chunks; the first file stays."""
    cache = LocalCache(tmp_path)
    first = cache.store([b"x" * 100])
    inode = cache.path(first.digest).stat().st_ino
    assert cache.store([b"x"] * 100) == first
    assert cache.path(first.digest).stat().st_ino == inode
    assert list(cache.digests()) == [first.digest]
    assert cache.store([]).size == 0


def test_many_writers_at_once(tmp_path: Path) -> None:
    """Writers of the same and of other octets do not disturb one another."""
    cache = LocalCache(tmp_path)
    contents = [bytes([number % 5]) * 100_000 for number in range(20)]
    writers = [threading.Thread(target=cache.store, args=([content],)) for content in contents]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(_files(tmp_path)) == 5
    assert all(cache.verify(digest) for digest in cache.digests())


def test_a_source_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """What the chunks raise passes through; neither half a message nor an unfinished file stays."""

    def breaking() -> Iterator[bytes]:
        yield b"half"
        raise TransientError("gone")

    with pytest.raises(TransientError):
        LocalCache(tmp_path).store(breaking())
    assert _files(tmp_path) == []


def test_a_truncated_file_is_replaced(tmp_path: Path) -> None:
    """A file that a fault of the disk cut short is found out, and mended when the octets come again."""
    cache = LocalCache(tmp_path)
    blob = cache.store([b"abcdef"])
    place = cache.path(blob.digest)
    place.chmod(0o644)
    place.write_bytes(b"abc")
    assert not cache.verify(blob.digest)
    cache.store([b"abcdef"])
    assert cache.verify(blob.digest)


def test_what_is_taken_from_a_workplace(tmp_path: Path) -> None:
    """Kept like what is stored, each once, and what was cut short is mended; nothing else of the workplace stays."""
    cache = LocalCache(tmp_path)
    cut = cache.store([b"cut"])
    cache.path(cut.digest).chmod(0o644)
    cache.path(cut.digest).write_bytes(b"c")
    with cache.workplace() as place:
        blobs = [place.keep(place.lay([octets])) for octets in (b"a", b"b", b"a", b"cut")]
        with place.within() as inner:
            blobs.append(inner.keep(inner.lay([b"inner"])))
            inner.lay([b"of no use"])
        cache.take(place.kept)
    assert sorted({each.digest for each in blobs}) == list(cache.digests())
    assert all(cache.verify(each.digest) and not cache.path(each.digest).stat().st_mode & 0o222 for each in blobs)
    assert len(_files(tmp_path)) == 4


def test_workplaces_share_a_folder(tmp_path: Path) -> None:
    """What one keeps, drops or leaves lying is no other's, and no folder is made for any."""
    cache = LocalCache(tmp_path)
    with cache.workplace() as one:
        with cache.workplace() as other:
            for place in (one, other):
                place.keep(place.lay([b"kept by both"]))
            other.lay([b"left lying"])
        assert [each.is_file() for each in (tmp_path / "unfinished").iterdir()] == [True]
        cache.take(one.kept)
    (digest,) = cache.digests()
    assert cache.read(digest) == b"kept by both"
    assert list((tmp_path / "unfinished").iterdir()) == []


def test_many_notes_at_once(tmp_path: Path) -> None:
    """Each once, and none of them is taken for octets that somebody sent."""
    cache = LocalCache(tmp_path)
    cache.note(b"one", b"two", b"one")
    cache.note(b"two", b"three")
    assert sorted(cache.notes()) == [b"one", b"three", b"two"]
    assert list(cache.digests()) == []


def test_what_is_not_kept(tmp_path: Path) -> None:
    """A digest that is not kept needs the operator; what is no digest never becomes a path."""
    cache = LocalCache(tmp_path)
    absent = "0" * 64
    assert not cache.contains(absent)
    for ask in (cache.open, cache.read, cache.path):
        with pytest.raises(AccessError, match="缺少"):
            ask(absent)
    with pytest.raises(ValueError, match="digest"):
        cache.read("../../etc/passwd")


def test_strays_of_crashed_writers_are_cleaned_after_a_day(tmp_path: Path) -> None:
    """Unfinished files do no harm; when the next is stored old ones go, and one that may still be written stays."""
    folder = tmp_path / "unfinished"
    (folder / "old folder").mkdir(parents=True)
    (folder / "old folder" / "1").touch()
    for name, age in (("old", 90_000), ("old folder", 90_000), ("young", 60)):
        (folder / name).touch()
        os.utime(folder / name, (time.time() - age,) * 2)
    cache = LocalCache(tmp_path)
    assert list(cache.digests()) == []
    cache.store([b"new"])
    assert [each.name for each in folder.iterdir()] == ["young"]


_FILL = textwrap.dedent("""
    import resource, sys
    from pathlib import Path
    from pipeline.cache.local import LocalCache
    from pipeline.errors import AccessError
    cache = LocalCache(Path(sys.argv[1]))
    small = cache.store([b"small"])
    if sys.argv[2:]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
    try:
        cache.store([b"x" * 10_000] * 100)
    except AccessError as error:
        print(error)
    left = sorted(each.name for each in Path(sys.argv[1]).rglob("*") if each.is_file())
    print(left == [small.digest], cache.read(small.digest) == b"small", cache.store([b"next"]).size)
""")


def _run(*command: str) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    return done.stdout.splitlines()


def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    """The system's limit on a file's size, for real: one Chinese line, nothing left behind, the next store works."""
    said, after = _run(sys.executable, "-c", _FILL, str(tmp_path), "100000")
    assert str(tmp_path) in said
    assert after == "True True 4"


def test_a_full_disk(tmp_path: Path) -> None:
    """A disk of 256 kB, for real: the operator is told to free space, and what was stored before is whole."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("this system lets nobody mount a small disk of his own (unshare -rm)")
    mount = f'mount -t tmpfs -o size=256k none "{tmp_path}" && exec "$@"'
    said, after = _run("unshare", "-rm", "sh", "-c", mount, "sh", sys.executable, "-c", _FILL, str(tmp_path))
    assert "磁盘已满" in said
    assert str(tmp_path) in said
    assert after == "True True 4"


def test_no_permission(tmp_path: Path) -> None:
    """A place where nothing may be written is told with its path."""
    (tmp_path / "file").touch()
    with pytest.raises(AccessError, match="file"):
        LocalCache(tmp_path / "file" / "cache").store([b"x"])
