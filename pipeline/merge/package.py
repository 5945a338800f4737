"""The folder that the documents are put into, their index, and one archive of it all."""

from __future__ import annotations

import errno
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pipeline.errors import AccessError
from pipeline.merge.gathering import Account, Gathered
from pipeline.merge.sheet import Book
from pipeline.report.rows import Value
from pipeline.report.sheet import Heading
from pipeline.text.days import write_moment

_UNFINISHED = ".part"
_NUMBER, _ENDING = re.compile(r"-\d\d\Z"), re.compile(r"\.[a-z0-9]{2,5}")


@contextmanager
def placing(folder: Path, name: str) -> Iterator[Path]:
    """A place to write a file of this name; it takes the old one's place when the block ends, or leaves it alone.

    Raises AccessError in the operator's words for whatever the system refuses.
    """
    target = folder / name
    unfinished = target.with_name(f"{target.name}{_UNFINISHED}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield unfinished
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise AccessError(_explain(target, error)) from error


def _explain(target: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"磁盘已满，{target} 写不下：请清理磁盘，或用 --to 换一个地方"
    if isinstance(error, PermissionError):
        return f"写不进 {target}：如果它正在 Word、WPS 或 Excel 里打开，请先关闭；否则请检查文件夹的权限"
    return f"写不进 {target}（{error.strerror or error}），请检查路径和磁盘"


def remove_earlier(folder: Path, stems: Mapping[str, str], keep: Sequence[str]) -> None:
    """Take away the villages' files of an earlier run that this one no longer has. Other files are not ours: they stay.

    Raises AccessError.
    """
    ours, kept = frozenset(stems.values()), frozenset(keep)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if (
            {path.stem, _NUMBER.sub("", path.stem)} & ours
            and _ENDING.fullmatch(path.suffix)
            and (path.name not in kept and path.is_file())
        ):
            try:
                path.unlink()
            except OSError as error:
                raise AccessError(_explain(path, error)) from error


# --- the index --------------------------------------------------------------------------------------------------------


def write_index(gathered: Gathered, account: Account) -> bytes:
    """A workbook: every file of a village with the mail that brought it and what became of it; and what is missing."""
    book = Book()
    campaign = gathered.campaign
    title = f"{campaign.short_title}汇总目录"
    subtitle = f"{campaign.issuer}　数据截至{write_moment(gathered.as_of, campaign.timezone)}"
    headings = [
        Heading("序号", 6, centred=True),
        Heading("汇总材料", 26),
        Heading("村", 14),
        Heading("材料", 28),
        Heading("汇总中的文件", 24),
        Heading("来件文件", 40),
        Heading("来件时间", 17, centred=True),
        Heading("第几次报送", 11, centred=True),
        Heading("发件邮箱", 26),
        Heading("邮件主题", 36),
        Heading("备注", 36),
    ]
    rows: list[list[Value]] = []
    for number, line in enumerate(account.lines, start=1):
        source = line.source
        received_at = source.received_at if source else None
        rows.append(
            [
                number,
                line.document,
                line.village,
                line.title,
                line.place,
                source.shown_name if source else "没有文件",
                received_at.astimezone(campaign.timezone).replace(tzinfo=None) if received_at else None,
                line.version,
                source.sender if source else "",
                source.subject if source else "",
                line.remark,
            ]
        )
    book.add("目录", title, subtitle, headings, rows)
    missing: list[list[Value]] = [[gap.village, gap.title, gap.why] for gap in account.gaps]
    columns = [Heading("村", 16), Heading("材料", 36), Heading("情况", 70, coloured=True)]
    name = "缺少和不全的"
    book.add(name, f"{title}：{name}", subtitle, columns, missing or [["无", "", "所有村的材料都已收录"]])
    return book.octets(gathered.as_of)


# --- the archive ------------------------------------------------------------------------------------------------------


def write_archive(folder: Path, names: Sequence[str], target: Path, at: datetime, step: Callable[[int], None]) -> None:
    """One zip of these files of the folder, each as it is: they are packed already. Raises OSError."""
    stamp = at.replace(tzinfo=None, microsecond=0).timetuple()[:6]
    with zipfile.ZipFile(target, "w") as archive:
        for number, name in enumerate(names, start=1):
            member = zipfile.ZipInfo(name, stamp)
            member.file_size = (folder / name).stat().st_size  # tells zipfile whether ZIP64 is needed
            member.external_attr = 0o644 << 16
            with (folder / name).open("rb") as source, archive.open(member, "w") as packed:
                shutil.copyfileobj(source, packed, 1 << 20)
            step(number)
