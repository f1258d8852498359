"""Every screen passes axe (WCAG 2.2 AA) in both themes and on a phone, and talks to nobody but us (3.1-4)."""

from contextlib import suppress
from typing import Literal

import pytest
from playwright.async_api import Page, expect

from tests.visitor import DESKTOP, PHONE, Visitor

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio

SCREENS = {
    "/cabinet/activities": "Образовательные активности",
    "/cabinet/activities?q=нетакого": "Образовательные активности",
    "/cabinet/progress": "Прогресс обучения",
    "/cabinet/progress/plan": "План",
    "/cabinet/progress/thresholds": "Пороги",
    "/cabinet/portfolio": "Портфолио",
    "/cabinet/portfolio/new": "Новый документ",
    "/cabinet/education": "Образование",
    "/cabinet/profile": "Персональные данные",
    "/cabinet/profile/contacts": "Контакты",
    "/cabinet/profile/security": "Вход и безопасность",
    "/cabinet/profile/applications": "Заявки",
    "/cabinet/profile/privacy": "Защита данных",
    "/cabinet/notices": "Уведомления",
    "/cabinet/journal": "Журнал действий",
}


# Colours do not depend on the width, nor places on the colours: two looks see both themes and both layouts.
LOOKS: tuple[tuple[tuple[int, int], Literal["dark", "light"]], ...] = ((DESKTOP, "dark"), (PHONE, "light"))


async def test_every_screen_is_open_to_everyone(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in()
    for path, heading in SCREENS.items():
        await visitor.go(path)
        await expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        await page.wait_for_load_state("networkidle")
        for (width, height), scheme in LOOKS:
            await page.set_viewport_size({"width": width, "height": height})
            await page.emulate_media(color_scheme=scheme)
            assert await visitor.violations() == [], f"{path}, {width}, {scheme}"
            assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


@pytest.mark.parametrize("visitor", [PHONE], indirect=True, ids=["phone"])
async def test_3_1_7_the_section_one_is_in_is_seen_on_a_phone(visitor: Visitor) -> None:
    """Sections stand in one row there, most of it beyond the edge."""
    page = visitor.page
    await visitor.come_in()
    for path in ("/cabinet/journal", "/cabinet/activities", "/cabinet/profile"):
        await visitor.go(path)
        await expect(page.locator(".cabinet > nav [aria-current]")).to_be_in_viewport(ratio=0.99)
    assert await page.evaluate("document.querySelector('.cabinet > nav').offsetHeight") < 60


async def test_signing_in_and_its_mistakes_are_open_to_everyone(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go("/")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await visitor.violations() == []
    await visitor.go("/signin")
    await page.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await visitor.violations() == []
    visitor.complaints[:] = [said for said in visitor.complaints if "401" not in said]


async def test_graphiql_works_offline_and_streams(visitor: Visitor) -> None:
    page, foreign = visitor.page, list[str]()
    origin = visitor.site.settings.origin
    page.on("request", lambda sent: foreign.append(sent.url))
    await visitor.come_in()
    await visitor.go("/graphiql")
    await page.wait_for_load_state("networkidle")
    await page.get_by_role("tab", name="LiveProgress").click()
    await expect(page.get_by_text("subscription LiveProgress")).to_be_visible()
    assert await streams(page)
    assert [url for url in foreign if not url.startswith((origin, "blob:", "data:"))] == []


async def streams(page: Page) -> bool:
    """Whether a press brings the snapshot. GraphiQL reads the names of the operations a moment after it has shown the
    text; until then a press asks for nothing, or for another operation."""
    execute, response = page.get_by_role("button", name="Execute query"), page.locator(".graphiql-response")
    for _ in range(5):
        if await execute.is_visible():
            await execute.click()
        with suppress(AssertionError):
            await expect(response).to_contain_text("ProgressSnapshot", timeout=4_000)
            return True
    return False
