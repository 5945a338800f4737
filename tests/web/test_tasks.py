"""What the coordinator does on the page, in a real browser without scripts, from login to what the ledger then says."""

from __future__ import annotations

import io
import re
import zipfile
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipeline.ledger import acts, histories, letters, views
from pipeline.model.ledger import ActKind
from pipeline.model.letter import LetterState
from pipeline.model.standing import Standing, State
from pipeline.office import alone
from pipeline.reporting import report
from tests.web.office import BEIJING, LINK, NOW, Served


def standing(served: Served, village: str, deliverable: str) -> Standing:
    """How a deliverable stands now."""
    rows = views.standings(served.office.ledger, served.office.campaign, NOW)
    return next(each for each in rows if (each.village, each.deliverable) == (village, deliverable))


def outgoing(served: Served) -> list[tuple[str, str]]:
    """Recipient and subject of every letter in the outbox that waits."""
    due = letters.LetterQueue(served.office.ledger).due(NOW)
    return [(each.recipient, str(message_from_bytes(each.octets, policy=policy.default)["Subject"])) for each in due]


def decide(page: Page, village: str, title: str, what: str, why: str, *, send: bool = False) -> None:
    """Fill the form of one deliverable on the village's page."""
    page.goto(f"/village/{village}")
    card = page.locator("article", has=page.get_by_role("heading", name=title)).first
    card.locator("summary", has_text="处理").click()
    card.get_by_label("理由").fill(why)
    if send:
        card.get_by_label("写信告诉村里").check()
    card.get_by_role("button", name=what, exact=True).click()


def wait_for(page: Page, words: str) -> None:
    """An errand is done: at once, or on the page that reloads itself until it is."""
    expect(page.locator(".told")).to_contain_text(words, timeout=90_000)


def test_the_matrix_shows_each_state_in_words(served: Served, page: Page) -> None:
    """Village × deliverable, with lateness; a filter leaves the rows that have the state."""
    page.goto("/")
    rows = page.locator(".matrix tbody tr")
    expect(rows).to_have_count(3)
    first = rows.filter(has_text="石桥村")
    expect(first.locator("td").nth(0)).to_contain_text("合格")
    expect(first.locator("td").nth(1)).to_contain_text("迟")
    expect(rows.filter(has_text="青禾村").locator("td").nth(1)).to_contain_text("待补正")
    expect(page.locator("svg.chart polyline.done")).to_have_count(1)
    page.locator(".choices").get_by_role("link", name=re.compile("待补正")).click()
    expect(page.locator(".matrix tbody tr")).to_have_count(1)


def test_a_village_page_tells_everything(served: Served, page: Page) -> None:
    """Versions, findings at their places, thumbnails drawn by us, letters as text; hours in the office's zone."""
    page.goto("/village/石桥村")
    expect(page.locator("#versions ~ article")).to_have_count(3)
    expect(page.get_by_text("5月12日16时00分收到").first).to_be_visible()
    thumbnail = page.locator(".thumbs img").first.get_attribute("src")
    answer = page.request.get(thumbnail or "")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.body()[:2] == b"\xff\xd8"
    page.goto("/village/青禾村")
    expect(page.locator(".findings .where", has_text="第1、2行").first).to_be_visible()
    expect(page.locator("details.letter pre").first).to_contain_text("青禾村")


@pytest.mark.parametrize(
    ("what", "state"), [("合格", State.ACCEPTED), ("退回补正", State.RETURNED), ("免报", State.WAIVED)]
)
def test_a_decision_is_kept_and_undone(served: Served, page: Page, what: str, state: State) -> None:
    """Who, when and why stand in the history; taking it back restores what was, and is a row of its own."""
    before = standing(served, "石桥村", "progress@2023-05-10")
    decide(page, "石桥村", "写实表（5月10日）", what, "电话里核实过")
    assert standing(served, "石桥村", "progress@2023-05-10").state is state
    kept = acts.all_acts(served.office.ledger, served.office.campaign)[0]
    assert (kept.who, kept.why, kept.at.astimezone(BEIJING)) == ("王主任", "电话里核实过", NOW)
    page.locator(".told").get_by_role("button", name="撤销").click()
    assert standing(served, "石桥村", "progress@2023-05-10") == before
    undone, first = acts.all_acts(served.office.ledger, served.office.campaign)
    assert (undone.kind, undone.undoes, first.undone) == (ActKind.UNDO, kept.id, True)


