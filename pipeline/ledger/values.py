"""Values in and out of JSON columns. pydantic writes and checks them by the dataclasses of :mod:`pipeline.model`."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from pipeline.model.finding import Finding
from pipeline.model.standing import Remembered
from pipeline.model.submission import Evidence, LinkFiling

_REMEMBERED = TypeAdapter(Remembered)
_FOUND_ANEW: Any = {"pictures": {"__all__": {"preview", "near"}}}
_FINDINGS = TypeAdapter(tuple[Finding, ...])
_EVIDENCE = TypeAdapter(tuple[Evidence, ...])
_LINKS = TypeAdapter(tuple[LinkFiling, ...])


def dump_remembered(value: Remembered) -> dict[str, Any]:
    """As JSON values; of a picture not what its file or its look yields again."""
    dumped: dict[str, Any] = _REMEMBERED.dump_python(value, mode="json", exclude=_FOUND_ANEW)
    return dumped


def load_remembered(value: object) -> Remembered:
    """From JSON values."""
    return _REMEMBERED.validate_python(value)


def dump_findings(value: tuple[Finding, ...]) -> list[Any]:
    """As JSON values."""
    dumped: list[Any] = _FINDINGS.dump_python(value, mode="json")
    return dumped


def load_findings(value: object) -> tuple[Finding, ...]:
    """From JSON values."""
    return _FINDINGS.validate_python(value)


def dump_evidence(value: tuple[Evidence, ...]) -> list[Any]:
    """As JSON values."""
    dumped: list[Any] = _EVIDENCE.dump_python(value, mode="json")
    return dumped


def load_evidence(value: object) -> tuple[Evidence, ...]:
    """From JSON values."""
    return _EVIDENCE.validate_python(value)


def dump_links(value: tuple[LinkFiling, ...]) -> list[Any]:
    """As JSON values."""
    dumped: list[Any] = _LINKS.dump_python(value, mode="json")
    return dumped


def load_links(value: object) -> tuple[LinkFiling, ...]:
    """From JSON values."""
    return _LINKS.validate_python(value)
