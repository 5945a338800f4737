"""rar, 7z, tar and gzip archives: real ones, made here."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import struct
import subprocess
import sys
import tarfile
import textwrap
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import py7zr
import pytest
import rars  # type: ignore[import-untyped]  # the wheel holds no types

from pipeline.archive import Limits, apart
from pipeline.archive.limits import Refused
from pipeline.model.files import FileKind, Problem
from pipeline.sniff import sniff_kind
from tests.archives import File, judge, names, old_rar, unfold, unfold_all, unicode_name
from tests.mails import DOCX, zip_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PHOTO = bytes(range(256)) * 40
FILES = [("孙庄村/照片/王喆.jpg", PHOTO), ("孙庄村/写实表（𠮷）.docx", DOCX), ("孙庄村/Thumbs.db", b"x")]
KINDS = [FileKind.RAR, FileKind.SEVEN_ZIP, FileKind.TAR]
Files = Sequence[tuple[str, bytes]]
PACK: dict[FileKind, Callable[[bytes], bytes]] = {
    FileKind.BZIP2: bz2.compress,
    FileKind.XZ: lzma.compress,
    FileKind.ZSTD: zstd.compress,
}


def archive(kind: FileKind, files: Files, password: str | None = None) -> bytes:
    """An archive of this kind."""
    out = io.BytesIO()
    match kind:
        case FileKind.RAR:
            builder = rars.RarBuilder("rar50", password=password)
            for name, octets in files:
                builder.add_bytes(octets, name)
            return bytes(builder.to_bytes())
        case FileKind.SEVEN_ZIP:
            with py7zr.SevenZipFile(out, "w", password=password) as seven:
                for name, octets in files:
                    seven.writestr(octets, name)
        case FileKind.TAR:
            with tarfile.open(fileobj=out, mode="w") as tar:
                for name, octets in files:
                    entry = tarfile.TarInfo(name)
                    entry.size = len(octets)
                    tar.addfile(entry, io.BytesIO(octets))
        case _:
            return zip_of(files)
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_files_come_with_their_names_and_octets(kind: FileKind) -> None:
    """Folders as written, names beyond GBK whole, a system's traces left out."""
    assert [(file.names, file.octets, file.problem) for file in unfold(archive(kind, FILES), kind)] == [
        ((name,), octets, None) for name, octets in FILES[:2]
    ]


@pytest.mark.parametrize("outer", [*KINDS, FileKind.ZIP])
@pytest.mark.parametrize("inner", [*KINDS, FileKind.ZIP])
def test_each_kind_within_each(outer: FileKind, inner: FileKind) -> None:
    """Names lead from the outermost archive inwards; the limits hold for the whole."""
    octets = archive(outer, [("a/内", archive(inner, [("1.jpg", PHOTO)])), ("2.jpg", PHOTO)])
    assert names(octets, outer) == [("a/内", "1.jpg"), ("2.jpg",)]
    assert judge(octets, Limits(members=1), outer) is Problem.HOSTILE
    assert judge(octets, Limits(depth=1), outer) is Problem.HOSTILE


@pytest.mark.parametrize("kind", KINDS)
def test_bombs(kind: FileKind) -> None:
    """Counted while they unfold: by member, by the whole, by ratio."""
    zeros = archive(kind, [("1.jpg", bytes(3_000_000)), ("2.jpg", bytes(3_000_000))])
    assert judge(zeros, Limits(member_size=2_000_000), kind) is Problem.HOSTILE
    assert judge(zeros, Limits(total_size=5_000_000), kind) is Problem.HOSTILE
    assert judge(zeros, Limits(ratio_floor=5_000_000, ratio=1), kind) is (
        Problem.HOSTILE if kind is not FileKind.TAR else None
    )
    assert judge(zeros, kind=kind) is None


@pytest.mark.parametrize("kind", [FileKind.RAR, FileKind.SEVEN_ZIP])
def test_encrypted(kind: FileKind) -> None:
    """By its headers, before anything is unfolded."""
    assert judge(archive(kind, FILES[:1], password="x"), kind=kind) is Problem.ENCRYPTED


