"""Octets of a bounce -> which of our letters came back, from which address, and whether for good.

Three forms, the surest first: the report of RFC 3464, the letter that came back (whole or its header), and the words
that people are meant to read. NetEase, Coremail and QQ send little more than the last (seen: 系统退信,
来自qq.com的退信).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.letter.mail import is_sendable
from pipeline.message.body import read_body
from pipeline.message.headers import decode_text, parse_message_ids
from pipeline.message.part import Part, parse_part, walk
from pipeline.model.letter import AddressState, Bounce, Failure
from pipeline.octets import Octets

_MOST_RECIPIENTS = 20  # our letters have one each; a report with more is not about one of ours
_LONGEST_TEXT = 20_000
_LONGEST_REPORT = 1_000_000  # octets

_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_HEADER_TYPES = frozenset({"text/rfc822-headers", "message/global-headers"})

_ADDRESS = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_OUR_ID = re.compile(r"<baosong\.[0-9a-f]{32}@[^<>\s]{1,250}>")
# 收件人：a@b, 收件人/To : a@b, 无法发送到 a@b, 收件人邮件地址（a@b）不存在; Postfix: <a@b>: host … said
_RECIPIENT_LINE = re.compile(
    r"(?:收\s*件\s*人|收信人|无法(?:发送|投递|送达)到|未能(?:发送|投递|送达)(?:到|给)?|failed recipient"
    r"|recipient address)"
    rf"[^\n@]{{0,40}}?\n?[^\n@]{{0,40}}?({_ADDRESS.pattern})|^\s*<({_ADDRESS.pattern})>:",
    re.IGNORECASE | re.MULTILINE,
)
_SUBJECT_LINE = re.compile(r"主\s*题(?:\s*/\s*Subject)?\s*[:：]?\s*(\S[^\n]{0,300})")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"(?:said|error|code|答复|回应|错误)\D{0,30}?\b([45])\d\d\b", re.IGNORECASE)

# What the words mean, first match wins: what may pass before what is for good, for 550 is said of anything.
_WORDS: tuple[tuple[str, AddressState, str], ...] = (
    (
        r"已满|空间不足|容量(?:不足|已|超)|超出.{0,6}(?:容量|空间)|mailbox (?:is )?full|quota"
        r"|insufficient.{0,20}storage|\b[45]\.2\.2\b",
        AddressState.FAILING,
        "对方邮箱已满",
    ),
    (
        r"垃圾邮件|拒绝接收|拒收|黑名单|spam|content reject|blacklist|blocked|suspected|rejected by system"
        r"|authentication level|\b[45]\.7\.\d",
        AddressState.FAILING,
        "对方的邮件服务器拒收了这封信",
    ),
    (
        r"过于频繁|频率|frequency|too many|rate limit|\b[45]\.5\.3\b",
        AddressState.FAILING,
        "对方的邮件服务器嫌信太多，暂时不收",
    ),
    (
        r"size limit|message size|too (?:large|big)|邮件(?:过大|太大)|超过.{0,8}大小|\b[45]\.3\.4\b",
        AddressState.FAILING,
        "信件超过对方允许的大小",
    ),
    (
        r"(?:用户|收件人|地址|帐号|账号|邮箱).{0,40}(?:不存在|未开通|已注销|[已被]停用|[已被]冻结|无效)|没有这个用户|无此用户"
        r"|(?:no such|unknown|invalid) (?:user|recipient|mailbox|address)|bad.{0,12}address|not user of this server"
        r"|(?:user|mailbox|recipient|account|address)[^\n.;]{0,60}(?:not found|unknown|not exist|does ?n.t exist"
        r"|disabled|suspended|not known|invalid|non-?existent)|\b5\.1\.(?:0|1|2|3|6|10)\b|\b5\.2\.1\b",
        AddressState.DEAD,
        "对方邮箱不存在或已停用",
    ),
    (
        r"host (?:or domain name )?not found|domain.{0,20}not.{0,6}(?:found|exist)|域名.{0,10}不存在"
        r"|\b5\.4\.(?:4|310)\b",
        AddressState.DEAD,
        "邮箱的域名（@后面的部分）不存在",
    ),
    (
        r"can ?not connect|timed? ?out|连接不上|无法连接|联络上|网络|\b[45]\.4\.\d",
        AddressState.FAILING,
        "连不上对方的邮件服务器",
    ),
)


def read_bounce(source: Octets | bytes) -> Bounce:
    """What a mail says that was taken for a bounce; never fails on it."""
    root = parse_part(source)
    body = read_body(root)
    text = f"{body.text}\n{body.quoted}"[:_LONGEST_TEXT]
    returned = list(_returned_letters(root))
    reported = list(_reported(root))
    failures = reported if _has_report(root) else []
    if not failures and not _has_report(root):
        failures = list(_told(root, text))
    ids = [each for letter in returned for each in parse_message_ids(letter.field("message-id") or b"")]
    ids += [each for name in ("in-reply-to", "references") for each in parse_message_ids(root.field(name) or b"")]
    ids += _OUR_ID.findall(text)
    subjects = [letter.text_field("subject") for letter in returned]
    subjects += [_SUBJECT_LINE.sub(r"\1", found.group()).strip() for found in _SUBJECT_LINE.finditer(text)]
    return Bounce(
        letters=tuple(dict.fromkeys(each for each in ids if _OUR_ID.fullmatch(each))),
        subject=next((subject for subject in subjects if subject), ""),
        failures=tuple({each.address: each for each in failures[:_MOST_RECIPIENTS]}.values()),
    )


def judge_words(words: str, status: str = "") -> tuple[AddressState, str] | None:
    """What a server's words and status code (RFC 3463) say of an address; None where they say nothing."""
    for pattern, state, why in _WORDS:
        if re.search(pattern, words, re.IGNORECASE):
            return state, why
    for pattern, state, why in _WORDS:
        if re.search(pattern, status):
            # 5.0.0 and the like say that it failed and nothing of the reason.
            return (AddressState.FAILING if status.startswith("4") else state), why
    return None


