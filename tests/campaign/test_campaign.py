"""A campaign is data, read strictly."""

import shutil
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.campaign import load_campaign
from pipeline.errors import ConfigError
from pipeline.model.campaign import Campaign, Kind, ReminderPlan
from pipeline.model.files import FileKind
from pipeline.model.finding import Severity

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    """The campaign that is shipped."""
    return load_campaign(RULES / "2023-529.toml")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    shutil.copytree(RULES, tmp_path / "rules")
    return tmp_path / "rules" / "2023-529.toml"


def test_the_notice_is_held_whole(campaign: Campaign) -> None:
    """The eight deliverables of the notice with their deadlines."""
    assert [(each.id, each.due_on) for each in campaign.deliverables] == [
        ("plan", date(2023, 5, 5)),
        ("progress@2023-05-10", date(2023, 5, 10)),
        ("progress@2023-05-20", date(2023, 5, 20)),
        ("progress@2023-05-31", date(2023, 5, 31)),
        ("statistics", date(2023, 6, 10)),
        ("summary", date(2023, 6, 10)),
        ("photos", date(2023, 6, 10)),
        ("video", date(2023, 6, 10)),
    ]
    assert [each.round for each in campaign.rounds("progress")] == [1, 2, 3]


def test_the_day_itself_is_in_time(campaign: Campaign) -> None:
    """“于5月10日前” includes the whole of 10 May in the campaign's zone."""
    due_at = campaign.deliverable("progress@2023-05-10").due_at
    assert due_at == datetime(2023, 5, 11, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_forms_formats_and_checks(campaign: Campaign) -> None:
    """Blank forms are read, formats are kinds of files, options reach their checks."""
    statistics = campaign.deliverable("statistics")
    assert statistics.form is not None
    assert len(statistics.form.figures) == 6
    assert {FileKind.DOCX, FileKind.DOC, FileKind.XLSX, FileKind.XLS} <= statistics.formats
    assert FileKind.PDF not in statistics.formats
    photos = campaign.deliverable("photos")
    assert photos.kind is Kind.PHOTOS
    assert photos.set
    assert "让新时代婚育文化深入人心" in campaign.notice
    assert (photos.checks["photo-count"].options.minimum, photos.checks["photo-count"].options.maximum) == (3, 5)
    assert "no-activity" not in photos.checks


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind     = "photos"', 'kind     = "photo"', "应为下列之一"),
        ("[deliverable.checks.photo-count]", "[deliverable.checks.photo-cuont]", "您是不是要写 photo-count"),
        ("[deliverable.checks.photo-count]", "[deliverable.checks.no-activity]", "不适用于此处"),
        ("minimum = 3\nmaximum = 5", "minimun = 3\nmaximum = 5", "您是不是要写 minimum"),
        ("minimum = 3\nmaximum = 5", 'minimum = "three"\nmaximum = 5', "类型不对"),
        ("minimum = 3\nmaximum = 5", 'minimum = 3\nmessage = "请补{cuont}张"', "没有 {cuont} 这个占位词"),
        ("minimum = 3\nmaximum = 5", 'minimum = 3\nseverity = "bad"', "应为 error、warning 或 info"),
        ('formats  = ["jpeg"]', 'formats  = ["jpg"]', "不认识的格式 jpg"),
        ('timezone    = "Asia/Shanghai"', 'timezone    = "Asia/Bejing"', "时区"),
        ("closes      = 2023-05-31", "closes      = 2023-04-01", "早于"),
        ('"2023-529/progress.docx"', '"2023-529/absent.docx"', "找不到空白表"),
        ('"2023-529/notice.docx"', '"2023-529/absent.docx"', "找不到通知"),
        ('photos = "活动照片" }', 'photos = "活动相片" }', "您是不是要写 活动照片"),
        ('issuer      = "嘉祥县万张街道办事处"', 'isuer      = "嘉祥县万张街道办事处"', "您是不是要写 issuer"),
        ("due      = 2023-05-05", 'due      = "5月5日"', "应为日期"),
        ('name     = "summary"', 'name     = "plan"', "出现了两次"),
        ("[campaign]", "[campaign", "写法有误"),
    ],
)
def test_a_mistake_is_one_clear_line(rules: Path, old: str, new: str, said: str) -> None:
    """Whatever is mistyped: file, line where it stands, and a remedy."""
    text = rules.read_text(encoding="utf-8")
    assert old in text
    rules.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_campaign(rules)
    assert said in str(caught.value)
    assert caught.value.file == rules
    assert caught.value.line is not None
    assert "\n" not in str(caught.value)


def test_a_campaign_may_change_weight_and_words(rules: Path) -> None:
    """Severity and wording are the campaign's, and a check can be switched off."""
    text = rules.read_text(encoding="utf-8").replace(
        "[deliverable.checks.photo-count]\nminimum = 3",
        '[deliverable.checks]\nphoto-blurred = false\n[deliverable.checks.photo-count]\nseverity = "warning"\n'
        'message = "照片{count}张"\nminimum = 3',
    )
    rules.write_text(text, encoding="utf-8")
    checks = load_campaign(rules).deliverable("photos").checks
    assert checks["photo-count"].severity is Severity.WARNING
    assert checks["photo-count"].message == "照片{count}张"
    assert not checks["photo-blurred"].enabled


def test_when_villages_are_reminded(campaign: Campaign, rules: Path) -> None:
    """As the file says, and the same where it says nothing; empty lists are no reminders."""
    assert campaign.reminders == ReminderPlan(before=(3, 1), on_day=True, after=(1, 3, 7), hour=9)
    text = rules.read_text("utf-8")
    table = text[text.index("[reminders]") : text.index("# -", text.index("[reminders]"))]
    rules.write_text(text.replace(table, ""), encoding="utf-8")
    assert load_campaign(rules).reminders == ReminderPlan()
    rules.write_text(text.replace(table, "[reminders]\nbefore = []\non_day = false\nafter = []\n"), encoding="utf-8")
    assert load_campaign(rules).reminders == ReminderPlan(before=(), on_day=False, after=())


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("before = [3, 1]", "before = 3", "reminders.before"),
        ("before = [3, 1]", "before = [0]", "reminders.before"),
        ("hour   = 9", "hour = 22", "reminders.hour"),
        ("on_day = true", 'on_day = "是"', "reminders.on_day"),
        ("after  =", "afterwards =", "reminders.afterwards"),
    ],
)
def test_a_mistake_in_the_reminders_is_one_clear_line(rules: Path, old: str, new: str, key: str) -> None:
    """Nobody is reminded at night, or on days that are no days."""
    text = rules.read_text("utf-8")
    assert old in text
    rules.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_campaign(rules)
    assert caught.value.line is not None
    assert (caught.value.key or "").startswith(key)
