"""What the villages did in the month: six activities each, two for every round of the progress table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Literal

Part = Literal["when", "where", "who"]
Sort = Literal["publicity", "visit", "service"]


@dataclass(frozen=True, slots=True)
class Event:
    """An activity as it took place."""

    held_on: date
    hour: str
    where: str
    who: str  # ends with the number of people
    people: int
    what: str  # begins with a verb, and names neither time nor place
    title: str
    sort: Sort
    scenes: tuple[int, ...]  # its pictures

    @property
    def when(self) -> str:
        """Day and hour as a village clerk writes them."""
        return f"{self.held_on.month}月{self.held_on.day}日{self.hour}"


@dataclass(frozen=True, slots=True)
class _Theme:
    title: str
    sort: Sort
    who: str
    people: tuple[int, int]
    where: tuple[str, ...]
    what: tuple[str, ...]
    hours: tuple[str, ...] = field(default=("上午9时", "上午9时30分", "下午3时", "下午2时30分", "上午8时30分"))


_HALLS = ("村委会会议室", "村会员之家", "村新时代文明实践站", "村党群服务中心")
_SQUARES = ("村文化广场", "村健身广场", "村委会大院", "村文化大院门前")

_THEMES = (
    _Theme(
        "党的二十大精神宣讲",
        "publicity",
        "村计生协会员、党员志愿者共{people}人",
        (18, 36),
        _HALLS,
        (
            "集中学习党的二十大精神，宣讲员结合身边变化讲政策、谈体会，发放学习手册30本。",
            "开展党的二十大精神宣讲，围绕优化生育政策作了专题解读，会后交流了学习心得。",
            "听取党的二十大精神宣讲，逐条学习人口高质量发展有关论述，现场答疑6个问题。",
        ),
    ),
    _Theme(
        "优生优育知识讲座",
        "publicity",
        "育龄妇女、新婚夫妇共{people}人",
        (22, 45),
        _HALLS,
        (
            "学习优生优育知识，医生讲解孕前检查、叶酸服用和孕期营养，发放折页60余份。",
            "参加优生优育知识讲座，重点讲了出生缺陷预防和科学备孕，并进行了现场问答。",
            "听优生优育课，观看科普短片2部，领取宣传手册和叶酸服用卡，气氛热烈。",
        ),
    ),
    _Theme(
        "婚育新风倡议",
        "publicity",
        "计生协会员、青年代表共{people}人",
        (26, 52),
        _SQUARES,
        (
            "举行抵制高价彩礼倡议活动，宣读移风易俗倡议书，签订承诺书20份，倡导喜事新办。",
            "开展婚育新风宣传，展出展板8块，讲解适龄婚育、夫妻共担家务的新观念。",
            "参加新时代婚育文化宣传活动，朗读倡议书并在签名墙上签名，张贴宣传画12张。",
        ),
    ),
    _Theme(
        "文艺演出",
        "publicity",
        "会员、村民共{people}人",
        (60, 130),
        _SQUARES,
        (
            "观看会员自编自演的快板、广场舞、小品等节目9个，把生育支持政策唱给大家听。",
            "参加婚育文化文艺演出，演出山东快书《和谐一家人》等节目7个，穿插政策有奖问答。",
            "举办文艺演出，表演戏曲、合唱和三句半，节目之间介绍三孩生育政策及配套措施。",
        ),
        ("晚上7时30分", "晚上8时", "下午4时"),
    ),
    _Theme(
        "人口知识竞赛",
        "publicity",
        "会员代表、青年志愿者共{people}人",
        (16, 30),
        _HALLS,
        (
            "开展人口与健康知识竞赛，分必答、抢答两个环节，评出一等奖1名、二等奖2名。",
            "参加婚育知识竞赛，内容涉及人口法规、家庭健康和科学育儿，发放洗衣液等纪念品。",
            "进行计生知识抢答，题目围绕生育登记、育儿补贴和奖励扶助政策，答对者领取毛巾。",
        ),
    ),
    _Theme(
        "走访计生特殊家庭",
        "visit",
        "村两委成员、计生协会员一行{people}人",
        (5, 9),
        ("村内4户计生特殊家庭家中", "村内3户计生特殊家庭家中", "村内5户计生困难家庭家中"),
        (
            "走访慰问，送去米、面、油等生活用品，询问身体和生活情况，帮助打扫卫生。",
            "开展走访慰问，详细了解实际困难，宣讲扶助政策，代办意外伤害保险手续。",
            "看望慰问，送上慰问品和联系卡，拉家常、听诉求，记录需要帮办的事项3件。",
        ),
    ),
    _Theme(
        "看望留守老人",
        "visit",
        "计生协会员、巾帼志愿者共{people}人",
        (6, 14),
        ("村幸福院", "村日间照料中心", "村孝善食堂"),
        (
            "看望留守老人，为老人理发、包水饺、量血压，陪老人聊天。",
            "开展孝老爱亲慰问，送去牛奶和水果，帮助打扫卫生、晾晒被褥。",
            "慰问高龄老人，举办集体生日会，演唱老歌并讲解防诈骗知识。",
        ),
    ),
    _Theme(
        "关爱留守儿童",
        "visit",
        "计生协会员、大学生志愿者共{people}人",
        (8, 16),
        ("村儿童之家", "村小学活动室", "村农家书屋"),
        (
            "开展关爱留守儿童慰问活动，赠送书包、文具20套，辅导功课并做趣味游戏。",
            "慰问留守儿童，一起读绘本、画全家福，开展防溺水和青春健康教育。",
            "为留守儿童送去图书和跳绳，组织亲情视频通话，讲解自我保护知识。",
        ),
    ),
    _Theme(
        "健康义诊",
        "service",
        "医护人员、计生协志愿者共{people}人",
        (7, 13),
        ("村卫生室门前", "村委会大院", "村文化广场"),
        (
            "开展健康义诊，测血压、测血糖、听心肺，解答用药和慢病管理问题，建立健康卡42张。",
            "提供义诊服务，检查血压血糖80余人次，指导合理膳食，赠送控盐勺和限油壶。",
        ),
    ),
    _Theme(
        "妇女健康检查",
        "service",
        "育龄妇女、计生协志愿者共{people}人",
        (30, 58),
        ("村卫生室", "街道卫生院", "村党群服务中心"),
        (
            "参加“两癌”筛查和生殖健康检查，现场登记、引导、答疑，发放保健知识读本。",
            "接受免费健康体检，并听取妇女常见病预防知识，对检查异常的逐一做好回访登记。",
        ),
    ),
    _Theme(
        "托育政策咨询",
        "service",
        "3岁以下婴幼儿家长、计生协志愿者共{people}人",
        (14, 28),
        ("村儿童之家", "村会员之家", "村党群服务中心"),
        (
            "开展托育政策咨询服务，介绍普惠托育机构和育儿补贴申领办法，指导亲子早教游戏。",
            "参加科学育儿指导活动，学习婴幼儿喂养、抚触和早期阅读方法，现场示范操作。",
        ),
    ),
)

_CENTRAL = _Theme(
    "5.29集中宣传服务",
    "publicity",
    "计生协会员、志愿者和村民共{people}人",
    (70, 140),
    _SQUARES,
    (
        "开展“5.29会员活动日”集中宣传服务，悬挂横幅4条，摆放展板10块，发放宣传品150份。",
        "参加会员活动日集中宣传，设政策咨询、健康检查两个服务台，解答咨询50余人次。",
        "举行“5.29”主题宣传活动，重温协会宗旨，表彰优秀会员5名，发放围裙、扇子等宣传品。",
    ),
    ("上午8时30分", "上午9时"),
)

_FIRST_DAYS = (2, 3, 4, 5, 6, 7, 8)
_SECOND_DAYS = (11, 12, 13, 14, 15, 16, 17)
_THIRD_DAYS = (21, 22, 23, 24, 25, 26)


def plan_events(rng: Random, first_scene: int) -> tuple[Event, ...]:
    """Six activities in order of their days: two in each third of May, the last on the 29th.

    Three are publicity, two visits, one another service. Their pictures are the scenes from ``first_scene`` on.
    """
    chosen = [
        *_draw(rng, "publicity", 2),
        *_draw(rng, "visit", 2),
        *_draw(rng, "service", 1),
    ]
    rng.shuffle(chosen)
    days = [*sorted(rng.sample(_FIRST_DAYS, 2)), *sorted(rng.sample(_SECOND_DAYS, 2)), rng.choice(_THIRD_DAYS), 29]
    events, scene = [], first_scene
    for theme, day in zip([*chosen, _CENTRAL], days, strict=True):
        pictures = rng.choice((2, 2, 3))
        people = rng.randint(*theme.people)
        events.append(
            Event(
                held_on=date(2023, 5, day),
                hour=rng.choice(theme.hours),
                where=rng.choice(theme.where),
                who=theme.who.format(people=people),
                people=people,
                what=rng.choice(theme.what),
                title=theme.title,
                sort=theme.sort,
                scenes=tuple(range(scene, scene + pictures)),
            )
        )
        scene += pictures
    return tuple(events)


def _draw(rng: Random, sort: Sort, count: int) -> list[_Theme]:
    return rng.sample([theme for theme in _THEMES if theme.sort == sort], count)


def describe(event: Event, *, labelled: bool = False, without: Part | None = None) -> str:
    """The activity as it stands in the table's cell: one sentence, or labelled lines; a part may be left out."""
    when = "" if without == "when" else event.when
    where = "" if without == "where" else event.where
    who = "" if without == "who" else event.who
    if labelled:
        return f"活动时间：{when}\n活动地点：{where}\n参加人员：{who}\n活动内容：{event.what}"
    return "，".join(part for part in (when, where and f"在{where}", f"{who}{event.what}") if part)
