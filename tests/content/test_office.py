"""LibreOffice as the reader of last resort: where it is missing, where it hangs, and where it works."""

from __future__ import annotations

import http.server
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import openpyxl
import psutil
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.content import read_content
from pipeline.content.office import LibreOffice, find_office
from pipeline.model.content import Document, Unreadable
from pipeline.model.files import FileKind, Problem
from pipeline.sandbox.readers import Job, Readers
from tests.content import scenes
from tests.content.compound import compound_file
from tests.content.scenes import scene, store
from tests.mails import zip_of
from tests.sandbox.test_sandbox import wait_until_gone

INSTALLED = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the program on the PATH is a shell script")
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
)


def odt(body: str, manifest: str = "") -> bytes:
    """A smallest OpenDocument text."""
    content = (
        f'<?xml version="1.0"?><office:document-content {_NAMESPACES} xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'office:version="1.2"><office:body><office:text>{body}</office:text></office:body></office:document-content>'
    )
    entries = (
        '<m:file-entry m:full-path="/" m:media-type="application/vnd.oasis.opendocument.text"/>'
        '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/>' + manifest
    )
    spelt = f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entries}</m:manifest>'
    return zip_of(
        [
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", content.encode()),
            ("META-INF/manifest.xml", spelt.encode()),
        ]
    )


ANCHOR = (
    f'<x {nsdecls("wp")}><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset>'
    '</wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
    '<wp:wrapSquare wrapText="bothSides"/></x>'
)
PLAIN = odt("<text:p>孙庄村实施方案</text:p>")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """Puts a soffice of our own on the PATH; what it starts must be gone in the end. The file holds the ids."""
    folder, told = tmp_path / "bin", tmp_path / "processes"
    folder.mkdir()

    def put(script: str) -> Path:
        file = folder / "soffice"
        file.write_text(f"#!/bin/sh\n{script.replace('TOLD', str(told))}\n")
        file.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        return told

    yield put
    if told.exists():
        assert wait_until_gone(ids(told), 5) == set()


# Takes a document to hold like the true one, and hangs with a process of its own over whatever it is to convert.
HANGS = """
trap "" TERM INT HUP
sleep 600 &
echo $$ $! >> "TOLD"
for last; do :; done
case "$last" in *held.txt) touch "${last%held.txt}.~lock.held.txt#";; esac
wait
sleep 600
"""


def ids(told: Path) -> set[int]:
    return {int(word) for word in told.read_text().split()}


@pytest.fixture
def office() -> Iterator[LibreOffice]:
    """One that is closed in the end."""
    found = LibreOffice()
    yield found
    found.close()


def old_word() -> bytes:
    """A Word file of a kind that our reader knows by name only: what Word 6 and 95 wrote has another mark."""
    return compound_file({"WordDocument": b"\xdc\xa5" + bytes(600)})


@POSIX
def test_one_that_hangs_is_ended(tmp_path: Path, program: Callable[[str], Path]) -> None:
    """When its time is over, with what it started; the file is left to a person, and the next one gets another."""
    told = program(HANGS)
    office = LibreOffice(patience=1)
    for number in (1, 2):
        assert office.convert(store(tmp_path, PLAIN), FileKind.ODT) is None
        assert len(ids(told)) == 4 * number
        assert wait_until_gone(ids(told), 5) == set()
    office.close()


@POSIX
def test_one_that_hangs_spoils_no_other_file(tmp_path: Path, program: Callable[[str], Path]) -> None:
    """The file is left to a person, the others are read."""
    program(HANGS)
    path = store(tmp_path, PLAIN)
    with Readers(workers=1, office=LibreOffice(patience=1)) as readers:
        contents = readers.read_all([Job(path, FileKind.ODT, "方案.odt"), Job(Path(__file__), FileKind.TEXT, "a.txt")])
    assert isinstance(contents[0], Unreadable)
    assert contents[0].problem is Problem.UNSUPPORTED
    assert isinstance(contents[1], Document)


_PARENT = """\
import sys
from pathlib import Path
from pipeline.content.office import LibreOffice
from pipeline.model.files import FileKind
LibreOffice().convert(Path(sys.argv[1]), FileKind.ODT)
"""


@POSIX
def test_one_that_hangs_ends_with_its_parent(tmp_path: Path, program: Callable[[str], Path]) -> None:
    """Who is killed while he waits for LibreOffice leaves nothing behind."""
    told, path, temporary = program(HANGS), store(tmp_path, PLAIN), tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", _PARENT, str(path)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], env=environment) as parent:
        until = time.monotonic() + 30
        while (not told.exists() or len(ids(told)) < 4) and time.monotonic() < until:
            time.sleep(0.05)
        parent.kill()
    assert len(ids(told)) == 4
    assert wait_until_gone(ids(told), 10) == set()
    until = time.monotonic() + 10
    while (left := list(temporary.iterdir())) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


@POSIX
@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", "sleep 0.1"])
def test_one_that_cannot_start(tmp_path: Path, program: Callable[[str], Path], script: str) -> None:
    """A broken installation costs the file a person's look, and no more."""
    program(script)
    office = LibreOffice()
    assert office.convert(store(tmp_path, PLAIN), FileKind.ODT) is None
    office.close()


