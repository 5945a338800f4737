"""照片重复。

查什么
    本村的照片里有没有同一张报了两次，包括缩小、转存、裁去一点边的。
为什么
    重复的照片只能算一张。
不合格
    一封邮件里有两张一样的照片；或者把以前报过的照片缩小后又报一次。
合格
    每张都不同。把以前的邮件原样再发一遍，不算重复。
怎么改
    换一张不同的补发；够数的，不必理会。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.likeness import is_same_picture
from pipeline.model.facts import PhotoSet
from pipeline.model.finding import Severity


def find(photos: PhotoSet, options: NoOptions) -> Iterator[Hit]:
    for number, picture in enumerate(photos.new):
        # The same octets sent again by a later mail change nothing (CONTRACT: newest wins).
        resent = any(picture.digest == earlier.digest for earlier in photos.earlier)
        known = (*photos.new[:number], *(() if resent else photos.earlier))
        twin = next((other for other in known if is_same_picture(picture, other)), None)
        if twin is not None:
            name = f"“{twin.name}”" if twin.name else "另一张"
            before = "" if twin in photos.new[:number] else "以前报送的"
            yield Hit(attachment=picture.name or None, values={"twin": before + name})


CHECK = Check(
    severity=Severity.WARNING,
    on=PhotoSet,
    find=find,
    message="这张照片与{twin}是同一张，只算一张；如不够数，请换一张不同的补发。",
)
