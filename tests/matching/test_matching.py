"""Whose each file is, which deliverable, which round: by which evidence, and when by none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from pipeline.matching import rounds_named
from pipeline.message.drives import ANY_PROVIDER
from pipeline.model.content import Content, Document, Other
from pipeline.model.files import FileKind
from pipeline.model.standing import State
from pipeline.model.submission import Filing, Source
from tests.submissions import (
    CAMPAIGN,
    DAMAGED,
    Sent,
    account,
    at,
    cloud_link,
    file_mail,
    mail,
    past,
    picture,
    plan,
    progress,
    sent,
    standing,
    statistics,
    text,
    video,
)

NOBODYS = text("活动月实施方案", "内容")


def only(given: Sent, **of_mail: object) -> Filing:
    """Where the one file of a mail belongs."""
    (filing,) = file_mail(mail(given, **of_mail)).filings  # type: ignore[arg-type]  # keywords of mail()
    return filing


# --- village ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "subject", "body", "sender", "village"),
    [
        (plan("石桥村"), "青禾村方案.docx", "青禾村", "青禾村", "qinghe@village.test", "石桥村"),
        (NOBODYS, "石桥村方案.docx", "青禾村", "青禾村", "qinghe@village.test", "石桥村"),
        (NOBODYS, "方案.docx", "石桥村", "青禾村", "qinghe@village.test", "石桥村"),
        (NOBODYS, "方案.docx", "材料", "我是石桥村的", "qinghe@village.test", "石桥村"),
        (NOBODYS, "方案.docx", "材料", "请查收", "shiqiao@village.test", "石桥村"),
        (NOBODYS, "方案.docx", "材料", "请查收", "stranger@elsewhere.test", None),
    ],
    ids=["document", "file name", "subject", "body", "sender", "nothing"],
)
def test_the_strongest_evidence_wins(
    content: Content, name: str, subject: str, body: str, sender: str, village: str | None
) -> None:
    """The document before the file's name, the subject, the body and the sender's address."""
    filing = only(sent(name, content), subject=subject, body=body, sender=sender)
    assert filing.village == village


def test_a_letterhead_speaks_where_the_text_names_nobody() -> None:
    """Before the file's name, as the document's own word; after its title and sign-off: papers are borrowed."""
    head = ("嘉祥县万张街道石桥村民委员会",)
    assert only(sent("方案.docx", replace(NOBODYS, margins=head)), sender="stranger@elsewhere.test").village == "石桥村"
    assert (
        only(sent("方案.docx", replace(plan("青禾村"), margins=head)), sender="shiqiao@village.test").village
        == "青禾村"
    )


def test_a_source_that_names_two_says_nothing() -> None:
    """青禾村和石桥村 in the subject decides nothing; the next source does."""
    filing = only(sent("方案.docx", NOBODYS), subject="青禾村和石桥村的方案", sender="shiqiao@village.test")
    assert filing.village == "石桥村"
    assert {each.names for each in filing.evidence if each.source is Source.SUBJECT} == {"青禾村", "石桥村"}


def test_a_name_that_only_sounds_right() -> None:
    """石侨村 is 石桥村 where nothing else tells; a name written rightly, or a known address, tells better."""
    for told, village in (
        ({}, "石桥村"),
        ({"subject": "青禾村"}, "青禾村"),
        ({"sender": "qinghe@village.test"}, "青禾村"),
    ):
        filing = only(sent("石侨村方案.docx", NOBODYS), **{"sender": "new@elsewhere.test", **told})
        assert filing.village == village
    assert only(sent("石侨村方案.docx", NOBODYS), sender="x@elsewhere.test").evidence[0].text == "石侨村方案.docx"


def test_an_address_of_two_villages_says_nothing() -> None:
    """One clerk may write for two villages: the address alone does not tell which."""
    assert only(sent("方案.docx", NOBODYS), sender="both@village.test").village is None


def test_a_longer_name_is_no_shorter_one() -> None:
    """上柳堤村 is another village than 柳堤村."""
    assert only(sent("方案.docx", plan("上柳堤村")), subject="柳堤村").village == "上柳堤村"


@pytest.mark.parametrize(
    "within", [("石桥村.zip",), ("各村材料.zip", "石桥村"), ("转发：石桥村材料.eml", "附件.zip")], ids=str
)
def test_the_names_of_containers_count(within: tuple[str, ...]) -> None:
    """The folder, the archive, the forwarded mail that a file came in name its village."""
    assert only(sent("1.jpg", picture("a"), within=within), subject="青禾村").village == "石桥村"


def test_a_forwarded_mails_subject_counts_like_a_container() -> None:
    """Clients call each mail that is passed on forwarded.eml; whose it is stands in its subject."""
    passed_on = sent("1.jpg", picture("a"), within=("forwarded.eml",))
    passed_on = replace(passed_on, attachment=replace(passed_on.attachment, subjects=("石桥村照片",)))
    assert only(passed_on, subject="转三个村的照片", sender="stranger@elsewhere.test").village == "石桥村"


def test_the_innermost_name_wins() -> None:
    """One archive with the papers of several villages."""
    files = [
        sent("方案.docx", NOBODYS, within=("石桥村等.zip", "青禾村")),
        sent("柳堤村方案.docx", NOBODYS, within=("石桥村等.zip", "青禾村")),
    ]
    assert [each.village for each in file_mail(mail(*files)).filings] == ["青禾村", "柳堤村"]


def test_siblings_lend_their_village() -> None:
    """Photos named by a camera belong to the village of the document beside them."""
    submission = file_mail(mail(sent("a.docx", plan("石桥村")), sent("IMG_1.jpg", picture("a"))))
    assert [each.village for each in submission.filings] == ["石桥村", "石桥村"]
    assert [each.names for each in submission.filings[1].evidence if each.source is Source.SIBLINGS] == ["石桥村"]
    assert submission.village == "石桥村"


def test_siblings_that_disagree_lend_nothing() -> None:
    """Where the documents name two villages, a nameless photo is nobody's."""
    submission = file_mail(
        mail(sent("a.docx", plan("石桥村")), sent("b.docx", plan("青禾村")), sent("IMG_1.jpg", picture("a")))
    )
    assert [each.village for each in submission.filings] == ["石桥村", "青禾村", None]
    assert submission.village is None


