"""``baosong restore``: an office out of a backup, in a folder that is new."""

from __future__ import annotations

import secrets
import shutil
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import tomlkit

from pipeline.config.loading import load_config, office_name
from pipeline.errors import AccessError, ConfigError
from pipeline.keeping.bundle import CONFIG, LEDGER, Bundle, Progress, open_bundle, unpack
from pipeline.ledger.opening import open_ledger
from pipeline.ledger.snapshot import begin_anew, put_into, revision_is_known, without_password


@dataclass(frozen=True, slots=True)
class Restored:
    """The office that came out."""

    config: Path
    made_at: datetime  # of the backup: what came later is fetched again
    files: int


def restore(
    backup: Path, folder: Path, *, now: datetime, database: str | None, progress: Progress, office: str = ""
) -> Restored:
    """Everything checked against its hash, then put into place at one stroke. ConfigError for a folder in use.

    ``database``: an empty database that shall hold the ledger in place of a SQLite file in the folder; or one of many
    offices, where this one is new under the name ``office``.
    """
    _refuse_name(office, database)
    folder = folder.absolute()
    _refuse_used(folder)
    unfinished = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        with open_bundle(backup) as bundle:
            _refuse_impossible(bundle, folder)
            unfinished.mkdir(parents=True)
            unfinished.chmod(0o700)  # everybody's papers
            unpack(bundle, unfinished, progress)
            made_at = datetime.fromisoformat(bundle.manifest.made_at)
            files = len(bundle.manifest.files)
        _take_up(unfinished, now, database, office)
        if folder.is_dir():
            folder.rmdir()
        unfinished.rename(folder)
    except OSError as error:
        raise AccessError(f"恢复没有完成（{error.strerror}），请检查磁盘空间和权限：{folder}") from error
    finally:
        with suppress(OSError):
            shutil.rmtree(unfinished, ignore_errors=True)
    return Restored(folder / CONFIG, made_at, files)


def _refuse_name(office: str, database: str | None) -> None:
    try:
        office_name(office, database or "sqlite:///")
    except ValueError as error:
        raise ConfigError(str(error), key="--office") from error


def _refuse_used(folder: Path) -> None:
    try:
        if folder.is_dir() and not any(folder.iterdir()):
            return
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            return
    except OSError as error:
        raise AccessError(f"文件夹用不了（{error.strerror}）：{folder}，请换一个位置") from error
    raise ConfigError(f"{folder} 里已有文件，为防覆盖未恢复，请换一个新的文件夹：baosong restore 备份文件 新文件夹")


def _refuse_impossible(bundle: Bundle, folder: Path) -> None:
    if not revision_is_known(bundle.manifest.revision):
        raise AccessError(f"备份文件 {bundle.path} 由较新的版本做成，请先升级本程序")
    if not {CONFIG, LEDGER} <= bundle.manifest.files.keys():
        raise AccessError(f"备份文件 {bundle.path} 里缺少配置或台账，请改用另一份备份")
    size = sum(each.size for each in bundle.manifest.files.values())
    if size > (free := shutil.disk_usage(folder.parent).free):
        raise AccessError(f"恢复需要{size / 1024**3:.1f}GB，磁盘只剩{free / 1024**3:.1f}GB，请换一个磁盘：{folder}")


def _take_up(folder: Path, now: datetime, database: str | None, office: str) -> None:
    """Make the copied ledger one that works on, and that answers nobody twice."""
    file = folder / LEDGER
    ledger = put_into(file, database, office) if database else open_ledger(f"sqlite:///{file.as_posix()}")
    begin_anew(ledger, at=now)
    ledger.engine.dispose()  # a database file that is open can be moved nowhere
    if database:
        file.unlink()
        _write_database(folder / CONFIG, database, office)


def _write_database(config: Path, database: str, office: str) -> None:
    """Name the database in the settings, without its password: that stays in the environment."""
    settings = tomlkit.parse(config.read_text("utf-8"))
    settings["database"] = without_password(database)
    if office:
        settings["office"] = office
    config.write_text(tomlkit.dumps(settings), encoding="utf-8")


def misdirected(restored: Restored) -> bool:
    """Whether the environment sends the restored office to another database than the one that came out."""
    with_environment = load_config(restored.config).database
    written = tomllib.loads(restored.config.read_text("utf-8"))["database"]
    return not with_environment.endswith(written.removeprefix("sqlite:///"))
