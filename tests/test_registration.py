"""Registration through the public API."""

from datetime import timedelta

import pytest

from models.clock import SettableClock
from tests.api import Api, eventually
from tests.registering import FORM, Newcomer, codes

pytestmark = pytest.mark.anyio


@pytest.fixture
def person(api: Api) -> Newcomer:
    return Newcomer(api)


async def test_1_1_12_and_1_1_3_a_code_of_an_sms_confirms_and_the_next_step_is_named(
    person: Newcomer,
) -> None:
    flow = (await person.register())["flow"]
    assert (flow["state"], flow["nextStep"]) == ("CODE_SENT", "CONFIRM_PHONE")
    assert (flow["codeTtlSeconds"], flow["attemptsLeft"]) == (600, 5)
    assert (flow["codeSentTo"], flow["letterSentTo"]) == ("+7********33", "p***@nmo.example")
    assert flow["applicationNumber"].startswith("НМО-2026-")
    done = await person.by_code(flow["id"], await person.api.code("+79031112233"))
    assert done["errors"] == []
    assert (done["flow"]["state"], done["flow"]["nextStep"]) == ("CONTACT_CONFIRMED", "CONFIRM_EMAIL")


async def _inputs_of(api: Api, name: str) -> set[str]:
    ask = "query ($name: String!) { __type(name: $name) { inputFields { name } } }"
    return {each["name"] for each in (await api.data(ask, name=name))["__type"]["inputFields"]}


async def test_1_1_4_the_form_is_served_field_by_field(api: Api) -> None:
    form = (await api.data("{ registrationForm { field required label pattern example } }"))[
        "registrationForm"
    ]
    assert [rule["field"] for rule in form] == [
        *("lastName", "firstName", "middleName", "noPatronymic", "inn", "phone", "email"),
        *("password", "acceptTerms", "acceptPersonalData"),
    ]
    assert all(rule["label"] and rule["example"] for rule in form)
    optional = [rule["field"] for rule in form if not rule["required"]]
    assert optional == ["noPatronymic", "password", "acceptPersonalData"]
    plumbing = {"channel", "idempotencyKey"}
    assert {rule["field"] for rule in form} == await _inputs_of(api, "RegisterInput") - plumbing


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"lastName": " "}, [("REQUIRED", ["lastName"])]),
        ({"firstName": "Anna"}, [("NOT_CYRILLIC", ["firstName"])]),
        ({"middleName": None}, [("REQUIRED", ["middleName"])]),
        ({"middleName": "Игоревна", "noPatronymic": True}, [("INVALID_FORMAT", ["middleName"])]),
    ],
)
async def test_1_1_6_a_name_is_whole_and_russian(
    person: Newcomer, changes: dict[str, object], expected: list[tuple[str, list[str]]]
) -> None:
    assert codes(await person.register(**changes)) == expected


@pytest.mark.parametrize(
    ("inn", "code"),
    [
        ("", "REQUIRED"),
        ("771234567858", "CHECKSUM"),
        ("000000000000", "INVALID_FORMAT"),
        ("7712 3456 7859", "INVALID_FORMAT"),
    ],
)
async def test_1_1_7_the_inn_is_checked_by_its_digits(person: Newcomer, inn: str, code: str) -> None:
    assert codes(await person.register(inn=inn)) == [(code, ["inn"])]


@pytest.mark.parametrize("phone", ["", "89031112233", "+7 903 111-22-33", "9031112233", "7" * 30, "телефон"])
async def test_1_1_8_the_phone_has_its_country_code_and_digits(person: Newcomer, phone: str) -> None:
    (error,) = (await person.register(phone=phone))["errors"]
    assert error["path"] == ["phone"]
    assert error["expected"] == "цифры, начиная с кода страны: 79161234567"


@pytest.mark.parametrize("email", ["", "petrova", "petrova@", "two@@nmo.example"])
async def test_1_1_9_the_address_is_checked(person: Newcomer, email: str) -> None:
    (error,) = (await person.register(email=email))["errors"]
    assert error["path"] == ["email"]


