"""Attacks on changes of e-mail and phone (security cases A47-A51)."""

import asyncio
import re
from datetime import timedelta

import pytest

from models.clock import SettableClock
from tests.api import PASSWORD, Api, Json, eventually
from tests.changing import ask, change, confirm
from tests.recovering import NEW_PASSWORD, Forgetful
from tests.registering import Newcomer
from tests.signing_in import another, enable_totp, first_step, reauthenticate, second_step, sign_in

pytestmark = pytest.mark.anyio
REVERT = """mutation ($token: String!) { revertContactChange(token: $token) { reverted errors { code } } }"""
RENEW = "mutation { renewRecoveryCodes { recoveryCodes errors { code } } }"
NEW = "new-address@nmo.example"
UPLOAD = """mutation { requestDocumentUpload(input: {type: DIPLOMA, fileName: "diploma_2010.pdf",
    mimeType: "application/pdf", sizeBytes: 1000}) { ticket { id } errors { code } } }"""


async def revert_token(api: Api, to: str, subject: str = "Изменён") -> str:
    text = await api.letter(to, subject)
    found = re.search(r"/revert-contact#(\S+)", text)
    assert found is not None
    assert f"{api.site.settings.origin}/revert-contact#" in text
    return found[1]


async def token_by_sms(api: Api, to: str) -> str:
    link = re.compile(re.escape(f"{api.site.settings.origin}/revert-contact#") + r"(\S+)")

    def found() -> str | None:
        texts = [message.text for message in api.outbox().messages() if message.to == to]
        return next((match[1] for match in map(link.search, texts) if match), None)

    token: str = await eventually(found)
    return token


async def recovered(api: Api, contact: str = "demo-1@nmo.example") -> Json:
    """The second step of a login by the password that the owner has just recovered."""
    owner = Forgetful(api)
    assert (await owner.reset(await owner.confirmed(contact)))["success"] is True
    challenge: Json = (await first_step(api, contact, NEW_PASSWORD))["challenge"]
    return challenge


async def test_1_1_2_5_and_a47_a_change_of_address_needs_a_fresh_session_and_a_code_from_the_new_one(
    api: Api, clock: SettableClock
) -> None:
    owner = await sign_in(api)
    clock.advance(timedelta(minutes=6))
    assert (await ask(owner, NEW))[0]["errors"] == [{"code": "REAUTH_REQUIRED"}]
    await reauthenticate(owner)
    change_id, code = await change(owner, NEW)
    assert (await confirm(owner, change_id, another(code)))["errors"] == [{"code": "CODE_WRONG"}]
    assert (await first_step(api, NEW))["challenge"] is None
    assert (await confirm(owner, change_id, code))["errors"] == []
    assert (await first_step(api, NEW))["challenge"]
    assert (await first_step(api))["challenge"] is None
    assert (await confirm(owner, change_id, code))["errors"] == [{"code": "CODE_USED"}]


async def test_a47_the_old_address_takes_the_change_back_for_seven_days(
    api: Api, clock: SettableClock
) -> None:
    thief = await sign_in(api)
    await confirm(thief, *await change(thief, NEW))
    token = await revert_token(api, "demo-1@nmo.example")
    await confirm(thief, *await change(thief, "second-step@nmo.example"))
    younger = await revert_token(api, NEW)
    clock.advance(timedelta(days=6, hours=23))
    stranger = Api(api.site, api.http)
    assert (await stranger.data(REVERT, token=token))["revertContactChange"] == {
        "reverted": "EMAIL",
        "errors": [],
    }
    assert (await thief.ask("{ viewer { id } }")).code == "UNAUTHENTICATED"
    await recovered(api)
    assert (await first_step(api, NEW, NEW_PASSWORD))["challenge"] is None
    for used, code in ((token, "LINK_USED"), (younger, "LINK_EXPIRED"), ("x" * 43, "LINK_EXPIRED")):
        answer = (await stranger.data(REVERT, token=used))["revertContactChange"]
        assert answer == {"reverted": None, "errors": [{"code": code}]}


async def test_a47_after_seven_days_the_change_stays(api: Api, clock: SettableClock) -> None:
    owner = await sign_in(api)
    await confirm(owner, *await change(owner, NEW))
    token = await revert_token(api, "demo-1@nmo.example")
    clock.advance(timedelta(days=7))
    assert (await api.data(REVERT, token=token))["revertContactChange"]["errors"] == [
        {"code": "LINK_EXPIRED"}
    ]


async def test_a47_a_phone_is_changed_by_a_code_to_the_new_one(api: Api) -> None:
    owner = await sign_in(api)
    change_id, code = await change(owner, "79261234599", "phone")
    assert (await confirm(owner, change_id, code))["errors"] == []
    step = (await first_step(api))["challenge"]
    assert step["maskedPhone"] == "+7********99"
    assert await revert_token(api, "demo-1@nmo.example")


