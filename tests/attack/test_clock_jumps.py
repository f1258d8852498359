"""Clocks that are put back or forward: nothing spent or revoked comes to life, nobody waits for ever (A54, A12, A47)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from models.clock import SettableClock
from models.limits import Rule
from models.notifications import Notification, NotificationKind
from models.signin import SESSION_LIFE
from resolvers.context import Context
from resolvers.limits import spend
from tests.api import PASSWORD, Api
from tests.attack.test_contacts import NEW, REVERT, revert_token
from tests.changing import change, confirm
from tests.registering import Newcomer
from tests.signing_in import (
    CHANGE_PASSWORD,
    challenged,
    enable_totp,
    first_step,
    reauthenticate,
    second_step,
    sign_in,
)

pytestmark = pytest.mark.anyio
HOUR, TWO_DAYS = timedelta(hours=1), timedelta(days=2)
BACK = pytest.mark.parametrize("back", [HOUR, TWO_DAYS], ids=["hour", "two-days"])
ME = "{ viewer { id } }"
LOGOUT = "mutation ($all: Boolean!) { logout(allSessions: $all) { closed } }"
LOG = "{ viewer { auditChainValid auditLog(first: 50) { edges { node { seq at action } } } } }"
SENSITIVE = 'mutation { changeEmail(newEmail: "novaya@nmo.example") { errors { code } } }'


@BACK
async def test_a54_an_ended_session_stays_ended_and_a_live_one_stays_live(
    api: Api, clock: SettableClock, back: timedelta
) -> None:
    ended, live = await sign_in(api), await sign_in(api)
    await ended.data(LOGOUT, all=False)
    clock.advance(-back)
    assert (await ended.ask(ME)).code == "UNAUTHENTICATED"
    assert (await live.ask(ME)).status == 200


@BACK
async def test_a54_a_session_lives_longer_by_the_jump_at_most_and_idles_out_in_its_own_time(
    api: Api, clock: SettableClock, back: timedelta
) -> None:
    used, idle = await sign_in(api), await sign_in(api)
    clock.advance(-back)
    assert (await used.ask(ME)).status == 200
    clock.advance(timedelta(minutes=31))
    assert (await used.ask(ME)).code == "UNAUTHENTICATED"
    clock.advance(back)
    assert (await idle.ask(ME)).code == "UNAUTHENTICATED"
    kept = await sign_in(api)
    clock.advance(-back)
    for _ in range(int((SESSION_LIFE + back) / timedelta(minutes=29))):
        assert (await kept.ask(ME)).status == 200
        clock.advance(timedelta(minutes=29))
    clock.advance(timedelta(minutes=29))
    assert (await kept.ask(ME)).code == "UNAUTHENTICATED"


async def test_a54_a_jump_forward_ends_sessions(api: Api, clock: SettableClock) -> None:
    person = await sign_in(api)
    clock.advance(timedelta(hours=13))
    assert (await person.ask(ME)).code == "UNAUTHENTICATED"


async def test_a12_a_code_of_a_login_that_was_ended_with_the_sessions_stays_dead(
    api: Api, clock: SettableClock
) -> None:
    person = await sign_in(api)
    challenge, code = await challenged(api)
    changed = await person.data(CHANGE_PASSWORD, old=PASSWORD, new="Sosna-i-kedr-58")
    assert changed["changePassword"]["errors"] == []
    clock.advance(-TWO_DAYS)
    late = await second_step(api, challenge, code)
    assert (late["accessToken"], late["errors"][0]["code"]) == (None, "CODE_USED")


async def test_a12_a_used_code_and_a_worn_out_one_stay_so(api: Api, clock: SettableClock) -> None:
    used, code = await challenged(api)
    assert (await second_step(api, used, code))["accessToken"]
    worn, right = await challenged(api)
    for _ in range(5):
        await second_step(api, worn, "000000" if right != "000000" else "000001")
    clock.advance(-TWO_DAYS)
    assert (await second_step(api, used, code))["errors"][0]["code"] == "CODE_USED"
    assert (await second_step(api, worn, right))["errors"][0]["code"] == "CODE_ATTEMPTS_EXHAUSTED"


async def test_a47_a_proof_given_in_the_future_is_asked_for_again(api: Api, clock: SettableClock) -> None:
    person = await sign_in(api)
    clock.advance(-TWO_DAYS)
    assert (await person.data(SENSITIVE))["changeEmail"]["errors"] == [{"code": "REAUTH_REQUIRED"}]
    assert (await reauthenticate(person))["errors"] == []
    assert (await person.data(SENSITIVE))["changeEmail"]["errors"] == []


@BACK
async def test_a20_tries_are_neither_forgotten_nor_held_against_anybody_for_longer_than_the_window(
    api: Api, clock: SettableClock, back: timedelta
) -> None:
    rule, context = Rule("of-this-test", 3, timedelta(minutes=15)), Context(api.site.ports)
    for _ in range(3):
        assert await spend(context, rule, "one") is None
    clock.advance(-back)
    assert await spend(context, rule, "one") == rule.window
    clock.advance(timedelta(minutes=14))
    assert await spend(context, rule, "one") == timedelta(minutes=1)
    clock.advance(timedelta(minutes=1))
    assert await spend(context, rule, "one") is None


@BACK
async def test_a13_a_message_can_be_asked_for_again_after_a_minute(
    api: Api, clock: SettableClock, back: timedelta
) -> None:
    person = Newcomer(api)
    flow = await person.begin()
    assert (await person.resend("PHONE", flow))["errors"][0]["code"] == "RATE_LIMITED"
    clock.advance(-back)
    again = await person.resend("PHONE", flow)
    assert (again["errors"], again["flow"]["resendAfterSeconds"]) == ([], 60)
    assert (await person.resend("PHONE", flow))["errors"][0]["code"] == "RATE_LIMITED"


async def test_a47_a_way_back_that_a_revert_has_ended_stays_ended(api: Api, clock: SettableClock) -> None:
    """Whoever took the account changed its address twice; between the changes the clock was put back."""
    owner = await sign_in(api)
    assert (await confirm(owner, *await change(owner, NEW)))["errors"] == []
    token = await revert_token(api, "demo-1@nmo.example")
    clock.advance(-TWO_DAYS)
    assert (await reauthenticate(owner))["errors"] == []
    assert (await confirm(owner, *await change(owner, "third@nmo.example")))["errors"] == []
    younger = await revert_token(api, NEW)
    assert (await api.data(REVERT, token=token))["revertContactChange"]["errors"] == []
    for moment in (timedelta(), -TWO_DAYS, TWO_DAYS):
        clock.advance(moment)
        answer = (await api.data(REVERT, token=younger))["revertContactChange"]
        assert answer["errors"] == [{"code": "LINK_EXPIRED"}]


async def test_3_3_27_the_journal_and_the_notices_keep_the_order_of_what_happened(
    api: Api, clock: SettableClock
) -> None:
    person = await sign_in(api)
    clock.advance(-TWO_DAYS)
    person = await sign_in(api)
    found = (await person.data(LOG))["viewer"]
    lines = [edge["node"] for edge in found["auditLog"]["edges"]]
    assert [line["seq"] for line in lines] == list(range(len(lines), 0, -1))
    opened = [line["at"] for line in lines if line["action"] == "signin:session:opened"]
    assert opened[0] < opened[1]
    assert found["auditChainValid"]
    entered = select(Notification).where(col(Notification.kind) == NotificationKind.SECURITY)
    newest = entered.order_by(col(Notification.id).desc()).limit(2)
    async with api.site.ports.database.reading() as session:
        later, earlier = (await session.scalars(newest)).all()
    assert later.created_at < earlier.created_at


async def test_a29_no_code_of_the_application_is_good_again_when_the_clock_is_put_back(
    api: Api, clock: SettableClock
) -> None:
    """Until the clock has caught up with the last one only a spare code opens."""
    person = await sign_in(api)
    generator, spare = await enable_totp(person, clock)
    used = generator.at(clock.now())
    challenge = (await first_step(api))["challenge"]["id"]
    assert (await second_step(api, challenge, used, method="TOTP"))["accessToken"]
    clock.advance(-HOUR)
    for code in (used, generator.at(clock.now())):
        challenge = (await first_step(api))["challenge"]["id"]
        refused = await second_step(api, challenge, code, method="TOTP")
        assert [error["code"] for error in refused["errors"]] == ["CODE_WRONG"]
    assert (await second_step(api, challenge, spare[0], method="RECOVERY_CODE"))["accessToken"]
