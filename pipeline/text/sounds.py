"""How Chinese reads aloud: whoever types by sound and picks the wrong sign writes one that sounds the same."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=65536)
def sound_of(text: str) -> tuple[str, ...]:
    """The syllables without tones, one for each sign: 石侨村 -> si, qiao, cun. Traditional signs sound as well.

    zh, ch, sh and ng are one with z, c, s and n, as input methods let whoever speaks so write them.
    """
    from pypinyin import lazy_pinyin  # noqa: PLC0415 (45 MB, for the few mails that name nobody rightly)

    return tuple(re.sub(r"(?<=^[zcs])h|(?<=n)g$", "", syllable) for syllable in lazy_pinyin(text))
