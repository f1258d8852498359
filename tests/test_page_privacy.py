"""Protection of personal data in a real browser: copy, consents, access log, closure (152-FZ; P05..P12)."""

import io
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from anyio import to_thread
from playwright.async_api import Page, expect

from models.terms import TermsKind, current_terms
from tests.api import PASSWORD
from tests.visitor import Visitor, both_sizes

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio


async def arrive(visitor: Visitor) -> Page:
    await visitor.come_in()
    await visitor.go("/cabinet/profile/privacy")
    await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Защита данных")
    return visitor.page


@both_sizes
async def test_p05_a_copy_is_asked_for_appears_by_itself_is_taken_once_and_is_in_the_access_log(
    visitor: Visitor,
) -> None:
    page = await arrive(visitor)
    await expect(page.get_by_text("Кроме вас, данные никто не читал.")).to_be_visible()
    await page.get_by_role("button", name="Запросить копию").click()
    copy = page.get_by_role("listitem").filter(has_text="Копия от")
    await expect(copy).to_contain_text("готова", timeout=20_000)
    await expect(page.get_by_role("row").filter(has_text="Служба выгрузки")).to_have_count(1)
    assert await visitor.violations() == []
    async with page.expect_download() as coming:
        await copy.get_by_role("button", name="Получить").click()
    path = await (await coming.value).path()
    archive = ZipFile(io.BytesIO(await to_thread.run_sync(Path(path).read_bytes)))
    assert "data.json" in archive.namelist()
    await expect(copy).to_contain_text("архив удалён")
    await expect(copy.get_by_role("button")).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


async def test_p07_the_account_is_closed_after_a_proof_and_a_question_and_that_is_called_off(
    visitor: Visitor,
) -> None:
    page = await arrive(visitor)
    await page.get_by_role("button", name="Закрыть учётную запись").click()
    question = page.get_by_role("dialog", name="Закрыть учётную запись?")
    await expect(question).to_contain_text("без возврата")
    assert await visitor.violations() == []
    await question.get_by_role("button", name="Закрыть через 14 дней").click()
    proof = page.get_by_role("dialog", name="Подтвердите, что это вы")
    await proof.get_by_label("Пароль").fill("Wrong-password-1!")
    await page.keyboard.press("Enter")
    await expect(proof.get_by_role("alert")).to_contain_text("Неверный пароль")
    await proof.get_by_label("Пароль").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Учётная запись будет закрыта 8 декабря 2026")).to_be_visible()
    assert await visitor.violations() == []
    await page.reload()
    await page.get_by_role("button", name="Отменить закрытие").click()
    await expect(page.get_by_role("button", name="Закрыть учётную запись")).to_be_visible()
    await expect(page.get_by_text("будет закрыта")).to_have_count(0)


async def test_p10_the_consent_that_the_account_stands_on_is_taken_back_after_a_proof(
    visitor: Visitor,
) -> None:
    page = await arrive(visitor)
    title = current_terms(TermsKind.PERSONAL_DATA).title
    await page.get_by_role("button", name=f"Отозвать: {title}").click()
    await page.get_by_role("dialog").get_by_role("button", name="Отозвать").click()
    proof = page.get_by_role("dialog", name="Подтвердите, что это вы")
    await proof.get_by_label("Пароль").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("listitem").filter(has_text=title)).to_contain_text(
        "отозвано 24 ноября 2026"
    )
    await expect(page.get_by_text("Учётная запись будет закрыта 8 декабря 2026")).to_be_visible()
    assert await visitor.violations() == []


async def test_p10_each_consent_is_given_by_itself_and_taken_back_and_both_stay_written(
    visitor: Visitor,
) -> None:
    page = await arrive(visitor)
    one = page.get_by_role("listitem").filter(
        has=page.get_by_role("button", name=re.compile("Дать согласие: "))
    )
    await one.last.get_by_text("Текст, редакция").click()
    await expect(one.last.locator(".terms p").first).to_be_visible()
    title = await one.last.locator("strong").inner_text()
    await page.get_by_role("button", name=f"Дать согласие: {title}").click()
    mine = page.get_by_role("listitem").filter(has_text=title)
    await expect(mine).to_contain_text(re.compile(r"Редакция .*: дано 24 ноября 2026, 12:00"))
    assert await visitor.violations() == []
    await page.get_by_role("button", name=f"Отозвать: {title}").click()
    await page.get_by_role("dialog").get_by_role("button", name="Отозвать").click()
    await expect(mine).to_contain_text("отозвано 24 ноября 2026, 12:00")
    await expect(page.get_by_role("button", name=f"Дать согласие: {title}")).to_be_visible()
