"""What a file is by its content, and why its content cannot be had."""

from __future__ import annotations

from enum import StrEnum


class FileKind(StrEnum):
    """What a file is by its content, whatever its name says."""

    DOCX = "docx"
    DOCM = "docm"
    DOC = "doc"  # Word 97 in OLE: .doc and Kingsoft's .wps
    RTF = "rtf"
    XLSX = "xlsx"
    XLSM = "xlsm"
    XLS = "xls"  # BIFF in OLE: .xls and Kingsoft's .et
    PPTX = "pptx"
    PPT = "ppt"
    ODT = "odt"
    ODS = "ods"
    PDF = "pdf"
    OFD = "ofd"  # GB/T 33190: what PDF is elsewhere
    HTML = "html"
    TEXT = "text"
    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    BMP = "bmp"
    WEBP = "webp"
    TIFF = "tiff"
    HEIC = "heic"
    MP4 = "mp4"
    MOV = "mov"
    THREEGP = "3gp"
    AVI = "avi"
    WMV = "wmv"
    MKV = "mkv"
    FLV = "flv"
    MPEG = "mpeg"
    AUDIO = "audio"
    ZIP = "zip"
    RAR = "rar"
    SEVEN_ZIP = "7z"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"
    TAR = "tar"
    EML = "eml"
    TNEF = "tnef"
    MSG = "msg"  # Outlook's own message file
    OLE = "ole"  # a compound file of another kind
    EXECUTABLE = "executable"
    SHORTCUT = "shortcut"  # leads to a file of the sender's disk, or to a page: nothing is in it
    EMPTY = "empty"
    UNKNOWN = "unknown"


WORD_KINDS = frozenset({FileKind.DOCX, FileKind.DOCM, FileKind.DOC, FileKind.RTF})

SHEET_KINDS = frozenset({FileKind.XLSX, FileKind.XLSM, FileKind.XLS, FileKind.ODS})

PICTURE_KINDS = frozenset(
    {FileKind.JPEG, FileKind.PNG, FileKind.GIF, FileKind.BMP, FileKind.WEBP, FileKind.TIFF, FileKind.HEIC}
)

VIDEO_KINDS = frozenset(
    {
        FileKind.MP4,
        FileKind.MOV,
        FileKind.THREEGP,
        FileKind.AVI,
        FileKind.WMV,
        FileKind.MKV,
        FileKind.FLV,
        FileKind.MPEG,
    }
)

PACKED_KINDS = frozenset({FileKind.GZIP, FileKind.BZIP2, FileKind.XZ, FileKind.ZSTD})  # of one file each

ARCHIVE_KINDS = PACKED_KINDS | {FileKind.ZIP, FileKind.RAR, FileKind.SEVEN_ZIP, FileKind.TAR}


class Problem(StrEnum):
    """Why the content of a file cannot be had."""

    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    PARTIAL = "partial"  # one volume of an archive of several, the others not beside it
    HOSTILE = "hostile"
    UNSUPPORTED = "unsupported"  # whole, perhaps, but no reader here understands it
