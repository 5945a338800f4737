"""The office's list of villages, imported with a preview."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from pipeline.errors import ConfigError
from pipeline.model.campaign import Village
from pipeline.register_file import COLUMNS, load_register
from pipeline.wizard.interview import Interview
from pipeline.wizard.roll import Columns, Roll, Rows, guess_columns, read_rows, understand, write_register
from pipeline.wizard.settings import replace_file

_SHOWN = 12
_TITLES = dict(zip(COLUMNS, ("村名", "别名", "邮箱", "联系人"), strict=True))
REGISTER = "villages.csv"


def ask_register(interview: Interview, folder: Path, *, given: str | None, old: str) -> str:
    """The register's path as config.toml says it."""
    if not interview.silent:
        interview.say("村名册可以是 Excel、WPS 表格、Word 表格或 CSV，有村名一列就行，邮箱和联系人有更好。")
    return interview.ask(
        "村名册文件",
        lambda written: _take(interview, folder, Path(written)),
        option="--villages",
        given=given,
        default=old,
    )


def _take(interview: Interview, folder: Path, written: Path) -> str:
    file = Path(str(written).strip("\"' ")).expanduser()
    file = file if file.is_absolute() or not (folder / file).exists() else folder / file
    _require_readable(file)
    if _is_register(file):
        interview.say(f"{file.name}：{len(load_register(file).villages)}个村。")
        if file.absolute().is_relative_to(folder.absolute()):
            return file.absolute().relative_to(folder.absolute()).as_posix()
        _write(interview, folder, file.read_bytes())
        return REGISTER
    tables = [(rows, guess_columns(rows)) for rows in read_rows(file) if any(map(any, rows))]
    if not tables:
        raise ConfigError("这个文件是空的，里面没有村名", file=file)
    rolls = [(rows, columns, understand(rows, columns)) for rows, columns in tables if columns is not None]
    rows, columns, roll = max(
        rolls, key=lambda each: len(each[2].villages), default=(tables[0][0], Columns(0), Roll((), ()))
    )
    if not roll.villages and interview.silent:
        raise ConfigError("没有认出哪一列是村名，请在第一行写上“村名”“邮箱”“联系人”", file=file)
    while True:
        _preview(interview, roll)
        if roll.villages and interview.confirm("对吗？"):
            break
        columns = _ask_columns(interview, rows)
        roll = understand(rows, columns)
    _write(interview, folder, write_register(roll.villages).encode("utf-8-sig"))
    return REGISTER


def _require_readable(file: Path) -> None:
    try:
        if file.is_file():
            with file.open("rb") as stream:
                stream.read(1)
    except OSError as error:
        raise ConfigError(
            f"文件读不了（{error.strerror}），请检查权限；正用 Excel、WPS 打开着的，请先关闭", file=file
        ) from error


def _is_register(file: Path) -> bool:
    """Whether it is a register already, rather than a list to be imported."""
    if file.suffix.lower() != ".csv" or not file.is_file():
        return False
    head = file.read_bytes()[:200].decode("utf-8-sig", "replace").partition("\n")[0]
    return "village" in [column.strip() for column in head.split(",")]


def _write(interview: Interview, folder: Path, octets: bytes) -> None:
    kept = replace_file(folder / REGISTER, octets)
    interview.say(f"已写入 {folder / REGISTER}" + (f"，原来的另存为 {kept.name}。" if kept else "。"))


def _preview(interview: Interview, roll: Roll) -> None:
    if not roll.villages:
        interview.say("没有认出哪一列是村名。")
        return
    table = Table(box=box.ASCII)
    for title in ("序号", *_TITLES.values()):
        table.add_column(title, overflow="fold")
    for number, each in enumerate(roll.villages[:_SHOWN], 1):
        table.add_row(str(number), *_cells(each))
    console = Console(highlight=False)
    console.print(table, markup=False)
    more = f"，上面是前{_SHOWN}个" if len(roll.villages) > _SHOWN else ""
    without = sum(not each.addresses for each in roll.villages)
    lacking = f"，其中{without}个没有邮箱（仍可按村名识别来件，但不能提醒）" if without else ""
    interview.say(f"共{len(roll.villages)}个村{more}{lacking}。")
    for remark in roll.remarks[:_SHOWN]:
        interview.say(f"  请留意：{remark}")
    if len(roll.remarks) > _SHOWN:
        interview.say(f"  另有{len(roll.remarks) - _SHOWN}处类似情况。")


def _cells(village: Village) -> Sequence[str]:
    return village.name, "；".join(village.aliases), "；".join(village.addresses), village.contact


def _ask_columns(interview: Interview, rows: Rows) -> Columns:
    width = max(map(len, rows), default=0)
    interview.say("请告诉我各列是什么。表里各列的头几个内容：")
    for column in range(width):
        samples = [row[column] for row in rows if column < len(row) and row[column]][:4]
        interview.say(f"  {column + 1}. {'、'.join(samples) or '（空）'}")

    def numbers(answer: str) -> tuple[int, ...]:
        wanted = answer.replace("，", ",").replace("、", ",").split(",")
        if not answer:
            return ()
        if not all(each.strip().isdecimal() and 1 <= int(each) <= width for each in wanted):
            raise ValueError(f"请填1到{width}的列号，几列用逗号隔开")
        return tuple(int(each) - 1 for each in wanted)

    def one(answer: str) -> int:
        return numbers(answer)[0]

    def line(answer: str) -> int:
        if not answer.isdecimal() or not 1 <= int(answer) <= len(rows):
            raise ValueError(f"请填1到{len(rows)}的行号")
        return int(answer) - 1

    village = interview.ask("村名在第几列", one, option="--villages")
    first = interview.ask("第一个村在第几行", line, option="--villages", default="2")
    aliases, addresses, contact = [
        interview.ask(f"{_TITLES[name]}在第几列（没有就直接回车）", numbers, option="--villages", required=False)
        for name in ("aliases", "addresses", "contact")
    ]
    return Columns(village, aliases, addresses, contact, first)
