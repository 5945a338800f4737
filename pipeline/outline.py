"""What a campaign asks of whom, in short, remembered beside the configuration for commands that merely look.

To open an office is to check settings, rules, blank forms, letters and register, which takes longer than to read how
everything stands. What came of it is kept with a digest of all that it was read from and of the program's own files:
as long as none of them changes, it would come out the same, and nothing is checked again. A memory that is absent, old
or broken is as good as none: the office is opened as always.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:  # both are long to load
    from pipeline.config import Config
    from pipeline.model.campaign import Campaign
    from pipeline.register import Register

_TICK: Final = 20_000_000  # nanoseconds: how late a file's own clock may be
_HERE: Final = Path(__file__).parent
# What of the program an office is opened by; the rest is not looked at, which would take longer.
_OWN_FOLDERS: Final = (_HERE, *(_HERE / name for name in ("campaign", "checks", "config", "ledger", "model")))
_SECRETS: Final = ("BAOSONG_PASSWORD_", "BAOSONG_MAILBOX_PASSWORD", "BAOSONG_OUTGOING_PASSWORD", "BAOSONG_NOTICES_")


@dataclass(frozen=True, slots=True)
class Due:
    """A deliverable's name and deadline."""

    id: str
    title: str
    due_on: date
    due_at: datetime  # the first moment that is late


@dataclass(frozen=True, slots=True)
class Outline:
    """A campaign as far as it takes to tell how everything stands; and where that is kept."""

    id: str
    short_title: str
    timezone: ZoneInfo
    deliverables: tuple[Due, ...]
    villages: tuple[str, ...]  # names, in the register's order
    database: str  # as :class:`pipeline.config.Config` has it
    office: str

    @property
    def due(self) -> dict[str, datetime]:
        """The campaign's deadlines, by the deliverables' ids."""
        return {each.id: each.due_at for each in self.deliverables}

    def deliverable(self, id: str) -> Due:  # noqa: A002 (the contract's word)
        """The deliverable of this id; KeyError if there is none."""
        for deliverable in self.deliverables:
            if deliverable.id == id:
                return deliverable
        raise KeyError(id)


def outline_of(config: Config, campaign: Campaign, register: Register) -> Outline:
    """The outline of an office that was opened."""
    return Outline(
        id=campaign.id,
        short_title=campaign.short_title,
        timezone=campaign.timezone,
        deliverables=tuple(Due(each.id, each.title, each.due_on, each.due_at) for each in campaign.deliverables),
        villages=register.names,
        database=config.database,
        office=config.office,
    )


def recall_outline(config: Path) -> Outline | None:
    """What opening this office came to, where nothing that it rests on has changed since; else None."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(_memory_of(config).read_bytes())
        files = [Path(file) for file in kept["files"]]
        if files[:1] == [config.absolute()] and kept["of"] == _digest(files):  # the folder may be a copy of another's
            return _read(kept["outline"], config)
    return None


def remember_outline(config: Config, campaign: Campaign, register: Register, *, began: int) -> None:
    """Keep what opening this office came to. ``began``: ``time.time_ns()`` before its first file was read.

    Nothing is kept where a file may have changed while it was read, or where there is no room for it.
    """
    forms = {each.form.file for each in campaign.deliverables if each.form}
    files = [config.file, config.campaign, config.villages, *sorted(forms), campaign.letters]
    with suppress(OSError):
        if any(file.stat().st_mtime_ns > began - _TICK for file in _all_of(files)):
            return
        kept = {
            "of": _digest(files),
            "files": [str(file) for file in files],
            "outline": _write(outline_of(config, campaign, register)),
        }
        written = json.dumps(kept, ensure_ascii=False).encode()
        memory = _memory_of(config.file)
        if memory.exists() and memory.read_bytes() == written:
            return
        fresh = memory.with_name(f"{memory.name}.{os.getpid()}")
        fresh.write_bytes(written)
        fresh.replace(memory)


def _memory_of(config: Path) -> Path:
    return config.absolute().with_suffix(".outline")


def _digest(files: Iterable[Path]) -> str:
    """Of these files and folders, of the program's own files by size and time, of the settings in the environment."""
    digest = hashlib.sha256()
    for file in _all_of(files):
        digest.update(f"{file}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    for folder in _OWN_FOLDERS:
        own = [(each.name, each.stat()) for each in os.scandir(folder) if each.is_file()]
        digest.update(repr([(name, stat.st_size, stat.st_mtime_ns) for name, stat in sorted(own)]).encode())
    digest.update(repr(sorted(_settings().items())).encode())
    return digest.hexdigest()


def _all_of(files: Iterable[Path]) -> Iterator[Path]:
    for file in files:
        if file.is_dir():
            yield from sorted(each for each in file.iterdir() if each.is_file())
        elif file.exists():
            yield file


def _settings() -> dict[str, str]:
    """Those in the environment, which win over the file; no secrets."""
    upper = {name.upper(): value for name, value in os.environ.items()}
    return {
        name: value for name, value in upper.items() if name.startswith("BAOSONG_") and not name.startswith(_SECRETS)
    }


def _write(outline: Outline) -> dict[str, Any]:
    """As JSON values; without a database's url that may hold a password, which stands where it stood before."""
    values = asdict(outline) | {"timezone": outline.timezone.key}
    values["deliverables"] = [
        [each.id, each.title, each.due_on.isoformat(), each.due_at.isoformat()] for each in outline.deliverables
    ]
    if not outline.database.startswith("sqlite"):
        values["database"] = ""
    return values


def _read(values: dict[str, Any], config: Path) -> Outline:
    zone = ZoneInfo(values["timezone"])
    return Outline(
        id=values["id"],
        short_title=values["short_title"],
        timezone=zone,
        deliverables=tuple(
            Due(id_, title, date.fromisoformat(due_on), datetime.fromisoformat(due_at).astimezone(zone))
            for id_, title, due_on, due_at in values["deliverables"]
        ),
        villages=tuple(values["villages"]),
        database=values["database"] or _settings().get("BAOSONG_DATABASE") or _written_database(config),
        office=values["office"],
    )


def _written_database(config: Path) -> str:
    written: str = tomllib.loads(config.read_bytes().decode("utf-8-sig"))["database"]
    return written
