"""Whatever a notice says, the rules written of it are in order."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.campaign import load_campaign
from pipeline.drafting.composing import draft_campaign
from pipeline.drafting.telling import tell_draft
from pipeline.drafting.values import Notice
from pipeline.drafting.writing import write_rules
from pipeline.errors import ConfigError
from tests.drafting.test_notices import drafted
from tests.snapshots import DRAFTS, assert_snapshot

MATERIALS = st.sampled_from(
    [
        "活动方案",
        "“5.29”活动总结",
        "统计表（附件1）",
        "3-5张照片（JPG）",
        "1段视频",
        "心得体会（不少于800字）",
        "台账",
        "名单",
        "写实表",
    ]
)
DAYS = st.sampled_from(
    ["5月5日前", "5月10日、20日、31日分别", "每月25日前", "6月6日（星期三）15:00前", "6月底前", "12月1日前"]
)
ENDS = st.sampled_from(
    ["", "，逾期不再受理", "，加盖公章", "，以“村名”命名", "，没有的也要报“无”", "。照片短边不低于1080像素"]
)
SENTENCES = st.builds(
    lambda day, several, end: f"请各村于{day}将{'、'.join(several)}报送至镇政府邮箱{end}。",
    DAYS,
    st.lists(MATERIALS, min_size=1, max_size=4, unique=True),
    ENDS,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SENTENCES, min_size=1, max_size=4))
def test_every_draft_is_accepted(tmp_path: Path, sentences: list[str]) -> None:
    """By the same strict reader as rules written by hand; every material that is named is there, or told."""
    lines = ["关于开展“甲”活动的通知", "各村：", *sentences, "某某镇人民政府", "2024年4月20日"]
    draft = draft_campaign(Notice("通知.txt", tuple(lines)), today=date(2024, 4, 20))
    file = tmp_path / f"{draft.id}.toml"
    (tmp_path / draft.id).mkdir(exist_ok=True)
    (tmp_path / draft.notice_file).write_text("\n".join(lines), encoding="utf-8")
    file.write_text(write_rules(draft), encoding="utf-8")
    campaign = load_campaign(file)
    assert {each.name for each in campaign.deliverables} == {each.name for each in draft.deliverables}
    told = tell_draft(draft, [file], "rules/甲.toml")
    assert all(each.title in told for each in draft.deliverables)
    for word in ("方案", "总结", "统计表", "照片", "视频", "心得", "台账", "名单", "写实表"):
        assert any(word in sentence for sentence in sentences) <= (word in told)


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), max_size=8), st.text(max_size=20))
def test_any_text_at_all(lines: list[str], title: str) -> None:
    """It is refused in a sentence, or becomes TOML: quotation marks, backslashes and control signs too."""
    notice = Notice("通知.txt", (f"关于{title}的通知", *lines, f"请于5月1日前将{title}总结报送镇政府。"))
    try:
        draft = draft_campaign(notice, today=date(2024, 4, 20))
    except ConfigError:
        return
    assert tomllib.loads(write_rules(draft))["deliverable"]


@pytest.mark.parametrize("stem", ["fire", "fraud", "reading"])
def test_what_the_clerk_reads(stem: str) -> None:
    """The rules and the summary, as a clerk approved them."""
    draft = drafted(stem)
    assert_snapshot(DRAFTS / f"{stem}.toml", write_rules(draft))
    summary = tell_draft(draft, [Path("rules") / f"{draft.id}.toml"], f"rules/{draft.id}.toml")
    assert_snapshot(DRAFTS / f"{stem}.txt", summary)
