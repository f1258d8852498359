"""Password recovery and support through the public API."""

from datetime import timedelta

import pytest

from models.clock import SettableClock
from tests.api import PASSWORD, Api, Json
from tests.recovering import ADDRESS, NEW_PASSWORD, PHONE, Forgetful
from tests.registering import Newcomer, codes, wrong

pytestmark = pytest.mark.anyio


@pytest.fixture
def person(api: Api) -> Forgetful:
    return Forgetful(api)


async def test_1_2_4_and_1_2_6_and_1_2_12_and_1_2_19_by_an_address_to_a_new_password(
    person: Forgetful,
) -> None:
    session = await person.api.as_demo("demo-1")
    answer = await person.request(ADDRESS)
    flow = answer["flow"]
    assert (flow["state"], flow["maskedContact"], flow["attemptsLeft"]) == (
        "CODE_SENT",
        "d***@nmo.example",
        5,
    )
    confirmed = await person.confirm(flow["id"], await person.api.code(ADDRESS))
    assert confirmed["flow"]["state"] == "CODE_CONFIRMED"
    done = await person.reset(flow["id"])
    assert (done["success"], done["errors"]) == (True, [])
    assert done["sessionsClosed"] >= 1
    assert (await session.ask("{ viewer { id } }")).code == "UNAUTHENTICATED"
    login = Newcomer(person.api)
    assert codes(await login.login(ADDRESS, PASSWORD)) == [("CREDENTIALS_WRONG", ["password"])]
    assert (await login.login(ADDRESS, NEW_PASSWORD))["errors"] == []


async def test_1_2_1_and_1_2_2_and_1_2_5_and_1_2_16_and_1_2_17_and_1_2_18_by_a_phone_through_the_other_channel(
    person: Forgetful,
) -> None:
    flow = (await person.request(PHONE, "GOSUSLUGI"))["flow"]
    assert (flow["channel"], flow["maskedContact"]) == ("GOSUSLUGI", "+7********01")
    assert (await person.confirm(flow["id"], await person.api.code(f"+{PHONE}")))["errors"] == []
    weak = codes(await person.reset(flow["id"], "кедр"))
    names = ("PASSWORD_TOO_SHORT", "PASSWORD_NO_UPPER", "PASSWORD_NO_DIGIT", "PASSWORD_NO_SPECIAL")
    assert weak == [(name, ["newPassword"]) for name in names]
    assert (await person.reset(flow["id"]))["success"] is True
    assert await Newcomer(person.api).signed_in(PHONE, NEW_PASSWORD, PHONE)


@pytest.mark.parametrize(
    ("typed", "told", "hint"),
    [
        ("89161234501", "код", "79161234501"),
        ("+7 (916) 123-45-01", "цифрами", "79161234501"),
        ("x", "цифрами", None),
        ("demo-1.nmo.example", "@", None),
        ("demo-1@nmo,example", "@", "demo-1@nmo.example"),
    ],
)
async def test_a5_a_mistyped_contact_is_told_as_what_it_was_meant_to_be(
    person: Forgetful, typed: str, told: str, hint: str | None
) -> None:
    (error,) = (await person.request(typed))["errors"]
    assert (error["code"], error["path"], error["hint"]) == ("INVALID_FORMAT", ["contact"], hint)
    assert told in error["message"]


async def test_a5_an_empty_contact_may_become_a_phone_or_an_address(api: Api) -> None:
    asked = 'mutation { requestPasswordRecovery(contact: " ") { errors { code ... on FieldError { expected } } } }'
    assert (await api.data(asked))["requestPasswordRecovery"]["errors"] == [
        {"code": "REQUIRED", "expected": "79161234567 или ivanov@example.ru"}
    ]


async def test_1_2_7_wrong_worn_out_late_and_used_codes_differ(
    person: Forgetful, clock: SettableClock
) -> None:
    flow = await person.begin()
    code = await person.api.code(ADDRESS)
    for left in (4, 3, 2, 1, 0):
        (error,) = (await person.confirm(flow, wrong(code)))["errors"]
        assert (error["code"], error["attemptsLeft"]) == ("CODE_WRONG", left)
    assert codes(await person.confirm(flow, code)) == [("CODE_ATTEMPTS_EXHAUSTED", ["code"])]
    used = await person.confirmed(PHONE)
    assert codes(await person.confirm(used, "000000")) == [("CODE_USED", ["code"])]
    clock.advance(timedelta(minutes=20))
    late = await person.begin()
    clock.advance(timedelta(minutes=10))
    assert codes(await person.confirm(late, "000000")) == [("CODE_EXPIRED", ["code"])]


