"""The project's own notice, drafted, beside the rules that were written for it by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.campaign import load_campaign
from pipeline.check import Setting
from pipeline.cli import main
from pipeline.drafting import draft_rules
from pipeline.letter.proof import check_letters
from pipeline.model.campaign import Campaign, Kind

RULES = Path(__file__).parent.parent.parent / "rules"
BY_HAND = load_campaign(RULES / "2023-529.toml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the draft was laid down, years after the notice."""
    folder = tmp_path_factory.mktemp("drafted")
    notice = RULES / "2023-529" / "notice.docx"
    draft_rules(notice, [], rules=folder / "rules", output=None, overwrite=False, today=date(2031, 1, 1))
    return folder / "rules"


@pytest.fixture(scope="module")
def drafted(folder: Path) -> Campaign:
    return load_campaign(folder / "2023-529.toml")


def test_the_same_materials_by_the_same_days(drafted: Campaign) -> None:
    """Ids, rounds, kinds, deadlines and formats."""

    def told(campaign: Campaign) -> list[tuple[object, ...]]:
        return [(d.id, d.kind, d.due_at, d.round, d.formats, d.nil_allowed) for d in campaign.deliverables]

    assert told(drafted) == told(BY_HAND)


def test_the_same_frame(drafted: Campaign) -> None:
    """Title, issuer, period; the names of the town; the letters can be written."""
    for name in ("id", "title", "short_title", "issuer", "timezone", "opens_on", "closes_on", "place_words"):
        assert getattr(drafted, name) == getattr(BY_HAND, name), name
    assert drafted.notice == BY_HAND.notice
    check_letters(drafted)


@pytest.mark.parametrize("name", ["progress", "statistics"])
def test_the_same_forms(drafted: Campaign, name: str) -> None:
    """Each form cut out of the notice, with its title, columns, samples and figures."""
    mine = next(each.form for each in drafted.deliverables if each.name == name)
    theirs = next(each.form for each in BY_HAND.deliverables if each.name == name)
    assert mine is not None
    assert theirs is not None
    assert [cell.text for cell in mine.blank.cells] == [cell.text for cell in theirs.blank.cells]
    assert mine.title == theirs.title
    assert mine.columns == theirs.columns
    assert {(f.id, f.headings) for f in mine.figures} == {(f.id, f.headings) for f in theirs.figures}
    assert set(mine.samples) == set(theirs.samples)


def test_the_same_demands(drafted: Campaign) -> None:
    """Every check runs as by hand, with the same options; of a subject's words some are enough."""
    for mine, theirs in zip(drafted.deliverables, BY_HAND.deliverables, strict=True):
        assert options(mine.checks) == options(theirs.checks), mine.id
        if mine.kind is Kind.PROSE:
            words = set(mine.checks["text-off-topic"].options.words)
            assert words & set(theirs.checks["text-off-topic"].options.words) >= {"5.29", "会员活动", "计划生育协会"}


def options(checks: Mapping[str, Setting]) -> dict[str, tuple[bool, Any]]:
    return {code: (each.enabled, each.options) for code, each in checks.items() if code != "text-off-topic"}


def test_files_are_named_as_by_hand(drafted: Campaign) -> None:
    """What leads to a material by hand leads to the same one by the draft."""
    for theirs in BY_HAND.deliverables:
        mine = drafted.deliverable(theirs.id)
        known = {word for each in drafted.deliverables if each.name != mine.name for word in each.keywords}
        assert not known & set(theirs.keywords), theirs.id
        assert len(set(theirs.keywords) & set(mine.keywords)) >= 0.7 * len(theirs.keywords), theirs.id


def test_the_notice_stands_above_each_rule(folder: Path) -> None:
    """Each deliverable has the notice's own sentence above it; doubts are marked."""
    text = (folder / "2023-529.toml").read_text("utf-8")
    for part in text.split("[[deliverable]]")[:-1]:
        above = part.rsplit("# ------", 1)[1]
        assert "# 通知：“各村要于" in above
    assert "# 请核对：" in text


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It writes beside config.toml, ends with 1 where a person must look, and what it wrote is in order."""
    monkeypatch.chdir(tmp_path)
    notice = RULES / "2023-529" / "notice.docx"
    assert main(["rules", "draft", str(notice)]) == 1
    said = capsys.readouterr().out
    assert "5月10日、5月20日、5月31日" in said.replace("2023年", "")
    assert "baosong rules check rules/2023-529.toml" in said
    assert main(["rules", "check", "rules/2023-529.toml"]) == 0
    capsys.readouterr()
    before = (tmp_path / "rules" / "2023-529.toml").read_bytes()
    assert main(["rules", "draft", str(notice)]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert (tmp_path / "rules" / "2023-529.toml").read_bytes() == before
    assert main(["rules", "draft", str(notice), "--overwrite"]) == 1
