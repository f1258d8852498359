"""The tab «Прогресс» in a real browser: filters in the address, the plan, thresholds (3.4-11 .. 3.4-20)."""

import json
import re
from datetime import date

import pytest
from playwright.async_api import Page, expect

from models.plan import PlanCycle
from resolvers.demo_catalog import demo_id
from storage.database import Author
from tests.api import Api, Json
from tests.test_elements import course
from tests.test_page_journey import report_a_lesson
from tests.test_plan import plans
from tests.test_progress_filters import COURSES
from tests.test_thresholds import common, threshold, thresholds
from tests.visitor import Visitor, both_sizes

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio

TITLE = "Внебольничная пневмония: основы"
TITLES = COURSES.replace("id updatedAt course {", "id updatedAt course { title")


async def fits_the_screen(visitor: Visitor) -> None:
    assert await visitor.violations() == []
    assert await visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


async def titles(doctor: Api, **given: object) -> list[str]:
    listed = (await doctor.data(TITLES, filter=given, first=100))["viewer"]["progress"]["courses"]["edges"]
    return sorted(edge["node"]["course"]["title"] for edge in listed)


async def shown(page: Page) -> list[str]:
    return sorted(await page.locator("li.course h2").all_inner_texts())


@both_sizes
async def test_3_4_11_and_3_4_12_and_3_4_13_courses_are_narrowed_and_the_address_keeps_it(
    visitor: Visitor,
) -> None:
    page, doctor = visitor.page, await visitor.api.as_demo("demo-1")
    await visitor.come_in()
    await visitor.go("/cabinet/progress")
    await expect(page.locator("li.course").first).to_be_visible()
    everything = await titles(doctor)
    assert await shown(page) == everything
    for name, label, argument, words in (
        ("level", "Уровень сложности", "difficulties", {"BASIC": "Базовый", "ADVANCED": "Продвинутый"}),
        ("type", "Вид обучения", "courseTypes", {"PROGRAM_DPP": "Программа ДПО"}),
    ):
        for value, word in words.items():
            await page.get_by_label(label).select_option(label=word)
            await expect(page).to_have_url(re.compile(f"{name}={value}"))
            wanted = await titles(doctor, **{argument: [value]})
            await expect(page.get_by_text(f"Показано {len(wanted)} из {len(everything)}")).to_be_visible()
            assert await shown(page) == wanted
        await page.get_by_label(label).select_option(label="Любой")
    days = [edge["updatedAt"][:10] for edge in await rows(doctor)]
    await page.get_by_label("Изменялись с").fill(max(days))
    await page.reload()
    await expect(page.get_by_label("Изменялись с")).to_have_value(max(days))
    await expect(page.locator("li.course").first).to_be_visible()
    assert await shown(page) == await titles(doctor, date={"from": max(days)})
    await fits_the_screen(visitor)
    await page.get_by_label("Изменялись по").fill("2020-01-01")
    await expect(page.get_by_role("alert")).to_contain_text("Начало периода позже его конца")
    await expect(page.get_by_label("Изменялись по")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("Изменялись с").fill("")
    await page.get_by_role("button", name="Сбросить фильтры").click()
    await expect(page.locator("li.course")).to_have_count(len(everything))


async def rows(doctor: Api) -> list[Json]:
    edges = (await doctor.data(COURSES, filter={}, first=100))["viewer"]["progress"]["courses"]["edges"]
    return [edge["node"] for edge in edges]


async def test_3_4_14_the_report_holds_what_the_filters_leave(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/progress?level=BASIC")
    await expect(page.locator("li.course").first).to_be_visible()
    async with page.expect_request("**/graphql") as asked:
        await page.get_by_role("button", name="Экспорт CSV").click()
    variables: Json = json.loads((await asked.value).post_data or "")["variables"]
    assert variables["input"] == {
        "kind": "PROGRESS",
        "progressFilter": {"difficulties": ["BASIC"]},
        "format": "CSV",
    }
    await expect(page.get_by_role("button", name="Экспорт CSV")).to_be_enabled()


@both_sizes
async def test_3_4_20_the_plan_says_what_is_lacking_by_when_and_keeps_closed_cycles(visitor: Visitor) -> None:
    page, doctor = visitor.page, await visitor.api.as_demo("demo-1")
    async with visitor.site.ports.database.transaction(Author("test", "")) as work:
        work.session.add(
            PlanCycle(
                id=demo_id("cycle", 99),
                account_id=demo_id("account", 1),
                specialty="Терапия",
                starts_on=date(2017, 3, 1),
                ends_on=date(2022, 3, 1),
            )
        )
    known = len([plan for plan in await plans(doctor) if not plan["closed"]])
    await visitor.come_in()
    await visitor.go("/cabinet/progress")
    await page.get_by_role("link", name="План").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("План")
    await expect(page.get_by_role("button", name=re.compile("^Больше не вести"))).to_have_count(known)
    closed = page.get_by_role("region", name="Закрытые циклы")
    await expect(closed.get_by_role("listitem").filter(has_text="Терапия").first).to_contain_text(
        "Цикл закрыт"
    )
    await expect(closed.get_by_role("button")).to_have_count(0)
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_role("alert")).to_contain_text("Укажите начало цикла")
    await page.get_by_label("Специальность").fill("Кардиология и ещё что-то")
    await page.get_by_label("Начало цикла").fill("2022-03-01")
    await page.get_by_role("button", name="Сохранить").click()
    fresh = page.get_by_role("listitem").filter(has_text="Кардиология и ещё что-то")
    await expect(fresh).to_contain_text("72 часа по программам ДПП ПК — до 1 марта 2027")
    await expect(fresh).to_contain_text("0 из 144 часов")
    await expect(fresh).to_contain_text("72 часа любого вида — до 1 марта 2027")
    await expect(fresh.locator(".notice")).to_be_visible()
    await fits_the_screen(visitor)
    await fresh.get_by_role("button", name=re.compile("^Больше не вести")).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Результаты обучения останутся")
    await dialog.get_by_role("button", name="Больше не вести").click()
    await expect(fresh).to_have_count(0)


@both_sizes
async def test_3_4_18_and_3_4_19_thresholds_of_three_kinds_are_seen_set_reached_and_removed(
    visitor: Visitor,
) -> None:
    page, doctor = visitor.page, await visitor.api.as_demo("demo-1")
    author = await visitor.api.as_demo("provider-6")
    assert (await common(author, "COURSE_PERCENT", 90, courseId=course(5)))["errors"] == []
    await visitor.come_in()
    await visitor.go("/cabinet/progress/thresholds")
    authors = page.get_by_role("region", name="Пороги авторов курсов")
    await expect(authors).to_contain_text(f"Пройдено 90 % в курсе «{TITLE}»")
    await expect(authors.get_by_role("button")).to_have_count(0)
    own = page.get_by_role("region", name="Мои пороги")
    await page.get_by_role("button", name="Сохранить порог").click()
    await expect(page.get_by_role("alert")).to_contain_text("Введите число")
    await page.get_by_label("Значение").fill("500")
    await page.get_by_role("button", name="Сохранить порог").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    await page.get_by_label("В каком курсе").select_option(label=TITLE)
    await page.get_by_label("Значение").fill("0,5")
    await page.get_by_role("button", name="Сохранить порог").click()
    line = own.get_by_role("listitem").filter(has_text=f"Пройдено 0,5 % в курсе «{TITLE}»")
    await expect(line).to_be_visible()
    await fits_the_screen(visitor)
    await page.get_by_label("Что измерять").select_option(label="Модули по всем курсам")
    await expect(page.get_by_label("В каком курсе")).to_have_count(0)
    await line.get_by_role("button", name=re.compile("^Удалить порог")).click()
    await expect(line).to_have_count(0)
    assert [one["source"] for one in await thresholds(doctor)].count("USER") == 0


async def test_3_4_18_a_threshold_that_is_reached_is_marked_on_the_open_screen(visitor: Visitor) -> None:
    page, doctor = visitor.page, await visitor.api.as_demo("demo-1")
    assert (await threshold(doctor, "COURSE_PERCENT", 1))["errors"] == []
    await visitor.come_in()
    await visitor.go("/cabinet/progress/thresholds")
    own = page.get_by_role("region", name="Мои пороги")
    await expect(own.get_by_role("listitem")).to_contain_text("ещё впереди")
    await report_a_lesson(visitor, 0)
    await expect(own.get_by_role("listitem")).to_contain_text("достигнут 24 ноября 2026, 12:00")
