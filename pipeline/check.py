"""The shape of a check, how checks are found, and how one is run.

A check is one module in :mod:`pipeline.checks`; its file name is its code (``photo_count.py`` is ``photo-count``). Its
docstring has a title line and five headings (查什么、为什么、不合格、合格、怎么改) that ``baosong explain`` prints. It
holds a pure ``find``, the constant ``CHECK`` and, where a campaign may adjust it, ``Options``, told under a sixth
heading 选项. Nothing else needs an edit when one is added. A module whose name begins with an underscore is no
check: it holds what several checks share.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from pipeline.findings import join_places
from pipeline.model.facts import Fact
from pipeline.model.finding import Audience, Finding, FormCell, Severity


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check found: where, and the words for the placeholders of its message."""

    where: str = ""
    cells: tuple[FormCell, ...] = ()  # the same for a program: where a comment is put into the village's own file
    attachment: str | None = None  # where the fact is no one file's: the name of the file that is meant
    village: str | None = None  # where it speaks of another village than the fact's own
    values: Mapping[str, object] = field(default_factory=dict)
    severity: Severity | None = None  # where one hit weighs otherwise than the check; a campaign's own word still wins


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
    blank_form: bool = False  # mended by filling in the campaign's blank form: the answer brings it
    hides: frozenset[str] = frozenset()  # codes of findings that say nothing more beside this one, of the same file


@dataclass(frozen=True, slots=True)
class Setting:
    """A check as a campaign wants it: the check's own word where the campaign says nothing.

    A severity set here is that of every hit, also of one that would weigh otherwise.
    """

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
        if module_info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        code = module_info.name.replace("_", "-")
        documentation = inspect.cleandoc(module.__doc__ or "")
        found[code] = Found(code, module.CHECK, documentation.partition("\n")[0].rstrip("。"), documentation)
    return MappingProxyType(found)


def checks_on(fact: Fact) -> tuple[Found, ...]:
    """The checks that look at facts of this kind."""
    kind = type(fact)
    if kind not in _ON:
        _ON[kind] = tuple(found for found in all_checks().values() if issubclass(kind, found.check.on))
    return _ON[kind]


_ON: dict[type[Any], tuple[Found, ...]] = {}  # found once for each kind


@cache
def all_hides() -> Mapping[str, frozenset[str]]:
    """By code of a finding the codes of those that say nothing more beside it."""
    return MappingProxyType({code: found.check.hides for code, found in all_checks().items()})


def placeholders(message: str) -> frozenset[str]:
    """The names in braces in a message; ValueError if a brace is left open."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(message) if name is not None)


_WEIGHTS = {
    Severity.ERROR: "错误（退回补正）",
    Severity.WARNING: "提醒（不退回）",
    Severity.INFO: "提示（不退回）",
}


def explain(found: Found) -> str:
    """A check's documentation as ``baosong explain`` prints it: code, title, weight, headings, and its defaults."""
    check = found.check
    title, _, text = found.documentation.partition("\n")
    told = "告知报送的村" if check.audience is Audience.VILLAGE else "只告知工作人员"
    lines = [f"{found.code}  {title}", f"{_WEIGHTS[check.severity]}；{told}", text.rstrip()]
    for option in fields(check.options):
        default = "必须写明" if option.default is MISSING else json.dumps(option.default, ensure_ascii=False)
        lines.append(f"    默认 {option.name} = {default}")
    return "\n".join(lines) + "\n"


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
    for hit in _join(check.find(fact, options)):
        yield Finding(
            code=code,
            severity=setting.severity or hit.severity or check.severity,
            audience=check.audience,
            message=message.format(where=hit.where, **hit.values),
            village=hit.village or village,
            deliverable=deliverable,
            # A picture within a document has a name too (image1.jpeg), one that its sender never saw.
            attachment=attachment or hit.attachment,
            where=hit.where,
            cells=hit.cells,
        )


def _join(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Hits that say the same of several places as one, at the place of the first."""
    groups: dict[tuple[object, ...], list[Hit]] = {}
    for hit in hits:
        said = tuple((name, str(value)) for name, value in sorted(hit.values.items()))
        groups.setdefault((hit.attachment, hit.village, hit.severity, said), []).append(hit)
    for group in groups.values():
        cells = dict.fromkeys(cell for hit in group for cell in hit.cells)
        yield replace(group[0], where=join_places(hit.where for hit in group), cells=tuple(cells))
