"""The classes of words in village reports, by what they do in a sentence. The words stand in ``words.toml``."""

from __future__ import annotations

import re
import tomllib
from enum import Enum, auto
from importlib.resources import files
from typing import Final


class Kind(Enum):
    """What a token is."""

    TIME = auto()  # a day, a time of day, 上周六
    VAGUE = auto()  # 近日: speaks of time and tells none
    COUNT = auto()  # 40余人
    TALLY = auto()  # 十来个, 五户, 百余: counts persons only where the words beside it say so
    QUOTE = auto()  # 《…》 “…”: a name, never looked into
    PLACE = auto()  # 广场: ends the name of a place
    ORGAN = auto()  # 村委会: a place when it stands alone, the organiser when something follows
    DOORSTEP = auto()  # 入户: tells the place by itself
    MEDIUM = auto()  # 微信群, 大喇叭: where, for what happens on line or on air
    PEOPLE = auto()  # 群众
    NEEDY = auto()  # 留守老人: they are called on and helped, and seldom take part
    GUEST = auto()  # 医生: comes to teach or to treat
    AT = auto()  # 在
    TO = auto()  # 走进
    VIA = auto()  # 利用
    FOR = auto()  # 为: whom it is done for
    GATHER = auto()  # 组织: those who come next take part
    INVITE = auto()  # 邀请
    JOIN = auto()  # 参加: those who stand before it take part
    CALL_ON = auto()  # 走访, 评选: people that come next are acted upon
    CLEAN = auto()  # 清扫: a place that comes next is where it happened
    ACT = auto()  # 发放, 讲座: what is done
    ROUTINE = auto()  # 开展, 活动: says that something happened, not what
    LINK = auto()  # 、 和 共
    ADVERB = auto()  # 踊跃
    PREAMBLE = auto()  # 按照: its clause tells a reason, no act
    IGNORED = auto()  # holds another class's sign without its meaning: 由于, 现在, 作为
    BREAK = auto()  # punctuation, a line break, a space between fields
    TEXT = auto()  # anything else


GROUP: Final = frozenset({Kind.PEOPLE, Kind.NEEDY, Kind.GUEST})
DEED: Final = frozenset({Kind.ACT, Kind.CALL_ON, Kind.CLEAN})


def _read_words() -> dict[Kind, frozenset[str]]:
    written = tomllib.loads(files("pipeline.activity").joinpath("words.toml").read_text(encoding="utf-8"))
    return {Kind[name.upper()]: frozenset(words.split()) for name, words in written.items()}


WORDS: Final = _read_words()

# After these words of 在… a state follows, no place: 在村党支部的带领下, 在…之际.
NO_PLACE_AFTER_AT: Final = (
    r"^.{0,30}?(?:(?:带领|领导|支持|指导|配合|见证|号召|努力|陪同|统筹|关心|帮助|协助|推动|组织|主持|引领|协调)之?下"
    r"|之际|来临|到来|期间|前夕|过程中|基础上|同时|当中|方面|活动中(?!心)|工作中)"
)
STRONG_PLACE_ENDINGS: Final = (
    *"址角室院馆园厅站所店场街路旁边口家村庄堂台亭桥里内楼厂坊格组池库圈房滩堤坝渠岸廊塘庭祠窑窖阁宫",
    "两侧",
    "两旁",
)
LOCATIVE_ENDINGS: Final = tuple("前上下中后旁边里内外")  # behind a place: 村南头桥上
# A short clause that ends so is a place, no word of it known: 河堤上, 婚姻登记处. Not 会议上的活动, 40处, 马上.
SPOT_ENDINGS: Final = re.compile(
    r"(?:(?<![以早晚马加送献网赶喊叫带约搭贴挂换配用同如])(?<!活动|基础|实际|一路|事实|原则|思想|行动|精神|生活|经济|政治|内容|形式|政策|感情|身心|数量|质量)上|两侧|两旁|[旁边]|(?<![心月年期])里|(?<![月年期国以])内"
    r"|[跟门楼院墙屋村店栏亭庙塔碑台桌堂塘像牌房厂站馆所室库棚桥坊窖窑园场厅摊车祠坡田炉灶井炕渠坝口树柱杆箱柜]前|[门楼院墙屋村店亭庙台桌堂房厂站馆棚坊园场厅]后|(?<![好坏用难长短害益多数几四])处|[楼树桥檐棚底脚架廊灯墙坡塔台伞门山坝坎崖岗]下|会上|(?<=[妈友员民作流长格村组爱])群)$"
)
# 防灾减灾日, 国际家庭日: 在 before a day names no place.
DAY_AFTER_AT: Final = re.compile(
    r".{0,12}?(?:[动灾庭庆念年界国际康血保护境树童亲][日节]|节日|活动日|宣传日|纪念日|宣传[周月]|活动[周月])(?:$|当[天日]|[这那]|里|上|期间|开展|举[办行]|组织)"
)
NO_PLACE_ENDINGS: Final = tuple("下中上时后前际间")
PLACE_ENDINGS: Final = tuple("村庄屯家街路院室店场厅处所站屋旁边头口园校棚馆亭里内组格")
# What somebody may walk to (到西坡地, 走访砖厂): a place by its last sign.
GROUND_ENDINGS: Final = (*PLACE_ENDINGS, *"厂地坡沟洼湾河山岭渠岸坊站房馆院棚塘坝矿窑港滩林田点队", "市场")
# A short clause between time and people that ends so is a name for what was done, no place: 主题党日, 党史知识.
NO_FIELD_ENDINGS: Final = (
    *"会赛日节月课品书册单法例词字戏舞歌操",
    *("活动", "讲座", "演出", "培训", "教育", "工作", "精神", "计划", "主题", "内容", "宣传", "服务", "知识", "政策"),
    *("人员", "行动", "仪式", "比武", "评比"),
)
# A group before one of these is the subject matter, not the actor: 妇女健康知识, 群众满意度.
NOUN_AFTER_GROUP: Final = re.compile(
    "健康|权益|奖扶|奖励|扶助|保健|教育|素质|反响|满意|好评|知晓|生活|身心|心理|近视|营养|安全|常见|更年|疾?病|生育|意识|需求|诉求|问题|难题|工作|风采"
    "|素养|的|发展|成长|保护|政策|服务|自护|防|优生|权利|档案|信息|名单|队伍|观念|利益|心中|家里|之间|身边|共\\d+户|婚育"
)
NAME_OF_PLACE: Final = frozenset("村庄屯组街镇队号某区")  # in the words before a bare place: 后屯村文化广场
