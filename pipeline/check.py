"""The shape of a check, how checks are found, and how one is run.

A check is one module in :mod:`pipeline.checks`; its file name is its code (``photo_count.py`` is ``photo-count``). Its
docstring has a title line and five headings (查什么、为什么、不合格、合格、怎么改) that ``baosong explain`` prints. It
holds ``Options``, a pure ``find`` and the constant ``CHECK``. Nothing else needs an edit when one is added.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from pipeline.model import Audience, Fact, Finding, Severity


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check found: where, and the words for the placeholders of its message."""

    where: str = ""
    attachment: str | None = None  # where the fact holds several files: the name of the one that is meant
    village: str | None = None  # where it speaks of another village than the fact's own
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoOptions:
    """For a check that a campaign cannot adjust."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check as its module declares it."""

    severity: Severity
    on: type[Any]  # the kind of fact it looks at
    find: Callable[[Any, Any], Iterator[Hit]]
    message: str  # with placeholders; ``{where}`` is always there
    options: type[Any] = NoOptions
    audience: Audience = Audience.VILLAGE
    review: bool = False  # only a person can settle it: the deliverable's state becomes `review`


@dataclass(frozen=True, slots=True)
class Setting:
    """A check as a campaign wants it: the check's own word where the campaign says nothing."""

    severity: Severity | None = None
    message: str | None = None
    options: Any = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A check module, loaded."""

    code: str
    check: Check
    title: str  # the first line of its docstring
    documentation: str


@cache
def all_checks() -> Mapping[str, Found]:
    """Every check there is, by code, found by file name."""
    import pipeline.checks as package  # noqa: PLC0415 (its modules import this one)

    found: dict[str, Found] = {}
    for module_info in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        code = module_info.name.replace("_", "-")
        documentation = inspect.cleandoc(module.__doc__ or "")
        found[code] = Found(code, module.CHECK, documentation.partition("\n")[0].rstrip("。"), documentation)
    return MappingProxyType(found)


def placeholders(message: str) -> frozenset[str]:
    """The names in braces in a message; ValueError if a brace is left open."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(message) if name is not None)


def run_check(
    code: str,
    check: Check,
    fact: Fact,
    setting: Setting,
    *,
    village: str | None,
    deliverable: str | None,
    attachment: str | None,
) -> Iterator[Finding]:
    """Stamp code, severity and wording on what the check finds in one fact.

    Raises whatever the check raises: the caller turns that into a finding for the coordinator alone.
    """
    options = setting.options if setting.options is not None else check.options()
    message = setting.message or check.message
    for hit in check.find(fact, options):
        yield Finding(
            code=code,
            severity=setting.severity or check.severity,
            audience=check.audience,
            message=message.format(where=hit.where, **hit.values),
            village=hit.village or village,
            deliverable=deliverable,
            attachment=hit.attachment or attachment,
            where=hit.where,
        )
