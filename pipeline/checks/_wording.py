"""Words that several checks say alike."""

from collections.abc import Iterable

from pipeline.model.files import ARCHIVE_KINDS, PICTURE_KINDS, SHEET_KINDS, VIDEO_KINDS, WORD_KINDS, FileKind

_FAMILIES = (
    (WORD_KINDS | {FileKind.ODT}, "Word文档"),
    (SHEET_KINDS, "Excel表格"),
    (PICTURE_KINDS, "图片"),
    (VIDEO_KINDS, "视频"),
    (ARCHIVE_KINDS, "压缩包"),
    (frozenset({FileKind.PPT, FileKind.PPTX}), "演示文稿"),
    (frozenset({FileKind.EML, FileKind.MSG, FileKind.TNEF}), "邮件"),
)
_WORDS = {
    FileKind.PDF: "PDF文件",
    FileKind.OFD: "OFD文件",
    FileKind.HTML: "网页文件",
    FileKind.TEXT: "纯文本文件",
    FileKind.AUDIO: "音频",
    FileKind.EXECUTABLE: "程序",
    FileKind.SHORTCUT: "快捷方式（里面没有文件内容）",
}


def kind_words(kind: FileKind) -> str:
    """What a clerk calls a file of this kind: Word文档, 图片."""
    family = next((words for kinds, words in _FAMILIES if kind in kinds), None)
    return family or _WORDS.get(kind, "其他格式的文件")


def exact_kind_words(kind: FileKind) -> str:
    """The same, with the ending that is right where one word stands for several formats: 图片（png）."""
    words = kind_words(kind)
    return f"{words}（{kind}）" if any(kind in kinds for kinds, _ in _FAMILIES[:4]) else words


def shorten(text: str, length: int) -> str:
    """The text on one line without blanks, cut to so many characters."""
    line = "".join(text.split())
    return line if len(line) <= length else line[:length] + "……"


def enumerate_names(names: Iterable[str], most: int = 3) -> str:
    """“甲”、“乙”; of many the first ones and their number."""
    quoted = [f"“{name}”" for name in names]
    return "、".join(quoted) if len(quoted) <= most else f"{'、'.join(quoted[:most])}等{len(quoted)}个文件"
