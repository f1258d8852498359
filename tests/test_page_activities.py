"""The list of events in a real browser: its order and period, and what others do while it is open (3.1)."""

import re

import pytest
from playwright.async_api import expect

from resolvers.demo_catalog import demo_id
from tests.test_activities import CANCEL, ENROLL
from tests.test_activity_changes import UPDATE
from tests.visitor import Visitor, both_sizes

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio

TITLES = """
query ($filter: ActivityFilter) { viewer { activities(first: 20, filter: $filter) { edges { node { title } } } } }
"""
EVENT = f"activity_{demo_id('activity', 131).hex}"


@both_sizes
async def test_3_1_21_what_others_do_is_on_the_open_list_without_a_reload(visitor: Visitor) -> None:
    page = visitor.page
    organizer = await visitor.api.as_demo("provider-12")
    other = await visitor.api.as_demo("demo-2")

    async def change(**wanted: object) -> None:
        payload = (await organizer.data(UPDATE, input={"id": EVENT, **wanted}))["updateActivity"]
        assert payload["errors"] == []

    await change(title="Аритмии у бегунов", places=1)
    await visitor.come_in()
    await visitor.go("/cabinet/activities?q=бегунов")
    row = page.get_by_role("row").filter(has_text="бегунов")
    await expect(row).to_contain_text("Мест: 1")
    await expect(page.get_by_text("Обновляется")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    requests = list[str]()
    page.on("request", lambda request: requests.append(request.url))
    await other.data(ENROLL, id=EVENT)
    await expect(row).to_contain_text("Мест: 0")
    await expect(row).to_have_class("changed")
    assert requests == [], "what is shown came by the stream"
    await row.get_by_role("button", name="В лист ожидания").click()
    await expect(row).to_contain_text("В листе ожидания: 1-й")
    assert await visitor.violations() == []
    await other.data(CANCEL, id=EVENT)
    await expect(row).to_contain_text("Вы записаны")
    await change(title="Аритмии у бегунов и пловцов")
    await expect(row).to_contain_text("бегунов и пловцов")
    await change(cancel=True)
    await expect(row).to_contain_text("Отменено")
    await expect(row.get_by_role("button")).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@both_sizes
async def test_3_1_1_and_3_1_8_the_nearest_come_first_and_a_period_narrows_the_list(visitor: Visitor) -> None:
    page, doctor = visitor.page, await visitor.api.as_demo("demo-1")

    async def titles(**given: object) -> list[str]:
        listed = (await doctor.data(TITLES, filter=given))["viewer"]["activities"]["edges"]
        return [edge["node"]["title"] for edge in listed]

    await visitor.come_in()
    await visitor.go("/cabinet/activities")
    names = page.locator("tbody th")
    await expect(names).to_have_count(20)
    for text, title in zip(await names.all_inner_texts(), await titles(), strict=True):
        assert text.startswith(title)
    await page.get_by_label("Начинаются с").fill("2026-12-01")
    await page.get_by_label("Начинаются по").fill("2026-12-03")
    await expect(page).to_have_url(re.compile("from=2026-12-01&to=2026-12-03"))
    wanted = await titles(date={"from": "2026-12-01", "to": "2026-12-03"})
    assert 0 < len(wanted) < 20
    await expect(names).to_have_count(len(wanted))
    await page.get_by_label("Начинаются по").fill("2026-11-01")
    await expect(page.get_by_role("alert")).to_contain_text("Начало периода позже его конца")
    await expect(names).to_have_count(0)
    assert await visitor.violations() == []
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


async def test_3_1_20_a_place_is_given_back_from_the_list_after_a_question(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in()
    await (await visitor.api.as_demo("demo-1")).data(ENROLL, id=EVENT)
    await visitor.go("/cabinet/activities?mine=1&sort=STARTS_AT&down=1")
    leave = page.get_by_role("button", name="Отменить запись: ").first
    await leave.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Место сразу получит следующий")
    assert await visitor.violations() == []
    await page.keyboard.press("Escape")
    await expect(leave).to_be_focused()
    known = await page.get_by_text("Вы записаны").count()
    await leave.click()
    await dialog.get_by_role("button", name="Отменить запись").click()
    await expect(page.get_by_text("Вы записаны")).to_have_count(known - 1)


async def test_what_happened_while_the_network_was_cut_is_on_the_list_after_it(visitor: Visitor) -> None:
    page = visitor.page
    organizer = await visitor.api.as_demo("provider-12")
    await organizer.data(UPDATE, input={"id": EVENT, "title": "Аритмии у бегунов", "places": 5})
    await visitor.come_in()
    await visitor.go("/cabinet/activities?q=бегунов")
    row = page.get_by_role("row").filter(has_text="бегунов")
    await expect(row).to_contain_text("Мест: 5")
    await expect(page.get_by_text("Обновляется")).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.get_by_text("Нет связи, данные на")).to_be_visible()
    await (await visitor.api.as_demo("demo-2")).data(ENROLL, id=EVENT)
    await page.context.set_offline(False)
    await expect(row).to_contain_text("Мест: 4")
    visitor.complaints[:] = [said for said in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in said]
