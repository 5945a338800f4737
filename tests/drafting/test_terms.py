"""What notices say of a material, and how the materials are named."""

from __future__ import annotations

import pytest

from pipeline.drafting.plain import fold, join_lines, split_sentences
from pipeline.drafting.terms import Unit, find_bounds, find_formats, find_untold
from pipeline.drafting.things import find_things


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("3-5张精选活动照片", Unit.PICTURES, 3, 5),
        ("三至五张", Unit.PICTURES, 3, 5),
        ("照片不少于3张", Unit.PICTURES, 3, None),
        ("不多于3张", Unit.PICTURES, None, 3),
        ("数量不超过10张", Unit.PICTURES, None, 10),
        ("1段活动视频", Unit.FILMS, 1, 1),
        ("短视频1个", Unit.PIECES, 1, 1),
        ("不少于2篇", Unit.COPIES, 2, None),
        ("2篇以上", Unit.COPIES, 2, None),
        ("1000-2000字", Unit.WORDS, 1000, 2000),
        ("800—1000字", Unit.WORDS, 800, 1000),
        ("不超过1000字", Unit.WORDS, None, 1000),
        ("500字以内", Unit.WORDS, None, 500),
        ("不超过3分钟", Unit.SECONDS, None, 180),
        ("30秒至5分钟", Unit.SECONDS, 30, 300),
        ("限20分钟内", Unit.SECONDS, None, 1200),
        ("单张照片宽度大于500px", Unit.PIXELS, 500, None),
        ("图片单边不小于3000像素", Unit.PIXELS, 3000, None),
        ("长边像素不低于3000", Unit.PIXELS, 3000, None),
        ("分辨率≥1920×1080", Unit.PIXELS, 1080, None),
        ("单张照片大小不超过1M", Unit.MEGABYTES, None, 1),
    ],
)
def test_numbers(text: str, unit: Unit, low: float | None, high: float | None) -> None:
    """Bounds as thirty real notices write them."""
    assert [(each.unit, each.low, each.high) for each in find_bounds(fold(text))] == [(unit, low, high)]


@pytest.mark.parametrize("text", ["得分8分", "成立43周年", "第3条要求", "长3 m", "每月5日"])
def test_other_numbers(text: str) -> None:
    """They count nothing that is handed in."""
    assert not find_bounds(fold(text))


@pytest.mark.parametrize(
    ("text", "each"),
    [("每人限报2幅", True), ("每个活动不超过五张", True), ("每村报送照片3张", False), ("每次3-5张", False)],
)
def test_of_each(text: str, each: bool) -> None:
    """Of each person or activity, or of what a village delivers."""
    assert bool(find_bounds(fold(text))[0].each) == each


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("必须是可以编辑的Word格式（后缀为doc）", ["word", "word"]),
        ("PDF扫描件", ["pdf"]),
        ("JPG或JPEG", ["jpeg", "jpeg"]),
        ("JPG格式或PNG格式", ["jpeg", "png"]),
        ("MOV、AVI或MP4", ["mov", "avi", "mp4"]),
        ("电子表格", ["excel"]),
        ("电子版", []),
    ],
)
def test_formats(text: str, expected: list[str]) -> None:
    """As the rules call them."""
    assert [each.format for each in find_formats(fold(text))] == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("加盖公章后扫描上报", "scan"),
        ("纸质版一式三份报镇政府", "paper"),
        ("逾期不再受理", "late"),
        ("视为放弃", "late"),
        ("以“村名+日期”命名", "naming"),
        ("邮件主题注明“总结”", "naming"),
        ("压缩打包发送", "packing"),
        ("百度网盘链接", "link"),
        ("不带角标、台标、水印", "look"),
        ("精度不低于300dpi", "look"),
        ("不得PS拼接", "originality"),
        ("有条件的可附视频", "optional"),
        ("通过微信群报送", "channel"),
    ],
)
def test_what_no_rule_can_hold(text: str, why: str) -> None:
    """It is found, and told with the notice's own words."""
    found = list(find_untold(text, fold(text)))
    assert why in [each.why for each in found]
    assert all(each.quote in text for each in found)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "将信息统计表、活动总结、3-5张精选活动照片（jpg格式）和1段活动视频报送",
            ["信息统计表", "活动总结", "精选活动照片", "活动视频"],
        ),
        ("请将《党员学习情况统计表》（附件1）和学习心得体会发送至邮箱", ["党员学习情况统计表", "学习心得体会"]),
        ("按照《农村人居环境整治三年行动实施方案》要求", []),
        ("召开总结会，落实计划生育政策，做好信息化建设", []),
        ("报送本村防溺水工作总结及现场照片5张", ["防溺水工作总结", "现场照片"]),
        ("将加盖公章的推荐表（一式三份）和2000字左右的先进事迹材料报妇联", ["推荐表", "先进事迹材料"]),
        ("报送“5.29”活动方案与应急预案", ["“5.29”活动方案", "应急预案"]),
        ("请填报附件1、附件2后报送", ["附件1", "附件2"]),
        ("将值班情况报送镇政府，掌握水域情况", ["值班情况"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    """Each material with the words that belong to it, and nothing that only sounds like one."""
    assert [each.name for each in find_things(split_sentences([text])[0])] == names


def test_lines_broken_at_the_margin() -> None:
    """They are one paragraph again; points and headings stay apart."""
    lines = [
        "各村要结合实际修订防汛应急预案，于4月20日前报送修订后的防汛应急",
        "预案和防汛物资储备清单。",
        "二、开展演练。各村在5月15日前至少组织一次转移避险演练，并且报送",
        "总结。",
        "联系人：防汛办",
    ]
    assert join_lines(lines) == (lines[0] + lines[1], lines[2] + lines[3], lines[4])
