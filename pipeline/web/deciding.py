"""What the coordinator decides by a form, and takes back. Each is one act of the ledger, under the name logged in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from starlette.responses import Response

from pipeline.errors import ConfigError
from pipeline.judging import judge_waiting
from pipeline.ledger import acts, intake
from pipeline.ledger.decisions import confirm_address, decide, extend
from pipeline.ledger.resending import send_again
from pipeline.ledger.undoing import undo
from pipeline.letter.notice import check_notice
from pipeline.model.ledger import Rule
from pipeline.model.standing import State
from pipeline.rejudging import rejudge
from pipeline.returning import tell_return
from pipeline.text.days import write_month_day
from pipeline.web.errands import Errand, Outcome, when_free
from pipeline.web.visit import Visit, redirect, render

_STATES = {"accept": State.ACCEPTED, "return": State.RETURNED, "waive": State.WAIVED}
_WORDS = {"accept": "已判为合格", "return": "已退回", "waive": "已登记免报"}
_LONGEST = 2000  # characters of a person's own words


def list_all(visit: Visit) -> Response:
    """Every decision, each with the button that takes it back."""
    found = acts.all_acts(visit.office.ledger, visit.office.campaign)
    return render(visit, "decisions.html.j2", acts=found)


def decide_one(visit: Visit) -> Response:
    """Accept, return, waive or extend one deliverable of one village."""
    office = visit.office
    village, deliverable, what = visit.field("village"), visit.field("deliverable"), visit.field("what")
    why = visit.field("why")[:_LONGEST]
    if not why and what == "accept":
        why = "看过，合格"
    if not why:
        raise ConfigError("请写明理由，理由要记入台账")
    title = _title(visit, deliverable)
    if what == "extend":
        due_at = _due_at(visit)
        act = extend(
            office.ledger,
            office.campaign,
            village,
            deliverable,
            due_at=due_at,
            who=visit.who,
            why=why,
            now=office.now(),
        )
        last = due_at - timedelta(days=1)
        visit.tell(f"已延期：{village} {title}，延到{write_month_day(last)}（含当日）。", act=act)
        return redirect(visit.back())
    if what not in _STATES:
        raise ConfigError("请选择怎么处理")
    if what == "return" and visit.field("send"):
        check_notice(office.campaign)  # before anything is kept
    act = decide(
        office.ledger,
        office.campaign,
        village,
        deliverable,
        state=_STATES[what],
        who=visit.who,
        why=why,
        now=office.now(),
    )
    said = f"{_WORDS[what]}：{village} {title}。"
    if what == "return" and visit.field("send"):
        said += tell_return(office, village, deliverable, why, who=visit.who, act=act)
    visit.tell(said, act=act)
    return redirect(visit.back())


def _title(visit: Visit, deliverable: str) -> str:
    titles = {each.id: each.title for each in visit.office.campaign.deliverables}
    if deliverable not in titles:
        raise ConfigError("本次活动没有这项材料")
    return titles[deliverable]


def _due_at(visit: Visit) -> datetime:
    try:
        last_day = date.fromisoformat(visit.field("until").replace("/", "-"))
    except ValueError:
        last_day = date.min
    if not 2000 <= last_day.year <= 2100:
        raise ConfigError("请写明延长到哪一天，例如 2023-06-15")
    return datetime.combine(last_day + timedelta(days=1), time.min, visit.office.campaign.timezone)


def assign(visit: Visit) -> Response:
    """Say whose a mail's files are, or which deliverable; the mail is judged again with that knowledge."""
    digest, why = visit.path["digest"], visit.field("why")[:_LONGEST]
    village, deliverable = visit.field("village") or None, visit.field("deliverable") or None
    if village is None and deliverable is None:
        raise ConfigError("请选择是哪个村，或是哪项材料")
    number = visit.field("file")
    files = (int(number),) if number.isdecimal() and len(number) < 6 else None
    rule = Rule(village, deliverable, files, visit.who)
    answer = bool(visit.field("answer"))

    def _assign(errand: Errand) -> Outcome:
        with when_free(visit.office, errand):
            done = rejudge(visit.office, digest, rule, who=visit.who, why=why, answer=answer)
        return Outcome(True, _tell(done.verdict.outcomes, done.answered, answer), done.act)

    return visit.start("正在按您的认定重新核对这封邮件", visit.back(f"/mail/{digest}"), _assign)


def reread(visit: Visit) -> Response:
    """Judge a mail once more by today's rules; one that was never understood gets its first judgement."""
    digest = visit.path["digest"]

    def _reread(errand: Errand) -> Outcome:
        office = visit.office
        with when_free(office, errand):
            intake.release(office.ledger, digest, office.now())
            if intake.is_waiting(office.ledger, digest):
                with office.at_work():
                    judged, troubles = judge_waiting(office)
                return Outcome(not troubles, "；".join(troubles) or f"已核对{judged}封，答复将随下次收发寄出。")
            done = rejudge(office, digest, None, who=visit.who, why=visit.field("why")[:_LONGEST])
        return Outcome(True, _tell(done.verdict.outcomes, done.answered, False), done.act)

    return visit.start("正在重新核对这封邮件", visit.back(f"/mail/{digest}"), _reread)


def _tell(outcomes: object, answered: bool, wanted: bool) -> str:
    count = len(outcomes) if isinstance(outcomes, tuple) else 0
    said = f"已重新核对，涉及{count}项材料。" if count else "已重新核对，没有涉及哪项材料。"
    if answered:
        return said + "答复已写好，下次收发时寄出。"
    return said + ("这封邮件此前已经答复过，或不宜答复，没有再写信。" if wanted else "没有给村里写信。")


def confirm(visit: Visit) -> Response:
    """Keep that an address is a village's."""
    office, village, address = visit.office, visit.field("village"), visit.field("address")
    act = confirm_address(
        office.ledger,
        office.campaign,
        office.register,
        village,
        address,
        who=visit.who,
        why=visit.field("why"),
        now=office.now(),
    )
    _settle(visit)
    visit.tell(f"已确认：{address} 是{village}的邮箱。", act=act)
    return redirect(visit.back("/inbox"))


def settle(visit: Visit) -> Response:
    """A matter is done with."""
    _settle(visit)
    visit.tell("已记为处理过，不再列出；在“决定记录”里可以撤销。")
    return redirect(visit.back("/inbox"))


def resend(visit: Visit) -> Response:
    """Send a held letter after all."""
    office, number = visit.office, int(visit.path["number"])
    act = send_again(
        office.ledger, office.campaign, number, who=visit.who, why=visit.field("why")[:_LONGEST], now=office.now()
    )
    visit.tell("信已重新排队，下次收发时寄出。", act=act)
    return redirect(visit.back("/inbox"))


def _settle(visit: Visit) -> None:
    if matter := visit.field("matter"):
        office = visit.office
        acts.settle(
            office.ledger, office.campaign, matter[:400], who=visit.who, why=visit.field("why"), now=office.now()
        )


def take_back(visit: Visit) -> Response:
    """Undo an act."""
    office, number = visit.office, visit.field("act")
    if not number.isdecimal() or len(number) > 9:
        raise ConfigError("没有这个决定")
    undo(
        office.ledger, office.campaign, int(number), who=visit.who, why=visit.field("why")[:_LONGEST], now=office.now()
    )
    visit.tell(f"已撤销第{number}号决定，恢复原状。")
    return redirect(visit.back("/decisions"))
