"""Notices through the public API: the list, the count, reading, ways, live (1.1-17)."""

import asyncio

import pytest

from models.clock import SettableClock
from tests.api import PASSWORD, Api, Json, eventually, once
from tests.attack.test_contacts import RENEW
from tests.attack.test_totp import by_totp
from tests.changing import change, confirm
from tests.forms import SUBMIT, form, send
from tests.product import Product, live
from tests.registering import FORM, Newcomer
from tests.signing_in import CHANGE_PASSWORD, EMAIL, enable_totp, sign_in
from tests.test_register_check import settled

pytestmark = pytest.mark.anyio

LIST = """
query ($unread: Boolean! = false) { viewer { unreadNotifications settings { notifyByEmail notifyInCabinet }
  notifications(unreadOnly: $unread) { totalCount edges { node { id kind title body readAt emailedAt subject } } }
} }
"""
READ = """
mutation ($id: ID!) { markNotificationRead(id: $id) { notification { id readAt } errors { code path } } }
"""
DISABLE = "mutation { disableTotp { errors { code } } }"
READ_ALL = "mutation { markAllNotificationsRead { read errors { code } } }"
SETTINGS = """
mutation ($input: SettingsInput!) { updateSettings(input: $input) {
  settings { notifyByEmail notifyInCabinet } errors { code }
} }
"""
LIVE = """
subscription ($after: Cursor) { notifications(after: $after) {
  __typename
  ... on NotificationSnapshot { cursor unread notifications { id } }
  ... on NotificationDelta { cursor unread id notification { kind title readAt } }
} }
"""


@pytest.fixture
async def doctor(api: Api) -> Api:
    return await api.as_demo("demo-4")


async def seen(doctor: Api, *, unread: bool = False) -> Json:
    found: Json = (await doctor.data(LIST, unread=unread))["viewer"]
    return found


def nodes(found: Json) -> list[Json]:
    return [edge["node"] for edge in found["notifications"]["edges"]]


async def test_1_1_17_a_notice_of_the_check_is_listed_counted_and_read(doctor: Api, api: Api) -> None:
    await send(doctor)
    await settled(doctor, "VERIFIED")
    found = await seen(doctor)
    (notice,) = nodes(found)
    assert (found["unreadNotifications"], notice["kind"], notice["readAt"]) == (1, "DATA_UPDATED", None)
    stranger = await api.as_demo("demo-1")
    foreign = (await stranger.data(READ, id=notice["id"]))["markNotificationRead"]
    assert foreign["errors"] == [{"code": "NOT_FOUND", "path": ["id"]}]
    for _ in range(2):
        read = (await doctor.data(READ, id=notice["id"]))["markNotificationRead"]
        assert (read["errors"], bool(read["notification"]["readAt"])) == ([], True)
    assert (await seen(doctor))["unreadNotifications"] == 0
    assert nodes(await seen(doctor, unread=True)) == []
    assert (
        await stranger.ask("query ($id: ID!) { node(id: $id) { id } }", id=notice["id"])
    ).code == "NOT_FOUND"


async def test_1_1_17_a_notice_comes_by_letter_once(doctor: Api) -> None:
    await send(doctor, passportNumber="123431")
    await settled(doctor, "DATA_REJECTED")
    letters = await eventually(
        lambda: [letter for letter in doctor.outbox().messages() if letter.to == "demo-4@nmo.example"]
    )
    assert [letter.subject for letter in letters] == ["Персональные данные не подтверждены"]
    await once(lambda: seen(doctor), lambda found: bool(nodes(found)[0]["emailedAt"]))


async def test_1_1_17_the_ways_are_chosen(doctor: Api) -> None:
    chosen = await doctor.data(SETTINGS, input={"notifyByEmail": False, "notifyInCabinet": False})
    assert chosen["updateSettings"] == {
        "settings": {"notifyByEmail": False, "notifyInCabinet": False},
        "errors": [],
    }
    await send(doctor)
    await settled(doctor, "VERIFIED")
    found = await seen(doctor)
    assert found["settings"] == {"notifyByEmail": False, "notifyInCabinet": False}
    assert nodes(found) == []
    one = await doctor.data(SETTINGS, input={"notifyInCabinet": True})
    assert one["updateSettings"]["settings"] == {"notifyByEmail": False, "notifyInCabinet": True}
    assert [letter for letter in doctor.outbox().messages() if letter.to == "demo-4@nmo.example"] == []


