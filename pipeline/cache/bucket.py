"""The cache on S3-compatible storage: what several machines share, with this machine's copies before it.

The storage is told where it is and who asks by the usual variables: ``AWS_ENDPOINT_URL``, ``AWS_ACCESS_KEY_ID``,
``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION``. Passwords stand in no file of ours.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipeline.cache import Cache
from pipeline.cache.local import LocalCache, note_name, require_digest
from pipeline.cache.workplace import Workplace
from pipeline.errors import INSTALL_PROVINCE, AccessError, TransientError
from pipeline.model.message import Blob

if TYPE_CHECKING:
    from obstore.store import S3Store

_PIECE = 8 * 1024 * 1024  # octets held in memory at once while a blob travels
_TIMEOUT = "30s"


def open_cache(folder: Path, bucket: str = "") -> Cache:
    """The cache in this folder or, where a bucket is named, in the bucket, with this machine's copies in the folder."""
    return BucketCache(bucket, LocalCache(folder)) if bucket else LocalCache(folder)


class BucketCache:
    """A :class:`~pipeline.cache.Cache` under ``s3://bucket/prefix``: ``ab/cd/abcd…``.

    The digest is known only when all octets are, so they are first made safe in the folder of copies, then put into the
    bucket; :meth:`store` returns when the bucket has them. Copies may be deleted at any time.
    """

    def __init__(self, url: str, copies: LocalCache) -> None:
        self.url = url
        self.copies = copies
        self._store = _connect(url)
        self._noted: set[str] = set()  # what people decided is noted anew each round

    def store(self, chunks: Iterable[bytes]) -> Blob:
        """Keep these octets in the bucket. Raises AccessError, or TransientError where the storage does not answer."""
        blob = self.copies.store(chunks)
        self.publish(blob.digest)
        return blob

    def workplace(self) -> AbstractContextManager[Workplace]:
        """Beside this machine's copies."""
        return self.copies.workplace()

    def take(self, files: Mapping[str, Path]) -> None:
        """Keep these files in the bucket, as :meth:`store` does."""
        self.copies.take(files)
        for digest in files:
            self.publish(digest)

    def publish(self, digest: str) -> None:
        """Put this machine's copy into the bucket, unless it is there."""
        if not self.contains(digest):
            from obstore import put  # noqa: PLC0415 (for those alone who have a bucket)

            # Written anew where two were equally quick: under its digest a blob is always the same.
            with self._failures(), self.copies.open(digest) as file:
                put(self._store, _key(digest), file, chunk_size=_PIECE)

    def contains(self, digest: str) -> bool:
        """Whether the bucket has these octets; a copy alone does not count."""
        from obstore import head  # noqa: PLC0415

        try:
            with self._failures():
                head(self._store, _key(digest))
        except FileNotFoundError:
            return False
        return True

    def open(self, digest: str) -> BinaryIO:
        """The octets as a seekable file, which is this machine's copy."""
        self._fetch(digest)
        return self.copies.open(digest)

    def read(self, digest: str) -> bytes:
        """All the octets."""
        self._fetch(digest)
        return self.copies.read(digest)

    def path(self, digest: str) -> Path:
        """This machine's copy."""
        self._fetch(digest)
        return self.copies.path(digest)

    def verify(self, digest: str) -> bool:
        """Whether the octets in the bucket still have this digest; the copy is not asked."""
        return self.copies.store(self._stream(digest)).digest == digest

    def digests(self) -> Iterator[str]:
        """All that the bucket keeps, in order."""
        from obstore import list as list_objects  # noqa: PLC0415

        with self._failures():
            for batch in list_objects(self._store):
                for found in batch:
                    if octets := re.search(r"(?:^|/)[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})$", found["path"]):
                        yield octets[1]

    def note(self, *notes: bytes) -> None:
        """Keep notes in the bucket, beside the octets. One that was put there by this cache is not put again."""
        from obstore import put  # noqa: PLC0415

        for octets in notes:
            name = note_name(octets)
            if name not in self._noted:
                with self._failures():
                    put(self._store, name, octets)
                self._noted.add(name)

    def notes(self) -> Iterator[bytes]:
        """All notes of the bucket."""
        from obstore import get  # noqa: PLC0415
        from obstore import list as list_objects  # noqa: PLC0415

        with self._failures():
            for batch in list_objects(self._store, prefix="notes"):
                for found in batch:
                    yield bytes(get(self._store, found["path"]).bytes())

    def remove(self, digest: str) -> None:
        """Delete the octets, in the bucket and this machine's copy."""
        self._delete(_key(digest))
        self.copies.remove(digest)

    def remove_note(self, octets: bytes) -> None:
        """Delete the note."""
        name = note_name(octets)
        self._delete(name)
        self._noted.discard(name)

    def _delete(self, key: str) -> None:
        from obstore import delete  # noqa: PLC0415

        with suppress(FileNotFoundError), self._failures():
            delete(self._store, key)

    def _fetch(self, digest: str) -> None:
        if not self.copies.contains(digest) and self.copies.store(self._stream(digest)).digest != digest:
            raise AccessError(f"对象存储中的文件已损坏：{self.url}/{_key(digest)}，请从备份恢复")

    def _stream(self, digest: str) -> Iterator[bytes]:
        from obstore import get  # noqa: PLC0415

        try:
            with self._failures():
                for piece in get(self._store, _key(digest)).stream(min_chunk_size=_PIECE):
                    yield bytes(piece)
        except FileNotFoundError:
            raise AccessError(f"对象存储里缺少文件 {self.url}/{_key(digest)}：请从备份恢复，或重新收取邮件") from None

    @contextmanager
    def _failures(self) -> Iterator[None]:
        from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError  # noqa: PLC0415

        try:
            yield
        except FileNotFoundError as error:
            self._ask_for_bucket(error)
            raise
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise AccessError(
                f"对象存储 {self.url} 拒绝访问，请检查环境变量 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY 和桶的权限"
            ) from error
        except BaseError as error:
            self._ask_for_bucket(error)
            raise TransientError(f"对象存储 {self.url} 暂时无法访问（{_first_words(error)}），稍后自动再试") from error

    def _ask_for_bucket(self, error: Exception) -> None:
        """AccessError where it is not the object but the whole bucket that is not there."""
        if "NoSuchBucket" in str(error):
            raise AccessError(f"对象存储里没有这个存储桶：{self.url}，请先建好再运行") from error


def _connect(url: str) -> S3Store:
    try:
        from obstore.store import S3Store  # noqa: PLC0415
    except ImportError:
        raise AccessError(f"使用对象存储的组件没有安装，{INSTALL_PROVINCE}") from None
    from obstore.exceptions import BaseError  # noqa: PLC0415

    plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
    try:
        return S3Store.from_url(
            url,
            client_options={"allow_http": plain, "timeout": _TIMEOUT, "connect_timeout": _TIMEOUT},
            retry_config={"max_retries": 3},
        )
    except BaseError as error:
        raise AccessError(
            f"对象存储的设置不对（{_first_words(error)}），请检查 config.toml 的 cache 和环境变量"
        ) from error


def _key(digest: str) -> str:
    require_digest(digest)
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def _first_words(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
