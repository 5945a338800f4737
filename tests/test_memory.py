"""Memory does not grow with a mail: a large one is fetched, taken apart and kept as a small one is."""

from __future__ import annotations

import base64
import io
import random
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mails import mixed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")

LARGE = 50_000_000  # octets of the file within; 70 MB of mail, the most that QQ Mail and NetEase let through
_SLACK = 12_000_000  # octets that a peak may differ by

# Prints the peak and the names of the files. VmHWM, for ru_maxrss begins with the peak of whoever started the process.
_UNPACK = textwrap.dedent("""
    import re, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from pipeline.cache.local import LocalCache
    from pipeline.message.unpacking import unpack_message

    cache = LocalCache(Path(sys.argv[2]))
    with open(sys.argv[1], "rb") as file:
        blob = cache.store(iter(lambda: file.read(2 << 20), b""))
    message = unpack_message(cache, blob, datetime.now(UTC))
    print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024)
    print(*(f"{each.name} {each.blob.size}" for each in message.attachments), sep="\\n")
""")


def _peak(mail: bytes, folder: Path, name: str) -> tuple[int, list[str]]:
    """The peak of the process in octets, and what it found."""
    (folder / name).write_bytes(mail)
    command = [sys.executable, "-c", _UNPACK, str(folder / name), str(folder / f"cache {name}")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    peak, *files = done.stdout.splitlines()
    return int(peak), files


def _with(file: bytes, name: str, fields: str = "") -> bytes:
    head = f'Content-Type: application/octet-stream; name="{name}"\r\n{fields}'
    part = f"{head}Content-Transfer-Encoding: base64\r\n\r\n".encode() + base64.encodebytes(file)
    return b"From: a@b.cn\r\nSubject: x\r\n" + mixed([b"Content-Type: text/plain\r\n\r\nx", part])


def _in_a_zip(file: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.mp4", file)
    return _with(out.getvalue(), "a.zip")


def _forwarded(file: bytes) -> bytes:
    """As Outlook does it: the whole mail in base64."""
    inner = base64.encodebytes(_with(file, "a.mp4"))
    return b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + inner


def _saved(file: bytes) -> bytes:
    """A mail that comes as a file."""
    return _with(b"Received: x\r\nMessage-ID: <1@x>\r\nDate: x\r\n" + _with(file, "a.mp4"), "a.eml")


def _quoted(file: bytes) -> bytes:
    text = b"=\r\n".join(file[start : start + 70].hex("=").upper().encode() for start in range(0, len(file) // 4, 70))
    head = (
        b'Content-Type: application/octet-stream; name="a.mp4"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    )
    return b"From: a@b.cn\r\n" + mixed([head + text])


@pytest.mark.parametrize("wrap", [lambda file: _with(file, "a.mp4"), _in_a_zip, _forwarded, _saved, _quoted])
def test_memory_does_not_grow_with_a_mail(wrap: Callable[[bytes], bytes], tmp_path: Path) -> None:
    """Whatever the file comes in; it is found, and whole."""
    chance = random.Random(1)
    small, few = _peak(wrap(chance.randbytes(1_500_000)), tmp_path, "small")
    large, many = _peak(wrap(chance.randbytes(LARGE)), tmp_path, "large")
    assert [each.split()[0] for each in many] == [each.split()[0] for each in few] == ["a.mp4"]
    assert int(many[0].split()[1]) > 6 * int(few[0].split()[1])
    assert large - small < _SLACK
