"""The check `text-copied`."""

from dataclasses import replace

from pipeline.model.facts import OtherText
from tests.checks.facts import find, prose

PLAN = (
    "{}会员活动月方案\n为把好政策送到千家万户，经村两委研究，制定本方案。一、成立由村党支部书记任组长的领导小组，负责活动的"
    "安排和调度。二、五月上旬召开会员动员会，传达通知精神，安排全月任务。三、组织义诊{}次，为老年人量血压、测血糖，完善健康"
    "档案。四、联合小学开展青春健康教育，发放读本{}册。五、走访慰问计生特殊家庭，送去米面油，了解生活所需。{}村委会"
)
OWN = PLAN.format("孙家村", 1, 45, "孙家村")
FROM_LI = OtherText("李家村", PLAN.format("李家村", 3, 87, "李家村"))
DIFFERENT = OtherText(
    "赵家村",
    "为把好政策送到千家万户，经村两委研究，制定本方案。设宣传组、服务组、材料组三个组，落实到人。在主要路口悬挂横幅，更新宣传栏，"
    "用大喇叭每天播放优化生育政策；开展有奖知识竞答，准备毛巾等小奖品；邀请卫生院医生讲优生优育；组织志愿者帮助困难户抢收大蒜；"
    "评选好婆婆、好媳妇，用身边事教育身边人；征集剪纸和短视频作品，择优上报。各组要密切配合，发现问题马上解决，不走过场。",
)
FAULTY = prose(OWN, FROM_LI)


def test_only_name_and_figures_differ() -> None:
    """The other village is named."""
    (finding,) = find("text-copied", prose(OWN, DIFFERENT, FROM_LI))
    assert "李家村" in finding.message
    assert "赵家村" not in finding.message
    assert "100%" in finding.message


def test_texts_of_their_own_on_one_theme() -> None:
    """A common opening is no copy."""
    assert not find("text-copied", prose(OWN, DIFFERENT))
    assert not find("text-copied", prose(OWN))


def test_paragraphs_in_another_order() -> None:
    """Who turns the sentences about copies all the same."""
    turned = "。".join(reversed(FROM_LI.text.split("。")))
    assert find("text-copied", prose(OWN, OtherText("李家村", turned)))


def test_what_the_notice_says_is_nobodys() -> None:
    """Two texts that quote it at length are no copies of each other; who copies beside the quotation is found."""
    notice = FROM_LI.text
    assert not find("text-copied", replace(prose(OWN, FROM_LI), notice=notice))
    mine = "村里的秧歌队把生育政策编成快板和三句半，五月十日晚上在文化广场演给大家看，" * 3
    yours = "妇女主任带着三名会员小组长到集市上摆摊，给赶集的群众讲政策，送折页和围裙，" * 3
    assert find("text-copied", prose(OWN + mine, OtherText("李家村", FROM_LI.text + yours)), similarity=0.5)
    quoting = replace(prose(OWN + mine, OtherText("李家村", FROM_LI.text + yours)), notice=notice)
    assert not find("text-copied", quoting, similarity=0.5)
    copying = replace(prose(OWN + mine, OtherText("李家村", FROM_LI.text + mine)), notice=notice)
    assert find("text-copied", copying)


def test_short_texts_are_not_compared() -> None:
    """Two titles are always alike."""
    assert not find("text-copied", prose("孙家村活动方案", OtherText("李家村", "李家村活动方案")))


def test_the_campaign_sets_how_alike() -> None:
    """The share of the option counts as copied, less does not."""
    half = OtherText("李家村", FROM_LI.text[:90] + "别" * 90)
    assert not find("text-copied", prose(OWN, half))
    assert find("text-copied", prose(OWN, half), similarity=0.3)


def test_an_option_of_zero_finds_no_empty_text() -> None:
    """A text without characters is like nothing."""
    assert not find("text-copied", prose(OWN, OtherText("李家村", "")), similarity=0.0)
