"""A forgotten password in a real browser: contact, code, new password, sign-in (1.2)."""

import re

import pytest
from playwright.async_api import expect

from tests.recovering import ADDRESS, NEW_PASSWORD, Forgetful
from tests.visitor import Visitor, both_sizes

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio


@both_sizes
async def test_1_2_3_and_1_2_12_a_forgotten_password_is_replaced_and_the_new_one_opens(
    visitor: Visitor,
) -> None:
    page = visitor.page
    await visitor.go("/signin")
    await page.get_by_role("link", name="Забыли пароль?").click()
    await page.get_by_label("Электронная почта или телефон").fill(ADDRESS)
    await page.get_by_role("button", name="Получить код").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Введите код")
    await expect(page.get_by_text("Номер заявки для поддержки:")).to_contain_text(re.compile(r"\d{4}"))
    await page.get_by_text("Код не пришёл?").click()
    await expect(page.get_by_text("Письмо могло попасть в папки «Спам» или «Промо».")).to_be_visible()
    assert await visitor.violations() == []
    await page.get_by_label("Код подтверждения").fill(await visitor.api.code(ADDRESS))
    await page.keyboard.press("Enter")
    await page.get_by_label("Новый пароль").fill("кедр")
    await expect(page.get_by_role("listitem").filter(has_text="— выполнено")).to_have_count(1)
    await page.get_by_role("button", name="Сохранить пароль").click()
    await expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(4)
    assert await visitor.violations() == []
    await page.get_by_label("Новый пароль").fill(NEW_PASSWORD)
    await page.get_by_role("button", name="Сохранить пароль").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Пароль изменён")
    await page.get_by_role("link", name="Войти в кабинет").click()
    await page.get_by_label("Логин").fill(ADDRESS)
    await page.get_by_label("Пароль").fill(NEW_PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Подтвердите вход")


async def test_1_2_12_a_password_that_ends_with_a_blank_opens_the_page_too(visitor: Visitor) -> None:
    page, blank = visitor.page, f" {NEW_PASSWORD} "
    person = Forgetful(visitor.api)
    assert (await person.reset(await person.confirmed(), blank))["success"] is True
    await visitor.go("/signin")
    await page.get_by_label("Логин").fill(ADDRESS)
    await page.get_by_label("Пароль").fill(blank)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Подтвердите вход")


async def test_1_2_7_a_wrong_code_leaves_fewer_tries_and_an_unknown_request_is_said(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go("/recovery")
    await page.get_by_role("button", name="Получить код").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.get_by_label("Электронная почта или телефон").fill("79161234501")
    await page.get_by_role("button", name="Получить код").click()
    code = await visitor.api.code("+79161234501")
    await page.get_by_label("Код подтверждения").fill(f"{(int(code) + 1) % 1_000_000:06d}")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Неверный код")
    await expect(page.get_by_text("Осталось попыток: 4")).to_be_visible()
    await visitor.go("/recovery#flow_00000000000000000000000000000000")
    await expect(page.get_by_text("Эта заявка закончилась")).to_be_visible()
