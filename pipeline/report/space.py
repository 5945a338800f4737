"""How much room is left: on our disk, and in the office's mailbox where its server tells."""

from __future__ import annotations

from dataclasses import dataclass

LITTLE_DISK = 2 * 1024**3  # a campaign with videos of a town takes a few gigabytes
FULL_MAILBOX = 90  # per cent; most servers refuse mail at a hundred


@dataclass(frozen=True, slots=True)
class Space:
    """Octets. None is not known."""

    disk_free: int | None = None
    mailbox_used: int | None = None
    mailbox_limit: int | None = None

    @property
    def mailbox_share(self) -> int | None:
        """How full the mailbox is, in whole per cent."""
        if self.mailbox_used is None or not self.mailbox_limit:
            return None
        return self.mailbox_used * 100 // self.mailbox_limit

    @property
    def disk_is_short(self) -> bool:
        """Whether the next big mails may find no room here."""
        return self.disk_free is not None and self.disk_free < LITTLE_DISK

    @property
    def mailbox_is_full(self) -> bool:
        """Whether the villages' mail may soon be refused."""
        return self.mailbox_share is not None and self.mailbox_share >= FULL_MAILBOX


NOT_KNOWN = Space()


def write_space(space: Space) -> str:
    """电脑磁盘剩余74GB；邮箱已用1.2GB，共3GB（40%）. Empty where nothing is known."""
    parts = []
    if space.disk_free is not None:
        parts.append(f"电脑磁盘剩余{write_size(space.disk_free)}")
    if space.mailbox_used is not None and space.mailbox_limit:
        used, limit = write_size(space.mailbox_used), write_size(space.mailbox_limit)
        parts.append(f"邮箱已用{used}，共{limit}（{space.mailbox_share}%）")
    return "；".join(parts)


def write_size(octets: int) -> str:
    """1.2GB, 74GB, 300MB."""
    for unit, size in (("GB", 1024**3), ("MB", 1024**2)):
        if octets >= size:
            number = octets / size
            return f"{number:.0f}{unit}" if number >= 10 else f"{number:.1f}{unit}".replace(".0", "")
    return f"{octets // 1024}KB"
