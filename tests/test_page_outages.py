"""The page while a part of the product is away: what it only reads it asks for again, and a person sees that it does."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Request, expect

from tests.built_page import page_is_built
from tests.embedded_product import demo_folder, serving_folder
from tests.product import Product
from tests.test_outages import frozen

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio
COMES_THROUGH = 20_000
SHOWN = re.compile("^Показано")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page_is_built()
    return demo_folder(tmp_path_factory.mktemp("page") / "data")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Product]:
    with serving_folder(folder, folder.parent / "log") as product:
        yield product


@pytest.fixture
async def page(chromium: Browser, running: Product) -> AsyncIterator[Page]:
    """A doctor before the list of activities."""
    context = await chromium.new_context(locale="ru-RU")
    token = running.fresh_token("demo-1")
    await context.add_cookies([{"name": "nmo_session", "value": token, "url": running.origin}])
    page = await context.new_page()
    await page.goto(f"{running.origin}/cabinet/activities")
    await expect(page.get_by_text(SHOWN)).to_be_visible(timeout=COMES_THROUGH)
    yield page
    await context.close()


def sent(page: Page) -> list[str]:
    """Every operation that the page sends from now on."""
    bodies: list[str] = []

    def heard(request: Request) -> None:
        if request.method == "POST":
            bodies.append(request.post_data or "")

    page.on("request", heard)
    return bodies


async def test_a_query_answered_503_is_asked_again_before_the_readers_eyes(page: Page, folder: Path) -> None:
    with frozen(folder / "postgres"):
        await page.reload()
        await expect(page.get_by_text("Сервер занят. Повторяем…")).to_be_visible(timeout=COMES_THROUGH)
    await expect(page.get_by_text(SHOWN)).to_be_visible(timeout=COMES_THROUGH)
    await expect(page.get_by_text("Сервер занят")).to_be_hidden()


async def test_a_change_answered_503_is_sent_once_and_left_to_the_person(page: Page, folder: Path) -> None:
    bodies = sent(page)
    with frozen(folder / "postgres"):
        await page.get_by_role("button", name="Записаться").first.click()
        await expect(page.get_by_role("alert")).to_contain_text("временно недоступен", timeout=COMES_THROUGH)
    await page.wait_for_timeout(4_000)
    assert len([body for body in bodies if "mutation" in body]) == 1
    enrolled = page.get_by_text("Вы записаны", exact=True)
    already = await enrolled.count()
    await page.get_by_role("button", name="Записаться").first.click()
    await expect(enrolled).to_have_count(already + 1, timeout=COMES_THROUGH)
