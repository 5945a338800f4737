"""How a campaign wants its checks to run: which of them, with which options, weight and wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from pipeline.check import Check, Setting, all_checks, placeholders
from pipeline.model.campaign import Kind
from pipeline.model.facts import (
    ActivityTable,
    Delivery,
    FigureTable,
    File,
    Link,
    Mail,
    PhotoSet,
    Pictures,
    Prose,
    VideoSet,
)
from pipeline.model.filled import FilledForm
from pipeline.model.finding import Severity
from pipeline.tomlfile import KeyPath, complain, did_you_mean

# Which facts each kind of deliverable has, and so which checks may be put on it.
FACTS_OF_ANY: frozenset[type[Any]] = frozenset({Delivery, File, Link, Pictures})
FACTS: Mapping[Kind, frozenset[type[Any]]] = {
    Kind.ACTIVITIES: frozenset({FilledForm, ActivityTable}),
    Kind.FIGURES: frozenset({FilledForm, FigureTable}),
    Kind.PROSE: frozenset({Prose}),
    Kind.PHOTOS: frozenset({PhotoSet}),
    Kind.VIDEOS: frozenset({VideoSet}),
}
FACTS_OF_MAIL: frozenset[type[Any]] = frozenset({Mail, File, Link})


def read_checks(
    written: Mapping[str, Mapping[str, Any] | bool],
    facts: frozenset[type[Any]],
    path: Path,
    text: str,
    key: KeyPath,
) -> Mapping[str, Setting]:
    """How each check that looks at one of these facts is to run; those not written run as they declare themselves."""
    known = all_checks()
    for code in written:
        if code not in known:
            raise complain(path, text, (*key, code), f"没有这项核对{did_you_mean(code, known)}")
        if known[code].check.on not in facts:
            fitting = "、".join(sorted(other for other in known if known[other].check.on in facts))
            raise complain(path, text, (*key, code), f"这项核对不适用于此处，此处可用的有 {fitting}")
    settings: dict[str, Setting] = {}
    for code, found in known.items():
        if found.check.on not in facts:
            continue
        wish = written.get(code, {})
        if isinstance(wish, bool):
            settings[code] = Setting(enabled=wish, options=_defaults(found.check))
        else:
            settings[code] = _read_setting(found.check, wish, path, text, (*key, code))
    return settings


def _defaults(check: Check) -> Any:
    """The check's options where it can do without the campaign's word, else None."""
    required = [f for f in fields(check.options) if f.default is MISSING and f.default_factory is MISSING]
    return None if required else check.options()


def _read_setting(check: Check, wish: Mapping[str, Any], path: Path, text: str, key: KeyPath) -> Setting:
    options = dict(wish)
    severity = options.pop("severity", None)
    if severity is not None and severity not in list(Severity):
        raise complain(path, text, (*key, "severity"), "应为 error、warning 或 info")
    message = options.pop("message", None)
    if message is not None:
        _refuse_strange_placeholders(check, message, path, text, (*key, "message"))
    known = {field.name for field in fields(check.options)}
    for name in options:
        if name not in known:
            also = ["severity", "message", *sorted(known)]
            hint = did_you_mean(name, also) or f"，可用的有 {'、'.join(also)}"
            raise complain(path, text, (*key, name), f"这项核对没有这个选项{hint}")
    if not options:
        defaults = _defaults(check)
        return Setting(severity and Severity(severity), message, defaults, enabled=defaults is not None)
    hints = get_type_hints(check.options)
    try:
        values = {name: TypeAdapter(hints[name]).validate_python(value) for name, value in options.items()}
        chosen = check.options(**values)
    except ValidationError as error:
        name = next(iter(options))
        raise complain(path, text, (*key, name), "这个值的类型不对，请对照 baosong explain 的说明") from error
    except TypeError as error:
        raise complain(path, text, key, "选项没有写全，请对照 baosong explain 的说明") from error
    return Setting(severity and Severity(severity), message, chosen)


def _refuse_strange_placeholders(check: Check, message: str, path: Path, text: str, key: KeyPath) -> None:
    allowed = placeholders(check.message) | {"where"}
    try:
        strange = placeholders(message) - allowed
    except ValueError as error:
        raise complain(path, text, key, "大括号没有配对，请检查") from error
    if strange:
        problem = f"没有 {{{sorted(strange)[0]}}} 这个占位词，可用的有 {'、'.join(sorted(allowed))}"
        raise complain(path, text, key, problem)
