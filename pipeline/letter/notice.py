"""A letter in the coordinator's own words: why something is returned. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipeline.letter.mail import reply_message_id
from pipeline.letter.wording import render_template
from pipeline.model.campaign import Campaign
from pipeline.model.letter import Letter
from pipeline.model.message import Address
from pipeline.text.days import write_date


def write_notice(
    campaign: Campaign,
    *,
    village: str,
    title: str,
    words: str,
    who: str,
    to: Address,
    number: int,
    domain: str,
    now: datetime,
    thread: Sequence[str] = (),
) -> Letter:
    """The letter that tells of the decision of this number, in the thread of the mail that it speaks of.

    Raises ConfigError where the office's wording cannot be used.
    """
    local = now.astimezone(campaign.timezone)
    key = f"notice:{campaign.id}:{village}:{number}"
    told: dict[str, object] = {
        "campaign": campaign,
        "village": village,
        "title": title,
        "lines": [line.strip() for line in words.splitlines() if line.strip()],
        "who": who,
        "today": write_date(local),
    }
    return Letter(
        key=key,
        kind="notice",
        to=to,
        subject=f"【请补正】{village} {title}",
        text=render_template(campaign.letters, "notice.txt.j2", told),
        html=render_template(campaign.letters, "notice.html.j2", told),
        message_id=reply_message_id(key, domain),
        in_reply_to=thread[-1] if thread else None,
        references=tuple(thread),
    )


def check_notice(campaign: Campaign) -> None:
    """Make sure that the office's folder has the wording, and that it can be used. Raises ConfigError."""
    first = campaign.deliverables[0]
    write_notice(
        campaign,
        village="甲村",
        title=first.title,
        words="请补正。",
        who="",
        to=Address("", "village@example.org"),
        number=0,
        domain="example.org",
        now=first.due_at,
    )
