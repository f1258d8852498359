"""The thin path in a real browser: sign in, enrol, see progress move, add a document, read the log."""

import re
from datetime import UTC, datetime
from time import monotonic

import pytest
from playwright.async_api import FilePayload, Page, expect

from resolvers.demo_catalog import demo_id
from resolvers.demo_people import element_id
from tests.api import PASSWORD
from tests.visitor import Visitor, both_sizes

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio

COURSE = 5
RECORD = """
mutation ($results: [ResultInput!]!) {
  recordResults(input: {results: $results}) { accepted errors { code message } }
}
"""


async def report_a_lesson(visitor: Visitor, place: int) -> None:
    """A provider's result for one lesson of a course of demo-1."""
    provider = await visitor.api.as_demo(f"provider-{COURSE % 12 + 1}")
    result = {
        "statementId": f"journey-{place}",
        "elementId": f"element_{element_id(demo_id('account', 1), COURSE).hex}",
        "lessonId": f"lesson_{demo_id('lesson', COURSE, 0, 0, place).hex}",
        "verb": "COMPLETED",
        "happenedAt": datetime(2026, 11, 24, 8, tzinfo=UTC).isoformat(),
    }
    receipt = (await provider.data(RECORD, results=[result]))["recordResults"]
    assert receipt == {"accepted": 1, "errors": []}


