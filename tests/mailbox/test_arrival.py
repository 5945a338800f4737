"""When a message arrived, by its own head."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pipeline.mailbox.arrival import arrival_time, arrived_since, parse_date

FALLBACK = datetime(2020, 1, 1, tzinfo=UTC)
NOON = datetime(2023, 5, 9, 12, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Tue, 9 May 2023 12:00:00 +0800", id="标准"),
        pytest.param(" Tue, 09 May 2023 12:00:00 +0800 (CST)", id="括号注释"),
        pytest.param("Tue, 9 May 2023 12:00:00 +0800 (China (Standard) Time)", id="嵌套注释"),
        pytest.param("Tue, 9 May 2023 (noon) 12:00:00 +0800", id="注释在中间"),
        pytest.param("9 May 2023 12:00 +0800", id="无星期无秒"),
        pytest.param("Tue, 9 May 2023 04:00:00 GMT", id="GMT"),
        pytest.param("Tue, 9 May 2023 04:00:00 UT", id="UT"),
        pytest.param("Tue, 9 May 2023 04:00:00 Z", id="军用时区"),
        pytest.param("Tue, 9 May 2023 00:00:00 EDT", id="旧时区"),
        pytest.param("Tue, 9 May 2023 04:00:00 -0000", id="未知时区"),
        pytest.param("Tue, 9 May 2023 12:00:00 CST", id="中国标准时间"),
        pytest.param("Tue, 9 May 2023 12:00:00", id="无时区"),
        pytest.param("Tue, 9 May 23 12:00:00 +0800", id="两位年份"),
        pytest.param(" 9-May-2023 12:00:00 +0800", id="INTERNALDATE"),
    ],
)
def test_dates_as_servers_write_them(text: str) -> None:
    """All of these name the same moment."""
    assert parse_date(text) == NOON


@pytest.mark.parametrize("text", ["", "昨天", "Tue, 99 May 2023 12:00:00 +0800", "Tue, 9 May 2023 99:00:00 +0800", ";"])
def test_no_date_is_none(text: str) -> None:
    """What is no date is not guessed at."""
    assert parse_date(text) is None


def test_topmost_received_field_tells() -> None:
    """The office's own server stands on top; fields below it, and the sender's Date, do not count."""
    head = (
        b"Return-Path: <a@b>\r\nReceived: from x (unknown [192.0.2.1]; helo=x)\r\n\tby mx (Coremail) with SMTP;\r\n"
        b"\tTue, 9 May 2023 12:00:00 +0800 (CST)\r\nReceived: by y; Mon, 8 May 2023 12:00:00 +0800\r\n"
        b"Date: Sun, 7 May 2023 12:00:00 +0800\r\n\r\nReceived: z; Sat, 6 May 2023 12:00:00 +0800\r\n"
    )
    assert arrival_time(head, FALLBACK) == NOON
    assert arrival_time(head.replace(b"\r\n", b"\n"), FALLBACK) == NOON


def test_a_received_field_without_date_gives_way_to_the_next() -> None:
    """seen: gateways that write a Received field without date."""
    head = b"received : by local\r\nX-A: b\r\nReceived: by mx; Tue, 9 May 2023 12:00:00 +0800\r\n\r\n"
    assert arrival_time(head, FALLBACK) == NOON


@pytest.mark.parametrize(
    "head",
    [b"", b"Subject: x\r\n\r\nReceived: by mx; Tue, 9 May 2023 12:00:00 +0800\r\n", b"\xff\xfe\x00", b"\r\n" * 9],
)
def test_without_received_field_the_fallback_stands(head: bytes) -> None:
    """A field-like line in the text is no field."""
    assert arrival_time(head, FALLBACK) == FALLBACK


def test_day_is_chinas_day() -> None:
    """17:00 UTC is the next day already."""
    evening = datetime(2023, 4, 30, 17, 0, tzinfo=UTC)
    assert arrived_since(evening, date(2023, 5, 1))
    assert not arrived_since(evening - timedelta(hours=2), date(2023, 5, 1))
    assert arrived_since(evening, None)
