"""FETCH responses as servers write them, and how messages are asked for together."""

import pytest

from pipeline.mailbox.fetching import Fetched, batches, folder_levels, parse_fetch, parse_quota, uid_set


def test_uid_before_and_after_the_literal() -> None:
    """The UID may stand on either side of the body; the order of attributes is the server's own."""
    lines = [
        (b'1 (UID 1669791329 INTERNALDATE "09-May-2023 12:00:00 +0800" BODY[] {3}', b"abc"),
        b")",
        (b"2 (BODY[] {2}", b"UI"),
        b" UID 7)",
        b"3 (UID 8 RFC822.SIZE 99)",
    ]
    one, two, three = parse_fetch(lines)
    assert (one.uid, one.body, one.received_at is not None) == (1669791329, b"abc", True)
    assert (two.uid, two.body, two.size) == (7, b"UI", None)
    assert (three.uid, three.body, three.size) == (8, None, 99)


def test_empty_message_is_told_from_none() -> None:
    """An empty string is an empty message; NIL is none."""
    lines = [b'1 (UID 1 BODY[] "")', b"2 (UID 2 BODY[] NIL)", b'3 (UID 3 BODY[]<0> "")']
    assert [each.body for each in parse_fetch(lines)] == [b"", None, b""]


def test_unasked_responses_are_left_out() -> None:
    """Another client's flags, and what imaplib gives where nothing came."""
    assert list(parse_fetch([b"4 (FLAGS (\\Seen))", None, b")"])) == []


def test_batches_keep_within_the_octets() -> None:
    """Small messages go together in order; a large one, and one of unknown size, goes alone."""
    sizes = [10, 20, 200, 30, None, 60, 50]
    listed = [Fetched(uid, None, size, None) for uid, size in enumerate(sizes)]
    assert [[each.uid for each in batch] for batch in batches(listed, 100)] == [[0, 1], [2], [3], [4], [5], [6]]
    assert list(batches([], 100)) == []


def test_uid_sets_ascend() -> None:
    """Neighbours become a range, and ranges ascend whatever the order asked for."""
    assert uid_set([9, 3, 5, 6, 7]) == "3,5:7,9"


def test_levels_of_a_folder() -> None:
    """Each level counts by itself; a flat name has one."""
    assert folder_levels("[Gmail]/Sent Mail", "/") == {"[gmail]", "sent mail"}
    assert folder_levels("a.b", "NIL") == {"a.b"}


@pytest.mark.parametrize(
    ("lines", "quota"),
    [
        ([b'"User quota" (STORAGE 512 1024)'], (512 << 10, 1024 << 10)),
        ([b'"" (storage 10 512 MESSAGE 3 100)'], (10 << 10, 512 << 10)),
        ([b'"a" (STORAGE 1 100)', b'"b" (STORAGE 9 10)'], (9 << 10, 10 << 10)),
        ([b'"" (MESSAGE 3 100)'], None),
        ([b'"" (STORAGE 3 0)'], None),
        ([b'""'], None),
        ([None], None),
        ([], None),
    ],
)
def test_the_quota(lines: list[object], quota: tuple[int, int] | None) -> None:
    """RFC 9208: octets by the thousand and twenty-four, of the root that is fullest; no storage, nothing known."""
    assert parse_quota(lines) == quota
