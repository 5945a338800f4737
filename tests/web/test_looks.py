"""Every page at a desk's and a phone's width: readable by everybody (axe), nothing cut off, nothing from elsewhere."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.web.conftest import log_in
from tests.web.office import Served

PAGES = {
    "overview": "/",
    "returned": "/?state=returned",
    "inbox": "/inbox",
    "village": "/village/石桥村",
    "mail": "/mail/{e}",
    "photos": "/photos",
    "reminders": "/reminders",
    "downloads": "/downloads",
    "decisions": "/decisions",
    "password": "/password",
    "missing": "/nowhere",
}
SIZES = {"desk": (1366, 768), "phone": (390, 844)}


@pytest.mark.parametrize("size", SIZES)
def test_every_page_can_be_read(served: Served, browser: Browser, size: str) -> None:
    """No fault by axe; no sideways scrolling; all requests go to this page. SCREENSHOTS=folder keeps pictures."""
    width, height = SIZES[size]
    # axe is a script: the page's own policy would keep it out.
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", base_url=served.url, bypass_csp=True
    )
    page = context.new_page()
    strange: list[str] = []
    here = urlsplit(served.url).netloc
    page.on("request", lambda request: strange.append(request.url) if urlsplit(request.url).netloc != here else None)
    log_in(page)
    faults: list[str] = []
    for name, path in PAGES.items():
        page.goto(path.format(e=served.mail("e").digest))
        for details in page.locator("main details").all()[:3]:
            details.evaluate("each => each.open = true")
        assert page.locator("script, [style], [onclick]").count() == 0
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (name, sideways) == (name, 0)
        for fault in Axe().run(page).response["violations"]:
            if fault["impact"] in ("serious", "critical", "moderate"):
                faults.append(f"{name}: {fault['id']} {fault['nodes'][0]['html'][:100]}")
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{size}-{name}.png", full_page=True)
    assert faults == []
    assert strange == []
    context.close()
