"""Gosuslugi in a real browser: their window, the way back, the settings, entering by them (2.1, 1.1-5, 1.2-13, 1.2-14)."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.visitor import Visitor, both_sizes
from web.sandbox.gosuslugi_people import PASSWORD

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio
SETTINGS = "Синхронизация с Госуслугами"


async def come_in_at_the_portal(page: Page, user: str) -> None:
    """The window of the portal: its own login, its own question."""
    await expect(page).to_have_url(re.compile("/sandbox/gosuslugi/"))
    await page.get_by_label("Логин").fill(user)
    await page.get_by_label("Пароль").fill(PASSWORD)
    await page.get_by_role("button", name="Войти").click()


@both_sizes
async def test_2_1_5_and_2_1_6_and_2_1_7_and_2_1_9_the_account_is_linked_in_the_settings(
    visitor: Visitor,
) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet")
    await page.get_by_role("link", name="Настройки аккаунта").click()
    await page.get_by_role("link", name=SETTINGS).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(SETTINGS)
    await expect(page.get_by_text("Не связано", exact=True)).to_be_visible()
    assert await visitor.violations() == []
    await page.get_by_role("button", name="Привязать аккаунт").click()
    await expect(page.get_by_text("Проверьте, что в настройках профиля дано согласие")).to_be_visible()
    await page.get_by_label("Даю согласие на передачу данных").check()
    await page.get_by_role("button", name="Привязать аккаунт").click()
    await come_in_at_the_portal(page, "demo-1")
    await page.get_by_role("button", name="Разрешить").click()
    await expect(page.get_by_text("Связано", exact=True)).to_be_visible()
    assert "code=" not in page.url
    assert await visitor.violations() == []
    await page.get_by_role("button", name="Перейти к услуге").first.click()
    await expect(page.get_by_text("Создана заявка НМО-")).to_be_visible()


async def test_2_1_8_a_refusal_at_the_portal_is_explained_and_repeated(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/profile/gosuslugi")
    await page.get_by_label("Даю согласие на передачу данных").check()
    await page.get_by_role("button", name="Привязать аккаунт").click()
    await come_in_at_the_portal(page, "demo-1")
    await page.get_by_role("button", name="Отказать").click()
    await expect(page.get_by_role("alert")).to_contain_text("Госуслуги отказали")
    await expect(page.get_by_text("верно ли введены логин и пароль Госуслуг")).to_be_visible()
    await page.get_by_role("link", name="Повторить").click()
    await expect(page.get_by_role("button", name="Повторить привязку")).to_be_visible()


async def come_in_by_gosuslugi(visitor: Visitor) -> Page:
    """Somebody without an account, who accepts the rules."""
    page = visitor.page
    await visitor.go("/signin")
    await page.get_by_role("button", name="Войти через Госуслуги").click()
    await come_in_at_the_portal(page, "new")
    await page.get_by_role("button", name="Разрешить").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Первые шаги")
    await expect(page.locator("#step")).to_have_text("Принять правила пользования")
    await page.get_by_label("Я прочитал(а) и принимаю").check()
    await page.get_by_role("button", name="Продолжить").click()
    return page


async def test_1_1_5_and_2_1_11_gosuslugi_alone_open_the_cabinet(visitor: Visitor) -> None:
    page = await come_in_by_gosuslugi(visitor)
    await expect(page.get_by_text("Все шаги пройдены, кабинет открыт.")).to_be_visible()


async def test_2_1_16_who_came_by_gosuslugi_alone_allows_the_transfer_and_ends_it(visitor: Visitor) -> None:
    page = await come_in_by_gosuslugi(visitor)
    await expect(page.get_by_text("Все шаги пройдены, кабинет открыт.")).to_be_visible()
    await visitor.go("/cabinet/profile/gosuslugi")
    await expect(page.get_by_text("Нет согласия на передачу данных")).to_be_visible()
    await page.get_by_label("Даю согласие на передачу данных").check()
    assert await visitor.violations() == []
    await page.get_by_role("button", name="Разрешить передачу данных").click()
    await expect(page.get_by_text("Связано", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Отозвать согласие").click()
    await expect(page.get_by_text("Согласие на передачу данных отозвано")).to_be_visible()
    await expect(page.get_by_text("Войти через Госуслуги можно")).to_be_visible()
    await expect(page.get_by_role("button", name="Отвязать Госуслуги")).to_be_visible()
    await page.get_by_label("Даю согласие на передачу данных").check()
    await page.get_by_role("button", name="Повторить привязку").click()
    await expect(page.get_by_text("Связано", exact=True)).to_be_visible()


async def test_1_2_13_and_1_2_14_the_portal_leads_into_the_cabinet_and_to_a_forgotten_password(
    visitor: Visitor,
) -> None:
    page = visitor.page
    await visitor.go("/sandbox/gosuslugi/")
    await page.get_by_role("link", name="Войти в личный кабинет НМО").click()
    await expect(page.get_by_label("Логин")).to_be_visible()
    await expect(page.get_by_role("link", name="Восстановить пароль")).to_be_visible()
    await page.get_by_role("link", name="Восстановить пароль").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Восстанов")


async def test_a64_a_way_back_that_this_browser_never_began_is_refused(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go("/gosuslugi?state=stranger&code=stolen")
    await expect(page.get_by_role("alert")).to_contain_text("начат не в этом браузере")
    assert "stolen" not in page.url