async def test_1_1_16_a_recovery_whose_tries_are_spent_is_a_refused_application(person: Forgetful) -> None:
    owner = await person.api.as_demo("demo-1")
    question = """{ viewer { applications(filter: { kinds: [PASSWORD_RECOVERY] }) { edges { node {
        status cancellable reasons history { status } } } } } }"""

    async def shown() -> list[Json]:
        return [edge["node"] for edge in (await owner.data(question))["viewer"]["applications"]["edges"]]

    flow = await person.begin()
    code = await person.api.code(ADDRESS)
    for _ in range(4):
        await person.confirm(flow, wrong(code))
    assert (await shown())[0]["status"] == "NEW"
    answer = await person.confirm(flow, wrong(code))
    assert answer["errors"][0]["code"] == "CODE_WRONG"
    (worn_out,) = await shown()
    assert [line["status"] for line in worn_out.pop("history")] == ["NEW", "REJECTED"]
    reasons = ["Код введён неверно пять раз. Запросите восстановление ещё раз."]
    assert worn_out == {"status": "REJECTED", "cancellable": False, "reasons": reasons}
    await person.begin()  # the newer one takes nothing away from what is over
    assert sorted(each["status"] for each in await shown()) == ["NEW", "REJECTED"]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Kedr-4", "PASSWORD_TOO_SHORT"),
        ("kedr-i-sosna-47", "PASSWORD_NO_UPPER"),
        ("KEDR-I-SOSNA-47", "PASSWORD_NO_LOWER"),
        ("Kedr-i-sosna", "PASSWORD_NO_DIGIT"),
        ("Kedrisosna47", "PASSWORD_NO_SPECIAL"),
        (PASSWORD, "PASSWORD_REUSED"),
    ],
)
async def test_1_2_8_and_1_2_9_and_1_2_10_and_1_2_11_each_rule_is_named(
    person: Forgetful, password: str, code: str
) -> None:
    flow = await person.confirmed()
    assert codes(await person.reset(flow, password)) == [(code, ["newPassword"])]


async def test_1_2_15_an_unknown_contact_gets_the_same_answer_and_no_message(person: Forgetful) -> None:
    known, unknown = await person.request(ADDRESS), await person.request("nobody@nmo.example")
    for answer in (known, unknown):
        del answer["flow"]["id"], answer["flow"]["number"], answer["flow"]["maskedContact"]
    assert known == unknown
    await person.api.code(ADDRESS)
    assert [message.to for message in person.api.outbox().messages()] == [ADDRESS]


async def test_1_2_2_the_password_waits_for_the_code(person: Forgetful) -> None:
    (error,) = (await person.reset(await person.begin()))["errors"]
    assert (error["code"], error["missing"]) == ("STEP_REQUIRED", ["CONFIRM_EMAIL"])


async def test_1_2_20_and_1_2_23_there_are_hints_and_a_number_for_support(person: Forgetful) -> None:
    flow = (await person.request(ADDRESS))["flow"]
    assert flow["number"].startswith("НМО-2026-")
    assert any("контакт указан верно" in hint for hint in flow["hints"])
    support = """mutation ($number: String) { contactSupport(input: {
        applicationNumber: $number, contact: "79161234501", message: "Код не пришёл" }) { number errors { code } } }"""
    answer = (await person.api.data(support, number=flow["number"]))["contactSupport"]
    assert answer["errors"] == []
    assert answer["number"] != flow["number"]


async def test_1_2_21_and_1_2_22_support_has_a_form_and_a_phone(api: Api) -> None:
    support = (await api.data("{ support { phone formFields } }"))["support"]
    assert support == {"phone": "+78000000000", "formFields": ["applicationNumber", "contact", "message"]}
    empty = (
        """mutation { contactSupport(input: {contact: "", message: " "}) { number errors { code path } } }"""
    )
    assert codes((await api.data(empty))["contactSupport"]) == [
        ("REQUIRED", ["contact"]),
        ("REQUIRED", ["message"]),
    ]
