"""Contacts, sessions and codes from an application in a real browser (1.1.2-12, 3.1-6)."""

import re

import pytest
from playwright.async_api import Page, expect
from pyotp.totp import TOTP

from models.clock import SettableClock
from models.notifications import NotificationKind
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from resolvers.notices import Notice, notify
from storage.database import Author
from tests.api import PASSWORD
from tests.visitor import Visitor, both_sizes

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio

OLD, NEW = "demo-1@nmo.example", "masha@nmo.example"


async def prove(page: Page) -> None:
    """Answer the dialogue that asks who one is."""
    await page.get_by_role("dialog").get_by_label("Пароль").fill(PASSWORD)
    await page.get_by_role("dialog").get_by_role("button", name="Подтвердить").click()


@both_sizes
async def test_1_1_2_12_an_address_is_changed_after_a_proof_and_the_old_one_takes_it_back(
    visitor: Visitor,
) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/profile/contacts")
    await page.get_by_label("Новый адрес").fill("masha@")
    await page.get_by_role("button", name="Сменить адрес").click()
    await prove(page)
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await visitor.violations() == []
    await page.get_by_label("Новый адрес").fill(NEW)
    await page.get_by_role("button", name="Сменить адрес").click()
    await page.get_by_label("Код подтверждения").fill(await visitor.api.code(NEW))
    await page.get_by_role("button", name="Подтвердить").click()
    await expect(page.get_by_text(NEW)).to_be_visible()
    letter = await visitor.api.letter(OLD, "Изменён")
    link = re.search(r"http\S+/revert-contact#\S+", letter)
    assert link
    await page.goto(link[0])
    await page.get_by_role("button", name="Вернуть прежний контакт").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Прежний контакт возвращён")
    assert await visitor.violations() == []
    await visitor.go("/cabinet/profile/contacts")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Вход в кабинет")
    visitor.complaints[:] = [said for said in visitor.complaints if "401" not in said]


@both_sizes
async def test_3_1_6_an_application_is_connected_by_its_picture_and_gives_spare_codes(
    visitor: Visitor, clock: SettableClock
) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/profile/security")
    await page.get_by_role("button", name="Подключить приложение").click()
    await prove(page)
    picture = page.get_by_role("img", name="Картинка для приложения-генератора")
    await expect(picture.locator("path").first).to_be_attached()
    assert await visitor.violations() == []
    secret = await page.locator("code").first.inner_text()
    await page.get_by_label("Код подтверждения").fill(TOTP(secret).at(clock.now()))
    await page.get_by_role("button", name="Включить").click()
    await expect(page.get_by_text("Включены. Запасных кодов осталось: 10.")).to_be_visible()
    await expect(page.locator(".codes code")).to_have_count(10)
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    await page.get_by_role("button", name="Отключить").click()
    await expect(page.get_by_text("Выключены: коды приходят по СМС.")).to_be_visible()


async def test_other_sessions_are_listed_and_closed_and_all_can_be(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in()
    other = await visitor.api.as_demo("demo-1")
    await visitor.go("/cabinet/profile/security")
    close = page.get_by_role("button", name=re.compile("^Завершить сеанс"))
    await expect(close.first).to_be_visible()
    for left in reversed(range(await close.count())):
        await close.first.click()
        await expect(close).to_have_count(left)
    assert (await other.ask("{ viewer { id } }")).code == "UNAUTHENTICATED"
    await page.get_by_role("button", name="Завершить все сеансы и выйти").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Вход в кабинет")
    visitor.complaints[:] = [said for said in visitor.complaints if "401" not in said]


async def test_a_page_whose_session_ran_out_while_it_was_away_asks_to_sign_in(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in()
    await visitor.go("/cabinet/notices")
    await expect(page.get_by_text("Уведомлений пока нет")).to_be_visible()
    await page.context.clear_cookies()
    await page.evaluate("dispatchEvent(new Event('offline')); dispatchEvent(new Event('online'))")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Вход в кабинет")


async def test_1_1_17_a_notice_is_counted_and_shown_at_once_and_read_with_one_press(visitor: Visitor) -> None:
    page, context = visitor.page, Context(visitor.site.ports)
    await visitor.come_in()
    await visitor.go("/cabinet/notices")
    await expect(page.get_by_text("Уведомлений пока нет")).to_be_visible()
    async with context.database.transaction(Author("test", "")) as work:
        account = demo_id("account", 1)
        await notify(
            context, work, account, Notice(NotificationKind.DEADLINE, "Скоро срок", "Осталась неделя.")
        )
    row = page.get_by_role("listitem").filter(has_text="Скоро срок")
    await expect(row).to_contain_text("новое")
    await expect(page.get_by_role("navigation").get_by_text("1 новое")).to_be_visible()
    assert await visitor.violations() == []
    await page.get_by_role("button", name="Прочитано: Скоро срок").click()
    await expect(row).not_to_contain_text("новое")
    await expect(page.get_by_role("navigation").get_by_text("новое")).to_have_count(0)


async def test_1_1_1_28_an_application_shows_its_reasons_and_its_history(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.come_in("demo-4")
    await visitor.go("/cabinet/profile/applications")
    rejected = page.get_by_role("listitem").filter(has_text="Отклонена")
    await expect(rejected.first).to_be_visible()
    await rejected.first.get_by_text("История").click()
    await expect(rejected.first.get_by_role("listitem").last).to_be_visible()
    assert await visitor.violations() == []
