"""``baosong backup``: everything an office needs to go on elsewhere, in one file, while it works."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

import tomlkit
from tomlkit.items import Table

from pipeline.cache.local import blob_name, note_name
from pipeline.errors import AccessError, ConfigError
from pipeline.keeping.bundle import CACHE, CONFIG, LEDGER, RULES, BundleWriter, Progress, is_bundle
from pipeline.ledger.revision import newest_revision
from pipeline.ledger.snapshot import copy_to_file, needed_octets
from pipeline.office import Office


@dataclass(frozen=True, slots=True)
class BackupResult:
    """Where it lies, how much it holds, and what could not be put in."""

    place: Path
    files: int
    size: int
    troubles: tuple[str, ...]


def back_up(office: Office, place: Path | None, progress: Progress) -> BackupResult:
    """Write a backup and read it back. ConfigError where that would overwrite what is no backup.

    The ledger is copied first: whatever it speaks of was in the cache before, and octets there never change.
    """
    now = office.now()
    place = _choose_place(office, place, now)
    troubles: list[str] = []
    with tempfile.TemporaryDirectory() as folder, BundleWriter(place, now) as bundle:
        copy = Path(folder) / LEDGER
        copy_to_file(office.ledger, copy)
        with copy.open("rb") as file:
            bundle.add(LEDGER, file)
        rules = dict(_rules(office))
        for name, path in rules.items():
            with _opened(path) as octets:
                bundle.add(name, octets)
        bundle.add(CONFIG, io.BytesIO(_config_elsewhere(office, rules)))
        troubles += _add_cache(office, bundle, progress)
        manifest = bundle.finish(campaign=office.campaign.id, revision=newest_revision(), progress=progress)
    troubles += [f"这个文件不在规则文件夹里，没有备份：{path}" for path in _outside(office)]
    return BackupResult(place, len(manifest.files), place.stat().st_size, tuple(troubles))


def _choose_place(office: Office, place: Path | None, now: datetime) -> Path:
    name = f"baosong-{office.campaign.id}-{now:%Y%m%d-%H%M%S}.zip"
    if place is None:
        return office.config.file.parent / "backups" / name
    if place.is_dir():
        return place.absolute() / name
    if place.exists() and not is_bundle(place):
        raise ConfigError(f"{place} 不是本系统的备份文件，为防覆盖未写入，请换一个文件名")
    return place.absolute()


def _opened(path: Path) -> io.BytesIO:
    try:
        return io.BytesIO(path.read_bytes())
    except OSError as error:
        raise AccessError(f"文件读不了（{error.strerror}）：{path}，请检查权限") from error


# --- octets -----------------------------------------------------------------------------------------------------------


def _add_cache(office: Office, bundle: BundleWriter, progress: Progress) -> Iterator[str]:
    needed = needed_octets(office.ledger)
    kept = list(office.cache.digests())
    missing = len(needed - frozenset(kept))
    damaged = 0
    for number, digest in enumerate(kept, 1):
        with office.cache.open(digest) as file:
            entry = bundle.add(f"{CACHE}/{blob_name(digest)}", file)
        damaged += entry.sha256 != digest
        progress("备份文件", number, len(kept))
    for octets in office.cache.notes():
        bundle.add(f"{CACHE}/{note_name(octets)}", io.BytesIO(octets))
    if missing:
        yield f"缓存里缺少{missing}个台账记有的文件，备份里也没有"
    if damaged:
        yield f"缓存里有{damaged}个文件已损坏（内容与指纹不符），请检查磁盘"


# --- rules and settings -----------------------------------------------------------------------------------------------


def _rules(office: Office) -> Iterator[tuple[str, Path]]:
    """The campaign with its forms and letters, other campaigns beside it, and the register: name within -> file."""
    config = office.config
    base = config.campaign.parent
    beside = [each for each in base.glob("*.toml") if each != config.file]
    folders = [office.campaign.letters, *(each.with_suffix("") for each in beside)]
    found = {config.campaign, *beside, *_papers(office)}
    found |= {file for folder in folders for file in folder.rglob("*") if file.is_file()}
    for path in sorted(found):
        if path.is_relative_to(base):
            yield f"{RULES}/{path.relative_to(base).as_posix()}", path
    yield _register_name(office), config.villages


def _papers(office: Office) -> set[Path]:
    files = {each.form.file for each in office.campaign.deliverables if each.form}
    return files | ({office.campaign.notice_file} if office.campaign.notice_file else set())


def _outside(office: Office) -> list[Path]:
    return sorted(each for each in _papers(office) if not each.is_relative_to(office.config.campaign.parent))


def _register_name(office: Office) -> str:
    villages, base = office.config.villages, office.config.campaign.parent
    inside = villages.relative_to(base) if villages.is_relative_to(base) else PurePosixPath(villages.name)
    return f"{RULES}/{inside.as_posix()}"


def _config_elsewhere(office: Office, rules: dict[str, Path]) -> bytes:
    """config.toml as it must be in another folder: its own files there, a mailbox of files where it was.

    The database is the copy, so the way to the old one, which may hold a password, stays behind.
    """
    config = office.config
    try:
        settings = tomlkit.parse(config.file.read_text("utf-8-sig"))
    except OSError as error:
        raise AccessError(f"文件读不了（{error.strerror}）：{config.file}，请检查权限") from error
    settings["campaign"] = next(name for name, path in rules.items() if path == config.campaign)
    settings["villages"] = _register_name(office)
    settings["database"] = f"sqlite:///{LEDGER}"
    settings["cache"] = CACHE
    for shared in ("office", "engine"):  # a name within a database of many, and who works there
        settings.pop(shared, None)
    sections = [(settings.get("mailbox"), config.mailbox.url), (settings.get("outgoing"), config.outgoing.url)]
    sections += zip(settings.get("mailboxes", []), (each.url for each in config.more_mailboxes), strict=True)
    for section, url in sections:
        if url.path is not None and isinstance(section, Table) and "url" in section:
            section["url"] = url.text
    return tomlkit.dumps(settings).encode()
