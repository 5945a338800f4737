"""LibreOffice as the reader of last resort: where it is missing, where it hangs, and where it works."""

from __future__ import annotations

import http.server
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.content import read_content
from pipeline.content.office import find_office, read_by_office
from pipeline.content.refusal import Refusal
from pipeline.model import Document, FileKind, Problem, Unreadable
from pipeline.sandbox import Job, Limits, Readers
from tests.content.scenes import store
from tests.mails import zip_of
from tests.test_sandbox import exists, wait_until_gone

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


PLAIN = odt("<text:p>孙庄村实施方案</text:p>")


@pytest.fixture
def hanging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A soffice on the PATH that starts another process, hangs with it, and heeds no polite signal.

    The file holds the ids of the two once they run.
    """
    folder, told = tmp_path / "bin", tmp_path / "processes"
    folder.mkdir()
    program = folder / "soffice"
    program.write_text(f'#!/bin/sh\ntrap "" TERM INT HUP\nsleep 600 &\necho $$ $! > "{told}"\nwait\nsleep 600\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    yield told
    if told.exists():
        assert wait_until_gone(ids(told), 5) == set()


def ids(told: Path) -> set[int]:
    return {int(word) for word in told.read_text().split()}


@POSIX
def test_one_that_hangs_is_ended(tmp_path: Path, hanging: Path) -> None:
    """When its time is over, with what it started; the file is left to a person."""
    start = time.monotonic()
    with pytest.raises(Refusal) as refused:
        read_by_office(store(tmp_path, PLAIN), FileKind.ODT, patience=1.5)
    assert refused.value.unreadable.problem is Problem.UNSUPPORTED
    assert time.monotonic() - start < 10
    assert not any(map(exists, ids(hanging)))


@POSIX
def test_one_that_hangs_ends_with_its_reader(tmp_path: Path, hanging: Path) -> None:
    """A reader that is killed while it waits for LibreOffice leaves nothing behind."""
    path = store(tmp_path, PLAIN)
    with Readers(limits=Limits(clock_seconds=3), workers=1) as readers:
        (content,) = readers.read_all([Job(path, FileKind.ODT, "方案.odt")])
    assert isinstance(content, Unreadable)
    assert content.problem is Problem.UNSUPPORTED
    assert wait_until_gone(ids(hanging), 5) == set()


@pytest.mark.parametrize("kind", [FileKind.ODT, FileKind.ODS])
def test_without_it_the_file_is_for_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: FileKind) -> None:
    """Kept, and not called the village's fault."""
    monkeypatch.setattr("pipeline.content.office._PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    content = read_content(store(tmp_path, PLAIN), kind, "方案.odt")
    assert isinstance(content, Unreadable)
    assert content.problem is Problem.UNSUPPORTED


def test_what_needs_no_converter(tmp_path: Path) -> None:
    """A password, and a bomb, are told before anything is started."""
    locked = odt("", '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>')
    bomb = odt(" " * (130 << 20))
    for octets, problem in ((locked, Problem.ENCRYPTED), (bomb, Problem.HOSTILE)):
        content = read_content(store(tmp_path, octets), FileKind.ODT, "方案.odt")
        assert isinstance(content, Unreadable)
        assert content.problem is problem


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
        content = read_content(store(tmp_path, octets), FileKind.ODT, "方案.odt")
        server.shutdown()
    assert isinstance(content, Document)
    assert content.kind is FileKind.ODT
    assert content.paragraphs[0] == "孙庄村实施方案"
    assert asked == []
