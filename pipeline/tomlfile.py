"""A TOML file, read strictly: every complaint names file, line and key, and says what to do."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.errors import ConfigError

Model = TypeVar("Model", bound=BaseModel)
KeyPath = tuple[str | int, ...]

# pydantic's kinds of error, in the operator's words. https://docs.pydantic.dev/latest/errors/validation_errors/
_WORDS: Mapping[str, str] = {
    "missing": "缺少这一项，请补上",
    "string_type": "应为文字，请加上双引号",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "bool_type": "应为 true 或 false",
    "list_type": "应为列表，写在方括号 [ ] 里",
    "tuple_type": "应为列表，写在方括号 [ ] 里",
    "dict_type": "应为一组键值",
    "date_type": "应为日期，例如 2023-05-05（不加引号）",
    "date_from_datetime_inexact": "应为日期，例如 2023-05-05（不加引号）",
    "greater_than_equal": "数太小了",
    "less_than_equal": "数太大了",
    "string_too_short": "不能空着",
    "too_short": "至少要有一项",
}


def read_toml(path: Path, what: str) -> tuple[dict[str, Any], str]:
    """The file's content and its text; ConfigError when it is absent, not UTF-8 or not TOML."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise ConfigError(f"找不到{what}，请检查路径", file=path) from None
    except OSError as error:
        raise ConfigError(f"{what}无法读取（{error.strerror}），请检查文件权限", file=path) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{what}不是 UTF-8 编码，请用记事本另存为 UTF-8", file=path) from error
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = int(line.group(1)) if line else text.count("\n") + 1
        raise ConfigError("这一行写法有误，请检查引号、等号和括号", file=path, line=number) from error


def line_of(text: str, key: KeyPath) -> int | None:
    """The line (from 1) where this key is set, or its nearest enclosing table; None where nothing of it stands."""
    found: dict[KeyPath, int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: KeyPath = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$", line):
            names = tuple(part.strip().strip("\"'") for part in header.group(2).split("."))
            if header.group(1) == "[[":
                counts[names] = counts.get(names, -1) + 1
            table = ()
            for depth, name in enumerate(names, 1):
                table += (name, counts[names[:depth]]) if names[:depth] in counts else (name,)
            found.setdefault(table, number)
        elif pair := re.match(r"\s*([\w\"'.-]+)\s*=", line):
            names = tuple(part.strip("\"'") for part in pair.group(1).split("."))
            found.setdefault((*table, *names), number)
    for length in range(len(key), 0, -1):
        if key[:length] in found:
            return found[key[:length]]
    return None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """“，您是不是要写 X” for a near miss, else the empty string."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"，您是不是要写 {near[0]}" if near else ""


def complain(path: Path, text: str, key: KeyPath, problem: str) -> ConfigError:
    """The error for one key, with its line."""
    return ConfigError(problem, file=path, line=line_of(text, key), key=_shown(key))


def read_model(path: Path, what: str, model: type[Model]) -> tuple[Model, str]:
    """The file as a model, and its text. The first fault becomes a ConfigError; unknown keys are faults."""
    content, text = read_toml(path, what)
    try:
        return model.model_validate(content), text
    except ValidationError as error:
        raise explain_fault(error, path, text, model) from error


def explain_fault(error: ValidationError, path: Path, text: str, model: type[BaseModel]) -> ConfigError:
    """The first fault of a validation, in the operator's words."""
    # A mistyped key is also a missing one: the line that was written says more.
    fault = min(error.errors(), key=lambda each: (each["type"] != "extra_forbidden", line_of(text, each["loc"]) or 0))
    key = tuple(part for part in fault["loc"] if not (isinstance(part, str) and part.startswith("function-")))
    if fault["type"] == "extra_forbidden":
        known = _fields_at(model, key[:-1])
        hint = did_you_mean(str(key[-1]), known) or (f"，可用的有 {'、'.join(known)}" if known else "")
        return complain(path, text, key, f"不认识这个键{hint}")
    words = _WORDS.get(fault["type"])
    if fault["type"] == "enum" or fault["type"] == "literal_error":
        expected = str(fault.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", "、")
        words = f"应为下列之一：{expected}"
    if fault["type"] == "value_error":
        words = str(fault["ctx"]["error"])
    return complain(path, text, key, words or f"这个值不对（{fault['msg']}）")


def _shown(key: KeyPath) -> str:
    return ".".join(str(part) if isinstance(part, str) else f"第{part + 1}个" for part in key)


def _fields_at(model: type[BaseModel], key: KeyPath) -> list[str]:
    """The keys that the model knows at this place, as written in the file."""
    here: Any = model
    for part in key:
        if isinstance(part, int):
            continue
        field = next((f for n, f in here.model_fields.items() if part in (n, f.alias)), None)
        here = _model_within(field.annotation) if field else None
        if here is None:
            return []
    return [field.alias or name for name, field in here.model_fields.items()]


def _model_within(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if (inner := _model_within(argument)) is not None:
            return inner
    return None