async def test_1_1_17_the_first_choice_sent_four_times_at_once_is_one(doctor: Api) -> None:
    answers = await asyncio.gather(*(doctor.data(SETTINGS, input={"notifyByEmail": False}) for _ in range(4)))
    settings = {"notifyByEmail": False, "notifyInCabinet": True}
    assert [answer["updateSettings"] for answer in answers] == [{"settings": settings, "errors": []}] * 4


async def test_1_1_17_all_are_read_at_once(doctor: Api) -> None:
    for number in ("123431", "123432"):
        await send(doctor, passportNumber=number)
        await once(
            lambda: settled(doctor, "DATA_REJECTED"), lambda found: bool(found["profile"]["mismatches"])
        )
    assert (await doctor.data(READ_ALL))["markAllNotificationsRead"] == {"read": 2, "errors": []}
    assert (await doctor.data(READ_ALL))["markAllNotificationsRead"]["read"] == 0


async def test_1_1_17_notices_arrive_live(product: Product) -> None:
    token = product.token("demo-4")
    async with live(product.url, token) as connection:
        await connection.subscribe(LIVE)
        first = await connection.event("notifications")
        assert (first["__typename"], first["unread"]) == ("NotificationSnapshot", 0)
        await asyncio.to_thread(product.ask, SUBMIT, token, input=form())
        async with asyncio.timeout(10):
            came = await connection.event("notifications")
        assert (came["unread"], came["notification"]["kind"]) == (1, "DATA_UPDATED")
        await asyncio.to_thread(product.ask, READ, token, id=came["id"])
        async with asyncio.timeout(5):
            read = await connection.event("notifications")
        assert (read["unread"], read["id"]) == (0, came["id"])
        assert read["notification"]["readAt"]


async def test_1_1_17_what_is_done_to_the_account_rings_in_the_cabinet_as_well(
    api: Api, clock: SettableClock
) -> None:
    owner = await sign_in(api)
    await enable_totp(owner, clock)
    assert (await owner.data(DISABLE))["disableTotp"]["errors"] == []
    change_id, code = await change(owner, "new@nmo.example")
    assert (await confirm(owner, change_id, code))["errors"] == []
    changed = await owner.data(CHANGE_PASSWORD, old=PASSWORD, new="Новый-пароль-7")
    assert changed["changePassword"]["success"]
    titles = {node["title"] for node in nodes(await seen(owner)) if node["kind"] == "SECURITY"}
    assert titles >= {
        "Вход по приложению включён",
        "Вход по приложению отключён",
        "Изменён адрес электронной почты",
        "Пароль изменён",
    }


async def test_1_1_17_spare_codes_that_are_renewed_or_spent_are_told_in_the_cabinet_and_by_letter(
    api: Api, clock: SettableClock
) -> None:
    owner = await sign_in(api)
    await enable_totp(owner, clock)
    codes = (await owner.data(RENEW))["renewRecoveryCodes"]["recoveryCodes"]
    assert (await by_totp(api, codes[0], "RECOVERY_CODE"))["signedIn"]
    told = {node["title"]: node["body"] for node in nodes(await seen(owner))}
    assert "прежние больше не действуют" in told["Запасные коды заменены"]
    assert "осталось: 9" in told["Вход по запасному коду"]

    async def subjects() -> set[str]:
        return {letter.subject for letter in owner.outbox().messages() if letter.to == EMAIL}

    await once(subjects, lambda sent: sent >= {"Запасные коды заменены", "Вход по запасному коду"})


async def test_1_1_17_all_sections_are_said_to_be_open_only_when_they_are(api: Api) -> None:
    person = Newcomer(api)
    flow = await person.begin()
    await person.by_code(flow, await api.code(f"+{FORM['phone']}"))
    caller = await person.signed_in(f"+{FORM['phone']}")
    own = {name: FORM[name] for name in ("lastName", "firstName", "middleName", "inn", "phone", "email")}
    assert (await caller.data(SUBMIT, input=form(4, **own)))["submitPersonalData"]["errors"] == []
    await settled(caller, "VERIFIED")
    told = next(node for node in nodes(await seen(caller)) if node["title"].endswith("подтверждены"))
    assert told["body"] == "Ваши данные совпали с государственным реестром."
