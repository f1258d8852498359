"""Attacks on password recovery (security.md A37-A46)."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlmodel import col

from models.account import Account, AccountState
from models.clock import SettableClock
from storage.database import Author
from tests.api import Api, eventually
from tests.attack.counting import recorded
from tests.changing import change, confirm
from tests.recovering import ADDRESS, NEW_PASSWORD, PHONE, Forgetful
from tests.registering import Newcomer, codes, wrong
from tests.signing_in import first_step, sign_in
from web.app import Site

pytestmark = pytest.mark.anyio


@pytest.fixture
def person(api: Api) -> Forgetful:
    return Forgetful(api)


async def test_a39_a_code_of_one_account_opens_nothing_of_another(person: Forgetful) -> None:
    await person.begin(ADDRESS)
    theirs = await person.begin("demo-2@nmo.example")
    mine = await person.api.code(ADDRESS)
    if mine != await person.api.code("demo-2@nmo.example"):
        assert codes(await person.confirm(theirs, mine)) == [("CODE_WRONG", ["code"])]


async def test_a40_of_two_resets_with_one_code_exactly_one_wins(person: Forgetful) -> None:
    flow = await person.confirmed()
    answers = await asyncio.gather(
        person.reset(flow, "Sosna-i-kedr-58"), person.reset(flow, "Kedr-i-sosna-85")
    )
    assert sorted(answer["success"] for answer in answers) == [False, True]


async def test_a40_of_two_confirmed_recoveries_that_reset_at_once_one_wins(
    person: Forgetful, site: Site
) -> None:
    """While a third is asked for: no two may wait for each other."""
    flows = [await person.confirmed(ADDRESS), await person.confirmed(PHONE)]
    async with site.ports.database.transaction(Author("test", "")) as work:
        # the first steps of all three are done before any can go on
        await work.session.execute(text("LOCK TABLE application_event IN SHARE MODE"))
        resets = asyncio.gather(*map(person.reset, flows))
        asked = asyncio.ensure_future(person.request(ADDRESS))
        await asyncio.sleep(1)
    answers = await resets
    assert (await asked)["errors"] == []
    assert sorted(map(codes, answers)) == [[], [("CODE_USED", ["flowId"])]]


async def test_a41_a_new_request_kills_the_older_of_the_contact(person: Forgetful) -> None:
    older = await person.begin()
    code = await person.api.code(ADDRESS)
    newer = await person.begin()
    assert codes(await person.confirm(older, code)) == [("CODE_EXPIRED", ["code"])]
    assert codes(await person.confirm(newer, wrong(code))) == [("CODE_WRONG", ["code"])]


async def test_a37_a_request_for_another_contact_ends_nothing_that_a_stranger_can_see(
    person: Forgetful,
) -> None:
    """Neither of an account that has both contacts, nor of contacts that nobody has."""
    for first, second in ((ADDRESS, "79161234501"), ("nobody@nmo.example", "none@nmo.example")):
        flow = await person.begin(first)
        await person.begin(second)
        shown = await person.api.data("query ($id: ID!) { recovery(id: $id) { state } }", id=flow)
        assert shown["recovery"]["state"] == "CODE_SENT"


async def test_a41_success_kills_every_other_code_and_both_contacts_are_told(person: Forgetful) -> None:
    other = await person.begin()
    code = await person.api.code(ADDRESS)
    flow = await person.confirmed("79161234501")
    assert (await person.reset(flow))["success"] is True
    assert codes(await person.confirm(other, code)) == [("CODE_EXPIRED", ["code"])]

    def told() -> set[str]:
        return {message.to for message in person.api.outbox().messages() if "Пароль" in message.text}

    await eventually(lambda: told() == {ADDRESS, "+79161234501"})


async def test_a18_who_has_set_a_new_password_is_not_kept_out_by_guesses_at_the_old(
    person: Forgetful,
) -> None:
    flow = await person.confirmed()
    for _ in range(12):
        await first_step(person.api, ADDRESS, "Wrong-password-1!")
    assert (await person.reset(flow))["success"] is True
    assert (await sign_in(person.api, password=NEW_PASSWORD)).token


async def test_a42_a_recovery_drops_a_change_of_address_that_waits_for_its_code(person: Forgetful) -> None:
    thief = await sign_in(person.api)
    waiting, code = await change(thief, "thief@nmo.example")
    flow = await person.confirmed()
    assert (await person.reset(flow))["success"] is True
    assert (await thief.ask("{ viewer { id } }")).code == "UNAUTHENTICATED"
    owner = await sign_in(person.api, password=NEW_PASSWORD)
    assert (await confirm(owner, waiting, code))["errors"] == [{"code": "CODE_EXPIRED"}]
    assert (await first_step(person.api, "thief@nmo.example", NEW_PASSWORD))["challenge"] is None


async def wrong_guesses(person: Forgetful, contact: str, count: int) -> list[tuple[str, int | None]]:
    """Codes and tries left of guesses at a new recovery that are wrong, but for once in a million."""
    flow = await person.begin(contact)
    answers = [await person.confirm(flow, "000000") for _ in range(count)]
    return [(answer["errors"][0]["code"], answer["errors"][0].get("attemptsLeft")) for answer in answers]


async def test_a37_a38_limits_of_guesses_tell_nobody_who_has_an_account(
    person: Forgetful, clock: SettableClock
) -> None:
    """Neither whether a phone has one, nor whether an address and a phone are of one."""

    async def seen(phone: str, address: str) -> list[object]:
        newcomer, found = Newcomer(person.api), list[object]()
        for _ in range(2):
            flow = await newcomer.begin(phone=phone, email=f"none-of-{phone}@nmo.example")
            found += [codes(await newcomer.by_code(flow, "000000")) for _ in range(5)]
        found += [await wrong_guesses(person, contact, 5) for contact in (address, phone, address, phone)]
        return [*found, await wrong_guesses(person, phone, 1)]

    known = await seen(PHONE, ADDRESS)
    clock.advance(timedelta(minutes=1))  # the limit of the caller's own address
    assert known == await seen("79161239999", "nobody@nmo.example")
    assert known[-1] == [("RATE_LIMITED", 0)]


async def test_a38_of_guesses_at_recoveries_seven_of_an_account_are_looked_at(person: Forgetful) -> None:
    await wrong_guesses(person, PHONE, 5)
    assert await wrong_guesses(person, ADDRESS, 3) == [("CODE_WRONG", left) for left in (4, 3, 2)]
    flow = await person.begin("demo-1@nmo.example")
    right = await person.confirm(flow, await person.api.code(ADDRESS))
    assert codes(right) == [("CODE_WRONG", ["code"])]
    assert await recorded(person.api, "recovery:code:failed", "CODE_WRONG") == 7
    assert await recorded(person.api, "recovery:code:limited", "CODE_WRONG") == 2


async def test_a18_guesses_at_recoveries_leave_the_code_of_a_login_good(person: Forgetful) -> None:
    for contact in (ADDRESS, PHONE):
        await wrong_guesses(person, contact, 5)
    assert (await sign_in(person.api)).token


@pytest.mark.parametrize("state", [AccountState.CLOSED, AccountState.LOCKED])
async def test_a45_a_recovery_of_a_closed_account_looks_like_one_of_nobody(
    person: Forgetful, site: Site, state: AccountState
) -> None:
    async with site.ports.database.reading() as session:
        await session.execute(update(Account).where(col(Account.slug) == "demo-1").values(state=state))
    answers = [await person.request(contact) for contact in (ADDRESS, "doctor@nmo.example")]
    for answer in answers:
        del answer["flow"]["id"], answer["flow"]["number"]
    assert answers[0] == answers[1]
    await person.begin("demo-2@nmo.example")
    await person.api.code("demo-2@nmo.example")
    assert {message.to for message in person.api.outbox().messages()} == {"demo-2@nmo.example"}


async def test_a43_a46_a_poisoned_host_and_a_look_alike_address_reach_only_the_stored_one(
    person: Forgetful,
) -> None:
    person.api.headers = {"x-forwarded-host": "evil.example"}
    await person.begin("ＤＥＭＯ-1@nmo.example")
    await person.api.code(ADDRESS)
    assert {message.to for message in person.api.outbox().messages()} == {ADDRESS}
    assert all("evil" not in message.text for message in person.api.outbox().messages())
