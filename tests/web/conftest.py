"""A page that listens, and a browser that looks at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.office import PASSWORD, Served, build_office, serving

MISSING = "这些测试需要 Debian 的 chromium：sh tests/servers/install.sh"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office made once; each test works on a copy."""
    return build_office(tmp_path_factory.mktemp("office") / "office")


@pytest.fixture
def served(built: Path, tmp_path: Path) -> Iterator[Served]:
    """Its page."""
    shutil.copytree(built.parent, tmp_path / "office")
    with serving(tmp_path / "office" / "config.toml") as page:
        yield page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a head."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def page(served: Served, browser: Browser) -> Iterator[Page]:
    """A browser without scripts, as the page promises to need none, logged in by the form."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="zh-CN", base_url=served.url, java_script_enabled=False
    )
    opened = context.new_page()
    log_in(opened)
    yield opened
    context.close()


def log_in(page: Page) -> None:
    """By the form."""
    page.goto("/login")
    page.fill("#name", "王主任")
    page.fill("#password", PASSWORD)
    page.click("text=登录 >> nth=-1")


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    """A program that is not logged in."""
    with httpx.Client(base_url=served.url, follow_redirects=False, timeout=30) as program:
        yield program
