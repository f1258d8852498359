"""A real Chromium before the real product: a plugin of the modules that test the page."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from models.clock import SettableClock
from tests.api import Api
from tests.built_page import page_is_built
from tests.live_site import served_site
from tests.visitor import DESKTOP, Visitor
from web.app import Site
from web.settings import Settings

NAMES = ("chromium-headless-shell", "chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
# Root needs --no-sandbox; the rest keeps the browser from calling anybody but the product.
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--lang=ru"]


@pytest.fixture(scope="session")
def built_page() -> None:
    page_is_built()


@pytest.fixture(scope="session")
async def chromium(anyio_backend: str) -> AsyncIterator[Browser]:
    path = os.environ.get("NMO_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "the page is tested in Chromium: install it, or name it in NMO_CHROMIUM"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def served(settings: Settings, clock: SettableClock, built_page: None) -> AsyncIterator[Site]:
    """The product on a port of its own, with the page built."""
    async with served_site(settings, clock) as site:
        yield site


@pytest.fixture
async def visitor(chromium: Browser, served: Site, request: pytest.FixtureRequest) -> AsyncIterator[Visitor]:
    """A Russian reader at a desk, or with a phone where the test says so; complaints fail the test."""
    width, height = getattr(request, "param", DESKTOP)
    context = await chromium.new_context(
        viewport={"width": width, "height": height},
        locale="ru-RU",
        timezone_id="Europe/Moscow",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    async with Api.open(served) as api:
        visitor = Visitor(page, served, api)
        page.on("console", visitor.hear)
        page.on("pageerror", visitor.stumble)
        yield visitor
        await context.close()
    assert visitor.complaints == []