def test_words_of_ones_own_go_to_the_village(served: Served, page: Page) -> None:
    """A return with a letter: the words, in the thread of the village's mail; without the tick nothing is written."""
    decide(page, "石桥村", "活动月实施方案", "退回补正", "第二页没有盖章")
    assert outgoing(served) == []
    decide(page, "石桥村", "活动月实施方案", "退回补正", "第二页没有盖章\n<b>请补</b>", send=True)
    [(to, subject)] = outgoing(served)
    assert (to, subject) == ("shiqiao@village.test", "【请补正】石桥村 活动月实施方案")
    letter = histories.letters_to(served.office.ledger, served.office.campaign, "石桥村")[0]
    assert "&lt;b&gt;请补&lt;/b&gt;" in (
        message_from_bytes(letter.octets, policy=policy.default).get_body(("html",)).get_content()  # type: ignore[union-attr]
    )
    expect(page.get_by_role("status")).to_contain_text("shiqiao@village.test")


def test_a_deadline_is_extended_and_given_back(served: Served, page: Page) -> None:
    """What was missing is not due any more, until the extension is undone."""
    assert standing(served, "柳堤村", "plan").state is State.MISSING
    page.goto("/village/柳堤村")
    card = page.locator("article", has=page.get_by_role("heading", name="活动月实施方案")).first
    card.locator("summary", has_text="处理").click()
    card.get_by_label("理由").fill("村里停电")
    card.get_by_label("延期到").fill("2023-06-05")
    card.get_by_role("button", name="延长期限").click()
    assert standing(served, "柳堤村", "plan").state is State.NOT_DUE
    page.goto("/decisions")
    expect(page.locator("tbody tr").first).to_contain_text("延至6月5日")
    page.get_by_role("button", name="撤销").click()
    assert standing(served, "柳堤村", "plan").state is State.MISSING


def test_an_unknown_mail_is_assigned(served: Served, page: Page) -> None:
    """It is judged again as that village's, with the decision among the evidence; nobody is mailed; all is undone."""
    assert served.mail("e").village is None
    page.goto("/inbox")
    card = page.locator("article", has=page.locator(f"a[href$='{served.mail('e').digest}']"))
    card.get_by_label("是哪个村的").select_option("青禾村")
    card.get_by_role("button", name="认定").click()
    wait_for(page, "已重新核对")
    assert standing(served, "青禾村", "photos").state is State.ACCEPTED
    found = served.mail("e")
    assert {each.village for each in found.attachments} == {"青禾村"}
    assert found.attachments[0].evidence[0].source == "coordinator"
    assert found.attachments[0].evidence[0].text == "王主任"
    assert outgoing(served) == []
    expect(card.get_by_label("是哪个村的")).to_have_count(0)  # listed still, as a new sender of 青禾村
    page.goto("/decisions")
    page.get_by_role("button", name="撤销").first.click()
    assert standing(served, "青禾村", "photos").state is State.NOT_DUE
    assert served.mail("e").village is None
    page.goto("/village/青禾村")
    expect(page.get_by_text("已改认，不再算")).to_have_count(1)


def test_the_sender_is_answered_once_more_at_most(served: Served, page: Page) -> None:
    """With the tick one letter is written; assigned once more, none."""
    for village in ("青禾村", "柳堤村"):
        page.goto(f"/mail/{served.mail('e').digest}")
        card = page.locator("#whole ~ article")
        card.get_by_label("是哪个村的").select_option(village)
        card.get_by_label("写一封答复").check()
        card.get_by_role("button", name="认定").click()
        wait_for(page, "已重新核对")
    [(to, subject)] = outgoing(served)
    assert to == "who@elsewhere.test"
    assert "青禾村" in subject
    assert standing(served, "青禾村", "photos").state is State.NOT_DUE  # it is 柳堤村's now


