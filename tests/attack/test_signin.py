"""Attacks on the login, from outside (security cases A16-A28, A34-A36)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from models.account import Account, AccountState
from models.clock import SettableClock
from models.values.snils import Snils
from storage.passwords import PasswordCost, Passwords
from tests.api import PASSWORD, Api, eventually
from tests.attack.counting import recorded
from tests.forms import SUBMIT, form, send
from tests.registering import Newcomer
from tests.signing_in import (
    CHANGE_PASSWORD,
    EMAIL,
    LOGIN,
    PHONE,
    another,
    challenged,
    first_step,
    own_page,
    reauthenticate,
    second_step,
    sign_in,
)
from web.app import Site

pytestmark = pytest.mark.anyio
WRONG = "Wrong-password-1!"
VIEWER = "{ viewer { id } }"


async def set_account(site: Site, slug: str, **values: Any) -> None:
    async with site.ports.database.reading() as session:
        await session.execute(update(Account).where(col(Account.slug) == slug).values(**values))


async def test_a16_a_snils_that_nobody_has_checked_is_no_login_and_hides_no_phone(api: Api) -> None:
    """The digits of some phones have the sum of a SNILS: whoever claims them stands in nobody's way."""
    owner, phone = Newcomer(api), "79031112270"
    await owner.registered(phone=phone)
    claiming = await api.as_demo("demo-4")
    assert (await send(claiming, snils=phone, passportNumber="123400"))["errors"] == []  # no answer yet
    assert (await owner.login(phone))["challenge"]
    assert (await owner.login(phone, WRONG))["errors"] == (await owner.login("nobody"))["errors"]
    assert (await first_step(api, Snils(phone).printed))["challenge"] is None


async def test_a16_the_snils_that_was_confirmed_last_opens_the_login_until_another_is(api: Api) -> None:
    """Data sent anew wait for the register, which may be silent for long."""
    own, other = "112-233-445 95", "790-311-122 70"
    owner = await api.as_demo("demo-1")
    waiting = form(1, snils=other, passportNumber="123400")  # the sandbox register does not answer
    assert (await owner.data(SUBMIT, input=waiting))["submitPersonalData"]["errors"] == []
    for _ in range(2):
        assert (await first_step(api, own))["challenge"]
        assert (await first_step(api, other))["challenge"] is None
        again = form(1, snils=other, passportNumber="123400", birthPlace="город Москва")
        assert (await owner.data(SUBMIT, input=again))["submitPersonalData"]["errors"] == []
    async with api.site.ports.database.reading() as session:
        moment = api.site.ports.clock.now()
        await session.execute(update(Account).where(col(Account.slug) == "demo-1").values(verified_at=moment))
    assert (await first_step(api, other))["challenge"]
    assert (await first_step(api, own))["challenge"] is None


async def test_a17_after_seven_wrong_passwords_the_right_one_looks_wrong_for_a_quarter_of_an_hour(
    api: Api, clock: SettableClock
) -> None:
    refused = [await first_step(api, password=WRONG) for _ in range(7)]
    assert await first_step(api) == refused[0]
    assert (await first_step(api, "demo-2@nmo.example"))["challenge"]
    clock.advance(timedelta(minutes=15))
    assert (await first_step(api))["challenge"]


async def test_a38_passwords_of_a_login_and_of_an_open_session_have_ten_looked_at_together(api: Api) -> None:
    owner = await sign_in(api)
    for _ in range(6):
        await first_step(api, password=WRONG)
        await reauthenticate(owner, WRONG)
    looked_at = ("signin:password:failed", "signin:reauthentication:failed")
    assert sum([await recorded(api, action) for action in looked_at]) == 10
    assert (await reauthenticate(owner))["errors"][0]["code"] == "CREDENTIALS_WRONG"
    assert (await first_step(api))["challenge"] is None


async def test_a18_existing_sessions_outlive_an_attack_on_the_password(api: Api) -> None:
    owner = await sign_in(api)
    for _ in range(12):
        await first_step(api, password=WRONG)
    assert (await owner.ask(VIEWER)).status == 200
    assert (await owner.data("{ viewer { id } }"))["viewer"]


