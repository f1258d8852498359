"""The button «Экспорт» in a real browser: the file that is saved is the list on the screen (3.1-18, 3.4-14)."""

from pathlib import Path

import pytest
from anyio import to_thread
from playwright.async_api import Page, expect

from tests.exporting import csv_rows, pdf_pages
from tests.test_exports_long import fill
from tests.visitor import Visitor

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio


async def saved(page: Page, button: str) -> tuple[str, bytes]:
    """The name and the content of the file that a press saves."""
    async with page.expect_download() as coming:
        await page.get_by_role("button", name=button).click()
    download = await coming.value
    return download.suggested_filename, await to_thread.run_sync(Path(await download.path()).read_bytes)


async def test_3_1_18_and_3_1_19_the_list_of_events_is_saved_as_it_is_filtered(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/activities?type=EVENT_WEBINAR&sort=TITLE")
    await expect(page.get_by_text("Показано")).to_be_visible()
    titles = await page.locator("tbody tr").all_inner_texts()
    name, content = await saved(page, "Экспорт CSV")
    assert name == "nmo-activities-2026-11-24-1200.csv"
    _, *lines = csv_rows(content)
    assert titles
    assert all(line[0] in title for line, title in zip(lines, titles, strict=False))
    assert {line[1] for line in lines} == {"Вебинар"}
    name, content = await saved(page, "Экспорт PDF")
    assert name.endswith(".pdf")
    assert "Вид: Вебинар" in pdf_pages(content)[0]
    await expect(page.get_by_role("heading", level=1)).to_have_text("Образовательные активности")


async def test_3_4_14_and_3_4_15_the_report_of_progress_is_saved(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/progress")
    cards = page.locator("li.course")
    await expect(cards.first).to_be_visible()
    titles = await cards.locator("h2").all_inner_texts()
    _, content = await saved(page, "Экспорт CSV")
    assert [line[0] for line in csv_rows(content)[1:]] == titles
    name, content = await saved(page, "Экспорт PDF")
    assert name == "nmo-progress-2026-11-24-1200.pdf"
    assert f"Строк: {len(titles)}" in pdf_pages(content)[0]


async def test_3_1_18_a_long_list_is_followed_while_it_is_made_and_saved_when_it_is_ready(
    visitor: Visitor,
) -> None:
    page = visitor.page
    await fill(visitor.site)
    await visitor.come_in()
    await visitor.go("/cabinet/activities?q=Событие")
    await expect(page.get_by_text("Показано")).to_be_visible()
    await expect(page.get_by_text("Обновляется")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="Экспорт PDF").click()
        await expect(page.get_by_role("progressbar", name="Готовим файл")).to_be_visible()
        await expect(page.get_by_role("button", name="Экспорт CSV")).to_be_disabled()
        assert await visitor.violations() == []
    name = (await coming.value).suggested_filename
    assert name == "nmo-activities-2026-11-24-1200.pdf"
    await expect(page.get_by_role("progressbar")).to_have_count(0)
    assert [url for url in asked if url.endswith("/graphql")] == [f"{visitor.site.settings.origin}/graphql"]
