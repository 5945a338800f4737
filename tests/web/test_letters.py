"""Every kind of letter in a real browser, as wide as a phone."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.snapshots import LETTERS

_PHONE = 375  # CSS pixels


def test_letters_fit_a_phone(browser: Browser) -> None:
    """Nothing must be shifted sideways to be read, and no writing is smaller than 12 pixels."""
    letters = sorted(LETTERS.glob("*.html"))
    assert len(letters) > 20
    page = browser.new_page(viewport={"width": _PHONE, "height": 700})
    for letter in letters:
        page.set_content(letter.read_text("utf-8"))
        assert page.evaluate("document.documentElement.scrollWidth") <= _PHONE, letter.name
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('body *')].filter(e => e.innerText)"
            ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
        )
        assert smallest >= 12, letter.name
    page.close()