async def test_1_1_10_and_1_1_11_every_broken_rule_of_the_password_is_named(person: Newcomer) -> None:
    found = codes(await person.register(password="кедр"))
    names = ("PASSWORD_TOO_SHORT", "PASSWORD_NO_UPPER", "PASSWORD_NO_DIGIT", "PASSWORD_NO_SPECIAL")
    assert found == [(name, ["password"]) for name in names]


async def test_1_1_6_all_mistakes_come_at_once_and_nothing_is_begun(person: Newcomer) -> None:
    found = codes(await person.register(lastName="", inn="1", phone="1", email="1", acceptTerms=False))
    assert [path for _, path in found] == [["lastName"], ["inn"], ["phone"], ["email"], ["acceptTerms"]]
    assert person.api.outbox().messages() == []


async def test_1_1_14_only_a_confirmed_contact_makes_an_account_that_can_sign_in(person: Newcomer) -> None:
    flow = await person.begin()
    assert codes(await person.login("79031112233")) == [("CREDENTIALS_WRONG", ["password"])]
    await person.by_code(flow, await person.api.code("+79031112233"))
    caller = await person.signed_in("79031112233")
    viewer = (await caller.data("{ viewer { name { lastName } account { accessLevel createdVia } } }"))[
        "viewer"
    ]
    assert viewer["name"]["lastName"] == "Петрова"
    assert viewer["account"] == {"accessLevel": "LIMITED", "createdVia": "SITE"}


async def test_1_1_14_a_refused_login_says_that_an_unconfirmed_address_opens_nothing_yet(
    person: Newcomer,
) -> None:
    await person.registered()
    (error,) = (await person.login(FORM["email"]))["errors"]
    assert error["code"] == "CREDENTIALS_WRONG"
    assert "подтверждены" in error["message"]


async def test_1_1_3_what_needs_later_steps_names_them(person: Newcomer) -> None:
    await person.registered()
    caller = await person.signed_in("79031112233")
    answer = await caller.ask("{ viewer { portfolio { documents { totalCount } } } }")
    assert answer.code == "STEP_REQUIRED"
    assert answer.body["errors"][0]["extensions"]["missing"][0] == "CONFIRM_EMAIL"


async def test_1_1_13_and_1_1_2_3_the_link_of_the_letter_confirms_once(person: Newcomer) -> None:
    await person.begin()
    token = await person.token()
    done = await person.by_token(token)
    assert (done["errors"], done["flow"]["state"]) == ([], "DATA_PENDING")
    assert codes(await person.by_token(token)) == [("LINK_USED", ["token"])]
    assert codes(await person.by_token("x" * 43)) == [("LINK_EXPIRED", ["token"])]


async def test_1_1_2_4_and_1_1_2_7_the_letter_has_the_button_and_the_configured_address(
    person: Newcomer,
) -> None:
    await person.begin()
    token = await person.token()
    (letter,) = [item for item in person.api.outbox().messages() if item.to == FORM["email"]]
    assert f"Подтвердить адрес: {person.api.site.settings.origin}/confirm-email#{token}" in letter.text
    assert "Подтвердить адрес</a>" in letter.html


async def test_1_1_2_1_and_1_1_2_2_without_the_address_there_is_no_full_access(person: Newcomer) -> None:
    await person.registered()
    caller = await person.signed_in("79031112233")
    question = "{ viewer { nextSteps account { emailConfirmed accessLevel } } }"
    before = (await caller.data(question))["viewer"]
    assert before["account"] == {"emailConfirmed": False, "accessLevel": "LIMITED"}
    assert before["nextSteps"][0] == "CONFIRM_EMAIL"
    await person.by_token(await person.token())
    after = (await caller.data(question))["viewer"]
    assert after["account"]["emailConfirmed"] is True
    assert "CONFIRM_EMAIL" not in after["nextSteps"]


