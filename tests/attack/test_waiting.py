"""What waited while its account was closed, blocked or signed out writes nothing (security.md P07, A52, A56)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from models.account import Account, AccountState
from models.clock import SettableClock
from models.contact_changes import ContactChange
from models.journal import Event, account_stream
from models.privacy import Closure
from models.terms import TermsKind, current_terms
from resolvers.blocking import block, unblock
from resolvers.closure import KEPT, close_due
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from resolvers.ownership import owned_tables
from storage.database import Author
from tests.api import PASSWORD, Answer, Api, Json
from tests.attack.test_closed import soon
from tests.attack.test_contacts import NEW, REVERT, revert_token
from tests.changing import CHANGE, change, confirm
from tests.forms import SUBMIT
from tests.forms import form as personal_form
from tests.recovering import NEW_PASSWORD, RESET, Forgetful
from tests.recovering import REQUEST as REQUEST_RECOVERY
from tests.registering import BY_CODE, BY_TOKEN, FORM, Newcomer
from tests.signing_in import (
    CHANGE_PASSWORD,
    COMPLETE,
    EMAIL,
    LOGIN,
    SET_UP,
    challenged,
    first_step,
    sign_in,
)
from tests.test_data_export import REQUEST
from tests.test_first_login import ACCEPT, IDENTIFY
from tests.test_privacy import GIVE
from web.app import Site

pytestmark = [pytest.mark.anyio, pytest.mark.own_bucket]
OWNER = demo_id("account", 1)
RULES, CONSENT = current_terms(TermsKind.TERMS_OF_USE), current_terms(TermsKind.PERSONAL_DATA)
FORMS: tuple[tuple[str, dict[str, Any]], ...] = (
    (SUBMIT, {"input": personal_form(1)}),
    (IDENTIFY, {"inn": "500100732259"}),
    (ACCEPT, {"version": RULES.version, "accepted": True}),
    (CHANGE["email"], {"to": "thief@nmo.example"}),
    (SET_UP, {}),
    (CHANGE_PASSWORD, {"old": PASSWORD, "new": "Kedr-i-sosna-47"}),
    (GIVE, {"kind": CONSENT.kind.value, "version": CONSENT.version}),
    (REQUEST, {}),
)


async def behind(
    site: Site, end: Callable[[], Awaitable[Any]], *asked: Awaitable[Answer], whose: UUID = OWNER
) -> list[Answer]:
    """The answers to what was asked while `end` was waiting for the account, which is then let go."""
    async with site.ports.database.transaction(Author("test", "")) as work:
        await work.session.get_one(Account, whose, with_for_update=True)
        ending = asyncio.ensure_future(end())
        await asyncio.sleep(0.3)
        waiting = asyncio.gather(*asked)
        await asyncio.sleep(0.7)
    await ending
    return await waiting


async def test_p07_a_form_that_waited_for_the_closure_is_answered_like_nobodys(
    api: Api, site: Site, clock: SettableClock
) -> None:
    await soon(site, OWNER, clock)
    owner = await sign_in(api)
    asked = [owner.ask(query, **variables) for query, variables in FORMS]
    answers = await behind(site, lambda: close_due(Context(site.ports)), *asked)
    assert [answer.code for answer in answers] == ["UNAUTHENTICATED"] * len(FORMS)
    async with site.ports.database.reading() as session:
        account = await session.get_one(Account, OWNER)
        assert (account.state, account.last_name, account.password_hash) == (AccountState.CLOSED, "", None)
        for table, condition in owned_tables(OWNER).items():
            if table.name not in KEPT:
                query = select(func.count()).select_from(table).where(condition)
                assert (table.name, await session.scalar(query)) == (table.name, 0)
        newest = select(col(Event.action)).where(col(Event.stream) == account_stream(OWNER))
        assert await session.scalar(newest.order_by(col(Event.seq).desc())) == "privacy:closure:done"


async def test_a56_a_form_that_waited_for_the_block_opens_no_way_back(api: Api, site: Site) -> None:
    owner = await sign_in(api)
    asked = owner.ask(CHANGE["email"], to="thief@nmo.example")
    (answer,) = await behind(site, lambda: block(Context(site.ports), EMAIL), asked)
    assert answer.code == "UNAUTHENTICATED"
    async with site.ports.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ContactChange)) == 0


async def test_a52_a_form_that_waited_while_its_session_was_ended_changes_nothing(
    api: Api, site: Site
) -> None:
    owner, thief = await sign_in(api), await sign_in(api)
    first = owner.ask(CHANGE_PASSWORD, old=PASSWORD, new="Kedr-i-sosna-47")
    changed: list[Answer] = []

    async def end() -> None:
        changed.append(await first)

    (answer,) = await behind(site, end, thief.ask(CHANGE["email"], to="thief@nmo.example"))
    assert changed[0].data["changePassword"]["errors"] == []
    assert answer.code == "UNAUTHENTICATED"


async def test_a41_a_login_by_the_old_password_that_waited_for_the_reset_opens_no_second_step(
    api: Api, site: Site
) -> None:
    owner = Forgetful(api)
    flow = await owner.confirmed()
    asked = api.ask(LOGIN, login=EMAIL, password=PASSWORD)
    (answer,) = await behind(site, lambda: owner.reset(flow), asked)
    login = answer.data["login"]
    assert (login["challenge"], login["errors"][0]["code"]) == (None, "CREDENTIALS_WRONG")
    assert (await first_step(api, password=NEW_PASSWORD))["challenge"]


async def test_a41_a_code_and_a_reset_at_the_same_moment_follow_one_another(api: Api, site: Site) -> None:
    owner, (challenge, code) = Forgetful(api), await challenged(api)
    flow, done = await owner.confirmed(), list[Json]()

    async def end() -> None:
        done.append(await owner.reset(flow))

    (answer,) = await behind(site, end, api.ask(COMPLETE, id=challenge, code=code))
    assert [done[0]["success"], answer.data["completeSecondFactor"]["errors"][0]["code"]] == [
        True,
        "CODE_USED",
    ]


async def test_a41_a_new_recovery_and_the_reset_of_the_one_before_follow_one_another(
    api: Api, site: Site
) -> None:
    owner = Forgetful(api)
    flow, done = await owner.confirmed(), list[Json]()
    waiting = await owner.begin("79161234501")

    async def end() -> None:
        done.append(await owner.reset(flow))

    (answer,) = await behind(site, end, api.ask(REQUEST_RECOVERY, contact="79161234501"))
    assert [done[0]["success"], answer.data["requestPasswordRecovery"]["errors"]] == [True, []]
    shown = await api.data("query ($id: ID!) { recovery(id: $id) { state } }", id=waiting)
    assert shown["recovery"]["state"] == "EXPIRED"


async def test_a45_a_reset_that_waited_for_the_block_sets_no_password(api: Api, site: Site) -> None:
    owner = Forgetful(api)
    flow = await owner.confirmed()
    asked = api.ask(RESET, flow=flow, password=NEW_PASSWORD)
    (answer,) = await behind(site, lambda: block(Context(site.ports), EMAIL), asked)
    assert answer.data["resetPassword"]["errors"][0]["code"] == "CODE_EXPIRED"
    await unblock(Context(site.ports), EMAIL)
    assert (await first_step(api))["challenge"]


async def test_p07_a_way_back_that_waited_for_the_closure_leads_nowhere(
    api: Api, site: Site, clock: SettableClock
) -> None:
    await soon(site, OWNER, clock)
    owner = await sign_in(api)
    await confirm(owner, *await change(owner, NEW))
    asked = api.ask(REVERT, token=await revert_token(api, EMAIL))
    (answer,) = await behind(site, lambda: close_due(Context(site.ports)), asked)
    assert answer.data["revertContactChange"]["errors"] == [{"code": "LINK_EXPIRED"}]


@pytest.mark.parametrize("by_letter", [True, False], ids=["link", "code"])
async def test_p07_a_confirmation_that_waited_for_the_closure_leads_nowhere(
    api: Api, site: Site, clock: SettableClock, by_letter: bool
) -> None:
    person = Newcomer(api)
    flow = await person.begin()
    code, token = await api.code(f"+{FORM['phone']}"), await person.token()
    first = person.by_code(flow, code) if by_letter else person.by_token(token)
    assert (await first)["errors"] == []
    async with site.ports.database.reading() as session:
        newcomer = select(col(Account.id)).where(col(Account.email) == FORM["email"])
        key = (await session.scalars(newcomer)).one()
    async with site.ports.database.transaction(Author("test", "")) as work:
        work.session.add(Closure(account_id=key, requested_at=clock.now(), due_at=clock.now()))
    asked = api.ask(BY_TOKEN, token=token) if by_letter else api.ask(BY_CODE, flow=flow, code=code)
    (answer,) = await behind(site, lambda: close_due(Context(site.ports)), asked, whose=key)
    (payload,) = answer.data.values()
    assert payload["errors"][0]["code"] == ("LINK_EXPIRED" if by_letter else "NOT_FOUND")
