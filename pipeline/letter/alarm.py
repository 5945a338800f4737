"""What the coordinator is told when no mail can be fetched, and when it can again. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.letter.mail import reply_message_id
from pipeline.model.letter import Letter
from pipeline.model.message import Address
from pipeline.model.work import Silence
from pipeline.text.days import write_moment


def alarm_key(silence: Silence, to: Address) -> str:
    """One alarm for each silence and reader."""
    return f"alarm:{silence.since:%Y-%m-%dT%H%M%S%z}:{to.address}"


def write_alarm(silence: Silence, zone: ZoneInfo, *, to: Address, domain: str) -> Letter:
    """The mailbox has not been read for too long."""
    since = write_moment(silence.since, zone)
    why = silence.trouble or ("没有收信的记录，报送系统可能没有在运行" if silence.idle else "原因不明")
    todo = (
        "请到运行报送系统的电脑上看一看：电脑是否开着，baosong run 是否在运行。"
        if silence.idle
        else "请按上面的提示处理；拿不准的，请在运行报送系统的电脑上运行 baosong doctor，会逐项检查并说明怎么解决。"
    )
    tried = f"（试了{silence.rounds}次）" if silence.rounds else ""
    text = (
        f"您好：\n\n报送系统从{since}起一直没能收取办公室邮箱的邮件{tried}。"
        "各村这段时间发来的材料还没有登记，也没有答复。\n\n"
        f"情况：{why}\n\n{todo}\n\n"
        "邮件都还在邮箱里，没有丢失。收信恢复后会自动补收、补答复，并再给您发一封信。"
        "这是系统的问题，请不要让村里重发。\n"
    )
    key = alarm_key(silence, to)
    return Letter(
        key=key,
        kind="alarm",
        to=to,
        subject=f"【请处理】报送系统从{since}起收不到邮件",
        text=text,
        html="",
        message_id=reply_message_id(key, domain),
    )


def write_recovery(silence: Silence, zone: ZoneInfo, *, now: datetime, to: Address, domain: str) -> Letter:
    """The mailbox could be read again."""
    since, until = write_moment(silence.since, zone), write_moment(now, zone)
    text = (
        f"您好：\n\n报送系统已经恢复收信。从{since}到{until}没能收信，这段时间的邮件现在已经补收，"
        "核对和答复正在照常进行，不需要您做什么，也不需要村里重发。\n\n"
        "是否按时，仍按邮件到达邮箱的时间算，不受这次中断影响。\n"
    )
    key = f"recovered-{alarm_key(silence, to)}"
    return Letter(
        key=key,
        kind="alarm",
        to=to,
        subject=f"【已恢复】报送系统{until}恢复收信",
        text=text,
        html="",
        message_id=reply_message_id(key, domain),
    )
