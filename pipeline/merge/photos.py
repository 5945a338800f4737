"""Photos and videos, taken from the cache as they came and named by their village."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.cache import Cache
from pipeline.errors import AccessError
from pipeline.merge.gathering import Account, Delivered, Gathered, Line, Source
from pipeline.merge.names import ending
from pipeline.model.campaign import Deliverable
from pipeline.model.files import VIDEO_KINDS
from pipeline.sniff import sniff_kind

_MOST_PHOTOS = 5  # where the campaign names no other number
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Original:
    """A file of a village, to be copied under a name of ours."""

    delivered: Delivered
    digest: str
    source: Source | None
    name: str


def choose_photos(
    gathered: Gathered, deliverable: Deliverable, stems: Mapping[str, str], account: Account
) -> list[Original]:
    """Of each accepted set the first pictures, as many as the campaign wants: 村名-01.jpg, 村名-02.jpg …"""
    taken, gaps = gathered.take(deliverable)
    account.gaps += gaps
    most = most_photos(deliverable)
    chosen: list[Original] = []
    for each in taken:
        pictures = list({picture.digest: picture for picture in each.remembered.pictures}.values())
        sources = {source.digest: source for source in each.sources}
        if not pictures:
            account.trouble(each.village, deliverable.title, _no_file(each))
        for number, picture in enumerate(pictures[:most], start=1):
            name = f"{stems[each.village]}-{number:02d}{ending(picture.kind)}"
            chosen.append(Original(each, picture.digest, sources.get(picture.digest), name))
        for picture in pictures[most:]:
            source = sources.get(picture.digest)
            remark = f"超过{most}张，没有选入"
            account.lines.append(Line("", each.village, deliverable.title, "", source, each.version, remark))
    return chosen


def most_photos(deliverable: Deliverable) -> int:
    """How many photos of a village the campaign wants at most."""
    setting = deliverable.checks.get("photo-count")
    most = getattr(setting.options, "maximum", None) if setting and setting.enabled else None
    return most if isinstance(most, int) else _MOST_PHOTOS


def choose_videos(
    gathered: Gathered, deliverable: Deliverable, stems: Mapping[str, str], cache: Cache, account: Account
) -> list[Original]:
    """The videos of each accepted delivery: 村名.mp4, a further one 村名-02.mp4."""
    taken, gaps = gathered.take(deliverable)
    account.gaps += gaps
    chosen: list[Original] = []
    for each in taken:
        before = len(account.gaps)
        videos = list(_videos(each, deliverable, cache, account))
        if not each.sources:
            account.trouble(each.village, deliverable.title, _no_file(each))
        elif not videos and len(account.gaps) == before:
            account.trouble(each.village, deliverable.title, "已判合格，但来件里没有视频文件，请人工补入")
        for number, (source, suffix) in enumerate(videos, start=1):
            more = f"-{number:02d}" if number > 1 else ""
            chosen.append(Original(each, source.digest, source, f"{stems[each.village]}{more}{suffix}"))
    return chosen


def _videos(
    delivered: Delivered, deliverable: Deliverable, cache: Cache, account: Account
) -> Iterator[tuple[Source, str]]:
    for source in delivered.sources:
        try:
            kind = sniff_kind(cache.path(source.digest))
        except (AccessError, OSError) as error:
            account.trouble(delivered.village, deliverable.title, f"“{source.name}”读不出（{error}）")
            continue
        if kind in VIDEO_KINDS:
            yield source, ending(kind)


def _no_file(delivered: Delivered) -> str:
    return (
        "已判合格，但没有收到文件（来的可能是链接），请人工补入"
        if not delivered.sources
        else "没有可用的文件，请人工补入"
    )


def copy_original(original: Original, cache: Cache, target: Path) -> str:
    """Copy the octets as they came; what is wrong with them, or nothing. OSError where ``target`` cannot be written."""
    digest = hashlib.sha256()
    try:
        with target.open("wb") as copy:
            for chunk in _chunks(cache, original.digest):
                digest.update(chunk)
                copy.write(chunk)
    except AccessError as error:
        return f"原件读不出（{error}）"
    if digest.hexdigest() != original.digest:
        return "原件在缓存里已经损坏，请从备份恢复缓存目录，或重新收取邮件"
    return ""


def _chunks(cache: Cache, digest: str) -> Iterator[bytes]:
    with cache.open(digest) as source:
        try:
            while chunk := source.read(_CHUNK):
                yield chunk
        except OSError as error:  # of the cache's disk, not of the target's
            raise AccessError(f"缓存目录读取失败（{error.strerror}）") from error