@pytest.mark.parametrize("kind", KINDS)
def test_cut_short(kind: FileKind) -> None:
    """An archive without its end is damaged, or what came before the cut is read and the rest is damaged."""
    whole = archive(kind, [("1.jpg", PHOTO), ("2.jpg", PHOTO)])
    files = unfold_all(whole[: len(whole) // 3], kind)
    assert Problem.DAMAGED in ([files] if isinstance(files, Problem) else [file.problem for file in files])


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_it(kind: FileKind) -> None:
    """Junk alone is as good as nothing."""
    assert judge(archive(kind, [("照片/Thumbs.db", b"x")]), kind=kind) is Problem.EMPTY


def test_names_that_lead_outside() -> None:
    """One such name makes the archive hostile, in each kind that can hold one."""
    for name in ("..\\..\\x.exe", "/etc/cron.d/x", "C:\\x"):
        assert judge(old_rar(name.encode(), b"x"), kind=FileKind.RAR) is Problem.HOSTILE
    for name in ("../../x", "/etc/x", "a/../../x"):
        assert judge(archive(FileKind.TAR, [("1.jpg", PHOTO), (name, b"x")]), kind=FileKind.TAR) is Problem.HOSTILE
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=[{"id": py7zr.FILTER_COPY}]) as seven:
        seven.set_encoded_header_mode(False)
        seven.writestr(b"x", "ab/cd")
    plain = out.getvalue()
    outside = plain.replace("ab/cd".encode("utf-16-le"), "../cd".encode("utf-16-le"))
    assert names(plain, FileKind.SEVEN_ZIP) == [("ab/cd",)]
    assert judge(with_header_sum(outside), kind=FileKind.SEVEN_ZIP) is Problem.HOSTILE


def with_header_sum(octets: bytes) -> bytes:
    """A 7z archive with the checksums of its headers made right."""
    offset, size = struct.unpack_from("<QQ", octets, 12)
    start = octets[12:28] + struct.pack("<L", zlib.crc32(octets[32 + offset : 32 + offset + size]))
    return octets[:8] + struct.pack("<L", zlib.crc32(start)) + start + octets[32:]


def test_links() -> None:
    """One that leads outside is an attack; another holds no file."""
    for target, problem in (("/etc/passwd", Problem.HOSTILE), ("1.jpg", None)):
        builder = rars.RarBuilder("rar50")
        builder.add_unix_symlink("link", target)
        builder.add_bytes(PHOTO, "1.jpg")
        rar = bytes(builder.to_bytes())
        assert judge(rar, kind=FileKind.RAR) is problem
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tar:
            link = tarfile.TarInfo("link")
            link.type, link.linkname, link.mode = tarfile.SYMTYPE, target, stat.S_IFLNK
            tar.addfile(link)
            entry = tarfile.TarInfo("1.jpg")
            entry.size = len(PHOTO)
            tar.addfile(entry, io.BytesIO(PHOTO))
        assert judge(out.getvalue(), kind=FileKind.TAR) is problem
    assert names(rar, FileKind.RAR) == names(out.getvalue(), FileKind.TAR) == [("1.jpg",)]


def test_a_sparse_map_cut_off() -> None:
    """A tar that ends where the map of a sparse file (GNU) goes on."""
    entry = tarfile.TarInfo("1.jpg")
    entry.type = tarfile.GNUTYPE_SPARSE
    head = bytearray(entry.tobuf(tarfile.GNU_FORMAT))
    head[482] = 1  # "the map goes on in the next block"
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    assert judge(bytes(head), kind=FileKind.TAR) is Problem.DAMAGED


def test_old_rar_names() -> None:
    """RAR 4: octets of the Chinese Windows without any mark, or Unicode packed beside them."""
    assert names(old_rar("孙庄村\\王喆.jpg".encode("gbk"), PHOTO), FileKind.RAR) == [("孙庄村\\王喆.jpg",)]
    marked = old_rar(unicode_name("孙庄村\\镕𠮷.jpg"), PHOTO, 0x8200)
    assert names(marked, FileKind.RAR) == [("孙庄村\\镕𠮷.jpg",)]


def test_one_volume_of_several() -> None:
    """A file that goes on in another volume is not damaged: the sender is asked for the others."""
    (file,) = unfold(old_rar(b"1.jpg", PHOTO, 0x8002), FileKind.RAR)
    assert (file.names, file.problem) == (("1.jpg",), Problem.PARTIAL)


def test_a_lie_about_the_size() -> None:
    """The declared size is never believed: neither a small one nor one that would fill the machine."""
    for declared in (10, 1 << 31):
        octets = old_rar(b"1.jpg", PHOTO, declared=declared)
        assert judge(octets, kind=FileKind.RAR) in {None, Problem.HOSTILE, Problem.DAMAGED}


def test_gzip() -> None:
    """One file by the name it was packed under; a tar within is no step deeper; damage keeps what could be had."""
    out = io.BytesIO()
    with gzip.GzipFile("总结.docx", "wb", fileobj=out) as file:
        file.write(DOCX)
    named = b"\x1f\x8b\x08\x08" + bytes(6) + "孙庄村.docx".encode("gbk") + b"\0" + gzip.compress(DOCX)[10:]
    assert names(named, FileKind.GZIP) == [("孙庄村.docx",)]
    assert names(gzip.compress(DOCX), FileKind.GZIP) == [("未命名文件",)]
    assert names(gzip.compress(archive(FileKind.TAR, FILES)), FileKind.GZIP) == [(name,) for name, _ in FILES[:2]]
    (file_,) = unfold(gzip.compress(PHOTO)[:-20], FileKind.GZIP)
    assert file_.problem is Problem.DAMAGED
    (file_,) = unfold(gzip.compress(PHOTO) + b"trailing", FileKind.GZIP)
    assert (file_.octets, file_.problem) == (PHOTO, None)
    assert judge(gzip.compress(bytes(3_000_000)), Limits(ratio_floor=1_000_000), FileKind.GZIP) is Problem.HOSTILE


@pytest.mark.parametrize("kind", [FileKind.BZIP2, FileKind.XZ, FileKind.ZSTD])
def test_packed_files(kind: FileKind) -> None:
    """One file, called like the packed one without its ending; a tar within is no step deeper; damage is told."""
    pack = PACK[kind]
    assert sniff_kind(pack(PHOTO)) is sniff_kind(pack(b"")) is kind
    assert unfold_all(pack(PHOTO) + b"trailing", kind, name="照片/1.jpg.xz") == [File(("1.jpg",), PHOTO, None)]
    assert names(pack(PHOTO), kind) == [("未命名文件",)]
    assert names(pack(archive(FileKind.TAR, FILES)), kind) == [(name,) for name, _ in FILES[:2]]
    assert names(zip_of([("内/表.xlsx.zst", pack(PHOTO))])) == [("内/表.xlsx.zst", "表.xlsx")]
    (cut,) = unfold(pack(PHOTO)[:-20], kind)
    assert cut.problem is Problem.DAMAGED
    assert judge(pack(bytes(3_000_000)), Limits(ratio_floor=1_000_000), kind) is Problem.HOSTILE


def test_a_dictionary_larger_than_memory() -> None:
    """What a packed file asks for before it gives anything is refused too."""
    greedy = lzma.compress(PHOTO, filters=[{"id": lzma.FILTER_LZMA2, "preset": 9, "dict_size": 1 << 30}])
    (file,) = unfold(greedy, FileKind.XZ)
    assert file.problem is Problem.DAMAGED


def test_a_reader_that_does_not_come_back(tmp_path: Path) -> None:
    """It is killed, the archive is for a person to look at, and no process stays."""
    (tmp_path / "a.rar").write_bytes(archive(FileKind.RAR, FILES))
    with pytest.raises(Refused) as refused:
        list(apart.read_apart([tmp_path / "a.rar"], FileKind.RAR, clock_seconds=0.01))
    assert refused.value.problem is Problem.UNSUPPORTED


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_reader_that_takes_too_much_memory() -> None:
    """A 7z whose dictionary is declared larger than the machine should give is hostile, and only the reader ends."""
    out = io.BytesIO()
    filters = [{"id": py7zr.FILTER_LZMA2, "preset": 0, "dict_size": (3 << 29)}]
    with py7zr.SevenZipFile(out, "w", filters=filters) as seven:
        seven.writestr(b"x", "1.jpg")
    assert judge(out.getvalue(), kind=FileKind.SEVEN_ZIP) in {None, Problem.HOSTILE}


_FILL = textwrap.dedent("""
    import os, resource, sys
    from pipeline.archive import unfolded
    from pipeline.errors import AccessError
    from pipeline.model.files import FileKind
    from pipeline.cache.workplace import open_workplace
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        with open_workplace() as workplace:
            archive = workplace.lay([sys.stdin.buffer.read()])
            with unfolded([archive.path], FileKind.ZIP, workplace) as members:
                print(members)
    except AccessError as error:
        print(error)
    print(os.listdir(os.environ["TMPDIR"]))
""")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_that_fills(tmp_path: Path) -> None:
    """The operator is told in one line, the archive is not called damaged, and nothing stays behind."""
    octets = zip_of([("1.jpg", bytes(3_000_000))])
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", _FILL], input=octets, capture_output=True, check=True, env=environment)
    said, left = done.stdout.decode().splitlines()
    assert "磁盘" in said
    assert left == "[]"