async def test_1_1_2_12_after_three_letters_in_vain_the_address_must_be_corrected(
    person: Newcomer, clock: SettableClock
) -> None:
    await person.registered()
    caller = await person.signed_in("79031112233")
    signed = Newcomer(caller)
    for _ in range(2):
        clock.advance(timedelta(minutes=1))
        assert (await signed.resend("EMAIL"))["errors"] == []
    clock.advance(timedelta(minutes=1))
    assert codes(await signed.resend("EMAIL")) == [("EMAIL_BLOCKED", ["kind"])]
    assert (await caller.data("{ viewer { account { emailSendBlocked } } }"))["viewer"]["account"] == {
        "emailSendBlocked": True
    }


async def test_2_2_3_without_a_password_a_temporary_one_is_sent_once_confirmed(person: Newcomer) -> None:
    await person.registered(password=None)
    await eventually(lambda: any("Временный пароль" in text for text in person.messages("+79031112233")))
    (text,) = [text for text in person.messages("+79031112233") if "Временный пароль" in text]
    password = text.split(": ")[1].split()[0]
    caller = await person.signed_in("79031112233", password)
    steps = (await caller.data("{ viewer { nextSteps } }"))["viewer"]["nextSteps"]
    assert "CHANGE_TEMPORARY_PASSWORD" in steps


async def test_2_2_4_a_temporary_password_goes_to_the_address_when_that_was_confirmed(
    person: Newcomer,
) -> None:
    await person.begin(password=None)
    await person.by_token(await person.token())
    await eventually(lambda: any("Временный пароль" in text for text in person.messages(FORM["email"])))


async def test_1_1_15_and_1_1_16_a_registration_is_an_application_with_a_history(person: Newcomer) -> None:
    flow = await person.registered()
    caller = await person.signed_in("79031112233")
    question = """{ viewer { applications { totalCount edges { node {
        id number kind status cancellable history { status comment } } } } } }"""
    (edge,) = (await caller.data(question))["viewer"]["applications"]["edges"]
    assert edge["node"].pop("number").startswith("НМО-2026-")
    # Both lines are of one moment, for the clock stands.
    history = [(line["status"], line["comment"]) for line in edge["node"].pop("history")]
    assert history == [("NEW", None), ("IN_PROGRESS", "Контакт подтверждён")]
    assert edge["node"] == {
        "id": flow.replace("flow_", "application_"),
        "kind": "REGISTRATION",
        "status": "IN_PROGRESS",
        "cancellable": False,
    }
    cancel = "mutation ($id: ID!) { cancelApplication(id: $id) { errors { code } } }"
    refused = (await caller.data(cancel, id=edge["node"]["id"]))["cancelApplication"]
    assert refused["errors"] == [{"code": "CONFLICT"}]
    stranger = await person.api.as_demo("demo-1")
    unseen = await stranger.ask("query ($id: ID!) { node(id: $id) { id } }", id=edge["node"]["id"])
    assert unseen.code == "NOT_FOUND"


async def test_1_1_12_a_repeated_press_finds_the_same_flow(person: Newcomer) -> None:
    first = await person.begin(idempotencyKey="one")
    assert await person.begin(idempotencyKey="one") == first
    assert await person.begin(idempotencyKey="one", email=FORM["email"].upper()) == first


@pytest.mark.parametrize(
    "correction",
    [
        {"firstName": "Олеся"},
        {"middleName": None, "noPatronymic": True},
        {"email": "other@nmo.example"},
        {"password": "Sosna-i-kedr-58"},
        {"acceptPersonalData": True},
    ],
    ids=lambda correction: next(iter(correction)),
)
async def test_1_1_12_a_corrected_form_with_the_same_key_is_another_one(
    person: Newcomer, correction: dict[str, object]
) -> None:
    first = await person.begin(idempotencyKey="one")
    assert await person.begin(idempotencyKey="one", **correction) != first