def test_one_file_alone_is_assigned(served: Served, page: Page) -> None:
    """The others of its mail stay as they are."""
    page.goto(f"/mail/{served.mail('e').digest}")
    card = page.locator("article", has_text="2.jpg")
    card.locator("summary", has_text="改认这个文件").click()
    card.get_by_label("是哪个村的").select_option("柳堤村")
    card.get_by_role("button", name="认定").click()
    wait_for(page, "已重新核对")
    ruled = [each for each in served.mail("e").attachments if each.evidence[0].source == "coordinator"]
    assert [each.name for each in ruled] == ["2.jpg"]


def test_a_link_is_settled(served: Served, page: Page) -> None:
    """It is shown with its address and opened without telling whence; accepted, it leaves the inbox."""
    page.goto("/inbox")
    card = page.locator("article", has_text="柳堤村视频.mp4")
    link = card.get_by_role("link", name="打开链接")
    assert link.get_attribute("href") == LINK
    assert "noreferrer" in (link.get_attribute("rel") or "")
    card.locator("summary").click()
    card.get_by_role("button", name="合格", exact=True).click()
    assert standing(served, "柳堤村", "video").state is State.ACCEPTED
    expect(page.locator("article", has_text="柳堤村视频.mp4")).to_have_count(0)


def test_an_address_is_confirmed(served: Served, page: Page) -> None:
    """A click, and the judge knows it: the same sender is no stranger any more."""
    page.goto("/inbox")
    page.get_by_role("button", name="是青禾村的邮箱").click()
    expect(page.get_by_role("button", name="是青禾村的邮箱")).to_have_count(0)
    page.goto(f"/mail/{served.mail('d').digest}")
    page.get_by_role("button", name="按现在的规则重新核对").click()
    wait_for(page, "已重新核对")
    assert "sender-unregistered" not in {each.code for each in served.mail("d").findings}
    assert standing(served, "青禾村", "plan").state is State.ACCEPTED


def test_a_matter_is_done_with(served: Served, page: Page) -> None:
    """It is listed no more, until that is taken back."""
    page.goto("/inbox")
    digest = served.mail("j").digest
    card = page.locator("article", has=page.locator(f"a[href$='{digest}']"))
    card.get_by_role("button", name="已处理").click()
    expect(page.locator(f"a[href$='{digest}']")).to_have_count(0)
    page.goto("/decisions")
    page.get_by_role("button", name="撤销").first.click()
    page.goto("/inbox")
    expect(page.locator(f"a[href$='{digest}']")).to_have_count(1)


def test_what_is_done_with_leaves_the_report(served: Served, page: Page) -> None:
    """The day's page and the day's report wait for the same."""
    before = report(served.office, mail=False, looking=False).report.text
    page.goto("/inbox")
    card = page.locator("article", has=page.locator(f"a[href$='{served.mail('j').digest}']"))
    card.get_by_role("button", name="已处理").click()
    after = report(served.office, mail=False, looking=False).report.text
    assert ("可能需要您答复的来信" in before, "可能需要您答复的来信" in after) == (True, False)


def test_a_held_letter_is_sent_after_all(served: Served, page: Page) -> None:
    """From the inbox, into the queue once, as one act; taken back while it waits, it is held as before."""
    digest, ledger = served.mail("a").digest, served.office.ledger
    (letter,) = histories.letters_about(ledger, digest)
    letters.LetterQueue(ledger).hold(letter.id, NOW, "对方的邮件服务器没有接受")
    page.goto("/inbox")
    card = page.locator("article", has=page.locator(f"a[href$='{digest}']"))
    card.get_by_role("button", name="重新发送").click()
    assert [each.id for each in letters.LetterQueue(ledger).due(NOW)] == [letter.id]
    expect(page.get_by_role("button", name="重新发送")).to_have_count(0)
    page.locator(".told").get_by_role("button", name="撤销").click()
    (held,) = histories.letters_about(ledger, digest)
    assert (held.state, held.note) == (LetterState.HELD, "对方的邮件服务器没有接受")
    page.goto(f"/mail/{digest}")
    page.locator("details.letter summary").click()
    page.locator("details.letter").get_by_role("button", name="重新发送").click()
    assert [each.id for each in letters.LetterQueue(ledger).due(NOW)] == [letter.id]


