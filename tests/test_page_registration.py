"""Registration in a real browser: the form, the code, the letter and its page (1.1, 1.1.2)."""

import json
import re
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from models.clock import SettableClock
from models.personal_form import REGISTRATION_FORM, FieldKind
from tests.registering import FORM, Newcomer
from tests.visitor import PHONE, Visitor, both_sizes

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio

EMAIL = FORM["email"]
MOBILE = f"+{FORM['phone']}"


async def fill_in(page: Page) -> None:
    labels = {
        "Фамилия": FORM["lastName"],
        "Имя": FORM["firstName"],
        "ИНН": FORM["inn"],
        "Контактный телефон": FORM["phone"],
        "Электронная почта": EMAIL,
        "Пароль": FORM["password"],
    }
    for label, value in labels.items():
        await page.get_by_label(label, exact=True).fill(value)
    await page.get_by_label("Отчество").fill(FORM["middleName"])
    await page.get_by_label("Принимаю правила пользования").check()


async def registered(visitor: Visitor) -> Page:
    """At the screen that waits for the contacts."""
    page = visitor.page
    await visitor.go("/registration")
    await fill_in(page)
    await page.get_by_role("button", name="Зарегистрироваться").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Подтвердите контакты")
    return page


async def test_1_1_1_15_what_must_be_filled_in_has_a_star(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go("/registration")
    await expect(page.get_by_text("Поля со звёздочкой обязательны.")).to_be_visible()
    labels = page.locator(".field > label")
    starred = await labels.evaluate_all(
        "all => all.filter(one => getComputedStyle(one, '::after').content.includes('*')).map(one => one.textContent)"
    )
    assert starred == [
        *(rule.label for rule in REGISTRATION_FORM if rule.required and rule.kind is FieldKind.TEXT),
        "Принимаю правила пользования",
    ]


async def test_p15_the_consent_to_personal_data_has_a_tick_of_its_own_that_nobody_has_set(
    visitor: Visitor,
) -> None:
    page = visitor.page
    await visitor.go("/registration")
    await fill_in(page)
    consent = page.get_by_label("Согласен на обработку персональных данных")
    await expect(consent).not_to_be_checked()
    await consent.check()
    async with page.expect_request(lambda request: "registerAccount" in (request.post_data or "")) as sent:
        await page.get_by_role("button", name="Зарегистрироваться").click()
    said = json.loads((await sent.value).post_data or "")["variables"]["input"]
    assert (said["acceptTerms"], said["acceptPersonalData"]) == (True, True)


@both_sizes
async def test_1_1_5_the_start_page_leads_to_registration_which_names_all_mistakes_at_once(
    visitor: Visitor,
) -> None:
    page = visitor.page
    await visitor.go("/")
    await page.get_by_role("link", name="Регистрация").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Регистрация")
    await page.get_by_role("button", name="Зарегистрироваться").click()
    summary = page.get_by_role("alert")
    await expect(summary.get_by_role("listitem")).to_have_count(7)
    await expect(summary).to_be_focused()
    assert await visitor.violations() == []
    await summary.get_by_role("link").first.click()
    await expect(page.get_by_label("Фамилия")).to_be_focused()
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


async def test_1_1_10_the_rules_of_the_password_are_ticked_while_it_is_typed(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go("/registration")
    rules = page.get_by_role("list").get_by_role("listitem")
    await expect(rules).to_have_count(5)
    await expect(rules.filter(has_text=re.compile("— выполнено"))).to_have_count(0)
    await page.get_by_label("Пароль", exact=True).fill("кедр7")
    await expect(rules.filter(has_text=re.compile("— выполнено"))).to_have_text(
        [re.compile("строчную"), re.compile("цифру")]
    )
    await page.get_by_label("Пароль", exact=True).fill("Кедр-и-сосна-7")
    await expect(rules.filter(has_text=re.compile("— выполнено"))).to_have_count(5)


async def test_1_1_9_a_guessed_phone_is_put_right_with_one_press(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go("/registration")
    await fill_in(page)
    await page.get_by_label("Контактный телефон").fill("8 (903) 111-22-33")
    await page.get_by_role("button", name="Зарегистрироваться").click()
    await page.get_by_role("button", name="Исправить на «79031112233»").click()
    await expect(page.get_by_label("Контактный телефон")).to_have_value("79031112233")
    await page.get_by_role("button", name="Зарегистрироваться").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Подтвердите контакты")


async def test_1_1_12_and_1_2_2_a_code_confirms_the_phone_and_the_person_signs_in(visitor: Visitor) -> None:
    page = await registered(visitor)
    await expect(page.get_by_label("Код подтверждения")).to_be_focused()
    await expect(page.get_by_text("Осталось попыток: 5")).to_be_visible()
    await expect(page.get_by_text(re.compile(r"Код действует ещё (10:00|9:5\d)"))).to_be_visible()
    assert await visitor.violations() == []
    code = await visitor.api.code(MOBILE)
    await page.get_by_label("Код подтверждения").fill(f"{(int(code) + 1) % 1_000_000:06d}")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Неверный код")
    await expect(page.get_by_text("Осталось попыток: 4")).to_be_visible()
    await page.reload()
    await page.get_by_label("Код подтверждения").fill(f"{code[:3]} {code[3:]}")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Телефон подтверждён, учётная запись создана.")).to_be_visible()
    await page.get_by_role("link", name="Войти в кабинет").click()
    await page.get_by_label("Логин").fill(FORM["phone"])
    await page.get_by_label("Пароль").fill(FORM["password"])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Подтвердите вход")


@pytest.mark.parametrize("visitor", [PHONE], indirect=True, ids=["phone"])
async def test_1_1_2_6_the_waiting_screen_names_the_folders_and_sends_again(
    visitor: Visitor, clock: SettableClock
) -> None:
    page, person = await registered(visitor), Newcomer(visitor.api)
    await expect(page.get_by_text("«Входящие», «Спам» и «Промо»")).to_be_visible()
    first = await person.token()
    await page.get_by_role("button", name="Отправить письмо ещё раз").click()
    await expect(page.get_by_text("Отправить снова можно через")).to_be_visible()
    clock.advance(timedelta(seconds=61))
    await page.reload()
    await page.get_by_role("button", name="Отправить письмо ещё раз").click()
    await expect(page.get_by_text("Отправлено ещё раз.")).to_be_visible()
    await page.get_by_role("button", name="Отправить код ещё раз").click()
    await expect(page.get_by_text("Отправлено ещё раз.")).to_have_count(2)
    assert await person.token() != first
    assert await visitor.violations() == []


async def test_1_1_2_7_and_1_1_2_8_the_button_of_the_letter_leads_to_a_page_that_activates(
    visitor: Visitor,
) -> None:
    page = await registered(visitor)
    await Newcomer(visitor.api).token()
    letter = next(each for each in visitor.api.outbox().messages() if each.to == EMAIL)
    assert letter.subject.startswith("НМО")
    button = re.search(r'<a href="([^"]+)"[^>]*>\s*Подтвердить адрес\s*</a>', letter.html)
    assert button
    other = await page.context.new_page()
    await other.goto(button[1])
    assert "Учётная запись успешно активирована" not in await other.content()
    await other.get_by_role("button", name="Подтвердить адрес").click()
    await expect(other.get_by_role("heading", level=1)).to_have_text("Учётная запись успешно активирована")
    await other.goto("about:blank")
    await other.goto(button[1])
    await other.get_by_role("button", name="Подтвердить адрес").click()
    await expect(other.get_by_role("alert")).to_contain_text("Адрес уже подтверждён")
    await page.evaluate("dispatchEvent(new Event('focus'))")
    await expect(page.get_by_text("Адрес электронной почты подтверждён.")).to_be_visible()