async def test_3_1_4_and_3_1_7_password_and_code_lead_to_the_activities(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go("/")
    await page.get_by_role("link", name="Войти по логину и паролю").click()
    await page.get_by_label("Логин").fill("demo-1@nmo.example")
    await page.get_by_label("Пароль").fill("Wrong-password-1!")
    await page.get_by_role("button", name="Продолжить").click()
    summary = page.get_by_role("alert")
    await expect(summary).to_contain_text("Неверный логин или пароль")
    await expect(summary).to_be_focused()
    await expect(page).to_have_title(re.compile("^Ошибка: "))
    await page.get_by_label("Пароль").fill(PASSWORD)
    await page.keyboard.press("Enter")
    field = page.get_by_label("Код подтверждения")
    await expect(field).to_be_focused()
    await field.fill(await visitor.api.code("+79161234501"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Образовательные активности")
    assert await page.evaluate("document.cookie") == ""


@both_sizes
async def test_3_1_4_a_password_can_be_looked_at_before_it_is_sent(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go("/signin")
    password = page.get_by_label("Пароль")
    await password.fill("Wrong-password-1!")
    await page.keyboard.press("Tab")
    show = page.get_by_role("checkbox", name="Показать введённое")
    await expect(show).to_be_focused()
    await expect(show).not_to_be_checked()
    await page.keyboard.press("Space")
    await expect(show).to_be_checked()
    await expect(password).to_have_attribute("type", "text")
    await expect(password).to_have_value("Wrong-password-1!")
    assert await visitor.violations() == []
    await password.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(password).to_have_attribute("type", "password")
    await expect(show).not_to_be_checked()


@both_sizes
async def test_3_1_20_one_press_enrols_and_the_filters_stay_in_the_address(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/activities?open=1")
    await expect(page.get_by_text("Показано 20 из")).to_be_visible()
    await page.get_by_label("Вид", exact=True).select_option(label="Вебинар")
    async with page.expect_response("**/graphql"):
        await page.get_by_role("button", name="Название").click()
    await expect(page).to_have_url(re.compile("open=1&type=EVENT_WEBINAR&sort=TITLE"))
    header = page.get_by_role("columnheader", name="Название")
    await expect(header).to_have_attribute("aria-sort", "ascending")
    await page.wait_for_load_state("networkidle")
    enrolled = page.get_by_role("row").filter(has_text="Вы записаны")
    before = await enrolled.count()
    await page.get_by_role("button", name="Записаться").first.click()
    await expect(enrolled).to_have_count(before + 1)


async def test_3_4_1_and_3_4_17_a_result_of_a_provider_is_on_the_open_page_within_a_second(
    visitor: Visitor,
) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet")
    await page.get_by_role("navigation").get_by_role("link", name="Прогресс", exact=True).click()
    card = (
        page.get_by_role("listitem")
        .filter(has=page.get_by_role("heading", level=2))
        .filter(has_text="18 занятий осталось")
    )
    await expect(card).to_have_count(1)
    await expect(page.get_by_text("Обновляется")).to_be_visible()
    await report_a_lesson(visitor, 0)
    committed = monotonic()
    await expect(page.get_by_text("17 занятий осталось")).to_be_visible()
    assert monotonic() - committed < 1.0


async def test_a_cut_network_is_shown_and_nothing_is_lost(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/progress")
    await expect(page.get_by_text("Обновляется")).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.get_by_text("Нет связи, данные на")).to_be_visible()
    await report_a_lesson(visitor, 1)
    await page.context.set_offline(False)
    await expect(page.get_by_text("17 занятий осталось")).to_be_visible()
    await expect(page.get_by_text("Обновляется")).to_be_visible()
    visitor.complaints[:] = [said for said in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in said]


async def test_3_3_4_and_3_3_5_and_3_3_20_a_document_is_sent_checked_and_approved_before_ones_eyes(
    visitor: Visitor,
) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet")
    await page.get_by_role("navigation").get_by_role("link", name="Портфолио").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Портфолио")
    await expect(page.get_by_role("row").nth(1)).to_be_visible()
    known = await page.get_by_role("row").count()
    content = await a_good_pdf(visitor)
    await page.get_by_role("link", name="Добавить документ").click()
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(4)
    await page.get_by_label("Вид документа").select_option(label="Диплом")
    await page.get_by_label("Номер документа").fill("107704 0099887")
    await page.get_by_label("Дата выдачи").fill("30.06.2015")
    await page.get_by_label("Файл").set_input_files(
        {"name": "diploma_2015.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    await page.get_by_role("button", name="Сохранить").click()
    row = page.get_by_role("row").filter(has_text="107704 0099887")
    await expect(row).to_contain_text("Одобрено", timeout=20_000)
    await expect(page.get_by_role("row")).to_have_count(known + 1)
    await page.get_by_role("link", name="Журнал действий").click()
    await expect(page.get_by_text("Документ проверен").first).to_be_visible()
    await expect(page.get_by_text("Журнал цел")).to_be_visible()


async def test_3_3_23_a_refused_document_is_replaced_from_its_row(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/portfolio")
    await expect(page.get_by_text("Для полного портфолио не хватает: Паспорт, СНИЛС, ИНН.")).to_be_visible()
    content = await a_good_pdf(visitor)
    await page.get_by_role("link", name="Добавить документ").click()
    await page.get_by_label("Вид документа").select_option(label="СНИЛС")
    await send_a_file(page, b"%PDF-" + bytes(100))
    refused = page.get_by_role("row").filter(has_text="Требуется исправление")
    await refused.get_by_role("link", name="Загрузить исправленный файл").click(timeout=20_000)
    await expect(page.get_by_text("Замена документа: СНИЛС")).to_be_visible()
    await send_a_file(page, content)
    await expect(page.get_by_role("row").filter(has_text="Заменён")).to_have_count(1)
    await expect(page.get_by_text("не хватает: Паспорт, ИНН.")).to_be_visible(timeout=20_000)


async def send_a_file(page: Page, content: bytes) -> None:
    await page.get_by_label("Номер документа").fill("112-233-445 95")
    await page.get_by_label("Дата выдачи").fill("30.06.2015")
    file = FilePayload(name="snils_2015.pdf", mimeType="application/pdf", buffer=content)
    await page.get_by_label("Файл").set_input_files(file)
    await page.get_by_role("button", name="Сохранить").click()


async def a_good_pdf(visitor: Visitor) -> bytes:
    """The bytes of a document that the product has approved: a real PDF."""
    link = await visitor.page.get_by_role("link", name=re.compile(r"\.pdf$")).first.get_attribute("href")
    return await (await visitor.page.context.request.get(link or "")).body()


@pytest.mark.parametrize("file", ["malware.exe", "photo_2023.gif"])
async def test_3_3_10_a_wrong_file_is_named_before_anything_is_sent(visitor: Visitor, file: str) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/portfolio/new")
    await page.get_by_label("Файл").set_input_files(
        {"name": file, "mimeType": "application/x-other", "buffer": b"x"}
    )
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_role("alert")).to_contain_text(f"Файл {file} не подходит: нужен PDF, JPG, PNG")


async def test_signing_out_ends_the_session_on_the_page_and_on_the_server(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/activities")
    await page.get_by_role("button", name="Выйти").click()
    await expect(page.get_by_role("link", name="Войти по логину и паролю")).to_be_visible()
    await visitor.go("/cabinet/activities")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Вход в кабинет")
    visitor.complaints[:] = [said for said in visitor.complaints if "401" not in said]