def test_mailbox_and_ledger_are_held_against_each_other(served: Served, page: Page) -> None:
    """A mail whose octets we lost is named once somebody looks, and fetched once more at a click."""
    lost = served.office.cache.path(served.mail("a").digest)
    lost.unlink()
    page.goto("/inbox")
    expect(page.get_by_role("heading", name="邮箱、台账和原件对不上")).to_have_count(0)
    page.get_by_role("button", name="与邮箱对账").click()
    wait_for(page, "对账完成")
    expect(page.get_by_role("heading", name="邮箱、台账和原件对不上")).to_have_count(1)
    page.get_by_role("button", name="补收、补登").first.click()
    wait_for(page, "全部对得上")
    expect(page.get_by_role("heading", name="邮箱、台账和原件对不上")).to_have_count(0)
    assert lost.exists()


def test_reused_photos_stand_side_by_side(served: Served, page: Page) -> None:
    """Three equal pairs of two villages; one looked at is listed no more."""
    page.goto("/photos")
    expect(page.locator(".pair")).to_have_count(3)
    for side in page.locator(".pair").first.locator("img").all():
        assert page.request.get(side.get_attribute("src") or "").ok
    page.get_by_role("button", name="看过了").first.click()
    expect(page.locator(".pair")).to_have_count(2)


def test_reminders_are_seen_before_they_are_sent(served: Served, page: Page) -> None:
    """Looking writes nothing; of the letters shown only the chosen go out."""
    page.goto("/reminders")
    expect(page.locator("details.letter pre").first).to_contain_text("石桥村")
    assert outgoing(served) == []
    page.locator("input[value='石桥村']").uncheck()
    page.get_by_role("button", name="发送勾选的提醒").click()
    wait_for(page, "寄出")
    sent = [key.split(":")[2] for key in letters.reminder_keys(served.office.ledger, sent=True)]
    assert sorted(sent) == ["柳堤村", "青禾村"]


def test_while_the_office_is_busy_the_page_says_so(served: Served, page: Page) -> None:
    """Another program holds the lock: no hanging, and the errand is done as soon as it lets go."""
    with alone(served.office):
        page.goto(f"/mail/{served.mail('e').digest}")
        page.get_by_role("button", name="按现在的规则重新核对").click()
        expect(page.get_by_role("heading", name="正在收发，请稍候")).to_be_visible()
        page.goto("/")
        expect(page.locator(".matrix")).to_be_visible()
    page.goto("/working")
    wait_for(page, "已重新核对")


def test_files_are_taken_away(served: Served, page: Page) -> None:
    """A village's originals as a zip of safe names, a single file as it came, a report once it is made."""
    answer = page.request.get("/village/石桥村/originals.zip")
    with zipfile.ZipFile(io.BytesIO(answer.body())) as archive:
        names = archive.namelist()
        assert len(names) == 5
        assert all(not Path(name).is_absolute() and ".." not in Path(name).parts for name in names)
        assert archive.testzip() is None
    page.goto("/downloads")
    page.get_by_role("button", name="生成今天的日报").click()
    wait_for(page, "日报已生成")
    taken = page.request.get(page.get_by_role("link", name=re.compile("html")).first.get_attribute("href") or "")
    assert taken.headers["content-type"] == "application/octet-stream"
    assert taken.headers["content-disposition"].startswith("attachment")


def test_the_documents_are_merged(served: Served, page: Page) -> None:
    """Made on the page, offered on the page."""
    page.goto("/downloads")
    page.get_by_role("button", name="现在汇总").click()
    expect(page.get_by_role("link", name="材料汇总.zip")).to_be_visible(timeout=90_000)
