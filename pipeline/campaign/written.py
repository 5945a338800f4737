"""A campaign's file as it is written: which keys there are, of which types, within which bounds."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pipeline.model.campaign import Kind, ReminderPlan


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


class _Heading(_Strict):
    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    short_title: str = Field(min_length=1)
    issuer: str = Field(min_length=1)
    contact: str = ""
    timezone: str = "Asia/Shanghai"
    opens: date
    closes: date
    place_words: list[str] = []
    notice: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> _Heading:
        if self.closes < self.opens:
            raise ValueError("closes（结束日期）早于 opens（开始日期），请核对")
        return self


class _Figure(_Strict):
    id: str
    title: str
    headings: list[str] = Field(min_length=1)


class WrittenForm(_Strict):
    """[deliverable.form]: a blank form, and where in it is what."""

    file: str
    title: str
    columns: dict[str, str] = {}
    samples: list[str] = []
    figures: list[_Figure] = []


class WrittenDeliverable(_Strict):
    """[[deliverable]]; one with several dates recurs."""

    name: str = Field(min_length=1, pattern=r"^[a-z][a-z0-9-]*$")
    title: str = Field(min_length=1)
    kind: Kind = Field(strict=False)
    due: Annotated[list[date], BeforeValidator(_as_list)] = Field(min_length=1)
    formats: list[str] = Field(min_length=1)
    keywords: list[str] = Field(min_length=1)
    form: WrittenForm | None = None
    nil_allowed: bool = False
    checks: dict[str, dict[str, Any] | bool] = {}


_USUAL = ReminderPlan()
_Days = Annotated[list[Annotated[int, Field(ge=1, le=60)]], Field(max_length=10)]


class _Reminders(_Strict):
    before: _Days = list(_USUAL.before)
    on_day: bool = _USUAL.on_day
    after: _Days = list(_USUAL.after)
    hour: int = Field(_USUAL.hour, ge=8, le=18)  # nobody is written to at night


class Written(_Strict):
    """The whole file."""

    campaign: _Heading
    reminders: _Reminders = _Reminders()
    deliverable: list[WrittenDeliverable] = Field(min_length=1)
    checks: dict[str, dict[str, Any] | bool] = {}
