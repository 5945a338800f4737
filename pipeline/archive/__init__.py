"""Archives -> their files: zip, rar, 7z, tar, and single files packed by gzip, bzip2, xz or zstd, within each other.

Everything is unfolded once into a workplace and counted meanwhile, sizes in directories are never believed; of
an archive that is refused nothing is left. zip and packed files are read here, by the standard library. The others are
read in a process of their own (:mod:`pipeline.archive.apart`): their readers have more ways to hang, to crash and to
take memory than can be counted from outside.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.archive.apart import read_apart
from pipeline.archive.limits import LIMITS, Broken, Chunks, Limits, Refused, Spent
from pipeline.archive.names import is_junk, leads_outside, without_ending
from pipeline.archive.packed import read_packed
from pipeline.archive.volumes import VolumeSet, group_volumes, is_further, join, join_zip
from pipeline.archive.zips import read_zip
from pipeline.cache.workplace import Loose, Workplace
from pipeline.model.files import ARCHIVE_KINDS, PACKED_KINDS, FileKind, Problem
from pipeline.sniff import sniff_kind

__all__ = [
    "LIMITS",
    "Limits",
    "Member",
    "VolumeSet",
    "group_volumes",
    "is_further",
    "is_junk",
    "join",
    "join_zip",
    "unfolded",
]


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive; its names from the outermost archive inwards, folders kept as written."""

    names: tuple[str, ...]
    file: Loose  # of a damaged one as many octets as could be had
    problem: Problem | None = None


@contextmanager
def unfolded(
    volumes: Sequence[Path], kind: FileKind, workplace: Workplace, limits: Limits = LIMITS, *, name: str = ""
) -> Iterator[Problem | tuple[Member, ...]]:
    """The files of an archive of this kind, for as long as the context lasts; or why it must stand for them.

    Those that are kept of the workplace stay; the others go with the context.

    ``name`` is the archive's own: that of a packed file without one comes from it. Only a rar may have several volumes.

    HOSTILE: a name that leads outside, a bomb, a nest too deep; it holds for the whole even if only an inner archive
    is so. ENCRYPTED, DAMAGED, PARTIAL and UNSUPPORTED speak of this archive itself; EMPTY where it holds no file worth
    a word. A single file that cannot be read carries its own problem, and an inner archive that cannot be opened
    stands for its files. Raises AccessError where our own disk fails.
    """
    with workplace.within() as inner:
        try:
            spent = Spent(limits, sum(each.stat().st_size for each in volumes), inner)
            files = read_apart(volumes, kind) if len(volumes) > 1 else _read(volumes[0], kind, name)
            yield tuple(_unfold(files, kind, 1, spent)) or Problem.EMPTY
        except Refused as refusal:
            yield refusal.problem


# What all readers give: each file's name as the archive has it, and its octets, to be taken before the next name. They
# raise Refused where the archive as a whole cannot or must not be opened, Broken within the octets of one file.
_Files = Generator[tuple[str, Chunks]]


def _unfold(files: _Files, kind: FileKind, depth: int, spent: Spent) -> list[Member]:
    if depth > spent.limits.depth:
        raise Refused(Problem.HOSTILE)
    members = []
    with closing(files):  # the process of a reader must not outlive a refusal
        for name, chunks in files:
            if leads_outside(name):
                raise Refused(Problem.HOSTILE)
            if is_junk(name):
                continue
            spent.add_member()
            file, problem = _lay(chunks, spent)
            inner = sniff_kind(file.path) if problem is None else FileKind.UNKNOWN
            if is_further(name) and inner not in {FileKind.RAR, FileKind.EMPTY}:
                members.append(Member((name,), file, problem or Problem.PARTIAL))
            elif inner is FileKind.TAR and kind in PACKED_KINDS:  # one archive to whoever packed it, and one name
                members += _unfold_inner((), file, inner, depth, spent)
            elif inner in ARCHIVE_KINDS:
                members += _unfold_inner((name,), file, inner, depth + 1, spent)
            else:
                members.append(Member((name,), file, problem))
    return members


def _unfold_inner(names: tuple[str, ...], file: Loose, kind: FileKind, depth: int, spent: Spent) -> list[Member]:
    """The files of an archive within; where it cannot be opened it stands for them."""
    spent.members -= 1
    if file.blob.size > spent.limits.inner_size:
        raise Refused(Problem.HOSTILE)
    try:
        members = _unfold(_read(file.path, kind, "".join(names)), kind, depth, spent)
        problem = None if members else Problem.EMPTY
    except Refused as refusal:
        if refusal.problem is Problem.HOSTILE or not names:
            raise
        members, problem = [], refusal.problem
    if problem is not None and names:
        spent.add_member()
        return [Member(names, file, problem)]
    return [Member((*names, *member.names), member.file, member.problem) for member in members]


def _lay(chunks: Chunks, spent: Spent) -> tuple[Loose, Problem | None]:
    problems: list[Problem] = []
    return spent.workplace.lay(_counted(chunks, spent, problems)), next(iter(problems), None)


def _counted(chunks: Chunks, spent: Spent, problems: list[Problem]) -> Chunks:
    """The same octets, as many as could be had; what is wrong with the rest comes among the problems."""
    size = 0
    try:
        for chunk in chunks:
            size += len(chunk)
            spent.add_octets(len(chunk))
            if size > spent.limits.member_size:
                raise Refused(Problem.HOSTILE)
            yield chunk
    except Broken as broken:
        problems.append(broken.problem)


def _read(path: Path, kind: FileKind, name: str) -> _Files:
    if kind is FileKind.ZIP:
        return read_zip(path)
    if kind in PACKED_KINDS:
        return read_packed(path, kind, without_ending(name))
    return read_apart([path], kind)