async def test_a47_a_revert_undoes_the_younger_change_of_the_other_contact(api: Api) -> None:
    """Whoever changes both would else be told of the second change alone, and stay in by it."""
    thief = await sign_in(api)
    await confirm(thief, *await change(thief, NEW))
    token = await revert_token(api, "demo-1@nmo.example")
    await confirm(thief, *await change(thief, "79261234599", "phone"))
    younger = await token_by_sms(api, "+79161234501")
    assert (await api.data(REVERT, token=token))["revertContactChange"]["reverted"] == "EMAIL"
    assert (await recovered(api))["maskedPhone"] == "+7********01"
    for contact in (NEW, "79261234599"):
        assert (await first_step(api, contact, NEW_PASSWORD))["challenge"] is None
    used = (await api.data(REVERT, token=younger))["revertContactChange"]
    assert used["errors"] == [{"code": "LINK_EXPIRED"}]


async def test_a47_the_owner_is_told_of_an_older_change_of_the_other_contact_that_stays(api: Api) -> None:
    thief = await sign_in(api)
    await confirm(thief, *await change(thief, "79261234599", "phone"))
    older = await token_by_sms(api, "+79161234501")
    await confirm(thief, *await change(thief, NEW))
    token = await revert_token(api, "demo-1@nmo.example", "Изменён адрес")
    assert (await api.data(REVERT, token=token))["revertContactChange"]["reverted"] == "EMAIL"
    told = await api.letter("demo-1@nmo.example", "Прежний контакт возвращён")
    assert "До этого изменён и телефон: если не вами, верните и его" in told
    assert (await api.data(REVERT, token=older))["revertContactChange"]["reverted"] == "PHONE"
    assert (await recovered(api))["maskedPhone"] == "+7********01"


@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
async def test_a47_nothing_that_a_thief_has_set_up_outlives_the_revert(
    api: Api, clock: SettableClock, first: bool
) -> None:
    """Neither the known password, nor an application, nor a recovery by the changed address."""
    thief = await sign_in(api)
    if first:
        await enable_totp(thief, clock)
    await confirm(thief, *await change(thief, NEW))
    token = await revert_token(api, "demo-1@nmo.example")
    if not first:
        await enable_totp(thief, clock)
    flow = await Forgetful(api).confirmed(NEW)
    assert (await api.data(REVERT, token=token))["revertContactChange"]["errors"] == []
    assert (await first_step(api))["challenge"] is None
    late = await Forgetful(api).reset(flow, "Yel-i-bereza-58")
    assert [error["code"] for error in late["errors"]] == ["CODE_EXPIRED"]
    assert (await recovered(api))["methods"] == ["SMS"]


async def test_a47_an_application_that_the_owner_has_long_had_stays(api: Api, clock: SettableClock) -> None:
    owner = await sign_in(api)
    generator, spare = await enable_totp(owner, clock)
    clock.advance(timedelta(days=1))
    challenge = (await first_step(api))["challenge"]["id"]
    opened = await second_step(api, challenge, generator.at(clock.now()), method="TOTP")
    thief = Api(api.site, api.http, opened["accessToken"])
    await confirm(thief, *await change(thief, NEW))
    stolen = (await thief.data(RENEW))["renewRecoveryCodes"]["recoveryCodes"]
    token = await revert_token(api, "demo-1@nmo.example")
    assert (await api.data(REVERT, token=token))["revertContactChange"]["errors"] == []
    challenge = await recovered(api)
    assert challenge["methods"] == ["TOTP"]
    for code in (stolen[0], spare[0]):
        refused = await second_step(api, challenge["id"], code, method="RECOVERY_CODE")
        assert refused["errors"][0]["code"] == "CODE_WRONG"


async def test_a47_a_phone_that_was_the_only_contact_takes_the_change_back_itself(api: Api) -> None:
    """With an address that the thief has added meanwhile."""
    phone = "+79161234503"
    thief = await Newcomer(api).signed_in(phone, PASSWORD, "79161234503")
    await confirm(thief, *await change(thief, "79261234599", "phone"))
    token = await token_by_sms(api, phone)
    await confirm(thief, *await change(thief, NEW))
    assert (await first_step(api, NEW))["challenge"]
    assert (await api.data(REVERT, token=token))["revertContactChange"]["reverted"] == "PHONE"
    assert (await recovered(api, "79161234503"))["maskedPhone"] == "+7********03"
    for contact in (NEW, "79261234599"):
        assert (await first_step(api, contact, NEW_PASSWORD))["challenge"] is None


async def test_a43_links_of_letters_keep_the_configured_address_whatever_host_is_asked(api: Api) -> None:
    foreign = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    api.headers = foreign
    newcomer = Newcomer(api)
    await newcomer.begin()
    await newcomer.token()
    thief = await sign_in(api)
    thief.headers = foreign
    await confirm(thief, *await change(thief, NEW))
    await revert_token(api, "demo-1@nmo.example")
    texts = [message.text for message in api.outbox().messages()]
    links = [word for text in texts for word in text.split() if "://" in word]
    assert len(links) >= 2
    assert all(link.startswith(f"{api.site.settings.origin}/") for link in links)
    assert not any("evil" in text for text in texts)


