"""LibreOffice, where it is installed, for what no reader here knows: OpenDocument, Word 6 and 95, xlsb.

One call for each file, with a profile of our own in which nothing is fetched and no macro runs, a time limit, and a
supervisor between: a process that ends LibreOffice, and all that it started, when the time is over or when the reader
that asked for it is gone.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from pipeline.content.package import Package
from pipeline.content.refusal import Refusal
from pipeline.model import Document, FileKind, Problem

PATIENCE: Final = 30.0  # seconds; a start takes one to five, and longer from a slow disk
_PROCESSOR: Final = 6  # seconds of processor time; a document of a village takes one (seen: a sheet that takes hours)
_PLACES: Final = (  # where it lies without being on the PATH
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:\\Program Files\\LibreOffice\\program\\soffice.com",
    "C:\\Program Files (x86)\\LibreOffice\\program\\soffice.com",
)
_OPEN_DOCUMENTS: Final = frozenset({FileKind.ODT, FileKind.ODS})
_ENDINGS: Final = {  # what the file is called for LibreOffice, and what it is to become
    FileKind.ODT: ("odt", "docx"),
    FileKind.DOC: ("doc", "docx"),
    FileKind.ODS: ("ods", "xlsx"),
    FileKind.XLS: ("xls", "xlsx"),
    FileKind.XLSX: ("xlsb", "xlsx"),  # those of Office Open XML that our reader leaves are the binary ones
    FileKind.XLSM: ("xlsb", "xlsx"),
}
_SETTINGS: Final = (  # path, property, value: no macro, no link followed, and no way out by a proxy that is not there
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def find_office() -> str | None:
    """The path of LibreOffice's program; None where it is not installed."""
    names = (shutil.which("soffice"), shutil.which("libreoffice"), *_PLACES)
    return next((name for name in names if name and Path(name).exists()), None)


def can_convert(kind: FileKind) -> bool:
    """Whether LibreOffice, if it is installed, can make a file of this kind readable."""
    return kind in _ENDINGS


def read_by_office(path: Path, kind: FileKind, patience: float = PATIENCE) -> Document:
    """The document as our own readers would give its docx or xlsx twin. Raises Refusal.

    UNSUPPORTED where LibreOffice is not installed, does not come back in time, or makes nothing of the file.
    """
    octets = path.read_bytes()
    macros = _inspect(octets) if kind in _OPEN_DOCUMENTS else None
    ending, wanted = _ENDINGS[kind]
    with tempfile.TemporaryDirectory(prefix="baosong-", ignore_cleanup_errors=True) as folder:
        source = Path(folder) / f"document.{ending}"
        source.write_bytes(octets)
        twin = _convert(source, wanted, patience)
        document = _read_twin(twin, kind)
    return document if macros is None else replace(document, macros=macros)


def _read_twin(twin: Path, kind: FileKind) -> Document:
    # ruff: noqa: PLC0415 (one file needs one of them)
    if twin.suffix == ".docx":
        from pipeline.content.word import read_word

        return replace(read_word(twin, kind), kind=kind)
    from pipeline.content.sheet import read_sheet

    return replace(read_sheet(twin, FileKind.XLSX), kind=kind)


def _inspect(octets: bytes) -> bool:
    """Whether an OpenDocument file carries macros. Raises Refusal where it has a password or is a bomb."""
    package = Package(octets)
    try:
        package.refuse_locked()
        if package.has("META-INF/manifest.xml") and b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise Refusal(Problem.ENCRYPTED, "OpenDocument")
        for part in ("content.xml", "styles.xml"):
            if package.has(part):
                package.read(part)
        return package.has("Basic/script-lc.xml")
    finally:
        package.close()


def _convert(source: Path, wanted: str, patience: float) -> Path:
    program = find_office()
    if program is None:
        raise Refusal(Problem.UNSUPPORTED, f"{source.suffix}: LibreOffice is not installed")
    out = source.parent / "out"
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard"]
    profile = f"-env:UserInstallation={_profile().as_uri()}"
    command = [program, profile, *options, "--convert-to", wanted, "--outdir", str(out), str(source)]
    supervisor = [sys.executable, "-m", "pipeline.content.supervisor", str(patience), str(_PROCESSOR), *command]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(supervisor, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet) as process:  # noqa: S603
        status = process.wait()  # it ends in time: that is what it is for
    twin = out / f"{source.stem}.{wanted}"
    if not twin.exists():
        raise Refusal(Problem.UNSUPPORTED, f"LibreOffice made nothing of it (status {status})")
    return twin


@cache
def _profile() -> Path:
    """A profile for this process: two LibreOffices at once must not share one. It goes with our temporary folder."""
    folder = Path(_folder().name)
    settings = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{settings}</oor:items>",
        encoding="utf-8",
    )
    return folder


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="baosong-office-", ignore_cleanup_errors=True)
