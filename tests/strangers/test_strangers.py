"""The product against five offices that it was not made with, in two campaigns; poll by poll and all at once.

The floors are what was measured, a little below. All five are learnt by now: what the next office will show is told by
the first contacts alone, and by ``test_unknown_words``.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.heldout.living import live
from tests.heldout.mails import Mail, at
from tests.heldout.score import Score
from tests.strangers import (
    autumn,
    countrywide,
    fifth,
    fifth_book,
    first,
    first_book,
    fourth,
    fourth_book,
    office,
    phrases,
    second,
    second_book,
    third,
    third_book,
)
from tests.strangers.book import Book
from tests.strangers.office import Office

_RULES = Path(__file__).parents[2] / "rules" / "2023-529.toml"
_MAY = tuple(at(f"{day} 08:00") for day in ("5-06", "5-11", "5-21", "6-01", "6-09", "6-11", "6-20"))
_OCTOBER = tuple(at(f"{day} 08:00") for day in ("10-10", "10-17", "11-01", "11-04", "11-12"))

# Sentences read rightly, activities recognised when told twice; of the month F1 of the findings, files with the right
# village, states; F1 of October. At first contact, before anything was mended, and since:
#     first   0.859 0.97   0.832 0.926 0.777   0.960        1.000 0.98   1.000 1.000 1.000   1.000
#     second  0.800 0.69   0.791 0.957 0.806   0.857        1.000 0.98   1.000 1.000 1.000   1.000
#     third   0.910 0.64   0.833 1.000 0.864   0.960        1.000 0.98   1.000 1.000 1.000   1.000
#     fourth  0.896 0.98   0.831 0.995 0.853   0.880        1.000 0.98   1.000 1.000 1.000   1.000
#     fifth   0.938 1.00   0.957 1.000 0.958   0.880        1.000 1.00   1.000 1.000 1.000   1.000
# Since then each was looked into, so only the first figures speak of mail that nobody has seen.
_LEARNT = {
    "sentences": 0.99,
    "told twice": 0.98,
    "findings": 0.97,
    "village": 0.99,
    "state": 0.97,
    "autumn": 0.95,
    "disposition": 0.99,
    "found": 1.0,
    "deliverable": 0.99,
    "answer": 0.99,
    "autumn village": 0.99,
    "autumn state": 0.95,
}
_SHARES = ("found", "village", "deliverable", "disposition", "state", "answer")
HALVES = [
    pytest.param((office.FIRST, first_book.BOOK, first.mails, _LEARNT), id="first"),
    pytest.param((office.SECOND, second_book.BOOK, second.mails, _LEARNT), id="second"),
    pytest.param((office.THIRD, third_book.BOOK, third.mails, _LEARNT), id="third"),
    pytest.param((office.FOURTH, fourth_book.BOOK, fourth.mails, _LEARNT), id="fourth"),
    pytest.param((office.FIFTH, fifth_book.BOOK, fifth.mails, _LEARNT), id="fifth"),
]


def _show(name: str, result: Score) -> None:
    """Every mistake of one office."""
    print(f"{name}\n{result.table()}")
    print({what: round(result.share(what), 3) for what in _SHARES})


def _name(half_of: Office) -> str:
    towns = (office.FIRST, office.SECOND, office.THIRD, office.FOURTH, office.FIFTH)
    return dict(zip(towns, ("first", "second", "third", "fourth", "fifth"), strict=True))[half_of]


@pytest.mark.parametrize("half", HALVES)
def test_sentences(half: tuple[Office, Book, object, dict[str, float]]) -> None:
    """Nobody is asked for what stands there; what is wanting is noticed; two activities are never taken for one."""
    _, book, _, floor = half
    wrong, total = phrases.misread(book)
    missed, told = phrases.not_recognised(book)
    alike, _ = phrases.confused(book)
    print(f"{total - len(wrong)} of {total} sentences, {told - len(missed)} of {told} told twice")
    print("\n".join([*wrong, *missed, *alike]))
    assert 1 - len(wrong) / total >= floor["sentences"]
    assert 1 - len(missed) / told >= floor["told twice"]
    assert not alike


@pytest.mark.parametrize("once", [False, True], ids=["poll by poll", "all at once"])
@pytest.mark.parametrize("half", HALVES)
def test_month(half: tuple[Office, Book, object, dict[str, float]], once: bool, tmp_path: Path) -> None:
    """The month of May: what is found, whose it is, how the ledger stands, who is answered."""
    town, _, make, floor = half
    assert callable(make)
    mails: list[Mail] = make()
    result = live(tmp_path, mails, rules=_RULES, register=town.register_csv(), moments=_MAY, once=once)
    _show(_name(town), result)
    found = {what: result.share(what) for what in _SHARES}
    f1 = result.f1
    assert f1 >= floor["findings"]
    assert found["village"] >= floor["village"]
    assert found["state"] >= floor["state"]
    assert found["disposition"] >= floor.get("disposition", 0.99)
    assert all(found[what] >= floor.get(what, 1) for what in ("found", "deliverable", "answer"))


@pytest.mark.parametrize("half", HALVES)
def test_another_campaign(half: tuple[Office, Book, object, dict[str, float]], tmp_path: Path) -> None:
    """October's notice asks for other things on other forms; only a file under rules/ says so."""
    town, book, _, floor = half
    mails = autumn.mails(town, book, _name(town), 3)
    rules = autumn.write_rules(tmp_path / "rules")
    result = live(tmp_path, mails, rules=rules, register=town.register_csv(), moments=_OCTOBER)
    _show(_name(town), result)
    found = {what: result.share(what) for what in _SHARES}
    f1 = result.f1
    assert f1 >= floor["autumn"]
    assert found["state"] >= floor.get("autumn state", 0.9)
    assert found["village"] >= floor.get("autumn village", 1)
    assert all(found[what] >= floor.get(what, 1) for what in ("deliverable", "answer"))


def test_sentences_from_all_over_the_country() -> None:
    """Read blind: 0.947 before the fifth book's mistakes were mended, 0.979 before its own were looked at."""
    wrong = phrases.mistaken(countrywide.SENTENCES)
    print("\n".join(wrong))
    assert 1 - len(wrong) / len(countrywide.SENTENCES) >= 0.98


def test_the_mailboxes_are_always_the_same() -> None:
    """Two makings give the same octets: a score can be compared with yesterday's."""
    assert _digest(first.mails()) == _digest(first.mails())


def _digest(mails: list[Mail]) -> str:
    return sha256(b"".join(mail.octets for mail in mails)).hexdigest()