def test_the_units_of_the_form_count() -> None:
    """The line above the table, or its first column, says whose it is."""
    assert only(sent("表.docx", progress("石桥村委会")), subject="青禾村").village == "石桥村"
    assert only(sent("表.docx", progress("", column="石桥村")), subject="青禾村").village == "石桥村"


# --- deliverable ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "deliverable"),
    [
        ("石桥村活动方案.docx", progress("石桥村"), "progress"),
        ("石桥村写实表.docx", statistics("石桥村"), "statistics"),
        ("石桥村总结.docx", plan("石桥村"), "summary"),
        ("石桥村.docx", plan("石桥村"), "plan"),
        ("石桥村.docx", text("石桥村5.29活动总结", "内容"), "summary"),
        ("石桥村.mp4", video(), "video"),
        ("石桥村.jpg", picture("a"), "photos"),
        ("石桥村活动.jpg", picture("a", kind=FileKind.PNG), "photos"),
        ("石桥村写实表.jpg", picture("a"), "progress"),
        ("石桥村统计表照片.jpg", picture("a"), "photos"),
        ("石桥村写实表.docx", DAMAGED, "progress"),
        ("石桥村歌曲.mp3", Other(), None),
        ("石桥村.docx", text("会议记录", "内容"), None),
        ("石桥村方案及总结.docx", text("材料", "内容"), None),
    ],
)
def test_deliverable(name: str, content: Content, deliverable: str | None) -> None:
    """The form's own headings, then the name, the title, the kind of file; what is ambiguous is nothing."""
    filing = only(sent(name, content), subject="报送")
    assert (filing.deliverable or "").partition("@")[0] == (deliverable or "")


def test_a_web_page_named_like_a_film() -> None:
    """What was saved in the film's place stands for it: its name tells what it was meant for."""
    page = sent("石桥村.mp4", Other(), kind=FileKind.HTML)
    assert only(page, subject="报送").deliverable == "video"
    assert only(sent("石桥村.html", Other(), kind=FileKind.HTML), subject="报送").deliverable is None