async def test_a18_an_attack_on_the_password_leaves_the_owner_three_guesses_within_a_session(
    api: Api,
) -> None:
    owner = await sign_in(api)
    for _ in range(12):
        await first_step(api, password=WRONG)
    assert await recorded(api, "signin:password:failed") == 7
    for _ in range(2):
        assert (await reauthenticate(owner, WRONG))["errors"][0]["code"] == "CREDENTIALS_WRONG"
    assert (await reauthenticate(owner))["errors"] == []
    assert (await reauthenticate(owner, WRONG))["errors"][0]["code"] == "CREDENTIALS_WRONG"
    assert (await reauthenticate(owner))["errors"][0]["code"] == "CREDENTIALS_WRONG"  # ten in all


async def test_a19_one_address_logs_in_thirty_times_a_minute(api: Api, clock: SettableClock) -> None:
    for number in range(30):
        assert (await first_step(api, f"stuffed-{number}@nmo.example"))["errors"][0][
            "code"
        ] == "CREDENTIALS_WRONG"
    (error,) = (await first_step(api))["errors"]
    assert (error["code"], error["retryAfterSeconds"]) == ("RATE_LIMITED", 60)
    clock.advance(timedelta(minutes=1))
    assert (await first_step(api))["challenge"]


async def test_a20_the_counter_outlives_a_restart_and_is_shared(
    api: Api, site: Site, clock: SettableClock
) -> None:
    other = Site(site.settings, clock=clock, worker=False)
    async with other.starlette.router.lifespan_context(other.starlette), Api.open(other) as second:
        for caller in (api, second) * 5:
            await first_step(caller, password=WRONG)
        assert (await first_step(second))["challenge"] is None
    again = Site(site.settings, clock=clock, worker=False)
    async with again.starlette.router.lifespan_context(again.starlette), Api.open(again) as third:
        assert (await first_step(third))["challenge"] is None


async def test_a21_aliases_and_parallel_requests_get_seven_passwords_looked_at(api: Api) -> None:
    aliases = " ".join(
        f'a{n}: login(input: {{login: "demo-1@nmo.example", password: "{n}"}}) {{ errors {{ code }} }}'
        for n in range(5)
    )
    assert (await api.ask(f"mutation {{ {aliases} }}")).code == "QUERY_REJECTED"
    tries = (api.ask(LOGIN, login=EMAIL, password=f"{WRONG}{n}") for n in range(16))
    await asyncio.gather(*tries)
    assert await recorded(api, "signin:password:failed") == 7


async def test_a21_parallel_codes_over_many_challenges_get_ten_looked_at(
    api: Api, clock: SettableClock
) -> None:
    challenges = [(await first_step(api))["challenge"]["id"] for _ in range(4)]
    code = await api.code(PHONE)
    await asyncio.gather(*(second_step(api, each, another(code)) for each in challenges for _ in range(5)))
    assert await recorded(api, "signin:challenge:failed", "CODE_WRONG") == 10
    (error,) = (await second_step(api, (await first_step(api))["challenge"]["id"], code))["errors"]
    assert error["code"] == "RATE_LIMITED"
    # a code that is still on its way must not be taken for the next one
    await eventually(lambda: sum(message.to == PHONE for message in api.outbox().messages()) == 5)
    clock.advance(timedelta(hours=1))
    assert (await sign_in(api)).token


async def test_a13_a_phone_gets_five_codes_an_hour_that_nobody_types_in(
    api: Api, clock: SettableClock
) -> None:
    for _ in range(7):
        assert (await sign_in(api)).token
    answers = [await first_step(api) for _ in range(6)]
    assert [answer["challenge"] is not None for answer in answers] == [True] * 5 + [False]
    (error,) = answers[-1]["errors"]
    assert (error["code"], error["retryAfterSeconds"]) == ("RATE_LIMITED", 3600)
    assert (await first_step(api, "demo-2@nmo.example"))["challenge"]
    clock.advance(timedelta(hours=1))
    assert (await first_step(api))["challenge"]


async def test_a22_forged_addresses_do_not_help(api: Api) -> None:
    for number in range(30):
        api.headers = {
            "x-forwarded-for": f"10.0.0.{number}",
            "forwarded": f"for=10.0.0.{number}",
            "x-real-ip": f"10.0.0.{number}",
        }
        await first_step(api, f"stuffed-{number}@nmo.example")
    assert (await first_step(api))["errors"][0]["code"] == "RATE_LIMITED"


