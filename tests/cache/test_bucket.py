"""The cache on S3-compatible storage, against a server."""

from __future__ import annotations

import hashlib
from pathlib import Path

import obstore
import pytest

from pipeline.cache.bucket import BucketCache, open_cache
from pipeline.cache.local import LocalCache, note_name
from pipeline.errors import AccessError, TransientError
from tests.servers.storage import Storage


@pytest.fixture
def url(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> str:
    """A place of this test's own in the bucket, and the environment that leads there."""
    for name, value in storage.environment.items():
        monkeypatch.setenv(name, value)
    return storage.new_prefix()


def digest_of(octets: bytes) -> str:
    """The name of these octets."""
    return hashlib.sha256(octets).hexdigest()


def test_what_one_machine_stores_another_reads(url: str, tmp_path: Path) -> None:
    """A machine without a copy gets the octets from the bucket, whole, as a file and as octets."""
    octets = bytes(range(256)) * 80_000  # over two pieces
    blob = open_cache(tmp_path / "one", url).store([octets[:1000], octets[1000:]])
    other = open_cache(tmp_path / "two", url)
    assert (blob.digest, blob.size) == (digest_of(octets), len(octets))
    assert other.path(blob.digest).read_bytes() == octets
    assert other.read(blob.digest) == octets
    with other.open(blob.digest) as file:
        file.seek(256)
        assert file.read(3) == b"\x00\x01\x02"


def test_a_copy_alone_is_not_kept(url: str, tmp_path: Path) -> None:
    """What lies in the folder of copies only (a crash before the bucket had it) counts as not kept."""
    cache = BucketCache(url, LocalCache(tmp_path))
    blob = cache.copies.store([b"abc"])
    assert not cache.contains(blob.digest)
    cache.store([b"abc"])
    assert cache.contains(blob.digest)


def test_the_same_octets_are_kept_once(url: str, tmp_path: Path) -> None:
    """Two machines that store the same octets leave one object, and the list names it."""
    for machine in ("one", "two"):
        open_cache(tmp_path / machine, url).store([b"same"])
    assert list(open_cache(tmp_path / "one", url).digests()) == [digest_of(b"same")]


def test_what_the_bucket_lost_is_told(url: str, tmp_path: Path) -> None:
    """Octets that are nowhere are the operator's matter, in words that say what to do."""
    with pytest.raises(AccessError, match="对象存储里缺少文件"):
        open_cache(tmp_path, url).read(digest_of(b"never stored"))


def test_a_bucket_that_is_not_there_is_told(url: str, tmp_path: Path) -> None:
    """By whoever sets it up: nothing is kept, and no file of a village is said to be lost."""
    cache = open_cache(tmp_path, "s3://no-such-bucket/office")
    with pytest.raises(AccessError, match="没有这个存储桶：s3://no-such-bucket/office"):
        cache.store([b"octets"])
    with pytest.raises(AccessError, match="没有这个存储桶"):
        list(cache.digests())


def test_a_damaged_object_is_not_taken(url: str, storage: Storage, tmp_path: Path) -> None:
    """An object whose octets no longer have its digest is refused, and verify says so."""
    digest = open_cache(tmp_path / "one", url).store([b"whole"]).digest
    obstore.put(storage.store(url), f"{digest[:2]}/{digest[2:4]}/{digest}", b"harmed")
    other = open_cache(tmp_path / "two", url)
    assert not other.verify(digest)
    with pytest.raises(AccessError, match="损坏"):
        other.read(digest)


def test_storage_that_does_not_answer_is_tried_again_later(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody there: transient, so that the mail stays on the server and the next round fetches it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(TransientError, match="暂时无法访问"):
        open_cache(tmp_path, url).store([b"abc"])


def test_a_digest_is_never_a_path(url: str, tmp_path: Path) -> None:
    """Whatever asks for something that is no digest gets nothing from the bucket."""
    with pytest.raises(ValueError, match="not a SHA-256"):
        open_cache(tmp_path, url).contains("../secret")


def test_without_a_bucket_the_cache_is_a_folder(tmp_path: Path) -> None:
    """One clerk's install needs no storage server."""
    assert isinstance(open_cache(tmp_path), LocalCache)


def test_notes_are_kept_beside_the_octets(url: str, tmp_path: Path) -> None:
    """They are no octets of a stranger's, and both can be forgotten."""
    cache = BucketCache(url, LocalCache(tmp_path))
    blob = cache.store([b"octets"])
    cache.note(b"note")
    cache.note(b"note")
    assert (list(cache.digests()), list(cache.notes())) == ([blob.digest], [b"note"])
    cache.remove(blob.digest)
    cache.remove_note(b"note")
    cache.remove_note(b"note")
    assert (list(cache.digests()), list(cache.notes()), cache.contains(blob.digest)) == ([], [], False)


def test_storage_is_not_asked_again_for_a_note(url: str, storage: Storage, tmp_path: Path) -> None:
    """What people decided is noted anew each round: it goes out once. Another machine cannot know, and puts it too."""
    cache = BucketCache(url, LocalCache(tmp_path / "one"))
    cache.note(b"note")
    obstore.delete(storage.store(url), note_name(b"note"))
    cache.note(b"note")
    assert list(cache.notes()) == []
    BucketCache(url, LocalCache(tmp_path / "two")).note(b"note")
    assert list(cache.notes()) == [b"note"]