def test_a_lost_file_named_for_a_round() -> None:
    """5.20.docx that nobody can read is the table of that day; one that can be read speaks for itself."""
    assert only(sent("5.20.docx", DAMAGED), subject="石桥村").deliverable == "progress@2023-05-20"
    assert only(sent("石桥村材料.docx", DAMAGED), subject="石桥村").deliverable is None
    assert only(sent("5.20.docx", text("会议记录", "内容")), subject="石桥村").deliverable is None


@pytest.mark.parametrize("name", ["新建 Microsoft Word 文档.docx", "1.docx", "附件.docx", "20230504.docx"])
def test_a_name_that_says_nothing_asks_the_subject(name: str) -> None:
    """A single file named by a program is what the mail speaks of."""
    assert only(sent(name, text("内容", "内容")), subject="石桥村活动总结").deliverable == "summary"


def test_a_name_that_says_something_else_does_not() -> None:
    """会议记录.docx under the subject 活动总结 is no summary; neither is one of two files."""
    for name in ("会议记录.docx", "石桥村通知.docx"):
        assert only(sent(name, text("内容", "内容")), subject="石桥村活动总结").deliverable is None
    files = [sent("1.docx", text("内容一", "内容")), sent("2.docx", text("内容二", "内容"))]
    assert [f.deliverable for f in file_mail(mail(*files, subject="石桥村活动总结")).filings] == [None, None]


# --- round ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "title", "subject", "due"),
    [
        ("写实表5月20日.docx", "", "石桥村", "20"),
        ("写实表5.20.docx", "", "石桥村", "20"),
        ("写实表0520.docx", "", "石桥村", "20"),
        ("写实表2023-05-20.docx", "", "石桥村", "20"),
        ("写实表（第二次）.docx", "", "石桥村", "20"),
        ("写实表第3期.docx", "", "石桥村", "31"),
        ("写实表.docx", "进展情况写实表（5月31日）", "石桥村5月20日", "31"),
        ("写实表.docx", "", "石桥村第三轮写实表", "31"),
        ("写实表5月20日.docx", "第三次写实表", "5月10日", "20"),
        ("写实表5.205.docx", "", "石桥村", "10"),
        ("写实表5月10日至5月20日.docx", "", "石桥村", "20"),  # a period ends with its round
        ("写实表5.11-5.20.docx", "", "石桥村", "20"),
        ("写实表5.10-20.docx", "", "石桥村", "20"),
        ("写实表（5月1日—5月10日）.docx", "", "石桥村", "10"),
        ("写实表.docx", "", "石桥村五月二十号写实表", "20"),
        ("写实表.docx", "", "石桥村五月三十一日写实表", "31"),
        ("5.10和5.20写实表.docx", "", "石桥村", "10"),
        ("写实表第九次.docx", "", "石桥村", "10"),
    ],
)
def test_round_by_name(name: str, title: str, subject: str, due: str) -> None:
    """A round is named by date or number: in the file's name, the title, the subject; else arrival decides."""
    filing = only(sent(name, progress("石桥村", title=title)), subject=subject, received_at=at(5, 4))
    assert filing.deliverable == f"progress@2023-05-{due}"


@pytest.mark.parametrize(
    ("received_at", "accepted", "due"),
    [
        (at(4, 20), False, "10"),
        (at(5, 10, 23, 59), False, "10"),
        (at(5, 11, 0), False, "10"),  # the round before is missing, and nearer
        (at(5, 11, 0), True, "20"),
        (at(5, 15, 23, 59), False, "10"),
        (at(5, 16, 0), False, "20"),  # half-way: the next is as near
        (at(5, 16, 0), True, "20"),
        (at(5, 21, 1), True, "31"),
        (at(5, 26, 11), False, "20"),
        (at(5, 26, 13), False, "31"),
        (at(6, 1), False, "31"),
        (at(6, 30), True, "31"),
    ],
)
def test_round_by_arrival(received_at: datetime, accepted: bool, due: str) -> None:
    """The first round not yet due, or the one before where that is nearer and not accepted; at last the last."""
    before = {"20": "10", "31": "20", "10": "10"}[due] if accepted else None
    known = past(standing(State.ACCEPTED, f"progress@2023-05-{before}")) if before else past()
    given = mail(sent("写实表.docx", progress("石桥村")), received_at=received_at)
    (filing,) = file_mail(given, known).filings
    assert filing.deliverable == f"progress@2023-05-{due}"
    assert filing.evidence[-1].source is Source.ARRIVAL


