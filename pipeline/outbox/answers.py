"""What a mail server's answer means and what to do about it: a table, first match wins.

RFC 5321 section 4.2.1 leaves two classes, try again (4yz) and do not (5yz). Chinese providers say much more in the
text, and say it against the classes: a day's number that is used up comes as 550 and is over tomorrow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pipeline.errors import AccessError
from pipeline.outbox import RefusedError

# NetEase's own table, reprinted at https://biecuoliao.com/pa/MBRrwEM.html
_NETEASE = "NetEase help, SMTP return codes"
_QQ = "QQ Mail help, SMTP return codes"
_RFC_3463 = "RFC 3463 section 3"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: which answers it speaks of, and what follows."""

    codes: frozenset[int]
    words: str  # a regular expression found in the answer's text, without regard to case
    follows: Literal["later", "hold", "access"]  # try again, show it to a person, the operator must mend the account
    account: bool  # concerns all letters, not this one
    note: str  # for the coordinator
    source: str
    wait: timedelta | Literal["tomorrow"] | None = None  # None: the usual back-off
    reconnect: bool = False
    tries: int | None = None
    no_recipient: bool = False


def _rule(  # the columns of the table, in order
    codes: str,
    words: str,
    follows: Literal["later", "hold", "access"],
    scope: Literal["letter", "account"],
    note: str,
    source: str,
    *,
    wait: timedelta | Literal["tomorrow"] | None = None,
    reconnect: bool = False,
    tries: int | None = None,
    no_recipient: bool = False,
) -> Rule:
    known = frozenset(int(code) for code in codes.split())
    return Rule(known, words, follows, scope == "account", note, source, wait, reconnect, tries, no_recipient)


_MINUTES_15 = timedelta(minutes=15)
_LOGIN = "登录发信邮箱被拒：请核对账号，密码处须填邮箱网页设置里生成的授权码（不是网页登录密码），并确认已开启SMTP服务"
_FROM = "服务器不认可发件地址：请把 [outgoing] 的 from 改成与登录账号相同的邮箱地址"
_MANY = "发信过于频繁，服务器要求暂停"
_TODAY = "今天的发信数量已用完，明天自动继续"

RULES = (
    # The login. Tried again in a loop, it locks the account.
    _rule("451 535", r"too much fail authentication|too many (login|auth)\w* fail", "access", "account",
          "登录失败次数过多，邮箱暂时锁定：请核对授权码，稍后再试", _NETEASE),
    _rule("535 534 538", r"", "access", "account", _LOGIN, "RFC 4954 section 6"),
    _rule("501 550 553", r"same as authorization user|not owned by user|sender reject|mail from must equal",
          "access", "account", _FROM, "exmail: https://github.com/gshang2017/docker/issues/18; Sohu; Postfix"),
    _rule("530 550 553", r"authentication (is )?required|has no permission|not logged in|need EHLO and AUTH",
          "access", "account", _LOGIN, "RFC 4954 section 6; NetEase: User has no permission"),
    _rule("454 550 554", r"relay access denied|relaying denied|not permitted to relay", "access", "account",
          "服务器不肯代为转发：请核对发信服务器的地址、端口和账号", "Postfix smtpd(8)"),
    # The account's numbers.
    _rule("421", r"HL:(ICC|IFC)", "later", "account", _MANY, _NETEASE, wait=timedelta(minutes=30)),
    _rule("450 451", r"MI:DMC", "later", "letter", "一次连接发信过多，已重新连接", _NETEASE, reconnect=True),
    _rule("451", r"MI:SFQ", "later", "account", _MANY, _NETEASE, wait=_MINUTES_15),
    _rule("451", r"RP:QRC", "later", "account", _MANY, _NETEASE, wait=_MINUTES_15),
    _rule("550 554", r"MI:STC|RP:TRC|HL:ITC", "later", "account", _TODAY, _NETEASE, wait="tomorrow"),
    _rule("550", r"(sender|domain|connection) frequency limited", "later", "account", _MANY, _QQ,
          wait=timedelta(hours=1)),
    _rule("421 450 451 550", r"too many connect", "later", "account", _MANY, "Sina", wait=_MINUTES_15),
    # The letter's own words.
    _rule("451", r"DT:SPM", "later", "letter", "内容被服务器疑为垃圾邮件", _NETEASE,
          wait=timedelta(minutes=3), tries=2),
    _rule("550 554", r"DT:SPM", "hold", "letter",
          "内容被服务器判为垃圾邮件：请改由邮箱网页人工回复", _NETEASE),
    _rule("552 554", r"5\.3\.4|(message|mail|data) size|size limit|too large", "hold", "letter",
          "信件超过服务器的大小限制", _RFC_3463),
    # The recipient.
    _rule("550", r"mailbox unavailable or access denied", "later", "letter",
          "对方邮箱短时间内收信过多，或不收此信", _QQ, wait=timedelta(hours=1), tries=3),
    _rule("552 550 554", r"5\.2\.2|mailbox (is )?full|(over|exceed\w*) quota", "hold", "letter",
          "对方邮箱已满：请电话告知对方清理邮箱", _RFC_3463),
    _rule("550 551 553 554", r"5\.1\.[1236]|no such (user|recipient)|user (unknown|not found|suspended)|unknown user"
          r"|(mailbox|recipient) (not found|unavailable|unknown)|invalid (recipient|mailbox)|(does not|doesn't) exist",
          "hold", "letter", "收件地址不存在：请与该村核对邮箱地址", f"{_RFC_3463}; NetEase: User not found",
          no_recipient=True),
)  # fmt: skip


def classify_answer(code: int, answer: bytes | str, *, at_login: bool = False) -> RefusedError | AccessError:
    """What a refusing answer means, ready to be raised. ``answer`` is the text without its code, as received.

    ``at_login``: said to greeting or login, before there was a letter, so it concerns the account and never a letter.
    """
    text = readable(answer)
    said = f"（服务器答复：{code} {text}）"
    for rule in RULES:
        if code in rule.codes and re.search(rule.words, text, re.IGNORECASE):
            if rule.follows == "access":
                return AccessError(f"{rule.note}{said}。")
            return RefusedError(
                f"{rule.note}{said}。",
                code=code,
                answer=text,
                permanent=rule.follows == "hold" and not at_login,
                account=rule.account or at_login,
                no_recipient=rule.no_recipient and not at_login,
                reconnect=rule.reconnect,
                wait=rule.wait,
                tries=rule.tries,
            )
    if at_login:
        return RefusedError(f"发信服务器暂不接受连接{said}，稍后自动重试。", code=code, answer=text, account=True)
    if 500 <= code <= 599:
        return RefusedError(f"服务器拒收此信{said}，请人工查看。", code=code, answer=text, permanent=True)
    return RefusedError(f"服务器暂时未收此信{said}，稍后自动重发。", code=code, answer=text)


def readable(answer: bytes | str) -> str:
    """The server's words on one line, cut to what a note can carry; seen: NetEase answers in GBK as well."""
    text = answer if isinstance(answer, str) else _decoded(answer)
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:200]


def _decoded(answer: bytes) -> str:
    try:
        return answer.decode("utf-8")
    except UnicodeDecodeError:
        return answer.decode("gb18030", errors="replace")
