"""What villages are asked for: the nouns that a material's name ends in, what each is called in the rules. Pure data.

A family is what a clerk takes for one kind of paper: its members stand in for each other in file names (总结, 小结).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Sort(Enum):
    """What a material is by its name; a table's own form decides, where it is at hand."""

    PROSE = "文字材料"
    TABLE = "表格"
    ROWS = "逐条填写的表"
    LIST = "名单、登记表一类"
    PHOTOS = "照片"
    VIDEOS = "视频"


@dataclass(frozen=True, slots=True)
class Family:
    """Materials of one kind."""

    id: str  # as the rules call it
    sort: Sort
    heads: tuple[str, ...]  # nouns that end a name
    words: tuple[str, ...]  # what a village's file may be called besides


FAMILIES: Final = (
    Family(
        "plan",
        Sort.PROSE,
        (
            "实施方案",
            "活动方案",
            "工作方案",
            "整改方案",
            "整治方案",
            "演练方案",
            "方案",
            "工作计划",
            "活动计划",
            "学习计划",
            "实施计划",
            "计划",
            "活动安排",
            "工作安排",
            "实施意见",
            "工作打算",
        ),
        (
            "实施方案",
            "活动方案",
            "工作方案",
            "工作计划",
            "活动计划",
            "实施计划",
            "实施意见",
            "活动安排",
            "工作安排",
            "工作打算",
            "方案",
            "计划",
        ),
    ),
    Family("emergency-plan", Sort.PROSE, ("应急预案", "预案"), ("应急预案", "预案")),
    Family(
        "summary",
        Sort.PROSE,
        ("总结报告", "总结材料", "活动总结", "工作总结", "总结", "工作小结", "活动小结", "小结"),
        ("活动总结", "工作总结", "总结", "小结", "工作汇报", "情况汇报", "活动汇报"),
    ),
    Family(
        "report",
        Sort.PROSE,
        (
            "自查报告",
            "调研报告",
            "整改报告",
            "情况报告",
            "工作报告",
            "报告",
            "汇报材料",
            "工作汇报",
            "情况汇报",
            "汇报",
            "开展情况",
            "进展情况",
            "落实情况",
            "完成情况",
            "整改情况",
            "排查情况",
            "工作情况",
            "活动情况",
            "情况说明",
            "情况",
        ),
        ("情况报告", "报告", "工作汇报", "情况汇报", "汇报", "情况说明"),
    ),
    Family(
        "reflections",
        Sort.PROSE,
        ("心得体会", "学习体会", "学习心得", "心得", "体会"),
        ("心得体会", "学习心得", "心得", "体会"),
    ),
    Family(
        "essay",
        Sort.PROSE,
        ("征文稿件", "征文作品", "征文", "作文", "文章", "论文", "演讲稿", "稿件", "文稿", "家书", "家风故事"),
        ("征文", "作文", "文章", "稿件"),
    ),
    Family(
        "news",
        Sort.PROSE,
        ("信息稿件", "信息稿", "新闻稿", "通讯稿", "简报信息", "简报", "信息", "报道"),
        ("信息稿", "工作信息", "活动信息", "简报", "新闻稿", "信息"),
    ),
    Family(
        "deeds",
        Sort.PROSE,
        ("事迹材料", "典型材料", "先进材料", "经验材料", "典型案例", "事迹", "案例"),
        ("事迹材料", "先进事迹", "典型材料", "经验材料", "典型案例", "事迹", "案例"),
    ),
    Family(
        "pledge",
        Sort.PROSE,
        ("承诺书", "责任书", "倡议书", "告知书", "协议书"),
        ("承诺书", "责任书", "倡议书", "告知书"),
    ),
    Family(
        "evidence",
        Sort.PROSE,
        ("佐证材料", "印证材料", "支撑材料", "证明材料", "档案资料", "文字材料", "活动材料"),
        ("佐证材料", "印证材料", "支撑材料", "证明材料", "文字材料"),
    ),
    Family(
        "progress",
        Sort.ROWS,
        (
            "写实表",
            "纪实表",
            "进展情况表",
            "进展表",
            "活动记录表",
            "记录表",
            "活动情况表",
            "工作台账",
            "问题台账",
            "整改台账",
            "台账",
            "工作日志",
            "日志",
        ),
        ("写实表", "写实", "进展情况", "工作进展", "活动进展", "进展表", "进度表", "纪实"),
    ),
    Family(
        "statistics",
        Sort.TABLE,
        (
            "统计报表",
            "统计表",
            "汇总表",
            "月报表",
            "季报表",
            "周报表",
            "日报表",
            "报表",
            "月报",
            "周报",
            "数据表",
            "进度表",
            "调查表",
            "明细表",
            "排查表",
            "自查表",
            "评分表",
            "反馈表",
            "一览表",
            "信息表",
            "情况表",
            "统计数据",
            "汇总数据",
            "工作数据",
        ),
        ("统计表", "信息统计", "统计", "数据表"),
    ),
    Family("record", Sort.LIST, ("记录",), ("记录",)),
    Family("table", Sort.TABLE, ("表",), ()),
    Family(
        "list",
        Sort.LIST,
        (
            "人员名单",
            "名单",
            "花名册",
            "名册",
            "登记表",
            "申报表",
            "申请表",
            "推荐表",
            "报名表",
            "审批表",
            "清单",
            "通讯录",
            "联系表",
            "回执单",
            "回执",
        ),
        ("名单", "花名册"),
    ),
    Family(
        "photos",
        Sort.PHOTOS,
        ("照片", "相片", "图片资料", "图片", "影像资料", "摄影作品", "影像"),
        ("精选照片", "活动照片", "照片", "相片", "图片"),
    ),
    Family(
        "video",
        Sort.VIDEOS,
        ("短视频", "微视频", "视频资料", "视频", "录像", "短片", "宣传片", "微电影"),
        ("活动视频", "视频", "录像", "短片"),
    ),
)

# A family's word that is another material's name where that has a family member of its own: 统计 of 进度表.
OWN_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "台账": ("台账",),
    "日志": ("日志",),
    "记录表": ("记录表", "记录"),
    "月报": ("月报",),
    "报表": ("报表",),
    "汇总表": ("汇总表", "汇总"),
    "排查表": ("排查表", "排查"),
    "自查表": ("自查表",),
    "调查表": ("调查表",),
    "登记表": ("登记表",),
    "申报表": ("申报表",),
    "申请表": ("申请表",),
    "推荐表": ("推荐表",),
    "报名表": ("报名表", "报名"),
    "审批表": ("审批表",),
    "清单": ("清单",),
    "通讯录": ("通讯录",),
    "回执": ("回执",),
    "名单": ("名单",),
    "花名册": ("花名册", "名册"),
    "名册": ("名册",),
}

# Better ids for members of a family that stand for themselves.
OWN_IDS: Final[Mapping[str, str]] = {
    "台账": "ledger",
    "日志": "log",
    "记录表": "record",
    "自查报告": "self-check",
    "简报": "bulletin",
    "登记表": "register",
    "申报表": "application",
    "申请表": "application",
    "推荐表": "nomination",
    "报名表": "entry-form",
    "审批表": "approval",
    "清单": "checklist",
    "花名册": "roster",
    "名册": "roster",
    "回执": "reply-slip",
    "排查表": "inspection",
    "自查表": "self-check",
    "汇总表": "totals",
}

FAMILY_OF: Final[Mapping[str, Family]] = {head: family for family in FAMILIES for head in family.heads}