def _returned_letters(root: Part) -> Iterator[Part]:
    """Headers of mails that come with the bounce."""
    for part in walk(root):
        if part.is_message:
            yield from part.children
        elif part.content_type in _HEADER_TYPES:
            yield parse_part(part.octets(_LONGEST_REPORT))


# --- RFC 3464 ---------------------------------------------------------------------------------------------------------


def _has_report(root: Part) -> bool:
    return any(part.content_type in _STATUS_TYPES for part in walk(root))


def _reported(root: Part) -> Iterator[Failure]:
    """The recipients of a report that were given up (section 2.3); a delay is no failure yet."""
    for part in walk(root):
        if part.content_type not in _STATUS_TYPES:
            continue
        # Groups of fields with a blank line between; the first is of the message (section 2.1).
        for group in re.split(rb"\r?\n[ \t]*(?:\r?\n)+", part.octets(_LONGEST_REPORT).strip()):
            fields = parse_part(group + b"\r\n\r\n")
            address = _typed(fields, "original-recipient") or _typed(fields, "final-recipient")
            if not is_sendable(address) or fields.text_field("action").strip().lower() not in {"failed", ""}:
                continue
            status = fields.text_field("status").strip()
            if status.startswith("2"):
                continue
            words = decode_text(fields.field("diagnostic-code") or b"")
            yield Failure(address, *_judge_report(words, status))


def _typed(fields: Part, name: str) -> str:
    """``rfc822; a@b`` (section 2.3.1)."""
    return fields.text_field(name).rpartition(";")[2].strip().strip("<>").lower()


def _judge_report(words: str, status: str) -> tuple[AddressState, str]:
    judged = judge_words(words, status)
    if status.startswith("4") and (judged is None or judged[0] is AddressState.DEAD):
        return AddressState.FAILING, "对方的邮件服务器一直没有收下"
    if judged is not None:
        return judged
    if status.startswith("5"):
        return AddressState.DEAD, "对方的邮件服务器说不能送达"
    return AddressState.FAILING, "没有送到"


# --- words for people -------------------------------------------------------------------------------------------------


def _told(root: Part, text: str) -> Iterator[Failure]:
    """The recipients named in words. What the words do not explain is not held against an address."""
    failed = root.text_field("x-failed-recipients")  # Exim, Gmail
    named = _ADDRESS.findall(failed) or [found[1] or found[2] for found in _RECIPIENT_LINE.finditer(text)]
    judged = judge_words(_reason(text))
    if judged is None:
        code = _STATUS.search(text) or _CODE.search(text)
        judged = AddressState.FAILING, "没有送到" if code is None or code[1] != "4" else "对方的邮件服务器暂时不收"
    for address in named:
        if is_sendable(address.lower()):
            yield Failure(address.lower(), *judged)


def _reason(text: str) -> str:
    """What stands under the reason, without our own subject above it and the advice below, which name all reasons."""
    start = re.search(r"退信原因|出错信息|错误信息|Bounce reason", text)
    rest = text[start.end() :] if start else _SUBJECT_LINE.sub("", text)
    end = re.search(r"(?:建议)?解决(?:方案|办法|方法)|Proposed Solution", rest)
    return rest[: end.start()] if end else rest
