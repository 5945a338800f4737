"""Whom a text names."""

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.model.campaign import Village
from pipeline.register import Register
from pipeline.register_file import load_register

TOWN = Register(
    villages=(
        Village("王村", addresses=("wang@163.com", "shared@qq.com")),
        Village("后王村", ("后王村委会",), ("shared@qq.com",)),
        Village("后杨屯村"),
        Village("柳河东村"),
        Village("柳河西村"),
        Village("长山村"),
        Village("幸福社区", ("幸福",)),
    ),
    place_words=("长山街道", "长山街道办事处", "东海县"),
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("王村5月20日写实表", ("王村",)),
        ("关于报送方案的报告（后王村）", ("后王村",)),
        ("后王村村民委员会", ("后王村",)),
        ("后王计生协", ("后王村",)),
        ("长山街道王村", ("王村",)),
        ("东海县长山街道办事处王村委会", ("王村",)),
        ("我是王村的会计", ("王村",)),
        ("后王村、王村两村写实表", ("后王村", "王村")),
        ("柳河东村民委员会", ("柳河东村",)),
        ("长山村活动总结", ("长山村",)),
        ("长山街道长山村", ("长山村",)),
        ("ｗａｎｇ　后杨屯写实表．ｄｏｃ", ("后杨屯村",)),
        ("幸福社区居委会", ("幸福社区",)),
    ],
)
def test_names(text: str, named: tuple[str, ...]) -> None:
    """Every usual way to write a village's name is understood, the longest name first."""
    assert TOWN.named_in(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "西王村写实表",
        "小王村",
        "杨屯村",
        "柳河村",
        "长山街道的通知",
        "长山街道办事处",
        "后杨屯镇",
        "",
        "刘王村材料",
        "后杨屯寺村",
    ],
)
def test_names_nobody(text: str) -> None:
    """The tail of another village's name, the town's own name and an ambiguous name name nobody; nor by their sound."""
    assert TOWN.named_in(text) == ()
    assert TOWN.sounding_in(text) == ()


@pytest.mark.parametrize(
    ("text", "sounding"),
    [
        ("候王村5月20日写实表", ("后王村",)),
        ("單位：後王村", ("后王村",)),
        ("柳合东村和辛福社区的材料", ("柳河东村", "幸福社区")),
        ("前候王村写实表", ()),  # the tail of another's name
        ("后王写实表", ()),  # not a whole name
        ("网村写实表", ()),  # one sign is too little
        ("全村我们村本社区", ()),
    ],
)
def test_names_that_sound_so(text: str, sounding: tuple[str, ...]) -> None:
    """A wrong sign of the right sound, as pinyin input offers it, or a traditional one."""
    assert TOWN.named_in(text) == () or text == "后王写实表"
    assert TOWN.sounding_in(text) == sounding


def test_two_villages_of_one_sound() -> None:
    """Whom a text means that spells neither, nobody can tell."""
    both = Register((Village("前王村"), Village("钱王村")))
    assert both.named_in("钱王村方案") == ("钱王村",)
    assert both.sounding_in("乾王村方案") == ()


def test_an_address_may_be_shared() -> None:
    """One person may write for several villages."""
    assert TOWN.of_address("WANG@163.com") == ("王村",)
    assert TOWN.of_address("shared@qq.com") == ("王村", "后王村")
    assert TOWN.of_address("stranger@qq.com") == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_load(tmp_path: Path, encoding: str) -> None:
    """The register is read as Excel, WPS and Notepad save it."""
    path = tmp_path / "villages.csv"
    path.write_bytes(
        "village,aliases,addresses,contact\n王村,王村委;小王庄,A@qq.com；b@163.com,李文书\n".encode(encoding)
    )
    register = load_register(path)
    assert register.villages == (Village("王村", ("王村委", "小王庄"), ("a@qq.com", "b@163.com"), "李文书"),)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name\n王村\n", 1),
        ("village,alias\n王村,\n", 1),
        ("village\n王村\n王村\n", 3),
        ("village,addresses\n王村,not an address\n", 2),
        ("village\n", None),
    ],
)
def test_a_wrong_register_is_refused(tmp_path: Path, text: str, line: int | None) -> None:
    """One line that names the file, and the line where there is one."""
    path = tmp_path / "villages.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_register(path)
    assert caught.value.file == path
    assert caught.value.line == line


WORDS = Register(
    villages=(
        Village("幸福村"),
        Village("红旗村"),
        Village("北关村"),
        Village("北关社区"),
        Village("和平社区", ("和平村",)),
    ),
    place_words=("长山街道",),
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("“倡新时代婚育文化·助家庭和谐幸福”活动方案", ()),
        ("让协会成为群众的幸福源泉", ()),
        ("幸福家庭评选总结", ()),
        ("在村口插红旗、拉横幅", ()),
        ("活动现场：红旗、横幅、展板", ()),
        ("幸福方案", ("幸福村",)),
        ("幸福5.20写实表", ("幸福村",)),
        ("长山街道幸福写实表", ("幸福村",)),
        ("幸福村", ("幸福村",)),
        ("红旗村和幸福计生协", ("红旗村", "幸福村")),
    ],
)
def test_a_name_that_is_a_common_word(text: str, named: tuple[str, ...]) -> None:
    """Without its 村 it counts only where a report follows: slogans are full of such words."""
    assert WORDS.named_in(text) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("北关村写实表", ("北关村",)),
        ("北关村村委会", ("北关村",)),
        ("北关社区居委会", ("北关社区",)),
        ("北关居委会", ("北关社区",)),
        ("北关写实表", ()),
        ("北关计生协", ()),
        ("和平村写实表", ("和平社区",)),
        ("和平村委会", ("和平社区",)),
    ],
)
def test_a_village_and_a_community_of_one_name(text: str, named: tuple[str, ...]) -> None:
    """Each formal name means its own; what both are called means neither."""
    assert WORDS.named_in(text) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("前、后屈村写实表", ("前屈村", "后屈村")),
        ("前后屈村写实表", ("前屈村", "后屈村")),
        ("东、西阚两村", ("东阚村", "西阚村")),
        ("东西阚村委会", ("东阚村", "西阚村")),
        ("前屈村、后屈村", ("前屈村", "后屈村")),
        ("后屈村", ("后屈村",)),
        ("前、后王村", ()),
        ("临水县东关街道前屈村", ("前屈村",)),
        ("东关街道办事处", ()),
        ("东关街12号", ()),
    ],
)
def test_two_villages_in_one_name(text: str, named: tuple[str, ...]) -> None:
    """前、后屈村 names both where both are registered; a town named like a community is none."""
    villages = ("前屈村", "后屈村", "东阚村", "西阚村", "东关社区")
    assert Register(tuple(map(Village, villages))).named_in(text) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("西季楼村写实表", ("西李楼村",)),
        ("黄士岭村委会", ("黄土岭村",)),
        ("东李楼村", ()),  # another village's name, not a mistake
        ("西李楼村", ()),  # rightly written
        ("大石桥村", ()),  # of three signs no sign is spare
        ("石乔村", ()),
    ],
)
def test_a_sign_mistaken(text: str, named: tuple[str, ...]) -> None:
    """One sign of a long name; never the one that tells two villages apart."""
    villages = ("西李楼村", "黄土岭村", "石桥村")
    assert Register(tuple(map(Village, villages))).resembling_in(text) == named
