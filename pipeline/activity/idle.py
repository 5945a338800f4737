"""Words that are left over of a clause and yet tell no deed. The whole grammar: :mod:`pipeline.activity.grammar`.

A row that says who came, that it was lively and where to look says nothing of what was done. A deed beside these words
is told all the same (跳绳比赛，气氛热烈), and who came for what was held (接受体检的老人32人) tells it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from pipeline.activity.lexicon import DEED, Kind
from pipeline.activity.tokens import BY_HAND, Token

# 场面热烈, 受到群众好评: how it went, not what it was.
_PRAISE: Final = re.compile(
    r"(?:热烈|高涨|[很极良最]好|不错|热闹|融洽|浓厚|火爆|踊跃|有序|井然|爆满|满满|隆重|圆满|成功|顺利|好评|欢迎|[点称]赞|不绝口|匪浅|高兴|开心|满意"
    r"|欢聚一堂|融融|虚席|攒动|不断|阵阵|非凡|空前|沸腾|(?:取得|收到|达到)了?.{0,6}(?:效果|成效|目的|反响))(?:[了的]|极了)?$"
)
_DOES_SO: Final = re.compile("(?<![取获赢觉显变值])得(?!到)")  # 秧歌扭得热闹
_MOST_OF_PRAISE: Final = 12  # signs; a longer clause tells more than that
# What people come to such a place for anyhow, before a word for them: 缴费|客户六十余人.
_ERRAND: Final = re.compile(
    r"(?:来|前来)?(?:缴费|[取存]款|办事|办理?业务|购物|[买卖取接][\u3400-\u9fff]{1,2}|赶[集场街圩]|逛[街集]|候[车诊船]|乘[车船凉]|纳凉|遛弯|散步|晨练|看病"
    r"|就[诊医]|打牌|喝茶|吃饭|歇脚|过[路往]|路过|来往)(?:$|[客旅顾乘游]|[\u3400-\u9fff]{0,2}[人员者]$)"
)
# 见照片, 如右图所示, 照片附后: says where to look.
_POINTS: Final = re.compile(
    r"(?:(?:内容|具体|详情)?(?:详见|参见|见|如|附有?|有)[上下左右附后]?[边侧栏面]?(?:照片|图片?|附件|附表)*(?:所示)?"
    r"|(?:照片|图片?)(?:详见|见|附|在)?[上下左右附后]?[边侧栏面]?(?:件|图)?)"
)


def find_idle(clause: list[Token], spent: Collection[int]) -> list[Token]:
    """The words of a clause that praise, point elsewhere, or say who was there anyhow. ``spent``: starts of the words
    that tell another part."""
    left = [token for token in clause if token.start not in spent and token.kind is not Kind.LINK]
    text = "".join(token.text for token in left)
    does = any(token.kind in DEED for token in left)
    does = does or bool(_DOES_SO.search(text)) or any(token.kind is Kind.QUOTE for token in left)
    praises = _PRAISE.search(text) and not does and len(text) <= _MOST_OF_PRAISE
    if praises or _POINTS.fullmatch(text):
        return left
    which = text.replace("的", "")
    modifies = which != text and not does and which[:1] not in BY_HAND  # 取快递的|街坊六十多位
    counted = clause[-1].kind in (Kind.COUNT, Kind.TALLY)
    return left if counted and (_ERRAND.match(which) or modifies) else []