@pytest.mark.parametrize("kind", [FileKind.ODT, FileKind.DOC])
def test_without_it_the_file_is_for_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: FileKind) -> None:
    """Kept, and not called the village's fault."""
    monkeypatch.setattr("pipeline.content.office._PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    path = store(tmp_path, PLAIN if kind is FileKind.ODT else old_word())
    with Readers(workers=1) as readers:
        (content,) = readers.read_all([Job(path, kind, "方案")])
    assert isinstance(content, Unreadable)
    assert content.problem is Problem.UNSUPPORTED


def test_what_needs_no_converter(tmp_path: Path) -> None:
    """A password, a bomb, and entities are told before anything is started."""
    locked = odt("", '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>')
    bomb = odt(" " * (130 << 20))
    entities = zip_of([("content.xml", b'<!DOCTYPE d [<!ENTITY a "x">]><a>&a;</a>')])
    for octets, problem in ((locked, Problem.ENCRYPTED), (bomb, Problem.HOSTILE), (entities, Problem.HOSTILE)):
        content = read_content(store(tmp_path, octets), FileKind.ODT, "方案.odt")
        assert isinstance(content, Unreadable)
        assert content.problem is problem


@INSTALLED
def test_one_process_takes_all_files(tmp_path: Path, office: LibreOffice) -> None:
    """It stays warm from file to file; one that was killed is replaced; in the end nothing is left of it."""
    before = of_our_own()
    path, seen = store(tmp_path, PLAIN), []
    for number in range(5):
        twin = office.convert(path, FileKind.ODT)
        assert twin is not None
        twin.delete()
        (warm,) = [each for each in of_our_own() - before if each.name() == "soffice.bin" and each.status() != "zombie"]
        seen.append(warm.pid)
        if number == 2:
            parent = warm.parent()
            warm.kill()
            while parent is not None and parent.is_running() and parent.status() != "zombie":
                time.sleep(0.02)  # LibreOffice's own starter notices
    assert len(set(seen[:3])) == len(set(seen[3:])) == 1
    assert seen[2] != seen[3]
    office.close()
    assert wait_until_gone(set(seen), 10) == set()


def of_our_own() -> set[psutil.Process]:
    """What this process has started, and what that has."""
    return set(psutil.Process().children(recursive=True))


@INSTALLED
def test_a_file_that_it_cannot_read(tmp_path: Path, office: LibreOffice) -> None:
    """It says nothing of it, and stays for the next."""
    assert office.convert(store(tmp_path, b"PK\x03\x04 and nothing else"), FileKind.ODT) is None
    twin = office.convert(store(tmp_path, PLAIN), FileKind.ODT)
    assert twin is not None
    twin.delete()


@INSTALLED
def test_an_opendocument_text(tmp_path: Path) -> None:
    """Its paragraphs, and its own kind; a picture that it links to on the network is not fetched."""
    asked: list[str] = []

    class Listening(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 (the library's names)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listening) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        link = f"http://127.0.0.1:{server.server_port}/picture.png"
        picture = f'<draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:href="{link}"/></draw:frame>'
        octets = odt(f"<text:p>孙庄村实施方案</text:p><text:p>照片{picture}</text:p>")
        with Readers(workers=1) as readers:
            (content,) = readers.read_all([Job(store(tmp_path, octets), FileKind.ODT, "方案.odt")])
        server.shutdown()
    assert isinstance(content, Document)
    assert content.kind is FileKind.ODT
    assert content.paragraphs[0] == "孙庄村实施方案"
    assert asked == []


@INSTALLED
def test_formulas_that_nobody_computed(tmp_path: Path) -> None:
    """A workbook that a program wrote has no values yet; the village's figures are told all the same."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"], sheet["B1"] = "活动场次", "=1+3"
    stream = io.BytesIO()
    book.save(stream)
    with Readers(workers=1) as readers:
        (content,) = readers.read_all([Job(store(tmp_path, stream.getvalue()), FileKind.XLSX, "统计表.xlsx")])
    assert isinstance(content, Document)
    assert content.kind is FileKind.XLSX
    assert [cell.text for cell in content.tables[0].cells] == ["活动场次", "4"]


@INSTALLED
def test_floating_pictures_of_its_own(tmp_path: Path) -> None:
    """In a .doc that LibreOffice itself wrote the converter finds no drawing; the pictures are in their cell."""
    document = docx.Document()
    form = document.add_table(rows=1, cols=2)
    form.cell(0, 0).text, place = "西村", form.cell(0, 1).paragraphs[0].add_run()
    document.add_paragraph("注：")
    for seed in (1, 2):  # of a single one it finds it
        place.add_picture(io.BytesIO(scenes.octets(scene(seed, (160, 120)))), width=Cm(4))
    for inline in list(document.element.body.iter(qn("wp:inline"))):
        for number, element in enumerate(list(parse_xml(ANCHOR))):
            inline.insert(number + (number > 2), element)  # its own extent stays where it belongs
        inline.tag = qn("wp:anchor")
        for name in ("simplePos", "behindDoc", "locked"):
            inline.set(name, "0")
        for name, value in (("relativeHeight", "2"), ("layoutInCell", "1"), ("allowOverlap", "1")):
            inline.set(name, value)
    document.save(str(tmp_path / "form.docx"))
    program = find_office()
    assert program is not None
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path), "form.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    with Readers(workers=1) as readers:
        (content,) = readers.read_all([Job(tmp_path / "form.doc", FileKind.DOC, "写实表.doc")])
    assert isinstance(content, Document)
    assert [len(each.pictures) for each in content.tables[0].cells] == [0, 2]
