"""The register of villages: whom a text names, and whose an address is.

Village names are traps: the town's own name may be a village's too (万张街道, 万张村), one village's name may be the
tail of another's (王村, 后王村), and a village that is not registered may end in one that is (西王村). So names are
matched longest first, the town's own names are taken out before, and a short name is refused where it is only the tail
of a longer one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from pipeline.model.campaign import Village
from pipeline.text.sounds import sound_of

# What may follow a core or a full name and still mean the same one: of villages, of communities, of both.
_OF_VILLAGES = (
    *("村村民委员会", "村民委员会", "村村委会", "村委会", "村村委", "村委", "村两委"),
    *("村计划生育协会", "村计生协会", "村计生协", "村党支部", "村"),
)
_OF_COMMUNITIES = ("社区居民委员会", "社区居委会", "居民委员会", "居委会", "社区计生协", "社区")
_OF_BOTH = ("两委", "计生协", "党支部")
_ENDS = ("村", "社区")  # of a formal name
_BODIES = (*_OF_VILLAGES, *_OF_COMMUNITIES, *_OF_BOTH)
# How surely a way of writing means the village: its formal name, a name the register lists, its own kind's body, any.
_FORMAL, _LISTED, _OWN_KIND, _ANY = range(4)
# Villages are called by words of every slogan (家庭和谐幸福, 插红旗). Such a name without its 村 counts only where
# nothing but a report can follow it: 幸福方案, 幸福5.20写实表. (The most frequent ones of the national list.)
_COMMON_WORDS = frozenset(
    re.findall(
        "..",  # each of two signs
        "幸福和平红旗团结胜利光明前进向阳友谊新华建设文化文明民主富强和谐振兴兴旺新兴新生新建新民东风先锋红星五星太阳希望健康平安"
        "富民利民为民爱国自由平等联合永久长征跃进曙光卫星朝阳青年创新发展繁荣进步美好温暖奋斗奋进复兴小康丰收中心中华东方科技"
        "育才书院人民合作互助解放革命",
    )
)
_REPORT_FOLLOWS = re.compile(
    r"\s*(?:$|[\d_)】」》\].-]|方案|计划|写实|进展|统计|总结|照片|相片|视频|材料|表|计生|第.次)"
)
# A name that stands right after one of these is the tail of another village's name: 小|王村, 后|杨屯.
_MODIFIERS = frozenset("东西南北中前后上下大小新老旧左右内外双三四五六七八九")
# A name without its 村 that stands right before one of these is the head of another place's: 王桥|镇, 东关|街道.
_FOLLOWERS = frozenset("镇乡县市区路街庄屯集楼店营寨堂沟坡桥")
# 石龙|寺村: the head of another village's name. Not 石龙|和后村.
_LONGER_NAME = re.compile(r"(?![和与及跟同各全本我该两三等村])[\u4e00-\u9fff]村(?![委民级两支部])")
# 前、后屈村 and 东西阚村: two villages in one name.
_TWINS = re.compile(rf"([{''.join(sorted(_MODIFIERS))}])\s*[、,，和及与/]?\s*(?:[两二]个?)?$")
# What may stand right before a village's name in running text, besides anything that is no Han character.
_LEADS = frozenset("道镇乡县市区处办村会是为由我报送将把和与及给到在从向于的了请自件料转发呈收附交补")


# Blanks between single signs; those between words of two and more part fields.
_APART = re.compile(
    r"(?<=(?<![\u4e00-\u9fff])[\u4e00-\u9fff])[^\S\n]+(?=[\u4e00-\u9fff])|(?<=[^\S\n][\u4e00-\u9fff])[^\S\n]+(?=[\u4e00-\u9fff](?![\u4e00-\u9fff]))"
)


def normalise(text: str) -> str:
    """NFKC, so that full-width letters, digits and brackets are one with the others."""
    return unicodedata.normalize("NFKC", text)


@dataclass(frozen=True)
class Register:
    """All villages of a campaign, in the office's own order."""

    villages: tuple[Village, ...]
    place_words: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Of all by which a village is known; another where any of it changed."""
        digest = hashlib.sha256()
        for each in self.villages:
            digest.update(repr((each.name, each.aliases, each.addresses)).encode())
        return digest.hexdigest()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The formal names, in order."""
        return tuple(village.name for village in self.villages)

    @cached_property
    def _by_name(self) -> dict[str, Village]:
        return {village.name: village for village in self.villages}

    def __getitem__(self, name: str) -> Village:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @cached_property
    def _by_address(self) -> dict[str, tuple[str, ...]]:
        owners: dict[str, tuple[str, ...]] = {}
        for village in self.villages:
            for address in village.addresses:
                owners[address] = (*owners.get(address, ()), village.name)
        return owners

    def of_address(self, address: str) -> tuple[str, ...]:
        """The villages whose register lists this address."""
        return self._by_address.get(address.lower(), ())

    @cached_property
    def _spellings(self) -> dict[str, frozenset[str]]:
        """Every way a village may be written -> the villages it may mean; the surest meaning alone.

        北关村 is the formal name of one village, though a 北关社区 may be called so too.
        """
        meanings: dict[str, tuple[int, frozenset[str]]] = {}  # how surely, and which
        for village in self.villages:
            alone = frozenset((village.name,))
            for written in (village.name, *village.aliases):
                listed = _FORMAL if written == village.name else _LISTED
                for spelling, rank in _ways_to_write(normalise(written), listed):
                    best, owners = meanings.get(spelling, (_ANY, frozenset()))
                    if rank < best or not owners:
                        meanings[spelling] = rank, alone  # one set for all: a province has a million spellings
                    elif rank == best and village.name not in owners:
                        meanings[spelling] = rank, owners | alone
        return {spelling: owners for spelling, (_, owners) in meanings.items()}

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, ...]]:
        """Of all that is looked for in a text, by its first sign, the longest first."""
        lengths: dict[str, set[int]] = {}
        for way in filter(None, chain(self._spellings, self._place_words)):
            lengths.setdefault(way[0], set()).add(len(way))
        return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}

    @cached_property
    def _place_words(self) -> frozenset[str]:
        return frozenset(map(normalise, self.place_words))

    def _find_written(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of each, the longest at a place. By look-ups: a pattern of a province's names took minutes."""
        spellings, place_words, lengths = self._spellings, self._place_words, self._lengths
        start = 0
        while start < len(text):
            end = start
            for length in lengths.get(text[start], ()):
                written = text[start : start + length]
                if written in spellings or written in place_words:
                    end = start + length
                    break
            if end > start:
                yield start, end
            start = max(end, start + 1)

    def named_in(self, text: str) -> tuple[str, ...]:
        """The villages that a text names, each once, in order of appearance. Ambiguous names name nobody."""
        return self._named(text)

    @cached_property
    def _named(self) -> Callable[[str], tuple[str, ...]]:
        return lru_cache(maxsize=16)(self._name_all)  # each text of a mail is asked for several times

    def _name_all(self, text: str) -> tuple[str, ...]:
        clean = normalise(text)
        closed = _APART.sub("", clean)  # 王　村, as letterheads are spread
        return self._find_named(clean) or (self._find_named(closed) if closed != clean else ())

    def _find_named(self, clean: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        end_of_place_word = -1
        for start, end in self._find_written(clean):
            written = clean[start:end]
            if written in self._place_words and written not in self._spellings:
                end_of_place_word = end
                continue
            owners = self._spellings[written]
            twin = self._twin(clean, start, written)
            if len(owners) == 1 and twin:
                found.setdefault(twin)
                found.setdefault(next(iter(owners)))
            elif len(owners) == 1 and self._stands_alone(clean, start, end, after_place=end_of_place_word == start):
                found.setdefault(next(iter(owners)))
        return tuple(found)

    def _twin(self, text: str, start: int, written: str) -> str | None:
        """The other village of 前、后屈村, where ``written`` is 后屈村 and both are registered."""
        other = _TWINS.search(text, max(start - 6, 0), start) if written[0] in _MODIFIERS else None
        owners = self._spellings.get(other[1] + written[1:], frozenset()) if other else frozenset()
        return next(iter(owners)) if len(owners) == 1 and other and other[1] != written[0] else None

    def one_named_in(self, text: str) -> str | None:
        """The village that a text names, if it names exactly one."""
        named = self.named_in(text)
        return named[0] if len(named) == 1 else None

    @cached_property
    def _by_sound(self) -> dict[tuple[str, ...], frozenset[str]]:
        """How each name of a village reads aloud, with its 村 or 社区 -> the villages that it may mean."""
        owners: dict[tuple[str, ...], frozenset[str]] = {}
        for village in self.villages:
            for written in (village.name, *village.aliases):
                if written.endswith(_ENDS) and len(core_name(written)) > 1:
                    sound = sound_of(normalise(written))
                    owners[sound] = owners.get(sound, frozenset()) | {village.name}
        return owners

    def sounding_in(self, text: str) -> tuple[str, ...]:
        """The villages whose whole name the text holds in other signs of the same sound: 石侨村 for 石桥村.

        For texts that name nobody rightly: who types by sound picks a wrong sign now and then. As :meth:`named_in`.
        """
        clean = normalise(text)
        lengths = {len(sound) for sound in self._by_sound}
        found: dict[str, None] = {}
        for end in (match.end() for match in re.finditer("|".join(_ENDS), clean)):
            for start in sorted(end - length for length in lengths if length <= end):  # the longest first
                owners = self._by_sound.get(sound_of(clean[start:end]), ())
                led = not _is_han(clean[start - 1 : start]) or clean[start - 1] in _LEADS  # not 石|龙寺村 for 龙石村
                if len(owners) == 1 and led and self._stands_alone(clean, start, end, after_place=False):
                    found.setdefault(next(iter(owners)))
                    break
        return tuple(found)

    def resembling_in(self, text: str) -> tuple[str, ...]:
        """The villages whose long name the text holds with one sign mistaken: 西季楼村 for 西李楼村.

        Of four signs and more, 村 counted; which of 东 and 西 it is, is never a mistake of writing. As
        :meth:`sounding_in`.
        """
        clean = normalise(text)
        names = {normalise(written): v.name for v in self.villages for written in (v.name, *v.aliases)}
        long = {name: owner for name, owner in names.items() if name.endswith(_ENDS) and len(core_name(name)) > 2}
        found: dict[str, None] = {}
        for end in (match.end() for match in re.finditer("|".join(_ENDS), clean)):
            owners = {
                owner for name, owner in long.items() if _is_miswritten(clean[max(end - len(name), 0) : end], name)
            }
            if len(owners) == 1:
                found.setdefault(next(iter(owners)))
        return tuple(found)

    @staticmethod
    def _stands_alone(text: str, start: int, end: int, *, after_place: bool) -> bool:
        written = text[start:end]
        before, after = text[start - 1 : start], text[end : end + 1]
        bare = not written.endswith(_BODIES)
        if bare and ((after in _FOLLOWERS and after) or _LONGER_NAME.match(text, end)):
            return False
        if written in _COMMON_WORDS:
            return (after_place or not _is_han(before)) and bool(_REPORT_FOLLOWS.match(text, end))
        if after_place or not _is_han(before):
            return True
        if before in _MODIFIERS:
            return False
        return len(core_name(written)) > 1 or before in _LEADS


def _is_miswritten(written: str, name: str) -> bool:
    """Whether just one sign is another, and neither is one that parts two villages (东, 西)."""
    wrong = [pair for pair in zip(written, name, strict=False) if pair[0] != pair[1]]
    return len(written) == len(name) and len(wrong) == 1 and not _MODIFIERS & set(wrong[0]) and _is_han(wrong[0][0])


def _is_han(character: str) -> bool:
    return bool(character) and unicodedata.name(character, "").startswith("CJK UNIFIED")


def core_name(name: str) -> str:
    """The name without what all villages' names end in: 后王村委会 -> 后王."""
    for suffix in sorted(_BODIES, key=len, reverse=True):
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix)
    return name


def _ways_to_write(name: str, listed: int) -> Iterable[tuple[str, int]]:
    """Each way with its rank; ``listed`` is that of the name itself."""
    yield name, listed
    core = core_name(name)
    if len(core) > 1:
        yield core, _ANY
    own = _OF_COMMUNITIES if name.endswith(_OF_COMMUNITIES) else _OF_VILLAGES
    for body in _BODIES:
        yield core + body, _OWN_KIND if body in own else _ANY
