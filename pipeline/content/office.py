"""LibreOffice, where it is installed, for what no reader here knows: OpenDocument, Word 6 and 95, xlsb, and formulas
that nobody has computed yet.

One warm process for a program (:class:`LibreOffice`), with a profile of our own in which nothing is fetched and no
macro runs. It makes a docx or xlsx of the file, and our own readers read that.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.content.package import Package
from pipeline.content.refusal import Refusal
from pipeline.model.files import FileKind, Problem

_log = logging.getLogger(__name__)

PATIENCE: Final = 30.0  # seconds for one file, its start not counted; it takes a tenth of one
_PLACES: Final = (  # where it lies without being on the PATH
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:\\Program Files\\LibreOffice\\program\\soffice.com",
    "C:\\Program Files (x86)\\LibreOffice\\program\\soffice.com",
)
_XML: Final = re.compile(r"(?:content|styles|meta|settings)\.xml|meta-inf/manifest\.xml")
_ENDINGS: Final = {  # what the file is called for LibreOffice, and what it is to become
    FileKind.ODT: ("odt", "docx"),
    FileKind.DOC: ("doc", "docx"),
    FileKind.ODS: ("ods", "xlsx"),
    FileKind.XLS: ("xls", "xlsx"),
    FileKind.XLSX: ("xlsb", "xlsx"),  # LibreOffice looks at the content, whichever of the two it is called
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


@dataclass(frozen=True, slots=True)
class Twin:
    """A file that says the same as another, in a format that our readers know."""

    path: Path
    kind: FileKind

    def delete(self) -> None:
        """It, and what was made beside it."""
        shutil.rmtree(self.path.parent.parent, ignore_errors=True)


def refuse_open_document(path: Path) -> Refusal:
    """The refusal of a kind that is not read here, yet may be by LibreOffice. Raises one for a password, or a bomb."""
    package = Package(path.read_bytes())
    try:
        package.refuse_locked()
        if package.has("META-INF/manifest.xml") and b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise Refusal(Problem.ENCRYPTED, "OpenDocument")
        package.refuse_entities(_XML)
        return Refusal(Problem.UNSUPPORTED, "OpenDocument", macros=package.has("Basic/script-lc.xml"))
    finally:
        package.close()


class LibreOffice:
    """The one LibreOffice of a program: started with the first file that needs it, warm until it is closed.

    Its profile is its own, and goes with it. For one thread. A supervisor stands between, which ends LibreOffice when
    a file takes too long, and when this process is gone, however it ended.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._supervisor: subprocess.Popen[bytes] | None = None

    def convert(self, path: Path, kind: FileKind) -> Twin | None:
        """The docx or xlsx twin of a file, to be deleted by the caller; None where none can be had of it."""
        program = find_office()
        if program is None:
            return None
        ending, wanted = _ENDINGS[kind]
        folder = Path(tempfile.mkdtemp(prefix="file-", dir=self._place()))
        source = folder / f"document.{ending}"
        try:
            shutil.copyfile(path, source)
            said = self._ask(program, source, wanted, folder / "out")
        except OSError as error:
            said = f"{type(error).__name__}: {error.strerror}"
        source.unlink(missing_ok=True)
        twin = folder / "out" / f"document.{wanted}"
        if twin.exists():
            return Twin(twin, FileKind(wanted))
        _log.warning("LibreOffice made nothing of %s (%s)", path.name, said)
        shutil.rmtree(folder, ignore_errors=True)
        return None

    def close(self) -> None:
        """End it at once. The next file starts another."""
        if self._supervisor is not None:
            with self._supervisor as process:  # closes its standard input: it takes everything with it
                self._supervisor = None
                process.communicate()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _ask(self, program: str, source: Path, wanted: str, out: Path) -> str:
        """What the supervisor says; one that has died is replaced for the next file."""
        if self._supervisor is None:
            command = [sys.executable, "-m", "pipeline.content.supervisor", program, str(self._place() / "profile")]
            self._supervisor = subprocess.Popen(  # noqa: S603 (all our words)
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        process = self._supervisor
        assert process.stdin is not None
        assert process.stdout is not None
        request = {"source": str(source), "wanted": wanted, "out": str(out), "seconds": self._patience}
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            said = process.stdout.readline().decode().strip()
        except BrokenPipeError:
            said = ""
        if not said:
            with suppress(BrokenPipeError):
                self.close()
        return said or "its supervisor died"

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="baosong-office-", ignore_cleanup_errors=True)
            _write_profile(Path(self._folder.name) / "profile")
        return Path(self._folder.name)


def _write_profile(folder: Path) -> None:
    settings = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{settings}</oor:items>",
        encoding="utf-8",
    )
