"""An INN that nobody has confirmed is freed by an operator for whom it names (ARCHITECTURE.md, D26)."""

from argparse import Namespace

import pytest
from anyio import to_thread
from sqlalchemy import select, update
from sqlmodel import col

from models.account import Account, AccountState
from models.errors import Refusal
from resolvers.blocking import block, unblock
from resolvers.context import Context
from resolvers.inn_freeing import free_inn
from storage.folders import StartError
from tests.api import Api, Json
from tests.forms import SUBMIT, form
from tests.linking import Gosuslugi
from tests.registering import FORM, Newcomer, codes
from tests.test_register_check import actions, newest, settled
from web.app import Site
from web.commands import free_inn as free_inn_command
from web.settings import Settings

pytest_plugins = ("tests.gosuslugi_fixtures",)
pytestmark = pytest.mark.anyio

INN = FORM["inn"]
STRANGER = {"phone": "79031112244", "email": "stranger@nmo.example"}
OWN = {name: FORM[name] for name in ("lastName", "firstName", "middleName")}
LOG = '{ viewer { auditLog(first: 9, actionPrefix: "account:inn") { edges { node { action title } } } } }'
PROFILE = "{ viewer { nextSteps profile { inn fieldSources { field } } } }"


@pytest.fixture
async def stranger(api: Api) -> Api:
    """Signed in to an account with the INN of somebody else."""
    person = Newcomer(api)
    await person.registered(**STRANGER)
    await person.by_token(await person.token(STRANGER["email"]))
    caller = await person.signed_in(STRANGER["email"], phone=STRANGER["phone"])
    await caller.data(f'mutation {{ identify(inn: "{INN}") {{ errors {{ code }} }} }}')
    return caller


async def send(caller: Api, **changes: object) -> None:
    payload = (await caller.data(SUBMIT, input=form(4, **OWN, **STRANGER, **changes)))["submitPersonalData"]
    assert payload["errors"] == [], payload


async def profile(caller: Api) -> Json:
    found: Json = (await caller.data(PROFILE))["viewer"]
    return found


async def test_a_freed_inn_registers_its_owner_and_whoever_held_it_is_told(api: Api, stranger: Api) -> None:
    person = Newcomer(api)
    refused = await person.by_code(await person.begin(), await api.code(f"+{FORM['phone']}"))
    assert codes(refused) == [("CONFLICT", ["inn"])]
    await free_inn(Context(api.site.ports), INN)
    await person.registered(phone="79031112255")
    assert "обратитесь в поддержку" in await api.letter(STRANGER["email"], "ИНН убран")
    (edge,) = (await stranger.data(LOG))["viewer"]["auditLog"]["edges"]
    assert edge["node"] == {
        "action": "account:inn:freed",
        "title": "Оператор убрал ИНН, который никто не подтвердил",
    }


async def test_a_freed_inn_leaves_no_step_that_nobody_can_take(api: Api) -> None:
    person = Newcomer(api)
    await person.registered(**STRANGER)
    await person.by_token(await person.token(STRANGER["email"]))
    await free_inn(Context(api.site.ports), STRANGER["phone"])
    caller = await person.signed_in(STRANGER["email"], phone=STRANGER["phone"])
    assert (await profile(caller))["nextSteps"] == ["FILL_PERSONAL_DATA", "PASS_REGISTRY_CHECK"]
    await send(caller)
    await settled(caller, "VERIFIED")


async def test_data_that_were_sent_with_the_inn_are_checked_again_without_it(api: Api, stranger: Api) -> None:
    await send(stranger, passportNumber="123437")
    await settled(stranger, "DATA_REJECTED")
    assert (await profile(stranger))["profile"]["inn"] == INN
    await free_inn(Context(api.site.ports), INN)
    found = (await profile(stranger))["profile"]
    assert found["inn"] is None
    assert "inn" not in [each["field"] for each in found["fieldSources"]]
    await settled(stranger, "DATA_REJECTED")
    assert await actions(stranger) == ["form:submitted", "check:mismatched", "check:mismatched"]
    assert len((await newest(stranger))["history"]) == 6


async def test_a_locked_account_stays_locked_and_is_checked_once_it_is_let_in(
    api: Api, stranger: Api
) -> None:
    await send(stranger, passportNumber="123400")
    context = Context(api.site.ports)
    await block(context, STRANGER["phone"])
    await free_inn(context, INN)
    async with api.site.ports.database.reading() as session:
        locked = (await session.scalars(select(Account).where(col(Account.email) == STRANGER["email"]))).one()
    assert (locked.state, locked.inn_index, locked.inn_sealed) == (AccountState.LOCKED, None, None)
    await unblock(context, STRANGER["phone"])
    caller = await Newcomer(api).signed_in(STRANGER["email"], phone=STRANGER["phone"])
    await settled(caller, "DATA_SUBMITTED")


async def test_an_inn_that_gosuslugi_has_named_stays_though_the_data_are_being_checked(
    gosuslugi: Gosuslugi,
) -> None:
    doctor = await gosuslugi.api.as_demo("demo-1")
    assert (await gosuslugi.link(doctor, "demo-1"))["errors"] == []
    ports = gosuslugi.api.site.ports
    async with ports.database.reading() as session:
        await session.execute(update(Account).where(col(Account.slug) == "demo-1").values(verified_at=None))
    with pytest.raises(Refusal):
        await free_inn(Context(ports), "500100732259")
    assert (await profile(doctor))["profile"]["inn"] == "500100732259"


@pytest.mark.parametrize(
    ("named", "line"),
    [
        ("500100732259", "Этот ИНН подтверждён и остаётся у своей учётной записи."),
        ("demo-1@nmo.example", "Этот ИНН подтверждён и остаётся у своей учётной записи."),
        (INN, f"Нет учётной записи с ИНН: {INN}."),
        ("demo-4@nmo.example", "Нет учётной записи с ИНН: demo-4@nmo.example."),
        ("nobody@nmo.example", "Нет учётной записи nobody@nmo.example: укажите её почту, телефон или СНИЛС."),
    ],
)
def test_what_cannot_be_freed_is_one_line(settings: Settings, named: str, line: str) -> None:
    with pytest.raises(StartError) as refusal:
        free_inn_command(settings, Namespace(holder=named))
    assert str(refusal.value) == line


async def test_an_operator_frees_an_inn_by_the_command(
    site: Site, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with site.ports.database.reading() as session:
        await session.execute(update(Account).where(col(Account.slug) == "demo-3").values(verified_at=None))
    await to_thread.run_sync(free_inn_command, settings, Namespace(holder="123456789047"))
    assert capsys.readouterr().out == "ИНН освобождён.\n"
