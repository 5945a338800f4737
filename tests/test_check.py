"""The shape of a check and how one is run."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from pipeline.check import Check, Found, Hit, NoOptions, Setting, all_checks, explain, placeholders, run_check
from pipeline.model.facts import VideoSet
from pipeline.model.finding import Audience, Finding, FormCell, Severity

NOTHING = VideoSet(())


@dataclass(frozen=True, slots=True)
class Limit:
    """An option, as a check has them."""

    most: int = 1
    words: tuple[str, ...] = ("甲",)


def make(*hits: Hit, message: str = "{where}有误，请更正。") -> Check:
    """A check that makes these hits, whatever it looks at."""

    def find(fact: VideoSet, options: Limit) -> Iterator[Hit]:
        yield from hits

    return Check(severity=Severity.WARNING, on=VideoSet, find=find, message=message, options=Limit)


def run(check: Check, setting: Setting = Setting()) -> list[Finding]:  # noqa: B008 (frozen)
    """Its findings in videos of 孙家村."""
    return [*run_check("some-code", check, NOTHING, setting, village="孙家村", deliverable="video", attachment=None)]


def test_the_runner_stamps_what_the_check_does_not_say() -> None:
    """Code, severity, audience, village and deliverable come from outside."""
    assert run(make(Hit(where="第2行", cells=(FormCell(2),)))) == [
        Finding(
            code="some-code",
            severity=Severity.WARNING,
            audience=Audience.VILLAGE,
            message="第2行有误，请更正。",
            village="孙家村",
            deliverable="video",
            where="第2行",
            cells=(FormCell(2),),
        )
    ]


def test_a_hit_may_name_its_own_file_and_village() -> None:
    """Where the fact is no one file's; where it is, that file is meant."""
    check = make(Hit(attachment="2.mp4", village="李家村"))
    (finding,) = run(check)
    assert (finding.attachment, finding.village) == ("2.mp4", "李家村")
    (finding,) = run_check("x", check, NOTHING, Setting(), village=None, deliverable=None, attachment="表.docx")
    assert finding.attachment == "表.docx"


def test_one_hit_may_weigh_otherwise() -> None:
    """The hit's word before the check's, the campaign's before both."""
    check = make(Hit(severity=Severity.ERROR), Hit())
    assert [each.severity for each in run(check)] == [Severity.ERROR, Severity.WARNING]
    campaign = Setting(severity=Severity.INFO)
    assert [each.severity for each in run(check, campaign)] == [Severity.INFO, Severity.INFO]


def test_a_campaign_may_have_its_own_wording() -> None:
    """With the same placeholders."""
    check = make(Hit(where="第2行", values={"count": 3}), message="{count}")
    (finding,) = run(check, Setting(message="{where}共{count}处"))
    assert finding.message == "第2行共3处"


def test_what_a_check_raises_is_the_callers() -> None:
    """A placeholder that nobody fills is our fault, not a village's."""
    with pytest.raises(KeyError):
        run(make(Hit(), message="{nobody}"))


def test_placeholders_of_a_message() -> None:
    """An open brace is a ValueError."""
    assert placeholders("{where}收到{count}张") == {"where", "count"}
    with pytest.raises(ValueError, match="expected"):
        placeholders("{count")


def test_checks_are_found_by_file_name() -> None:
    """What several checks share, in modules that begin with an underscore, is no check."""
    assert all_checks()["photo-count"].title == "照片数量不符"
    assert not [code for code in all_checks() if code.startswith(("-", "_"))]


def test_explain_tells_weight_audience_and_defaults() -> None:
    """As a campaign's author needs them."""
    documentation = "标题。\n\n查什么\n    甲\n选项\n    most  最多"
    told = explain(Found("some-code", make(), "标题", documentation)).splitlines()
    assert told[0] == "some-code  标题。"
    assert "提醒" in told[1]
    assert "告知报送的村" in told[1]
    assert told[-2:] == ["    默认 most = 1", '    默认 words = ["甲"]']


def test_explain_without_options_ends_with_the_documentation() -> None:
    """Nothing can be set."""
    check = Check(Severity.ERROR, VideoSet, make().find, "", NoOptions, Audience.COORDINATOR)
    assert explain(Found("some-code", check, "标题", "标题。\n\n查什么\n    甲")).endswith("    甲\n")
