"""Attacks on the application with codes and on the spare codes (security cases A29-A34)."""

import asyncio
from datetime import timedelta

import pytest
from pyotp.totp import TOTP
from sqlalchemy import select

from models.clock import SettableClock
from models.second_factor import RecoveryCode, TotpFactor
from tests.api import PASSWORD, Api, Json
from tests.attack.counting import recorded
from tests.recovering import NEW_PASSWORD, Forgetful
from tests.signing_in import (
    CHANGE_PASSWORD,
    CONFIRM,
    SET_UP,
    another,
    enable_totp,
    first_step,
    reauthenticate,
    second_step,
    sign_in,
)

pytestmark = pytest.mark.anyio
MFA = "{ viewer { mfa { smsEnabled totpEnabled recoveryCodesLeft } } }"
DISABLE = "mutation { disableTotp { errors { code } } }"


async def by_totp(api: Api, code: str, method: str = "TOTP") -> Json:
    return await second_step(api, (await first_step(api))["challenge"]["id"], code, method=method)


async def test_2_2_7_an_application_takes_the_place_of_the_sms(api: Api, clock: SettableClock) -> None:
    owner = await sign_in(api)
    assert (await owner.data(MFA))["viewer"]["mfa"] == {
        "smsEnabled": True,
        "totpEnabled": False,
        "recoveryCodesLeft": 0,
    }
    enrolment = (await owner.data(SET_UP))["setUpTotp"]["enrolment"]
    assert enrolment["otpauthUri"].startswith("otpauth://totp/")
    assert enrolment["qrSvg"].startswith("<svg")
    generator, codes = await enable_totp(owner, clock)
    assert len(set(codes)) == 10
    step = (await first_step(api))["challenge"]
    assert (step["methods"], step["maskedPhone"]) == (["TOTP", "RECOVERY_CODE"], None)
    assert (await second_step(api, step["id"], generator.at(clock.now()), method="TOTP"))["signedIn"]
    assert (await owner.data(MFA))["viewer"]["mfa"]["recoveryCodesLeft"] == 10


async def test_a29_one_code_on_two_sockets_at_once_is_one_login(api: Api, clock: SettableClock) -> None:
    generator, _ = await enable_totp(await sign_in(api), clock)
    code = generator.at(clock.now())
    answers = await asyncio.gather(*(by_totp(api, code) for _ in range(4)))
    assert [answer["signedIn"] for answer in answers].count(True) == 1
    assert not (await by_totp(api, code))["signedIn"]


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (1, True), (2, False)])
async def test_a30_a_code_may_be_one_step_off_and_no_more(
    api: Api, clock: SettableClock, steps: int, right: bool
) -> None:
    generator, _ = await enable_totp(await sign_in(api), clock)
    clock.advance(timedelta(minutes=5))
    code = generator.at(clock.now() + timedelta(seconds=30 * steps))
    assert (await by_totp(api, code))["signedIn"] is right


async def test_a31_five_wrong_codes_over_any_sessions_stop_the_factor(api: Api, clock: SettableClock) -> None:
    generator, _ = await enable_totp(await sign_in(api), clock)
    for _ in range(5):
        refused = await by_totp(api, another(generator.at(clock.now())))
        assert refused["errors"][0]["code"] == "CODE_WRONG"
    assert (await by_totp(api, generator.at(clock.now())))["errors"][0]["code"] == "RATE_LIMITED"
    assert await recorded(api, "signin:challenge:failed", "CODE_WRONG") == 5
    clock.advance(timedelta(minutes=15))
    assert (await by_totp(api, generator.at(clock.now())))["signedIn"]


async def test_a32_an_enrolment_needs_a_fresh_session_and_one_right_code(
    api: Api, clock: SettableClock
) -> None:
    owner = await sign_in(api)
    clock.advance(timedelta(minutes=5, seconds=1))
    assert (await owner.data(SET_UP))["setUpTotp"] == {
        "enrolment": None,
        "errors": [{"code": "REAUTH_REQUIRED"}],
    }
    assert (await reauthenticate(owner, "Wrong-password-1!"))["errors"][0]["code"] == "CREDENTIALS_WRONG"
    assert (await reauthenticate(owner))["ttlSeconds"] == 300
    secret = (await owner.data(SET_UP))["setUpTotp"]["enrolment"]["secret"]
    wrong = another(TOTP(secret).at(clock.now()))
    assert (await owner.data(CONFIRM, code=wrong))["confirmTotp"]["errors"] == [{"code": "CODE_WRONG"}]
    assert (await first_step(api))["challenge"]["methods"] == ["SMS"]


