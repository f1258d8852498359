"""An account that is shut out, and one that loses a right (security.md A56)."""

from argparse import Namespace

import pytest
from sqlalchemy import update
from sqlmodel import col

from models.account import Account, Permission
from resolvers.blocking import block, unblock
from resolvers.context import Context
from storage.folders import StartError
from tests.api import Api
from tests.live_site import live_site
from tests.product import live
from tests.signing_in import EMAIL, first_step, sign_in
from tests.test_register_check import settled
from web.app import Site
from web.commands import block as block_command
from web.settings import Settings

pytestmark = pytest.mark.anyio
VIEWER = "{ viewer { id } }"
STREAM = "subscription { account { __typename } }"
ADD = """mutation { addEducationElements(input: {courseIds: ["course_00000000000000000000000000000000"]}) {
    errors { code } } }"""


async def test_a56_a_blocked_account_loses_its_sessions_and_sockets_within_a_second(
    api: Api, site: Site
) -> None:
    owner = await sign_in(api)
    async with live_site(site) as url, live(url, owner.token) as connection:
        await connection.subscribe(STREAM)
        await connection.event("account")
        assert await block(Context(site.ports), EMAIL) == 1
        assert await connection.closed(1.0) == 4401
    assert (await owner.ask(VIEWER)).code == "UNAUTHENTICATED"
    assert (await first_step(api))["challenge"] is None
    await unblock(Context(site.ports), EMAIL)
    assert (await (await sign_in(api)).data("{ viewer { account { state accessLevel } } }"))["viewer"] == {
        "account": {"state": "VERIFIED", "accessLevel": "FULL"}
    }


async def test_a56_one_let_in_again_is_where_the_data_leave_it(api: Api, site: Site) -> None:
    for number, state, changes in (
        (4, "DATA_REJECTED", {}),
        (2, "VERIFIED", {"verified_at": None}),
        (3, "VERIFIED", {}),
    ):
        phone = f"7916123450{number}"
        async with site.ports.database.reading() as session:
            chosen = update(Account).where(col(Account.slug) == f"demo-{number}")
            await session.execute(chosen.values(slug=f"demo-{number}", **changes))
        await block(Context(site.ports), phone)
        await unblock(Context(site.ports), phone)
        await settled(await api.as_demo(f"demo-{number}"), state)


async def test_a56_a_right_that_was_taken_is_gone_at_the_next_request(api: Api, site: Site) -> None:
    owner = await api.as_demo("demo-1")
    assert (await owner.ask(ADD)).status == 200
    async with site.ports.database.reading() as session:
        chosen = update(Account).where(col(Account.slug) == "demo-1")
        await session.execute(chosen.values(permissions=[Permission.ACTIVITY_ENROLL.value]))
    assert (await owner.ask(ADD)).code == "FORBIDDEN"


def test_a56_an_operator_blocks_by_what_a_person_signs_in_with(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    block_command(settings, Namespace(login=EMAIL))
    assert capsys.readouterr().out == "Доступ остановлен, завершено сеансов: 0.\n"
    with pytest.raises(StartError, match=r"nobody@nmo\.example"):
        block_command(settings, Namespace(login="nobody@nmo.example"))