async def test_a23_a_session_is_never_the_callers_choice(api: Api) -> None:
    api.http.cookies.set("nmo_session", "chosen-by-the-attacker")
    api.headers = own_page(api)
    challenge = (await first_step(api))["challenge"]["id"]
    opened = await second_step(api, challenge, await api.code(PHONE), keep="COOKIE")
    assert opened["signedIn"]
    assert api.http.cookies.get("nmo_session", domain="127.0.0.1") != "chosen-by-the-attacker"


async def test_a24_a_token_in_the_address_opens_nothing(api: Api) -> None:
    owner = await api.as_demo("demo-1")
    response = await api.http.post(
        f"/graphql?token={owner.token}&access_token={owner.token}", json={"query": VIEWER}
    )
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_2_2_9_and_a27_a_temporary_password_opens_one_session_that_must_replace_it(
    api: Api, clock: SettableClock
) -> None:
    owner = await sign_in(api, 5)
    assert (await owner.data("{ viewer { nextSteps } }"))["viewer"]["nextSteps"] == [
        "CHANGE_TEMPORARY_PASSWORD"
    ]
    assert (await first_step(api, "demo-5@nmo.example"))["challenge"] is None
    same = (await owner.data(CHANGE_PASSWORD, old=PASSWORD, new=PASSWORD))["changePassword"]
    assert same["errors"] == [{"code": "PASSWORD_REUSED", "path": ["newPassword"]}]
    assert (await owner.data(CHANGE_PASSWORD, old=PASSWORD, new="Новый-пароль-7"))["changePassword"][
        "success"
    ]
    assert (await owner.data("{ viewer { account { accessLevel } } }"))["viewer"]["account"][
        "accessLevel"
    ] == "FULL"
    assert (await first_step(api, "demo-5@nmo.example"))["challenge"] is None
    assert (await first_step(api, "demo-5@nmo.example", "Новый-пароль-7"))["challenge"]


async def test_a27_a_temporary_password_is_late_after_three_days(api: Api, clock: SettableClock) -> None:
    early = (await first_step(api, "demo-5@nmo.example"))["challenge"]["id"]
    clock.advance(timedelta(minutes=4))
    assert (await second_step(api, early, await api.code("+79161234505")))["signedIn"]
    clock.advance(timedelta(hours=72))
    assert (await first_step(api, "demo-5@nmo.example"))["challenge"] is None


async def test_a27_two_logins_begun_with_one_temporary_password_end_in_one_session(api: Api) -> None:
    first, one = await challenged(api, 5)
    second, two = await challenged(api, 5)
    assert (await second_step(api, first, one))["signedIn"]
    assert not (await second_step(api, second, two))["signedIn"]


async def test_a35_a_code_of_another_challenge_does_not_fit(api: Api) -> None:
    mine = (await first_step(api))["challenge"]["id"]
    code = await api.code(PHONE)
    theirs = (await first_step(api, "demo-2@nmo.example"))["challenge"]["id"]
    assert (await second_step(api, theirs, code))["errors"][0]["code"] == "CODE_WRONG"
    assert (await second_step(api, mine, code))["signedIn"]


async def test_a36_a_challenge_is_no_token(api: Api) -> None:
    api.token = (await first_step(api))["challenge"]["id"]
    assert (await api.ask(VIEWER)).code == "UNAUTHENTICATED"


@pytest.mark.parametrize("state", [AccountState.CLOSED, AccountState.LOCKED])
async def test_a45_a_closed_account_looks_like_none(api: Api, site: Site, state: AccountState) -> None:
    unknown = await first_step(api, "nobody@nmo.example")
    await set_account(site, "demo-1", state=state)
    assert await first_step(api) == unknown


async def test_a_password_of_yesterdays_cost_is_hashed_anew_at_login(api: Api, site: Site) -> None:
    cheap = Passwords(PasswordCost(memory_kib=8 * 1024, passes=1))
    await set_account(site, "demo-1", password_hash=await cheap.hash(PASSWORD))
    assert (await first_step(api))["challenge"]
    async with site.ports.database.reading() as session:
        stored = await session.scalar(
            update(Account)
            .where(col(Account.slug) == "demo-1")
            .values(slug="demo-1")
            .returning(col(Account.password_hash))
        )
    assert "m=19456,t=2" in (stored or "")
    assert (await first_step(api))["challenge"]
