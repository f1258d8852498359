"""One's education in a real browser: choosing from the catalogue, saving, removing with a warning (3.2)."""

import re

import pytest
from playwright.async_api import expect

from tests.visitor import Visitor, both_sizes

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio


@both_sizes
async def test_3_2_3_and_3_2_5_what_is_chosen_in_the_catalogue_is_added_by_saving_alone(
    visitor: Visitor,
) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet")
    await page.get_by_role("navigation").get_by_role("link", name="Образование", exact=True).click()
    await expect(page.get_by_role("row").nth(1)).to_be_visible()
    known = await page.get_by_role("row").count()
    assert await visitor.violations() == []
    await page.get_by_role("link", name="Добавить").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Каталог обучения")
    boxes = page.get_by_role("checkbox", disabled=False)
    await expect(boxes.first).to_be_visible()
    assert await visitor.violations() == []
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_role("alert")).to_contain_text("Отметьте хотя бы один элемент")
    await boxes.nth(0).check()
    await boxes.nth(1).check()
    await expect(page.get_by_text("Выбрано: 2")).to_be_visible()
    await page.get_by_role("link", name="Отменить").click()
    await expect(page.get_by_role("row")).to_have_count(known)
    await page.get_by_role("link", name="Добавить").click()
    await boxes.nth(0).check()
    await boxes.nth(1).check()
    await expect(page.get_by_text("Выбрано: 2")).to_be_visible()
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_role("row")).to_have_count(known + 2)
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


async def test_3_2_8_and_3_2_14_each_element_has_a_button_that_warns_before_it_removes(
    visitor: Visitor,
) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/education")
    buttons = page.get_by_role("button", name=re.compile("^Удалить: "))
    await expect(buttons.first).to_be_visible()
    known = await page.get_by_role("row").count()
    assert await buttons.count() == known - 1
    await buttons.last.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("будут безвозвратно удалены оценки")
    assert await visitor.violations() == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("row")).to_have_count(known)
    await expect(buttons.last).to_be_focused()
    await buttons.last.click()
    await dialog.get_by_role("button", name="Удалить безвозвратно").click()
    await expect(page.get_by_role("row")).to_have_count(known - 1)
    await expect(dialog).to_have_count(0)
