"""Sender, readers of the report, and times: what is asked for last, each with a default that mostly fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.config.urls import parse_address
from pipeline.model.campaign import Campaign
from pipeline.wizard.account import Account
from pipeline.wizard.interview import Interview
from pipeline.wizard.settings import Answers, old_value


@dataclass(frozen=True, slots=True)
class Given:
    """What was said by options; None is asked for."""

    campaign: str | None = None
    villages: str | None = None
    address: str | None = None
    mailbox: str | None = None
    outgoing: str | None = None
    sender: str | None = None
    report_to: Sequence[str] | None = None
    report_at: str | None = None
    remind_at: str | None = None
    poll_minutes: str | None = None
    service: str | None = None
    keep_password: str | None = None
    skip_login: bool = False


def ask_rest(
    interview: Interview,
    given: Given,
    old: dict[str, Any],
    campaign: Campaign,
    account: Account,
    campaign_file: str,
    villages: str,
) -> Answers:
    """Everything that config.toml is to say; campaign, register and account are known by now."""

    def sender(text: str) -> str:
        address = parse_address(text, default=account.address)
        return f"{address.name} <{address.address}>" if address.name else address.address

    office = old_value(old, "outgoing", "from")
    before = parse_address(office, default=account.address).name if office else _office_name(campaign)
    readers = old.get("report", {}).get("to", []) if isinstance(old.get("report"), dict) else []
    to = interview.ask(
        "日报寄给谁（邮箱，几个用逗号隔开；不寄就填“无”）",
        _addresses,
        option="--report-to",
        given=",".join(given.report_to) if given.report_to is not None else None,
        default="，".join(readers) or account.address,
    )
    return Answers(
        campaign=campaign_file,
        villages=villages,
        mailbox=account.mailbox,
        outgoing=account.way_out,
        sender=interview.ask(
            "发信人名称，各村收到的信上显示", sender, option="--from", given=given.sender, default=before
        ),
        report_to=to,
        report_at=_ask_time(interview, "每天几点出日报", "--report-at", given.report_at, old, "report_at", "17:30"),
        remind_at=_ask_time(
            interview, "每天几点提醒未报的村", "--remind-at", given.remind_at, old, "remind_at", "09:00"
        ),
        poll_minutes=interview.ask(
            "每几分钟收一次信",
            _minutes,
            option="--poll-minutes",
            given=given.poll_minutes,
            default=old_value(old, "schedule", "poll_minutes", default="10"),
        ),
    )


def _office_name(campaign: Campaign) -> str:
    """嘉祥县万张街道办事处, 街道计划生育协会办公室 -> 嘉祥县万张街道计划生育协会办公室."""
    for kind in ("街道", "镇", "乡"):
        if campaign.contact.startswith(kind) and kind in campaign.issuer:
            return campaign.issuer.rpartition(kind)[0] + campaign.contact
    return f"{campaign.issuer}{campaign.contact}"


def _addresses(text: str) -> list[str]:
    if text.strip() in ("", "无", "不寄"):
        return []
    found = [parse_address(each) for each in text.replace("，", ",").replace("；", ",").replace(";", ",").split(",")]
    return [f"{each.name} <{each.address}>" if each.name else each.address for each in found]


def _ask_time(
    interview: Interview, question: str, option: str, given: str | None, old: dict[str, Any], key: str, usual: str
) -> str:
    default = old_value(old, "schedule", key, default=usual)
    return interview.ask(question, _time, option=option, given=given, default=default)


def _time(text: str) -> str:
    hour, colon, minute = text.replace("：", ":").partition(":")
    if colon and hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60:
        return f"{int(hour):02}:{int(minute):02}"
    raise ValueError("请写成 17:30 这样")


def _minutes(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 1440:
        return int(text)
    raise ValueError("请填1到1440之间的整数")