async def test_a48_an_address_of_another_account_gets_the_same_answer_and_no_code(api: Api) -> None:
    owner = await sign_in(api)
    taken, _ = await ask(owner, "demo-2@nmo.example")
    free, _ = await ask(owner, NEW)
    assert set(taken["change"]) == set(free["change"])
    assert taken["errors"] == free["errors"] == []
    text = await api.letter("demo-2@nmo.example", "Подтверждение")
    assert re.search(r"\d{6}", text) is None


async def test_a48_of_two_accounts_that_ask_for_one_address_one_gets_it(api: Api) -> None:
    first, second = await sign_in(api), await sign_in(api, 2)
    one, two = await change(first, NEW), await change(second, NEW)
    answers = await asyncio.gather(confirm(first, *one), confirm(second, *two))
    assert sorted(answer["errors"] == [] for answer in answers) == [False, True]
    (refused,) = [answer for answer in answers if answer["errors"]]
    assert refused["errors"] == [{"code": "CONFLICT"}]


async def test_a49_a_change_is_confirmed_by_its_owner_alone(api: Api) -> None:
    owner, stranger = await sign_in(api), await sign_in(api, 2)
    change_id, code = await change(owner, NEW)
    assert (await confirm(stranger, change_id, code))["errors"] == [{"code": "NOT_FOUND"}]
    assert (await confirm(owner, change_id, code))["errors"] == []


async def test_a50_of_two_changes_the_latest_counts(api: Api, clock: SettableClock) -> None:
    owner = await sign_in(api)
    older, old_code = await change(owner, NEW)
    newer, new = await change(owner, "newest@nmo.example")
    assert (await confirm(owner, older, old_code))["errors"] == [{"code": "CODE_EXPIRED"}]
    assert (await confirm(owner, newer, new))["errors"] == []
    late, code = await change(owner, "late@nmo.example")
    clock.advance(timedelta(minutes=10))
    assert (await confirm(owner, late, code))["errors"] == [{"code": "CODE_EXPIRED"}]


async def test_a08_five_guesses_of_a_code_and_then_the_right_one_is_dead(api: Api) -> None:
    owner = await sign_in(api)
    change_id, code = await change(owner, NEW)
    for _ in range(5):
        assert (await confirm(owner, change_id, another(code)))["errors"] == [{"code": "CODE_WRONG"}]
    assert (await confirm(owner, change_id, code))["errors"] == [{"code": "CODE_ATTEMPTS_EXHAUSTED"}]


async def test_a14_the_fourth_letter_in_vain_to_a_new_address_is_not_sent(
    api: Api, clock: SettableClock
) -> None:
    owner = await sign_in(api)
    for _ in range(3):
        await change(owner, NEW)
    for _ in range(2):
        assert (await ask(owner, NEW))[0]["errors"] == [{"code": "EMAIL_BLOCKED"}]
        clock.advance(timedelta(hours=1))
        owner = await sign_in(api)
    assert (await confirm(owner, *await change(owner, "corrected@nmo.example")))["errors"] == []


async def test_a14_a_letter_that_is_not_sent_costs_no_try(api: Api) -> None:
    owner, stranger = await sign_in(api), await sign_in(api, 2)
    for _ in range(2):
        await change(owner, NEW)
    answers = await asyncio.gather(*(ask(owner, NEW) for _ in range(2)))
    assert sorted(len(payload["errors"]) for payload, _ in answers) == [0, 1]
    for _ in range(3):
        assert (await ask(owner, NEW))[0]["errors"] == [{"code": "EMAIL_BLOCKED"}]
    assert (await ask(stranger, NEW))[0]["errors"] == []
    assert (await confirm(owner, *await change(owner, "corrected@nmo.example")))["errors"] == []


async def test_a13_five_changes_an_hour(api: Api) -> None:
    owner = await sign_in(api)
    for number in range(5):
        assert (await ask(owner, f"new-{number}@nmo.example"))[0]["errors"] == []
    assert (await ask(owner, NEW))[0]["errors"] == [{"code": "RATE_LIMITED"}]


async def test_1_1_2_10_and_a15_documents_are_uploaded_once_the_address_is_confirmed(api: Api) -> None:
    owner = await Newcomer(api).signed_in("79161234503", PASSWORD, "79161234503")
    assert (await owner.data(UPLOAD))["requestDocumentUpload"]["errors"] == [{"code": "STEP_REQUIRED"}]
    assert (await owner.data("{ viewer { profile { lastName } nextSteps } }"))["viewer"] == {
        "profile": {"lastName": "Ли"},
        "nextSteps": ["CONFIRM_EMAIL"],
    }
    confirmed = await confirm(owner, *await change(owner, "demo-3@nmo.example"))
    assert confirmed == {"account": {"emailConfirmed": True}, "nextSteps": ["BUILD_PORTFOLIO"], "errors": []}
    assert (await owner.data(UPLOAD))["requestDocumentUpload"]["errors"] == []


async def test_1_1_2_12_a_malformed_address_is_named_as_such(api: Api) -> None:
    owner = await sign_in(api)
    assert (await ask(owner, "не адрес"))[0]["errors"] == [{"code": "INVALID_FORMAT"}]
    assert (await ask(owner, "89161234567", "phone"))[0]["errors"] == [{"code": "INVALID_FORMAT"}]
