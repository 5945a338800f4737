"""Marks of a machine's mail: bounces, receipts, automatic replies, lists (RFC 3464, 3834, 8098, 2919, 2369).

What the structure says counts before what a header field says, and that before the words of a subject. A mere request
not to be answered (X-Auto-Response-Suppress) is no such mark: Exchange puts it on people's mail.
"""

from __future__ import annotations

import re

from pipeline.message.part import Part, walk
from pipeline.model.message import Address, Reason

_REPORT_TYPES = {
    "message/delivery-status": Reason.BOUNCE,
    "message/global-delivery-status": Reason.BOUNCE,
    "message/disposition-notification": Reason.RECEIPT,
    "message/global-disposition-notification": Reason.RECEIPT,
}
_BOUNCERS = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|maildaemon|bounces?)(?:[+=-].*)?@")
_ROBOTS = re.compile(r"(?:no-?_?reply|do-?not-?reply|donotreply|newsletter.*|notifications?|auto-?mailer)@")
# Providers' own announcements.
_SYSTEM_DOMAINS = ("@service.netease.com", "@mail.netease.com", "@service.mail.qq.com", "@system.mail.qq.com")
_SYSTEM_ADDRESSES = frozenset({"10000@qq.com", "mail@service.netease.com", "kefu@188.com"})
_LIST_FIELDS = frozenset({"list-id", "list-unsubscribe", "list-post", "list-help", "list-subscribe", "list-owner"})
_REPLY_FIELDS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply")
_BOUNCE_SUBJECT = re.compile(
    r"\s*[\[【(（]?\s*(?:系统退信|来自.{1,40}的退信|邮件?退信|退信|投递失败|邮件投递|无法投递|投递状态|未送达"
    r"|邮件?未(?:能)?(?:送达|投递)|邮件(?:发送|投送|传送|送达)(?:失败|延迟)|信件退回|(?:您的)?邮件被退回"
    r"|undeliver(?:ed|able)|delivery (?:status|failure|has failed|delayed)|mail delivery|mail system error"
    r"|returned mail"
    r"|failure notice|warning: could not send|message (?:not|could not be) delivered)",
    re.IGNORECASE,
)
# Outlook's wish to take a mail back (撤回：…) is a machine's too.
_RECEIPT_SUBJECT = re.compile(
    r"\s*[\[【(（]?\s*(?:(?:已读|未读|已阅|已删除|未读删除|回执|撤回|已撤回|邮件撤回|recall|read|not read|deleted)"
    r"\s*[】\])）]?\s*[:：]"
    r"|(?:已读|阅读|送达|邮件)回执|read receipt|return receipt|发件人(?:想|要|希望)?撤回|撤回邮件)",
    re.IGNORECASE,
)
_REPLY_SUBJECT = re.compile(
    r"\s*[\[【(（]?\s*(?:自动回复|自动答复|自动应答|automatic reply|auto[- ]?reply|autoreply|auto[- ]?response"
    r"|out of (?:the )?office|[休假外出]{2}自动|假期自动|自动邮件|不在办公室|离线自动|休假(?:中|通知)|外出通知"
    r"|vacation)",
    re.IGNORECASE,
)
# What a machine says of itself in the text, where header fields and subject are a person's (a phone's own answering).
_HEAD_OF_TEXT = 300
_SAYS_MACHINE = re.compile(
    r"(?:这是|此为|本邮件[为是]|此邮件[为是]|来自|以下[为是]).{0,14}自动(?:回复|答复|应答|发送|发出)"
    r"|(?:此|本)(?:邮件|信)[由为是]?(?:由)?(?:系统|程序|邮箱)?自动(?:回复|发[送出])"
    r"|^\s*[【\[(（]?自动(?:回复|答复|应答)[】\])）]?"
)


def find_automatic(
    root: Part, *, sender: Address, subject: str, return_path: str | None, has_files: bool, text: str = ""
) -> Reason | None:
    """Why this is a machine's mail; None where a person may have written it.

    ``has_files`` tells whether it carries files of somebody: words in a subject alone then prove nothing, since what a
    village hands in must count. ``text`` is what the sender wrote.
    """
    reported = find_report(root)
    if reported:
        return reported
    words = "" if has_files else subject
    # The order matters: a bounce calls itself Auto-Submitted too, and an automatic reply has a null path too.
    marks = (
        (bool(_BOUNCERS.match(sender.address)) or root.field("x-failed-recipients") is not None, Reason.BOUNCE),
        (bool(_BOUNCE_SUBJECT.match(words)), Reason.BOUNCE),
        (_answers_itself(root) or bool(_REPLY_SUBJECT.match(words)), Reason.AUTO_REPLY),
        (not has_files and bool(_SAYS_MACHINE.search(text[:_HEAD_OF_TEXT])), Reason.AUTO_REPLY),
        (bool(_RECEIPT_SUBJECT.match(words)), Reason.RECEIPT),
        (return_path == "", Reason.BOUNCE),  # RFC 3834 section 2: nothing is ever answered to the null path
        (_is_bulk(root, sender.address, has_files=has_files), Reason.BULK),
    )
    return next((reason for found, reason in marks if found), None)


def find_report(root: Part) -> Reason | None:
    """BOUNCE or RECEIPT where the mail is a report by its structure (RFC 6522); the mail that it carries is our own."""
    if root.content_type == "multipart/report":
        kind = next((octets.lower() for name, octets in root.parameters if name == "report-type"), b"")
        return Reason.RECEIPT if b"disposition-notification" in kind else Reason.BOUNCE
    for part in walk(root):
        if part.content_type in _REPORT_TYPES:
            return _REPORT_TYPES[part.content_type]
    return None


def _answers_itself(root: Part) -> bool:
    """RFC 3834 section 5, and what came before it."""
    if _word(root, "auto-submitted") not in {"", "no"}:
        return True
    if any(_word(root, name) not in {"", "no", "none"} for name in _REPLY_FIELDS):
        return True
    return "auto_reply" in {_word(root, "precedence"), _word(root, "x-precedence")}


def _is_bulk(root: Part, address: str, *, has_files: bool) -> bool:
    if any(name in _LIST_FIELDS for name, _ in root.fields):
        return True
    if {_word(root, "precedence"), _word(root, "x-precedence")} & {"bulk", "junk", "list"}:
        return True
    if address in _SYSTEM_ADDRESSES or address.endswith(_SYSTEM_DOMAINS):
        return True
    # Scanners and phone apps send people's files from such addresses.
    return not has_files and bool(_ROBOTS.match(address))


def _word(root: Part, name: str) -> str:
    """The first word of a field in lower case, without parameters and comments; "" where the field is missing."""
    return re.split(r"[;\s(]", root.text_field(name).strip().lower(), maxsplit=1)[0]
