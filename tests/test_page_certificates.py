"""Grades and certificates in a real browser: the table, the three states, the file, the public check (3.4-7 .. 3.4-10)."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, Route, expect

from resolvers.demo_catalog import demo_id
from tests.reporting import progress, record, result
from tests.test_certificates import words
from tests.visitor import Visitor, both_sizes

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio

READY, BEGUN = "Артериальная гипертензия: основы", "Сахарный диабет второго типа: основы"


async def fits_the_screen(visitor: Visitor) -> None:
    assert await visitor.violations() == []
    assert await visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def row(page: Page, text: str) -> Locator:
    return page.get_by_role("row").filter(has_text=text)


@both_sizes
async def test_3_4_7_a_row_for_each_test_or_task_and_a_new_one_at_once(visitor: Visitor) -> None:
    page = visitor.page
    doctor, provider = await visitor.api.as_demo("demo-1"), await visitor.api.as_demo("provider-6")
    known = (await progress(doctor))["grades"]["totalCount"]
    await visitor.come_in()
    await visitor.go("/cabinet/progress")
    await page.get_by_role("link", name="Оценки").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Оценки")
    grades = page.get_by_role("rowheader")
    await expect(grades).to_have_count(known)
    exam = row(page, "Итоговый экзамен")
    for text in (READY, "Экзамен", "91 из 100", "Сдано"):
        await expect(exam).to_contain_text(text)
    await fits_the_screen(visitor)
    await expect(page.get_by_text("Обновляется")).to_be_visible()
    test = f"assessment_{demo_id('assessment', 5, 0).hex}"
    receipt = await record(provider, result("late", 1, 5, assessmentId=test, scaled=0.2, verb="FAILED"))
    assert receipt["errors"] == []
    await expect(grades).to_have_count(known + 1)
    newest = page.get_by_role("row").filter(has=page.get_by_role("rowheader")).first
    for text in ("Внебольничная пневмония: основы", "4 из 20", "Не сдано"):
        await expect(newest).to_contain_text(text)


@both_sizes
async def test_3_4_8_and_3_4_9_and_3_4_10_a_certificate_is_had_checked_and_shown_in_its_state(
    visitor: Visitor, tmp_path: Path
) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/progress/certificates")
    await expect(row(page, BEGUN)).to_contain_text("в процессе")
    await expect(row(page, BEGUN).get_by_role("button")).to_have_count(0)
    ready = row(page, READY)
    await expect(ready).to_contain_text("готов к скачиванию")
    await fits_the_screen(visitor)
    async with page.expect_download() as coming:
        await page.get_by_role("button", name=f"Скачать PDF: {READY}").click()
    file = await coming.value
    await file.save_as(tmp_path / "certificate.pdf")
    await expect(ready).to_contain_text("выдан")
    check = ready.get_by_role("link")
    number = await check.inner_text()
    assert file.suggested_filename == f"{number}.pdf"
    printed = words((tmp_path / "certificate.pdf").read_bytes()).replace("\r\n", "")
    assert number in printed
    assert "/verify/" + (await check.get_attribute("href") or "").rpartition("/verify/")[2] in printed
    await check.click()
    await expect(page.get_by_text("Удостоверение действительно")).to_be_visible()
    await expect(page.locator("dl")).to_have_css("display", "grid")
    await fits_the_screen(visitor)


async def test_a_part_of_the_page_that_did_not_come_is_fetched_anew(visitor: Visitor) -> None:
    """As after an update, when the address of a part that an open page knows is no longer there."""
    page, gone = visitor.page, "**/assets/progress-*.js"

    async def refuse(route: Route) -> None:
        await route.fulfill(status=404)

    await visitor.come_in()
    await visitor.go("/cabinet/activities")
    await page.route(gone, refuse)
    await page.get_by_role("link", name="Прогресс").click()
    await expect(page.get_by_role("alert")).to_contain_text("Не получилось")
    await page.unroute(gone)
    await page.get_by_role("button", name="Повторить").click()
    await expect(page.get_by_role("progressbar").first).to_be_visible()
    visitor.complaints.clear()  # the browser's word on the 404 of this test
