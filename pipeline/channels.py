"""The coordinator's notices beside mail: a few lines into a work group's robot (企业微信, 钉钉, 飞书) or Telegram.

Apprise carries them. A channel is a name in ``[notices] channels``; its address is a secret and stands where passwords
do. The address may be written as the group's own page shows it, or as an Apprise URL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.config import Config
from pipeline.config.passwords import channel_address
from pipeline.errors import AccessError

if TYPE_CHECKING:
    from apprise import NotifyBase

# 企业微信 takes 2048 octets of text, and says nothing of what it refuses.
_LONGEST = 600
# Robots' addresses as their pages show them, where Apprise knows only its own way of writing (Telegram has none).
_PAGES = (
    (re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=([0-9a-z]+)", re.IGNORECASE), "dingtalk://{}/"),
    (re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([0-9a-z_-]+)/?", re.IGNORECASE), "feishu://{}/"),
)


def notify(config: Config, title: str, text: str) -> tuple[str, ...]:
    """Tell the coordinator on every configured channel; a line for the operator for each that did not take it.

    Never raises: that nobody could be told must not stop what is told of. No channel, nothing done.
    """
    troubles = []
    for name in config.notices.channels:
        try:
            channel = _open_channel(name)
        except AccessError as error:
            troubles.append(str(error))
            continue
        if not channel.notify(body=_cut(text), title=title):
            troubles.append(f"通知没有发到{name}：请检查网络，以及群机器人的地址和安全设置（baosong notify 可以试发）")
    return tuple(troubles)


def check_channels(config: Config) -> None:
    """Make sure that every channel has an address that is understood; sends nothing. Raises AccessError."""
    for name in config.notices.channels:
        _open_channel(name)


def _open_channel(name: str) -> NotifyBase:
    from apprise import Apprise  # noqa: PLC0415 (its import takes longer than most commands)

    address = channel_address(name)
    if not address:
        raise AccessError(
            f"通知渠道{name}没有地址：请设环境变量 BAOSONG_NOTICES_{name.upper()}，"
            f"或存入系统密码库（keyring set baosong notices:{name}）"
        )
    channel: NotifyBase | None = Apprise.instantiate(_as_url(address))
    if channel is None:
        raise AccessError(
            f"通知渠道{name}的地址看不懂：请填群机器人页面上的 Webhook 地址（https:// 开头），或 Apprise 的写法，"
            "例如 dingtalk://加签密钥@令牌、tgram://机器人令牌/会话编号"
        )
    return channel


def _as_url(address: str) -> str:
    for page, written in _PAGES:
        if found := page.fullmatch(address):
            return written.format(found[1])
    return address


def _cut(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}……"
