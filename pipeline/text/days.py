"""Days and moments as a clerk writes them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def write_month_day(day: date) -> str:
    """5月9日; aware datetimes in their own zone."""
    return f"{day.month}月{day.day}日"


def write_date(day: date) -> str:
    """2023年5月9日."""
    return f"{day.year}年{write_month_day(day)}"


def write_moment(moment: datetime, timezone: ZoneInfo) -> str:
    """5月9日10:00, in this zone."""
    local = moment.astimezone(timezone)
    return f"{write_month_day(local)}{local:%H:%M}"
