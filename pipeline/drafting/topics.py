"""What a campaign is about and where: words out of its title, names out of its issuer. Pure."""

from __future__ import annotations

import re
from typing import Final

from pipeline.drafting.lexicon import FAMILY_OF

# What titles of notices say around their subject.
_FRAME: Final = re.compile(
    r"关于|进一步|切实|深入|认真|全面|扎实|组织|开展|做好|举办|召开|推进|加强|落实|印发|报送|上报|征集|评选|推荐|申报|填报|切实|抓好|提升|提高|的?(?:紧急|补充)?(?:通知|通报|公告|启事|函|倡议|意见)$"
    r"|20\d\d年(?:度)?|(?:第?[一二三四]季度|[上下]半年|全年|年度)|有关|相关|材料|事项|工作|活动|专项|行动|集中|系列|情况|信息|统计|数据|宣传|服务|主题|教育|学习|检查|排查|整治|治理|的|和|及|暨|等"
)
# Words of any notice: whoever uses nothing else may speak of anything.
_GENERAL: Final = re.compile(
    r"(?:工作|活动|开展|情况|进度|材料|资料|总结|方案|计划|宣传|学习|教育|管理|建设|服务|年度|有关|集中|专项|会议|通知|做好|各村|准备|报送|上报"
    r"|要求|组织|整治|提升|提高|行动|排查|检查|全[镇县街乡]|主题|月|年|日|前后|第[一二三四]|[的及和与])+|[的及和与为了在于将].*|.*[的及和与为了在于将]"
)
_QUOTED: Final = re.compile(r"[“\"《]([^”\"》]{2,24})[”\"》]")
_DAY_NAME: Final = re.compile(r"\d{1,2}[.·]\d{1,2}")
_ADMIN: Final = re.compile(
    r"(?P<province>[\u4e00-\u9fff]{2,8}?(?:省|自治区))?(?P<city>[\u4e00-\u9fff]{2,8}?(?:市|自治州|盟|地区))?(?P<county>[\u4e00-\u9fff]{1,8}?(?:县|区|旗|市))?"
    r"(?P<town>[\u4e00-\u9fff]{1,8}?(?P<kind>街道|镇|乡|苏木))"
)
_BODIES: Final = re.compile(
    r"[\u4e00-\u9fff]{2,6}(?:协会|联合会)|[\u4e00-\u9fff]{2}协(?![会同助作商议调定])|妇联|残联|团委|工会|关工委|老龄办|应急办|综治中心"
)
_BODY_HEAD: Final = re.compile(r"^(?:各|全|街道|镇|乡|村|居|社区|县|区|市)+")


def subject_of(title: str) -> str:
    """The title without 关于开展 and 的通知."""
    core = re.sub(r"^.*?关于", "", title)
    core = re.sub(r"的?(?:紧急|补充)?(?:通知|通报|公告|启事|函|倡议|意见)$", "", core)
    core = re.sub(
        r"^(?:进一步|切实|深入|认真|全面|扎实|组织|开展|做好|举办|推进|加强|抓好|报送|上报|征集|印发)+", "", core
    )
    return core or title


def short_title(title: str) -> str:
    """For the subjects of letters: what the title quotes, else its subject, with 材料."""
    quoted = _QUOTED.search(title)
    core = quoted[1] if quoted else re.sub(r"^20\d\d年(?:度)?", "", subject_of(title))
    core = re.sub(r"(?:有关|相关)?(?:的)?(?:材料|资料|工作)$", "", core)[:24]
    return f"{_DAY_NAME.sub(lambda day: day[0].replace('.', '·'), core)}材料"


def topic_words(title: str, around: str, body: str) -> tuple[str, ...]:
    """Words one of which every text on the subject holds: out of the title, bodies that ``around`` names, and parts of
    the title's phrases that the notice's ``body`` uses by themselves (秋粮 of 秋粮收购入库进度).
    """
    found: dict[str, None] = {}
    for quoted in _QUOTED.findall(title):
        for day in _DAY_NAME.findall(quoted):
            found |= {day: None, day.replace(".", "·"): None}
        word = _DAY_NAME.sub("", quoted).strip("·. ")
        found |= dict.fromkeys(each for each in (word, *_shorter(word)) if len(each) >= 2)
    rest = re.sub(r"20\d\d年(?:度)?|第?[一二三四]季度", " ", _QUOTED.sub(" ", subject_of(title)))
    for phrase in re.split(r"[\s,，、·（）()“”\"]+", rest):
        if 4 <= len(phrase) <= 8:
            found |= {re.sub(r"(?:的)?(?:工作|活动|行动)$", "", phrase): None}
        found |= dict.fromkeys(word for word in _FRAME.split(phrase) if len(word) >= 2)
        found |= dict.fromkeys(_parts_used(phrase, body))
    for name in _BODIES.findall(around):
        found |= {_BODY_HEAD.sub("", name): None}
    return tuple(word for word in found if len(word) >= 2 and word not in FAMILY_OF and not _GENERAL.fullmatch(word))


def _parts_used(phrase: str, body: str) -> list[str]:
    """Parts of a phrase, two to four signs long, that stand in the text without the signs around them in the phrase."""
    found: list[str] = []
    for length in (4, 3, 2):
        for start in range(len(phrase) - length + 1):
            part = phrase[start : start + length]
            longer = [phrase[max(0, start - 1) : start + length], phrase[start : start + length + 1]]
            alone = body.count(part) - max(
                body.count(each) for each in longer if len(each) > length or len(phrase) == length
            )
            if (
                re.fullmatch(r"[\u4e00-\u9fff]+", part)
                and alone >= (1 if length > 2 else 2)
                and not any(part in each for each in found)
            ):
                found.append(part)
    return found


def _shorter(word: str) -> list[str]:
    """会员活动 and 活动月 of 会员活动月."""
    if len(word) > 4 and word[-1] in "月日周年节季":
        return [word[:-1], word[-3:]]
    return [word[:4]] if len(word) > 6 else []


def place_words(issuer: str, text: str) -> tuple[str, ...]:
    """The names that mean the whole town, and no village; and what is easily taken for a material's name."""
    found: dict[str, None] = {}
    if match := _ADMIN.search(issuer):
        for name in ("province", "city", "county"):
            if match[name]:
                found[match[name]] = None
        town, kind = match["town"], match["kind"]
        core = town.removesuffix(kind)
        if kind == "街道":
            found |= dict.fromkeys((f"{town}办事处", town, f"{core}镇", f"{core}办事处"))
        else:
            found |= dict.fromkeys((f"{town}人民政府", f"{town}政府", town))
    if "计划生育" in text:
        found |= dict.fromkeys(("计划生育协会", "计划生育"))
    return tuple(found)