def test_a_returned_round_is_not_accepted() -> None:
    """What was returned is mended by what comes next, while that is nearer."""
    known = past(standing(State.RETURNED, "progress@2023-05-10"))
    (filing,) = file_mail(mail(sent("写实表.docx", progress("石桥村")), received_at=at(5, 13)), known).filings
    assert filing.deliverable == "progress@2023-05-10"


@pytest.mark.parametrize(
    ("subject", "first", "others", "due"),
    [
        ("石桥村5月20日写实表", State.ACCEPTED, (), "20"),
        ("石桥村第二次写实表", State.ACCEPTED, (), "20"),
        ("石桥村写实表", State.ACCEPTED, (), "10"),  # nothing speaks against the file's name
        ("石桥村5月20日写实表", State.RETURNED, (), "10"),  # what its name says is still owed
        ("石桥村5月31日写实表", State.ACCEPTED, (), "10"),  # nor is that due
        ("石桥村5月20日写实表", State.ACCEPTED, ("5.20写实表.docx",), "10"),  # another file is the subject's
    ],
)
def test_saved_under_an_old_name(subject: str, first: State, others: tuple[str, ...], due: str) -> None:
    """A table named for a round that is settled counts for the subject's, where that is the one now due."""
    files = [
        sent(name, progress("石桥村", account(8), account(11 + number)))
        for number, name in enumerate(("5.10写实表.docx", *others))
    ]
    known = past(standing(first, "progress@2023-05-10"))
    filing = file_mail(mail(*files, subject=subject, received_at=at(5, 19)), known).filings[0]
    assert filing.deliverable == f"progress@2023-05-{due}"


# --- links ------------------------------------------------------------------------------------------------------------


def test_a_link_is_filed_by_its_name() -> None:
    """Village and deliverable are those of the file's name; a mail's quoted link is an old one where files came."""
    (link,) = file_mail(mail(links=(cloud_link(),))).links
    assert (link.village, link.deliverable) == ("石桥村", "video")
    (link,) = file_mail(mail(links=(cloud_link("VID_2023.mp4"),), subject="青禾村材料")).links
    assert (link.village, link.deliverable) == ("青禾村", "video")
    quoted = (cloud_link(quoted=True),)
    assert file_mail(mail(sent("a.docx", plan("石桥村")), links=quoted)).links == ()
    assert len(file_mail(mail(links=quoted)).links) == 1


@pytest.mark.parametrize(
    ("led_by", "deliverable"),
    [
        ("照片见附件。视频太大传不上去，已存到微云，链接：", "video"),
        ("活动总结写在腾讯文档里了：", "summary"),
        ("视频：https://pan.example/s/1 总结：", "summary"),
        ("总结见附件，另附视频链接：", "video"),
        ("照片和视频都在这里：", None),  # two: nobody can say
        ("视频：https://pan.example/s/1 ", None),  # the words before another link are that one's
        ("总结见附件，链接：", None),
    ],
)
def test_a_nameless_link_is_what_leads_to_it(led_by: str, deliverable: str | None) -> None:
    """The nearest words before the link tell, where the subject speaks of several things."""
    link = replace(cloud_link(""), led_by=led_by)
    (found,) = file_mail(mail(links=(link,), subject="石桥村照片、视频和总结")).links
    assert (found.village, found.deliverable) == ("石桥村", deliverable)


def test_a_link_to_a_table_belongs_to_a_round() -> None:
    """A table left with a provider counts for its round, named or by arrival, as a file would."""
    (link,) = file_mail(mail(links=(cloud_link("写实表5月20日.docx"),), subject="石桥村", received_at=at(5, 9))).links
    assert (link.village, link.deliverable) == ("石桥村", "progress@2023-05-20")
    (link,) = file_mail(mail(links=(cloud_link(""),), subject="石桥村写实表", received_at=at(5, 19))).links
    assert (link.village, link.deliverable) == ("石桥村", "progress@2023-05-20")


