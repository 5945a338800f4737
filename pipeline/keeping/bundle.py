"""A backup as one file: a zip of an office's folder, with a manifest of every file's hash.

Any program that opens a zip can unpack it, and what it unpacks is an office: names within are those of the new folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO, Self

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import AccessError

MANIFEST = "manifest.json"
CONFIG, LEDGER, RULES, CACHE = "config.toml", "baosong.db", "rules", "inbox_cache"
FORMAT = 1
_CHUNK = 1024 * 1024
_MOST_MANIFEST = 512 * _CHUNK  # of a million files

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a backup."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    format: int
    made_at: str  # ISO 8601
    campaign: str
    revision: str  # of the ledger's tables
    files: dict[str, Entry]


_MANIFEST = TypeAdapter(Manifest)


class BundleWriter:
    """A backup being written beside its place; it appears there, whole and read back, when :meth:`finish` returns."""

    def __init__(self, place: Path, made_at: datetime) -> None:
        self._place = place
        self._made_at = made_at
        self._unfinished = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
        self._files: dict[str, Entry] = {}
        self._zip: zipfile.ZipFile

    def __enter__(self) -> Self:
        with _failures(self._place):
            self._place.parent.mkdir(parents=True, exist_ok=True)
            # Everybody's papers: for the office's own account alone.
            descriptor = os.open(
                self._unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
            )
            self._file = os.fdopen(descriptor, "w+b")
            # Stored, not deflated: photos, videos and docx are compressed already.
            self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing behind of a backup that was not finished."""
        with suppress(OSError, ValueError):  # a full disk refuses the last octets once more
            self._zip.close()
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._unfinished.unlink(missing_ok=True)

    def add(self, name: str, source: BinaryIO) -> Entry:
        """Put a file in, and know it by its hash."""
        digest, size = hashlib.sha256(), 0
        with _failures(self._place), self._zip.open(self._named(name), "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self._files[name] = Entry(digest.hexdigest(), size)
        return self._files[name]

    def _named(self, name: str) -> zipfile.ZipInfo:
        return zipfile.ZipInfo(name, self._made_at.timetuple()[:6])

    def finish(self, *, campaign: str, revision: str, progress: Progress) -> Manifest:
        """Write the manifest, make all durable, read all of it back, and put it into its place at one stroke."""
        manifest = Manifest(FORMAT, self._made_at.isoformat(), campaign, revision, self._files)
        with _failures(self._place):
            self._zip.writestr(self._named(MANIFEST), json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())
        with open_bundle(self._unfinished) as bundle:
            for number, name in enumerate(bundle.manifest.files, 1):
                for _ in bundle.read(name):
                    pass
                progress("校验备份", number, len(self._files))
        with _failures(self._place):
            self._file.close()  # Windows renames no open file
            self._unfinished.replace(self._place)
        return manifest


@dataclass(frozen=True, slots=True)
class Bundle:
    """A backup opened to be read."""

    path: Path
    manifest: Manifest
    zip: zipfile.ZipFile

    def read(self, name: str) -> Iterator[bytes]:
        """A file's octets; AccessError at the end where they are not those that were put in."""
        expected = self.manifest.files[name]
        digest, size = hashlib.sha256(), 0
        with _failures(self.path), self.zip.open(name) as source:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > expected.size:
                    break
                digest.update(chunk)
                yield chunk
        if (digest.hexdigest(), size) != (expected.sha256, expected.size):
            raise AccessError(f"备份文件 {self.path} 已损坏（{name} 与清单不符），请改用另一份备份")


@contextmanager
def open_bundle(path: Path) -> Iterator[Bundle]:
    """A backup, its manifest read and its names found harmless. AccessError for anything else."""
    with _failures(path), zipfile.ZipFile(path) as opened:
        yield Bundle(path, _read_manifest(path, opened), opened)


def is_bundle(path: Path) -> bool:
    """Whether this file is a backup of ours, and so may be replaced by a newer one."""
    try:
        with open_bundle(path):
            return True
    except AccessError:
        return False


def _read_manifest(path: Path, opened: zipfile.ZipFile) -> Manifest:
    stranger = AccessError(f"{path} 不是本系统的备份文件，请核对文件名")
    names = [each.filename for each in opened.infolist()]
    if names.count(MANIFEST) != 1 or opened.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
        raise stranger
    try:
        manifest = _MANIFEST.validate_json(opened.read(MANIFEST))
    except ValidationError as error:
        raise stranger from error
    if manifest.format > FORMAT:
        raise AccessError(f"备份文件 {path} 由较新的版本做成，请先升级本程序")
    if sorted(names) != sorted((MANIFEST, *manifest.files)) or not all(map(_is_harmless, manifest.files)):
        raise AccessError(f"备份文件 {path} 的内容与清单不符，为安全起见未恢复，请改用另一份备份")
    return manifest


def _is_harmless(name: str) -> bool:
    """Whether a name stays within the folder that it is unpacked into, on every system."""
    parts = PurePosixPath(name).parts
    return (
        name == "/".join(parts)
        and not re.search(r'[\\:*?"<>|\x00-\x1f]', name)
        and not {".", ".."} & set(parts)
        and (name in (CONFIG, LEDGER) or (parts[0] in (RULES, CACHE) and len(parts) > 1))
    )


def unpack(bundle: Bundle, folder: Path, progress: Progress) -> None:
    """All files into a folder that is new."""
    for number, name in enumerate(bundle.manifest.files, 1):
        target = folder / name
        with _failures(folder):
            target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, bundle.read(name))
        progress("恢复文件", number, len(bundle.manifest.files))


def _write(target: Path, chunks: Iterable[bytes]) -> None:
    with _failures(target), target.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _failures(place: Path) -> Iterator[None]:
    """Turn what the disk and zipfile raise into errors of ours."""
    try:
        yield
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise AccessError(f"备份文件 {place} 已损坏或不是备份，请改用另一份备份") from error
    except OSError as error:
        raise AccessError(f"备份文件读写不了（{error.strerror or error}）：{place}，请检查磁盘空间和权限") from error
