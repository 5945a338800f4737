"""Files to take away: reports, merged documents, what villages sent. All as downloads, none shown by the browser."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from urllib.parse import quote

from starlette.responses import FileResponse, Response, StreamingResponse

from pipeline.errors import AccessError
from pipeline.ledger import histories
from pipeline.ledger.quarantine import quarantined_files
from pipeline.merge import merge
from pipeline.merge.names import file_stem
from pipeline.model.message import own_name
from pipeline.reporting import report
from pipeline.web.errands import Errand, Outcome
from pipeline.web.visit import Visit, render, trouble

_CHUNK = 1 << 18
_OCTETS = "application/octet-stream"  # whatever it is: no browser opens it by itself
_ENDINGS = {".html", ".txt", ".xlsx", ".docx", ".zip", ".jpg", ".mp4"}


@dataclass(frozen=True, slots=True)
class Offered:
    """A file of ours that may be taken away."""

    name: str
    size: int
    made_at: datetime


def show(visit: Visit) -> Response:
    """All there is."""
    zone = visit.office.campaign.timezone
    return render(
        visit,
        "downloads.html.j2",
        reports=[_offer(path, zone) for path in _reports(visit)],
        merged=[_offer(path, zone) for path in _merged(visit)],
        villages=visit.office.register.names,
    )


def _offer(path: Path, zone: object) -> Offered:
    stat = path.stat()
    return Offered(path.name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, zone))  # type: ignore[arg-type]


def _reports(visit: Visit) -> list[Path]:
    """The newest first."""
    folder, campaign = visit.office.config.report.folder, visit.office.campaign.id
    return sorted((each for each in _files(folder) if each.stem.endswith(campaign)), reverse=True)


def _merged(visit: Visit) -> list[Path]:
    return _files(_merged_folder(visit))


def _merged_folder(visit: Visit) -> Path:
    return visit.office.config.file.parent / "merged"


def _files(folder: Path) -> list[Path]:
    """What is offered of a folder: plain files of the kinds that we make, no links out of it."""
    if not folder.is_dir():
        return []
    return sorted(
        each for each in folder.iterdir() if each.is_file() and not each.is_symlink() and each.suffix in _ENDINGS
    )


def take_report(visit: Visit) -> Response:
    """A report."""
    return _take(visit, _reports(visit))


def take_merged(visit: Visit) -> Response:
    """A merged document."""
    return _take(visit, _merged(visit))


def _take(visit: Visit, offered: list[Path]) -> Response:
    """One of those that are offered, found by its name among them: no path is ever made of what was asked for."""
    found = next((each for each in offered if each.name == visit.path["name"]), None)
    if found is None:
        return trouble(visit, "没有这个文件", "请回到下载页，刷新后再试。", 404)
    return FileResponse(found, media_type=_OCTETS, headers=_headers(found.name))


def _headers(name: str) -> dict[str, str]:
    """A download of this name, which may have come from anybody."""
    stem, dot, ending = name.rpartition(".")
    clean = f"{file_stem(stem)}.{file_stem(ending)[:10]}" if dot and stem else file_stem(name)
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(clean, safe='')}"}


def take_file(visit: Visit) -> Response:
    """A file as a village sent it."""
    found = histories.find_file(visit.office.ledger, visit.path["digest"], int(visit.path["number"]))
    if found is None:
        return trouble(visit, "没有这个文件", "台账里没有这个文件。", 404)
    digest, name = found
    if digest in quarantined_files(visit.office.ledger):
        return trouble(
            visit, "这个文件已经隔离", "这个文件可能带有病毒，或会损坏电脑，不提供下载。请让村里重新报送。", 403
        )
    path = visit.office.cache.path(digest)
    return FileResponse(path, media_type=_OCTETS, headers=_headers(own_name(name)))


def take_picture(visit: Visit) -> Response:
    """A small picture, drawn by us."""
    file, picture = visit.path["file"], visit.path["picture"]
    ledger = visit.office.ledger
    if not histories.knows_file(ledger, file) or file in quarantined_files(ledger):
        return Response(status_code=404)
    try:
        octets = visit.desk.thumbnails.find(file, picture)
    except AccessError:
        octets = None
    if octets is None:
        return Response(status_code=404)
    return Response(octets, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400, immutable"})


def take_originals(visit: Visit) -> Response:
    """All files of a village as they came, by deliverable, in one zip."""
    office, village = visit.office, visit.path["name"]
    if village not in office.register:
        return trouble(visit, "没有这个村", "村名册里没有这个村。", 404)
    titles = {each.id: each.title for each in office.campaign.deliverables}
    hostile = quarantined_files(office.ledger)
    archive = tempfile.TemporaryFile()  # noqa: SIM115 (closed when it has been sent)
    taken: set[str] = set()
    with zipfile.ZipFile(archive, "w") as packed:
        for version in reversed(histories.versions(office.ledger, office.campaign, village)):
            if version.void:
                continue
            folder = file_stem(titles.get(version.deliverable, version.deliverable))
            day = version.received_at.astimezone(office.campaign.timezone)
            for file in version.files:
                name = _free_name(f"{folder}/{day:%m%d-%H%M} ", file.name, taken)
                if file.digest in hostile:
                    packed.writestr(f"{name}.已隔离.txt", "这个文件可能带有病毒，或会损坏电脑，没有放进来。")
                    continue
                try:
                    packed.write(office.cache.path(file.digest), name)
                except AccessError:
                    packed.writestr(f"{name}.缺失.txt", "缓存里没有这个文件，请从备份恢复。")
    size = archive.tell()
    archive.seek(0)
    headers = _headers(f"{village}原件.zip") | {"Content-Length": str(size)}
    return StreamingResponse(_read(archive), media_type=_OCTETS, headers=headers)


def _free_name(folder: str, name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    base, suffix = (file_stem(stem), f".{file_stem(ending)[:10]}") if dot and stem else (file_stem(name), "")
    free, number = f"{folder}{base}{suffix}", 1
    while free.casefold() in taken:
        number += 1
        free = f"{folder}{base}（{number}）{suffix}"
    taken.add(free.casefold())
    return free


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def make_report(visit: Visit) -> Response:
    """The daily report as of now, without mailing it."""

    def _make(_: Errand) -> Outcome:
        return Outcome(True, f"日报已生成：{report(visit.office, mail=False).page.name}")

    return visit.start("正在生成日报", "/downloads", _make)


def make_merged(visit: Visit) -> Response:
    """The consolidated documents anew."""

    def _make(errand: Errand) -> Outcome:
        def _step(stage: str, done: int, total: int) -> None:
            errand.words = f"正在汇总：{stage} {done}/{total}" if total else f"正在汇总：{stage}"

        made = merge(visit.office, _merged_folder(visit), progress=_step)
        words = f"汇总完成：{len(made.documents)}份文件，照片{made.photos}张，视频{made.videos}个。"
        return Outcome(not made.troubles, words + "".join(f"需要处理：{each}。" for each in made.troubles[:10]))

    return visit.start("正在汇总", "/downloads", _make)