def test_a_link_to_a_place_nobody_knows() -> None:
    """In a village's mail without files it stands for what the mail speaks of; beside files, or of nobody, for none."""
    link = replace(cloud_link(""), url="https://files.example/s/aZ81kq", provider=ANY_PROVIDER)
    (found,) = file_mail(mail(links=(link,), subject="石桥村活动视频")).links
    assert (found.village, found.deliverable) == ("石桥村", "video")
    assert file_mail(mail(sent("a.docx", plan("石桥村")), links=(link,), subject="石桥村活动视频")).links == ()
    assert file_mail(mail(links=(link,), subject="视频会员八折", body="点击链接")).links == ()
    assert file_mail(mail(links=(link,), subject="石桥村", body="请看链接")).links == ()


@pytest.mark.parametrize(
    "name",
    [
        *(
            "新建 DOCX 文档.docx",
            "zongjie.docx",
            "wps2023.docx",
            "1(1).docx",
            "无标题.docx",
            "石桥村.docx",
            "石桥.docx",
            "石桥计生协.docx",
            "扫描件.docx",
        ),
        *("最终版(改).docx", "石桥村会员活动月材料.docx"),
    ],
)
def test_a_name_that_says_nothing(name: str) -> None:
    """The subject then tells what the one file is: names of programs and pinyin name no deliverable."""
    filing = only(sent(name, text("五月份我村做了几件事", "内容")), subject="石桥村总结")
    assert filing.deliverable == "summary"


@pytest.mark.parametrize(
    ("lines", "deliverable"),
    [
        (("石桥村民委员会文件", "石村发〔2023〕3号", "5.29会员活动月实施方案", "根据上级精神，制定本方案。"), "plan"),
        (("中共石桥村支部委员会", "石桥村民委员会", "文件", "〔2023〕3号", "会员活动月总结"), "summary"),
        (("好人好事", "各位领导：", "方案早已报过。"), None),
        (("好人好事", "石桥村", "一、总结交流", "村民相帮。"), None),
        (("好人好事", "石桥村", "我们按方案办事，大家都说好。"), None),
    ],
    ids=["red head", "two heads", "salutation", "first point", "sentence"],
)
def test_the_title_stands_under_its_head(lines: tuple[str, ...], deliverable: str | None) -> None:
    """A red head and its number are no title; nor is a sentence, a salutation, or the first point of a list."""
    assert only(sent("扫描全能王.docx", text(*lines)), subject="石桥村材料").deliverable == deliverable


def test_several_forms_in_one_document() -> None:
    """The office's whole notice sent back belongs to the form in it that is filled in."""
    blank = {each.name: (each.form.blank,) for each in CAMPAIGN.deliverables if each.form}
    for tables, deliverable in (
        (progress("石桥村").tables + blank["statistics"], "progress@2023-05-10"),
        (blank["progress"] + statistics("石桥村").tables, "statistics"),
    ):
        whole = Document(FileKind.DOCX, ("关于开展活动的通知", "单位：石桥村"), tables)
        assert only(sent("通知.docx", whole), subject="石桥村", received_at=at(5, 4)).deliverable == deliverable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("写实表510", "2023-05-10"),
        ("23.5.20写实表", "2023-05-20"),
        ("230520", "2023-05-20"),
        ("5·20写实表", "2023-05-20"),
        ("5、20写实表", "2023-05-20"),
        ("五月二十", "2023-05-20"),
        ("20日写实表", "2023-05-20"),
        ("写实表（二十日）", "2023-05-20"),
        ("三十一日写实表", "2023-05-31"),
        ("四月二十日写实表", None),
        ("1-20日写实表", "2023-05-20"),
        ("5月上旬写实表", "2023-05-10"),
        ("5月底写实表", "2023-05-31"),
        ("写实表（二）", "2023-05-20"),
        ("第二回", "2023-05-20"),
        ("首次写实表", "2023-05-10"),
        ("最后一次写实表", "2023-05-31"),
        ("20230510写实表(定稿)(2)", "2023-05-10"),
        ("写实表(2)", None),  # a copy's mark
        ("附件（一）写实表", None),  # an attachment's number
        ("5月9日写实表", None),
        ("4月20日写实表", None),
        ("写实表510人", None),
    ],
)
def test_a_round_is_named_in_many_ways(text: str, expected: str | None) -> None:
    """By date, day, part of the month or number; what only looks like one names none."""
    named = rounds_named(text, CAMPAIGN.rounds("progress"))
    assert [each.due_on.isoformat() for each in named] == ([expected] if expected else [])