async def test_a32_a_second_enrolment_leaves_the_active_secret_until_it_is_confirmed(
    api: Api, clock: SettableClock
) -> None:
    owner = await sign_in(api)
    generator, _ = await enable_totp(owner, clock)
    await owner.data(SET_UP)
    assert (await by_totp(api, generator.at(clock.now())))["signedIn"]
    clock.advance(timedelta(seconds=30))
    newer, _ = await enable_totp(owner, clock)
    assert not (await by_totp(api, generator.at(clock.now())))["signedIn"]
    assert (await by_totp(api, newer.at(clock.now())))["signedIn"]


async def test_a32_an_enrolment_waits_ten_minutes(api: Api, clock: SettableClock) -> None:
    owner = await sign_in(api)
    secret = (await owner.data(SET_UP))["setUpTotp"]["enrolment"]["secret"]
    clock.advance(timedelta(minutes=10, seconds=1))
    late = (await owner.data(CONFIRM, code=TOTP(secret).at(clock.now())))["confirmTotp"]
    assert late["errors"] == [{"code": "CODE_EXPIRED"}]


async def test_a33_a_spare_code_is_good_once_and_no_secret_is_readable(
    api: Api, clock: SettableClock
) -> None:
    generator, codes = await enable_totp(await sign_in(api), clock)
    answers = await asyncio.gather(*(by_totp(api, codes[0].lower(), "RECOVERY_CODE") for _ in range(3)))
    assert [answer["signedIn"] for answer in answers].count(True) == 1
    assert not (await by_totp(api, codes[0], "RECOVERY_CODE"))["signedIn"]
    async with api.site.ports.database.reading() as session:
        kept = [row.code_hash for row in await session.scalars(select(RecoveryCode))]
        sealed = (await session.scalars(select(TotpFactor))).one().secret_sealed
    assert len(kept) == 10
    assert not any(code.encode() in digest for code in codes for digest in kept)
    assert generator.secret.encode() not in (sealed or b"")


async def test_a33_taking_the_application_away_needs_a_fresh_session_and_is_told(
    api: Api, clock: SettableClock
) -> None:
    owner = await sign_in(api)
    await enable_totp(owner, clock)
    clock.advance(timedelta(minutes=6))
    assert (await owner.data(DISABLE))["disableTotp"]["errors"] == [{"code": "REAUTH_REQUIRED"}]
    await reauthenticate(owner)
    assert (await owner.data(DISABLE))["disableTotp"]["errors"] == []
    assert (await first_step(api))["challenge"]["methods"] == ["SMS"]
    await api.letter("demo-1@nmo.example", "отключён")


async def test_a34_a_recovery_leaves_the_application_on(api: Api, clock: SettableClock) -> None:
    generator, _ = await enable_totp(await sign_in(api), clock)
    forgetful = Forgetful(api)
    assert (await forgetful.reset(await forgetful.confirmed()))["success"] is True
    step = (await first_step(api, password=NEW_PASSWORD))["challenge"]
    assert step["methods"] == ["TOTP", "RECOVERY_CODE"]
    assert (await second_step(api, step["id"], generator.at(clock.now()), method="TOTP"))["signedIn"]


async def test_a34_a_new_password_leaves_the_application_on(api: Api, clock: SettableClock) -> None:
    owner = await sign_in(api)
    await enable_totp(owner, clock)
    assert (await owner.data(CHANGE_PASSWORD, old=PASSWORD, new="Новый-пароль-7"))["changePassword"][
        "success"
    ]
    step = (await first_step(api, password="Новый-пароль-7"))["challenge"]
    assert step["methods"] == ["TOTP", "RECOVERY_CODE"]
