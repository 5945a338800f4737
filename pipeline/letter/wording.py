"""The letters' templates: the office's own words around what there is to say. Text, and its twin as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    select_autoescape,
)

from pipeline.errors import ConfigError
from pipeline.tomlfile import did_you_mean

_FROM_PACKAGE = "或从安装包的 rules/letters/ 重新复制这个文件"


@lru_cache(maxsize=4)
def _environment(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render_template(folder: Path, name: str, words: Mapping[str, object]) -> str:
    """A letter in the office's own words. Raises ConfigError where they cannot be used."""
    try:
        written = _environment(folder).get_template(name).render(words)
    except UnicodeDecodeError as error:
        raise ConfigError(f"信件模板不是 UTF-8 编码，请另存为 UTF-8，{_FROM_PACKAGE}", file=folder / name) from error
    except (TemplateError, TypeError, ValueError) as error:  # the latter of a filter that is used on the wrong thing
        raise _explain(folder / name, error, words) from error
    return re.sub(r"\n{3,}", "\n\n", written).strip() + "\n"


def _explain(file: Path, error: Exception, words: Mapping[str, object]) -> ConfigError:
    """What is wrong with a template, where, and what to do."""
    line = error.lineno if isinstance(error, TemplateSyntaxError) else _line(error.__traceback__, file)
    match error:
        case TemplateNotFound():
            return ConfigError(f"找不到信件模板，请{_FROM_PACKAGE.removeprefix('或')}", file=file)
        case TemplateSyntaxError():
            problem = "大括号或百分号没有配对，或里面的写法有误，请改回原样"
        case UndefinedError():
            names = re.findall(r"'([^']+)'", error.message or "")
            strange = names[-1] if names else ""
            problem = f"不认识名称 {strange}{did_you_mean(strange, words)}，请改回原样"
        case _:
            problem = "大括号里的写法有误，请改回原样"
    return ConfigError(f"信件模板：{problem}，{_FROM_PACKAGE}", file=file, line=line)


def _line(trace: TracebackType | None, file: Path) -> int | None:
    """The template's line at which it was given up; Jinja writes the template's own name and lines into a traceback."""
    line = None
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).name == file.name:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
