"""One report, one part of it written in many ways: what stands there is read, what is cut out is missed."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.activity import parse_activities

OPENS_ON, CLOSES_ON = date(2023, 5, 1), date(2023, 5, 31)
PARTS = {"时": "time", "地": "place", "人": "people", "事": "account"}
USUAL = {"时": "5月8日上午", "地": "村文化广场", "人": "群众30人", "事": "开展优生优育知识讲座"}
FRAMES = {
    "句末写参加": "{时}，在{地}，{人}参加，{事}。",
    "空格分栏": "{时}  {地}  {人}  {事}",
    "另写参加人员": "{时}，于{地}，{事}。参加人员：{人}。",
    "计生协组织": "{时}，村计生协在{地}组织{人}{事}。",
    "不加逗号": "{时}在{地}{事}，{人}参加。",
    "别的标签": "举办日期：{时}\n举办地：{地}\n参加对象：{人}\n活动概述：{事}",
}
CUT = {
    "时": "在{地}，{人}参加，{事}。",
    "地": "{时}，{人}参加，{事}。",
    "人": "{时}，在{地}，{事}。",
    "事": "{时}，在{地}，{人}参加。",
}
VARIANTS = {
    "时": "5月25-26日|5月25日至26日期间|本月8号|8日晚|五一当天|农历三月十八|上个周末|5月上中旬"
    "|5月12日（护士节）|2023—05—06|5-6|5月6日饭后|整个5月份"
    "|二〇二三年五月六日|2023 年 5 月 6 日|“5.29”当天|端午节前夕|立夏当日|5月8、9、10日|"
    "每天早晚|5/6|23.5.6|5月6日晚七点半",
    "地": "村委会|线上|张大娘家|二组|第三村民小组|一组村民院落|村务公开栏前|种植基地|户外|县城|供销社|"
    "烈士陵园|新时代文明实践站|老槐树下|村东头大桥边"
    "|微信群|田间地头|合作社车间|婚姻登记处|3号楼楼下",
    "人": "全体村民|党员20余名|老中青60余人|60余人次|65岁以上老人|新手爸妈|几十号人|返乡农民工|"
    "车间工人|秧歌队|参与人数26|广大会员群众|老年协会成员"
    "|环卫工人|亲子家庭16组|30-40人|新婚夫妇5对|家庭医生团队",
    "事": "征文|舞龙舞狮|刷墙体标语6处|包粽子|义诊|慰问，送去米面油|放映电影|拔河比赛|表演节目12个|"
    "签订移风易俗承诺书|教智能手机使用",
}
EACH = [pytest.param(part, way, id=way) for part, ways in VARIANTS.items() for way in ways.split("|")]
# A place may hide in who came (车间工人, 二组), a deed tells nobody: these are cut out elsewhere.
UNCLEAR = {("地", "车间工人")}


def missing(text: str) -> list[str]:
    found = parse_activities(text, opens_on=OPENS_ON, closes_on=CLOSES_ON)
    return ["".join(sign for sign, part in PARTS.items() if not getattr(each, part)) for each in found]


@pytest.mark.parametrize(("part", "way"), EACH)
def test_what_stands_there_is_read(part: str, way: str) -> None:
    """However a part is written, the four are found in every frame."""
    assert {name: missing(frame.format(**{**USUAL, part: way})) for name, frame in FRAMES.items()} == {
        name: [""] for name in FRAMES
    }


@pytest.mark.parametrize(("part", "way"), EACH)
def test_what_was_left_out_is_missed(part: str, way: str) -> None:
    """However the others are written, the part that is cut out is missed, and it alone."""
    cut = {gone: frame for gone, frame in CUT.items() if gone != part and (gone, way) not in UNCLEAR}
    assert {gone: missing(frame.format(**{**USUAL, part: way})) for gone, frame in cut.items()} == {
        gone: [gone] for gone in cut
    }


TOLD = {
    "没见过的场地": ("5月11日下午三点，二组晒谷场放映露天电影，播放婚育新风短片，观众约八十人。", [""]),
    "现场不是地点": ("5月11日下午三点，现场放映电影，观众约八十人。", ["地"]),
    "喇叭定时广播": ("5月16日，村大喇叭早中晚三次广播计生政策，覆盖全村312户。", [""]),
    "视频会": ("5月14日晚七点半，钉钉群视频会，育龄妇女28人参加，镇计生办主任讲解生育登记流程。", [""]),
    "慰问组是参加的人": ("5月8日，老党员周建国家，慰问困难党员，送米送油，慰问组4人。", [""]),
    "两个标签合一": ("时间、地点：5月8日 村文化广场；人物：会员12人；事件：包粽子", [""]),
    "主题与过程是一项": (
        "活动名称：母亲节包饺子\n活动时间：5月14日\n活动地点：幸福院\n参与人数：40\n活动过程：会员与老人一起包饺子",
        [""],
    ),
    "首先其次": ("首先，5月4日在村广场组织群众30人义诊；其次，5月6日在村室组织党员12人学习政策。", ["", ""]),
    "汉字编号的标签": (
        "一、活动时间：5月8日\n二、活动地点：村广场\n三、参加人员：会员12人\n四、活动内容：包粽子",
        [""],
    ),
    "一字标签": ("时：5月8日 地：村广场 人：会员12人 事：包粽子", [""]),
    "地点空着": ("活动主题：健康讲座；时间：5月14日；地点：；参加人员：群众40人；内容：健康讲座", ["地"]),
    "时间写近期": ("活动时间：近期\n活动地点：村室\n参加人员：会员12人\n活动内容：包饺子", ["时"]),
    "连日来不是时间": ("连日来，在村文化广场，群众30人参加，开展优生优育知识讲座。", ["时"]),
    "数字加处不是地点": ("5月8日，会员12人刷墙体标语6处。", ["地"]),
    "布置会场不是地点名": ("5月8日，会员12人，布置活动室。", ["地"]),
    "户外活动不是地点": ("5月8日，会员12人开展户外活动。", ["地"]),
}


@pytest.mark.parametrize(("text", "expected"), TOLD.values(), ids=TOLD)
def test_cells(text: str, expected: list[str]) -> None:
    """Labels in other words, and what only looks like a part."""
    assert missing(text) == expected


@pytest.mark.parametrize(
    ("written", "held_on"),
    [
        ("5月25-26日", date(2023, 5, 25)),
        ("2023—05—06", date(2023, 5, 6)),
        ("“5.29”当天", date(2023, 5, 29)),
        ("国际家庭日（5月15日）", date(2023, 5, 15)),
        ("5月8、9、10日", date(2023, 5, 8)),
        ("4月25-26日", date(2023, 4, 25)),
        ("立夏当日", None),
        ("农历三月十八", None),
    ],
)
def test_days(written: str, held_on: date | None) -> None:
    """The first day that is named; a feast tells a time and no day."""
    (activity,) = parse_activities(f"{written}，在村室，群众9人参加，讲座。", opens_on=OPENS_ON, closes_on=CLOSES_ON)
    assert (activity.held_on, bool(activity.time)) == (held_on, True)
