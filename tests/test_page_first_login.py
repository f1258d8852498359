"""The first login in a real browser: every step has its form, the next one comes by itself (2.2, 1.1.1)."""

from typing import Any

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import update
from sqlmodel import col

from models.account import Account
from tests.api import PASSWORD
from tests.visitor import Visitor, both_sizes

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio

FRESH = "Sosna-i-kedr-58"
DATA = {
    "Дата рождения": "10.05.1985",
    "Место рождения": "город Тула",
    "Серия паспорта": "7010",
    "Номер паспорта": "123456",
    "Дата выдачи паспорта": "01.06.2005",
    "Кем выдан паспорт": "УМВД России по Тульской области",
    "Код подразделения": "710-001",
    "Адрес регистрации: населённый пункт": "город Тула",
    "Адрес регистрации: улица": "улица Ленина",
    "Адрес регистрации: дом (или корпус со словом, если другого номера нет)": "5А",
}


async def arrive(visitor: Visitor, name: str, path: str, **values: Any) -> Page:
    """A doctor before some of the steps, at a page of the cabinet."""
    if values:
        async with visitor.site.ports.database.reading() as session:
            await session.execute(update(Account).where(col(Account.slug) == name).values(**values))
    await visitor.come_in(name)
    await visitor.go(path)
    return visitor.page


@both_sizes
async def test_2_2_5_and_2_2_8_the_steps_follow_one_another_to_the_open_cabinet(visitor: Visitor) -> None:
    page = await arrive(visitor, "demo-1", "/cabinet", identified_at=None, terms_version=None)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Первые шаги")
    await expect(page.locator("#step")).to_have_text("Указать ИНН или СНИЛС")
    await page.get_by_label("ИНН", exact=True).fill("526317984689")
    await page.get_by_role("button", name="Проверить").click()
    await expect(page.get_by_role("alert")).to_contain_text("не совпадает с указанным в профиле")
    assert await visitor.violations() == []
    await page.get_by_label("ИНН", exact=True).fill("500100732259")
    await page.get_by_role("button", name="Проверить").click()
    await expect(page.locator("#step")).to_have_text("Принять правила пользования")
    await page.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_role("alert")).to_contain_text("Без согласия")
    assert await visitor.violations() == []
    await page.get_by_label("Я прочитал(а) и принимаю").check()
    await page.get_by_role("button", name="Продолжить").click()
    await page.get_by_role("link", name="Перейти к образовательным активностям").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Образовательные активности")
    await expect(page.get_by_text("Кабинет открыт не целиком")).to_have_count(0)


async def test_2_2_9_a_temporary_password_is_replaced(visitor: Visitor) -> None:
    page = await arrive(visitor, "demo-5", "/cabinet/activities")
    await page.get_by_role("link", name="пройдите оставшиеся шаги").click()
    await expect(page.locator("#step")).to_have_text("Заменить временный пароль")
    await page.get_by_label("Нынешний пароль").fill("Kedr-i-sosna-47")
    await page.get_by_label("Новый пароль").fill(FRESH)
    await page.get_by_role("button", name="Сменить пароль").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.get_by_label("Нынешний пароль").fill(PASSWORD)
    await page.get_by_role("button", name="Сменить пароль").click()
    await expect(page.get_by_text("Все шаги пройдены")).to_be_visible()


async def test_2_2_10_an_unconfirmed_address_is_waited_for_and_seen_at_once(visitor: Visitor) -> None:
    page = await arrive(visitor, "demo-3", "/cabinet/steps")
    await expect(page.locator("#step")).to_have_text("Подтвердить электронную почту")
    await expect(page.get_by_text("«Входящие», «Спам» и «Промо»")).to_be_visible()
    await expect(page.get_by_role("link", name="Исправить адрес")).to_be_visible()
    assert await visitor.violations() == []


@both_sizes
async def test_1_1_1_26_and_1_1_1_25_the_form_is_mended_sent_and_checked_before_ones_eyes(
    visitor: Visitor,
) -> None:
    page = await arrive(visitor, "demo-4", "/cabinet/steps")
    await expect(page.locator("#step")).to_have_text("Заполнить персональные данные")
    await expect(page.get_by_label("Фамилия")).to_have_value("Ёлкин")
    assert await visitor.violations() == []
    for label, value in DATA.items():
        await page.get_by_label(label, exact=True).fill(value)
    no_street = page.get_by_label("Улиц в населённом пункте нет").first
    await no_street.check()
    await expect(page.get_by_label("Адрес регистрации: улица", exact=True)).to_have_count(0)
    await no_street.uncheck()
    await page.get_by_label("Адрес регистрации: улица").fill("ул. Ленина")
    await page.get_by_label("Квартиры нет: частный дом").first.check()
    await page.get_by_label("Адрес проживания совпадает с адресом регистрации").check()
    await page.get_by_role("button", name="Сохранить и отправить на сверку").click()
    await page.get_by_role("button", name="Исправить на «улица Ленина»").click()
    await page.get_by_role("button", name="Сохранить и отправить на сверку").click()
    await expect(page.get_by_text("Все шаги пройдены")).to_be_visible(timeout=15_000)
    await page.get_by_role("link", name="Настройки аккаунта").click()
    await expect(page.get_by_text("Данные сверены с реестром")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
