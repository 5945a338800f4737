"""The register as the office keeps it: a CSV file, from whatever program saved it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.model.campaign import Village
from pipeline.register import Register

COLUMNS = ("village", "aliases", "addresses", "contact")


def load_register(path: Path, place_words: Sequence[str] = ()) -> Register:
    """Read the register: UTF-8 with or without BOM, else GB18030 (seen: saved by Excel and WPS on Windows).

    Raises ConfigError naming file, line and remedy.
    """
    try:
        octets = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError("找不到村名册，请检查 config.toml 中 villages 的路径", file=path) from None
    except OSError as error:
        raise ConfigError(f"村名册无法读取（{error.strerror}），请检查文件权限", file=path) from error
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = octets.decode("gb18030")
        except UnicodeDecodeError:
            raise ConfigError("编码既不是 UTF-8 也不是 GB18030，请另存为“CSV UTF-8”", file=path) from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    columns = [column.strip() for column in rows.fieldnames or ()]
    rows.fieldnames = columns
    if missing := [column for column in COLUMNS[:1] if column not in columns]:
        raise ConfigError(f"第一行缺少列名 {missing[0]}，应为 {','.join(COLUMNS)}", file=path, line=1)
    if unknown := [column for column in columns if column not in COLUMNS]:
        raise ConfigError(f"不认识的列 {unknown[0]}，应为 {','.join(COLUMNS)}", file=path, line=1)
    villages: dict[str, Village] = {}
    for row in rows:
        name = (row["village"] or "").strip()
        if not name:
            continue
        if name in villages:
            raise ConfigError(f"{name}出现了两次，请删去一行", file=path, line=rows.line_num)
        addresses = tuple(address.lower() for address in _split(row.get("addresses")))
        if bad := next((address for address in addresses if not re.fullmatch(r"[^@\s]+@[^@\s]+", address)), None):
            raise ConfigError(f"{name}的邮箱“{bad}”不像邮箱地址，多个邮箱用分号隔开", file=path, line=rows.line_num)
        villages[name] = Village(name, _split(row.get("aliases")), addresses, (row.get("contact") or "").strip())
    if not villages:
        raise ConfigError("村名册里一个村也没有", file=path)
    return Register(tuple(villages.values()), tuple(place_words))


def _split(field: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in re.split("[;；]", field or "") if part.strip()))
