"""What the whole of a mail's text says of having nothing to hand in."""

from __future__ import annotations

import pytest

from pipeline.model.campaign import Village
from pipeline.nil import read_nil
from tests.submissions import CAMPAIGN

VILLAGE = Village("石桥村", (), (), "")


@pytest.mark.parametrize(
    "said",
    [
        *("本期无活动", "石桥村零报告", "无新增活动", "本期活动无", "因农忙，本期未开展活动", "截止目前未开展活动"),
        *("我村5月10日前未开展活动", "截至5月10日，我村未开展相关活动。", "本期无活动\n\n来自QQ邮箱手机版"),
    ],
)
def test_says_so_by_itself(said: str) -> None:
    """A village's own words, with the reason, the day and the phone's last line beside them."""
    assert read_nil(said, VILLAGE, CAMPAIGN) == "explicit"


@pytest.mark.parametrize("said", ["无", "写实表：无", "无。\n发自我的iPhone"])
def test_only_as_an_answer(said: str) -> None:
    """A bare 无 needs a question."""
    assert read_nil(said, VILLAGE, CAMPAIGN) == "bare"


@pytest.mark.parametrize("said", ["没有写实表", "无附件", "无异常", "收到", "已开展活动", "因农忙活动推迟"])
def test_says_something_else(said: str) -> None:
    """Whoever has no blank form, or no file, has not said that there was no activity."""
    assert read_nil(said, VILLAGE, CAMPAIGN) is None


@pytest.mark.parametrize(
    "said",
    ["我村无新婚育矛盾，零报告。", "经摸排，石桥村未发现此类情况，实行零报告", "因疫情没有组织集会，按零报告上报。"],
)
def test_a_denial_that_ends_in_nil(said: str) -> None:
    """Whatever is denied, 零报告 at the end says what it means."""
    assert read_nil(said, VILLAGE, CAMPAIGN) == "explicit"


@pytest.mark.parametrize("said", ["没有活动的要不要零报告？", "领导，没有开展的是否零报告", "零报告的表在哪里"])
def test_a_question_about_it(said: str) -> None:
    """Who asks has reported nothing."""
    assert read_nil(said, VILLAGE, CAMPAIGN) is None
