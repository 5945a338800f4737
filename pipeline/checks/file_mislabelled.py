"""文件名与实际格式不符。

查什么
    文件名结尾写的格式，与文件内容的实际格式是否一致。核对时一律以内容为准。
为什么
    结尾写错的文件，别人的电脑可能打不开。
不合格
    结尾是doc，内容却是新版Word；结尾是jpg，内容却是别种图片；结尾是mp4，内容却是文字。
合格
    两者一致。jpeg与jpg、mov与mp4一类的通用写法，以及wps、et文件的各种内容，都算一致；没有结尾的不查。
怎么改
    不要直接改文件名，用原来的软件“另存为”所需格式。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._problem import is_faulty
from pipeline.checks._wording import exact_kind_words
from pipeline.model.facts import File
from pipeline.model.files import FileKind
from pipeline.model.finding import Severity

_PHONE_VIDEO = frozenset({FileKind.MP4, FileKind.MOV, FileKind.THREEGP})  # one family of boxes; phones mix the names
_KINDS = {
    "docx dotx": {FileKind.DOCX},
    "docm dotm": {FileKind.DOCM, FileKind.DOCX},
    "doc dot": {FileKind.DOC},
    "wps wpt": {FileKind.DOC, FileKind.DOCX},  # seen: newer WPS Office writes OOXML under its old name
    "rtf": {FileKind.RTF},
    "xlsx xltx": {FileKind.XLSX},
    "xlsm": {FileKind.XLSM, FileKind.XLSX},
    "xls xlt": {FileKind.XLS},
    "et ett": {FileKind.XLS, FileKind.XLSX},
    "pptx": {FileKind.PPTX},
    "ppt": {FileKind.PPT},
    "dps": {FileKind.PPT, FileKind.PPTX},
    "odt": {FileKind.ODT},
    "ods": {FileKind.ODS},
    "pdf": {FileKind.PDF},
    "ofd": {FileKind.OFD},
    "htm html": {FileKind.HTML},
    "txt csv": {FileKind.TEXT},
    "jpg jpeg jpe jfif": {FileKind.JPEG},
    "png": {FileKind.PNG},
    "gif": {FileKind.GIF},
    "bmp dib": {FileKind.BMP},
    "webp": {FileKind.WEBP},
    "tif tiff": {FileKind.TIFF},
    "heic heif": {FileKind.HEIC},
    "mp4 m4v mov qt 3gp 3gpp 3g2": _PHONE_VIDEO,
    "avi": {FileKind.AVI},
    "wmv asf": {FileKind.WMV},
    "mkv webm": {FileKind.MKV},
    "flv": {FileKind.FLV},
    "mpg mpeg": {FileKind.MPEG},
    "mp3 wav wma aac amr": {FileKind.AUDIO},
    "m4a": _PHONE_VIDEO | {FileKind.AUDIO},
}
_BY_ENDING = {ending: frozenset(kinds) for endings, kinds in _KINDS.items() for ending in endings.split()}


def find(file: File, options: NoOptions) -> Iterator[Hit]:
    attachment = file.filing.attachment
    if is_faulty(file) or attachment.sniffed_kind is FileKind.UNKNOWN:
        return
    ending = attachment.name.strip().rstrip(".").rpartition(".")[2].lower()
    if ending in _BY_ENDING and attachment.sniffed_kind not in _BY_ENDING[ending]:
        yield Hit(values={"ending": ending, "found": exact_kind_words(attachment.sniffed_kind)})


CHECK = Check(
    severity=Severity.WARNING,
    on=File,
    find=find,
    message="文件名以{ending}结尾，内容实际是{found}，已按内容核对。今后请用“另存为”保存，不要直接改文件名的结尾。",
)
