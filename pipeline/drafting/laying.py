"""A draft -> its files: the rules, and beside them the notice and the blank forms. Nothing is lost."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from pipeline.campaign import load_campaign
from pipeline.drafting.values import Draft
from pipeline.drafting.writing import write_rules
from pipeline.errors import AccessError, ConfigError

_OWN_LETTERS = Path(__file__).parent.parent.parent / "rules" / "letters"


def lay_down(draft: Draft, notice: bytes, target: Path, *, overwrite: bool) -> tuple[Path, ...]:
    """Write the rules to ``target`` and what they name into the folder beside it; the files written, rules first.

    They are tried before anything is written. Raises ConfigError where a file stands there already and may not be
    overwritten, AccessError where nothing can be written.
    """
    files = {target.name: write_rules(draft).encode()}
    files |= {each.form.file: each.form.blank.octets for each in draft.deliverables if each.form}
    files |= {f"{draft.id}/form-{number}{each.suffix}": each.octets for number, each in enumerate(draft.kept, 1)}
    if draft.notice_file:
        files[draft.notice_file] = notice
    _try(files, target.name)
    if not overwrite:
        for name in files:
            if (file := target.parent / name).exists():
                problem = "已经有这个文件了，没有改动它；请用 --output 写一个新的文件名，确实要重写的，请加 --overwrite"
                raise ConfigError(problem, file=file)
    try:
        for name, octets in files.items():
            file = target.parent / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(octets)
        if not (target.parent / "letters").exists() and _OWN_LETTERS.is_dir():
            shutil.copytree(_OWN_LETTERS, target.parent / "letters")
    except OSError as error:
        raise AccessError(f"文件写不进去（{error.strerror}），请检查权限和磁盘空间：{target.parent}") from error
    return tuple(target.parent / name for name in files)


def _try(files: dict[str, bytes], name: str) -> None:
    """Load the campaign from a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="baosong-") as folder:
        for each, octets in files.items():
            file = Path(folder) / each
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(octets)
        load_campaign(Path(folder) / name)
