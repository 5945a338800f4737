"""Ledger and cache -> the office's consolidated documents, for the superior office.

``gathering`` reads; each document has its module; ``package`` puts them into a folder. The same ledger gives the same
octets, apart from the dates that the documents name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.merge.gathering import Account, Gap, Gathered, Line, gather
from pipeline.merge.names import file_stem, file_stems
from pipeline.merge.package import placing, remove_earlier, write_archive, write_index
from pipeline.merge.photos import Original, choose_photos, choose_videos, copy_original
from pipeline.merge.progress import write_progress
from pipeline.merge.statement import count_villages, write_statement_document, write_statement_workbook
from pipeline.merge.statistics import (
    account_for,
    sum_figures,
    write_statistics_document,
    write_statistics_workbook,
)
from pipeline.merge.summaries import write_summaries
from pipeline.model.campaign import Kind
from pipeline.office import Office
from pipeline.report.words import split_title

INDEX, ARCHIVE = "目录.xlsx", "材料汇总.zip"

# Told after each piece of work: stage, done, of how many.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Merged:
    """What was made. ``troubles`` are lines for the operator: accepted, and yet it could not be put in."""

    folder: Path
    documents: tuple[str, ...]  # names within the folder, without photos and videos
    photos: int
    videos: int
    gaps: tuple[Gap, ...]
    troubles: tuple[str, ...]


def merge(office: Office, folder: Path, *, only_round: str | None = None, progress: Progress) -> Merged:
    """Make all documents anew from the ledger as it stands; one village's bad file stops no other.

    ``only_round`` is the id of a round of the progress table; without it each village's last accepted one is taken.
    Raises ConfigError where there is no such round or a blank form cannot be filled, AccessError where the folder
    cannot be written.
    """
    gathered = gather(office.ledger, office.campaign, office.register, office.now(), partial(progress, "读台账"))
    _refuse_strange_round(gathered, only_round)
    making = _Making(office, gathered, folder, progress, file_stems(gathered.villages))
    making.progress_tables(only_round)
    making.statistics()
    making.statement()
    making.summaries()
    photos = making.originals(Kind.PHOTOS, "照片")
    videos = making.originals(Kind.VIDEOS, "视频")
    making.finish()
    account = making.account
    documents = tuple(making.documents)
    return Merged(folder, documents, photos, videos, tuple(account.gaps), tuple(account.troubles))


def _refuse_strange_round(gathered: Gathered, only: str | None) -> None:
    known = [each.id for each in gathered.of_kind(Kind.ACTIVITIES)]
    if only is not None and only not in known:
        hint = f"可用的有 {'、'.join(known)}" if known else "本次活动没有写实表"
        raise ConfigError(f"没有 {only} 这一轮，{hint}")


@dataclass(slots=True)
class _Making:
    """The work in hand: what was made so far, and what was found on the way."""

    office: Office
    gathered: Gathered
    folder: Path
    progress: Progress
    stems: Mapping[str, str]
    account: Account = field(default_factory=Account)
    documents: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)

    def progress_tables(self, only: str | None) -> None:
        """The table of each deliverable that has activities, all its rounds as one."""
        names = dict.fromkeys(each.name for each in self.gathered.of_kind(Kind.ACTIVITIES))
        for name in names:
            rounds = self.gathered.campaign.rounds(name)
            if only is not None and only not in {each.id for each in rounds}:
                continue
            document = _name("写实表汇总", split_title(rounds[0])[0], alone=len(names) == 1) + ".docx"
            with placing(self.folder, document) as target:
                write_progress(
                    self.gathered, rounds, only, self.office.cache, target, document, self.account, self._step("写实表")
                )
            self.documents.append(document)

    def statistics(self) -> None:
        """The sums of each deliverable that has figures."""
        tables = self.gathered.of_kind(Kind.FIGURES)
        for deliverable in tables:
            sums = sum_figures(self.gathered, deliverable)
            stem = _name("统计表汇总", deliverable.title, alone=len(tables) == 1)
            with placing(self.folder, f"{stem}.docx") as target:
                write_statistics_document(self.gathered, sums, target)
            self._place(f"{stem}.xlsx", write_statistics_workbook(self.gathered, sums))
            account_for(sums, self.account, f"{stem}.docx、{stem}.xlsx")
            self.documents += [f"{stem}.docx", f"{stem}.xlsx"]

    def statement(self) -> None:
        """Who has handed in how much."""
        tallies = count_villages(self.gathered)
        with placing(self.folder, "报送情况统计.docx") as target:
            write_statement_document(self.gathered, tallies, target)
        self._place("报送情况统计.xlsx", write_statement_workbook(self.gathered, tallies))
        self.documents += ["报送情况统计.docx", "报送情况统计.xlsx"]

    def summaries(self) -> None:
        """One volume for each deliverable that is running text."""
        for deliverable in self.gathered.of_kind(Kind.PROSE):
            document = f"{file_stem(deliverable.title)}汇编.docx"
            with placing(self.folder, document) as target:
                write_summaries(self.gathered, deliverable, target, document, self.account)
            self.documents.append(document)

    def originals(self, kind: Kind, word: str) -> int:
        """Photos or videos as they came; how many."""
        deliverables = self.gathered.of_kind(kind)
        cache, copied = self.office.cache, 0
        for deliverable in deliverables:
            subfolder = _name(word, deliverable.title, alone=len(deliverables) == 1)
            chosen = (
                choose_photos(self.gathered, deliverable, self.stems, self.account)
                if kind is Kind.PHOTOS
                else choose_videos(self.gathered, deliverable, self.stems, cache, self.account)
            )
            made = self._copy_all(chosen, subfolder, word)
            remove_earlier(self.folder / subfolder, self.stems, made)
            copied += len(made)
        return copied

    def _copy_all(self, chosen: Sequence[Original], subfolder: str, word: str) -> list[str]:
        step = self._step(word)
        made: list[str] = []
        for number, original in enumerate(chosen, start=1):
            each, name = original.delivered, f"{subfolder}/{original.name}"
            wrong = ""
            with placing(self.folder, name) as target:
                wrong = copy_original(original, self.office.cache, target)
            line = Line(subfolder, each.village, each.deliverable.title, name, original.source, each.version, wrong)
            self.account.lines.append(line)
            if wrong:
                (self.folder / name).unlink(missing_ok=True)
                self.account.trouble(each.village, each.deliverable.title, f"{original.name}：{wrong}")
            else:
                made.append(original.name)
                self.copies.append(name)
            step(number, len(chosen))
        return made

    def finish(self) -> None:
        """The index of it all, and the archive."""
        self._place(INDEX, write_index(self.gathered, self.account))
        names = [INDEX, *self.documents, *self.copies]
        with placing(self.folder, ARCHIVE) as target:
            step = self._step("打包")
            write_archive(self.folder, names, target, self.gathered.as_of, lambda done: step(done, len(names)))
        self.documents += [INDEX, ARCHIVE]

    def _place(self, name: str, octets: bytes) -> None:
        with placing(self.folder, name) as target:
            target.write_bytes(octets)

    def _step(self, stage: str) -> Callable[[int, int], None]:
        return lambda done, total: self.progress(stage, done, total)


def _name(word: str, title: str, *, alone: bool) -> str:
    """The word by which the office knows the document, with the deliverable's title where there are several."""
    return word if alone else f"{word}-{file_stem(title)}"


__all__ = ["ARCHIVE", "INDEX", "Merged", "Progress", "merge"]
