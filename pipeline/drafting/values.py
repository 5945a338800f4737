"""What a draft consists of: the notice as it was read, and the campaign that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.drafting.blanks import BlankForm
from pipeline.drafting.terms import Untold
from pipeline.model.campaign import Kind


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank form at hand: cut out of the notice, or a file of its own."""

    number: int | None  # 附件1
    title: str  # 2023年宣传服务月活动进展情况写实表
    form: BlankForm | None  # None where it holds no table
    suffix: str  # of its file, with the dot
    octets: bytes
    origin: str  # the file that it came from
    notes: str = ""  # the text around its table

    @property
    def shown(self) -> str:
        """附件1：写实表."""
        return f"附件{self.number}：{self.title}" if self.number else self.title


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it was read."""

    file: str
    paragraphs: tuple[str, ...]
    blanks: tuple[Blank, ...] = ()
    doubts: tuple[str, ...] = ()
    direct: bool = True  # whether it can be read without LibreOffice, as the rules need it


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """How a check is to run; without options it is switched off."""

    code: str
    options: Mapping[str, object] | None
    why: str = ""  # stands above it


@dataclass(frozen=True, slots=True)
class FormDraft:
    """A blank form, and where in it is what."""

    blank: Blank
    file: str  # beside the rules


@dataclass(frozen=True, slots=True)
class DeliverableDraft:
    """One material."""

    name: str
    title: str
    kind: Kind
    days: tuple[date, ...]
    formats: tuple[str, ...]
    keywords: tuple[str, ...]
    quotes: tuple[str, ...]  # sentences of the notice
    doubts: tuple[str, ...] = ()
    untold: tuple[Untold, ...] = ()
    checks: tuple[CheckDraft, ...] = ()
    form: FormDraft | None = None
    template: Blank | None = None  # a form that the rules cannot read: a list, a text with gaps
    nil_allowed: bool = False
    counted: str = ""  # 3至5张, 1段, 不少于500字: as the summary says it


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign as the notice seems to want it."""

    id: str
    title: str
    short_title: str
    issuer: str
    contact: str
    opens_on: date
    closes_on: date
    period: str  # the sentence that names them; empty where none does
    notice_file: str  # beside the rules
    place_words: tuple[str, ...]
    deliverables: tuple[DeliverableDraft, ...]
    doubts: tuple[tuple[str, str], ...] = ()  # key of the heading (opens, issuer, …; empty for none), what is doubtful
    untold: tuple[Untold, ...] = ()
    undated: tuple[tuple[str, str], ...] = ()  # materials without a day: name, sentence
    loose: tuple[Blank, ...] = ()  # forms that belong to no material

    @property
    def kept(self) -> tuple[Blank, ...]:
        """Forms that no rule reads, kept beside the others."""
        return (*self.loose, *(each.template for each in self.deliverables if each.template))

    @property
    def clear(self) -> bool:
        """Whether nothing is left for a person."""
        own = (each.doubts or each.untold for each in self.deliverables)
        return not (self.doubts or self.untold or self.undated or self.loose or any(own))
