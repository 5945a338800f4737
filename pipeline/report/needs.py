"""The sorts of matters that only a person can settle, and what the coordinator is asked to do of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """A sort of matter, and what the coordinator is asked to do."""

    heading: str  # kept with a person's word that a matter is done with (Matter.key): another one opens it again
    todo: str
    urgent: bool = False


# In the order in which they are told, the most pressing first.
EXPIRING = Need(
    "文件链接三天内到期",
    "请尽快打开原邮件里的链接，把文件下载保存好；看过后登记为通过或退回。",
    urgent=True,
)
EXPIRED = Need("文件链接已经到期", "请电话联系村里重新发送，最好把文件直接作为附件。", urgent=True)
FAILED = Need(
    "系统没能处理好的来件",
    "这是系统的问题，与村里无关。请先人工查看原邮件；系统会再试，若明天仍在这里，请联系维护人员。",
    urgent=True,
)
QUARANTINED = Need(
    "已隔离的来件",
    "这是系统的问题，与村里无关，村里没有收到通知。请先人工查看原邮件；要系统再读一遍，请运行 baosong reread --all。",
    urgent=True,
)
DIFFERENCE = Need(
    "邮箱、台账和原件对不上",
    "请运行 baosong poll --repair，系统会补收、补登记；运行后仍在这里的，请从备份恢复，或联系维护人员。",
    urgent=True,
)
CRASHED = Need("系统没能完成的核对", "这是系统的问题，与村里无关。请人工核对这一项，并告知维护人员。", urgent=True)
HELD = Need("没有发出去的回信", "请核对邮箱地址，并用电话把核对结果告诉对方。", urgent=True)
MAILBOX = Need("邮箱快满了", "请登录网页版邮箱，清理不用的大邮件或扩容；满了以后各村的来信会被退回。", urgent=True)
DISK = Need("电脑磁盘快满了", "请清理磁盘，或把数据移到更大的磁盘；满了以后收不了信，已收到的不会丢。", urgent=True)
FLOOD = Need(
    "发信过多，已放慢",
    "系统会自动接着发。若近日没有集中报送或提醒，请查看“今日来件”里是不是有邮箱在自动回信，并告知维护人员。",
    urgent=True,
)
DEAD = Need(
    "收不到信的邮箱",
    "今后不再发信给这个邮箱。请电话联系村里，并在村名册里更正；对方再来信，系统会自动恢复。",
    urgent=True,
)
HOSTILE = Need("可能有危险的文件", "文件已隔离。请不要打开或转发，电话请村里查杀病毒后重新发送。", urgent=True)
UNKNOWN = Need("认不出是哪个村的来件", "请看发件人和附件判断是哪个村；把这个邮箱登记到村名册后，以后就能自动认出。")
LINKED = Need("以链接代替文件的材料", "请打开原邮件里的链接，下载看过后登记为通过或退回。")
REVIEW = Need("等您审核的材料", "请打开文件看一遍，登记为通过或退回。")
QUESTION = Need("可能需要您答复的来信", "来信没有附件，不像是报送材料。请看一眼是否要答复。")
UNVERIFIED = Need("发件人身份没能核实", "请先打电话与村里核实是不是本人所发，再采用。")
MACRO = Need("带有宏或内嵌程序的文件", "内容已照常核对。打开时请不要启用宏；拿不准的，请村里另存后重发。")
COPIED = Need("文字与别的村雷同", "请对照两份文稿；确属照搬的，可退回请村里重写。")
REUSED = Need("照片与别的村或以往活动相同", "请对照照片；不是本次活动拍摄的，可退回请村里更换。")
PHOTO_DATE = Need("照片拍摄时间不在活动期间", "相机时间有时不准，请看照片内容再定。")
FIGURES = Need("统计数字与进展表对不上", "请电话与村里核对，以哪个数为准。")
OTHER = Need("其他要您判断的情况", "请打开原邮件看过再定。")
UNREACHABLE = Need("无法用邮件提醒的村", "请电话提醒，并把能收信的邮箱登记到村名册。")
RETURNED_LETTER = Need("被退回的信", "请电话把信的内容告诉村里；对方邮箱恢复后，以后的信会照常发送。")
BOUNCED = Need("收到的退信", "说明我们有信没有送到。请看退信里是哪个邮箱，更正村名册，并电话通知村里。")
NEW_SENDER = Need("村名册里没有的发件邮箱", "确认是村里的邮箱后，请登记到村名册。")
UNCHECKED = Need("没能与邮箱对账", "今天只核对了台账和原件。请运行 baosong doctor 看看邮箱是否正常。")

ORDER = (
    EXPIRING,
    EXPIRED,
    FAILED,
    QUARANTINED,
    DIFFERENCE,
    CRASHED,
    HELD,
    MAILBOX,
    DISK,
    FLOOD,
    DEAD,
    HOSTILE,
    UNKNOWN,
    LINKED,
    REVIEW,
    QUESTION,
    UNVERIFIED,
    MACRO,
    COPIED,
    REUSED,
    PHOTO_DATE,
    FIGURES,
    OTHER,
    UNREACHABLE,
    RETURNED_LETTER,
    BOUNCED,
    NEW_SENDER,
    UNCHECKED,
)

# What the coordinator alone is told of. A code that is not here (a new check) is OTHER.
OF_CODES: Mapping[str, Need] = {
    "internal": CRASHED,  # pipeline.verdict.INTERNAL
    "file-hostile": HOSTILE,
    "file-macro": MACRO,
    "sender-unverified": UNVERIFIED,
    "sender-unregistered": NEW_SENDER,
    "text-copied": COPIED,
    "photo-reused": REUSED,
    "photo-date-outside": PHOTO_DATE,
    "figures-unlike-progress": FIGURES,
}
