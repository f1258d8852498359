"""Consents, closure, who has read the data - through the public API (152-FZ; P05..P15)."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from gateways.register import Match, Mismatch
from gateways.register_sandbox import SandboxRegister
from models.access import READER_LABELS
from models.account import Account, AccountState
from models.clock import SettableClock
from models.personal_data import PersonalData
from models.terms import TermsKind, current_terms
from resolvers.closure import close_due
from resolvers.context import Context
from resolvers.data_export import AUTHOR
from resolvers.demo_catalog import demo_id
from resolvers.linking_sync import GOSUSLUGI
from resolvers.register_check import REGISTER
from tests.api import PASSWORD, Api, Json, eventually, once
from tests.forms import SUBMIT, form, send
from tests.signing_in import LOGIN, reauthenticate, sign_in
from tests.test_canaries import dump
from tests.test_register_check import settled
from web.app import Site
from web.settings import Settings

pytest_plugins = ("tests.gosuslugi_fixtures",)
pytestmark = pytest.mark.anyio

GIVE = """
mutation ($kind: TermsKind!, $version: String!) { giveConsent(kind: $kind, version: $version) {
  consent { kind version sha256 channel } errors { code path }
} }
"""
WITHDRAW = """
mutation ($kind: TermsKind!) { withdrawConsent(kind: $kind) { withdrawn closure { dueAt } errors { code path } } }
"""
CONSENTS = "{ viewer { consents { kind version title sha256 givenAt withdrawnAt } } }"
CLOSE = "mutation { requestAccountClosure { closure { dueAt } errors { code } } }"
CANCEL = "mutation { cancelAccountClosure { cancelled errors { code } } }"
ACCESS = (
    "{ viewer { accessLog { totalCount edges { node { at reader readerLabel purpose purposeLabel } } } } }"
)


async def test_p11_the_owner_sees_who_has_read_the_data(api: Api) -> None:
    doctor = await api.as_demo("demo-4")
    await send(doctor)
    await settled(doctor, "VERIFIED")
    log = (await doctor.data(ACCESS))["viewer"]["accessLog"]
    (entry,) = [edge["node"] for edge in log["edges"]]
    assert (entry["reader"], entry["purpose"]) == ("register", "REGISTER_CHECK")
    assert entry["readerLabel"] == "Служба сверки с реестром"
    assert READER_LABELS.keys() == {author.actor for author in (REGISTER, AUTHOR, GOSUSLUGI)}
    assert entry["purposeLabel"] == "Сверка с государственным реестром"


async def test_p15_a_consent_keeps_the_version_and_the_digest_of_its_text(doctor: Api) -> None:
    terms = current_terms(TermsKind.DATA_TRANSFER)
    for _ in range(2):
        given = (await doctor.data(GIVE, kind="DATA_TRANSFER", version=terms.version))["giveConsent"]
        assert given["consent"]["sha256"] == terms.sha256
    wrong = (await doctor.data(GIVE, kind="DATA_TRANSFER", version="0"))["giveConsent"]
    assert wrong["errors"] == [{"code": "TERMS_NOT_ACCEPTED", "path": ["version"]}]
    (kept, *earlier) = (await doctor.data(CONSENTS))["viewer"]["consents"]
    assert {each["kind"] for each in earlier} == {"TERMS_OF_USE", "PERSONAL_DATA"}
    assert (kept["version"], kept["title"], kept["withdrawnAt"]) == (terms.version, terms.title, None)


async def test_p10_a_withdrawn_consent_stays_as_a_record_and_stands_no_more(doctor: Api) -> None:
    await doctor.data(GIVE, kind="DATA_TRANSFER", version=current_terms(TermsKind.DATA_TRANSFER).version)
    gone = (await doctor.data(WITHDRAW, kind="DATA_TRANSFER"))["withdrawConsent"]
    assert gone == {"withdrawn": 1, "closure": None, "errors": []}
    (kept, *earlier) = (await doctor.data(CONSENTS))["viewer"]["consents"]
    assert kept["withdrawnAt"]
    assert not any(each["withdrawnAt"] for each in earlier)
    again = (await doctor.data(WITHDRAW, kind="DATA_TRANSFER"))["withdrawConsent"]
    assert again["errors"] == [{"code": "NOT_FOUND", "path": ["kind"]}]


async def close_by_consent(doctor: Api) -> None:
    """Taking back the consent to keep personal data closes the account after the grace."""
    version = current_terms(TermsKind.PERSONAL_DATA).version
    await doctor.data(GIVE, kind="PERSONAL_DATA", version=version)
    await reauthenticate(doctor)
    gone = (await doctor.data(WITHDRAW, kind="PERSONAL_DATA"))["withdrawConsent"]
    assert gone["closure"] == {"dueAt": "2026-12-08T09:00:00+00:00"}


async def test_p10_without_the_consent_nothing_more_is_done_with_the_data_until_it_is_given_again(
    doctor: Api,
) -> None:
    await close_by_consent(doctor)
    payload = (await doctor.data(SUBMIT, input=form(1)))["submitPersonalData"]
    assert [error["code"] for error in payload["errors"]] == ["TERMS_NOT_ACCEPTED"]
    kept = (await doctor.data(CANCEL))["cancelAccountClosure"]
    assert kept == {"cancelled": False, "errors": [{"code": "TERMS_NOT_ACCEPTED"}]}
    await doctor.data(GIVE, kind="PERSONAL_DATA", version=current_terms(TermsKind.PERSONAL_DATA).version)
    assert (await doctor.data(CANCEL))["cancelAccountClosure"] == {"cancelled": True, "errors": []}
    assert (await doctor.data(SUBMIT, input=form(1)))["submitPersonalData"]["errors"] == []


async def test_p10_without_the_consent_no_register_judges_the_data_until_it_is_given_again(
    api: Api, site: Site
) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    class Slow(SandboxRegister):
        async def check(self, person: PersonalData) -> Match | Mismatch:
            asked.set()
            await answer.wait()
            return await super().check(person)

    async def waiting() -> int:
        here = "task_name = 'check_register' AND status IN ('todo', 'doing')"
        query = f"SELECT count(*) FROM procrastinate_jobs WHERE {here}"
        async with site.ports.database.reading() as session:
            return await session.scalar(text(query)) or 0

    object.__setattr__(site.ports, "register", Slow())
    doctor = await api.as_demo("demo-4")
    await send(doctor)
    await asyncio.wait_for(asked.wait(), 10)
    assert await waiting() == 1
    await close_by_consent(doctor)
    answer.set()
    await once(waiting, lambda jobs: jobs == 0)
    await settled(doctor, "DATA_SUBMITTED")
    await doctor.data(GIVE, kind="PERSONAL_DATA", version=current_terms(TermsKind.PERSONAL_DATA).version)
    await settled(doctor, "VERIFIED")


async def test_p10_without_a_fresh_proof_no_consent_is_withdrawn_that_closes_the_account(doctor: Api) -> None:
    await doctor.data(GIVE, kind="PERSONAL_DATA", version=current_terms(TermsKind.PERSONAL_DATA).version)
    refused = (await doctor.data(WITHDRAW, kind="PERSONAL_DATA"))["withdrawConsent"]
    assert (refused["withdrawn"], refused["closure"]) == (0, None)
    assert [error["code"] for error in refused["errors"]] == ["REAUTH_REQUIRED"]
    assert not any(each["withdrawnAt"] for each in (await doctor.data(CONSENTS))["viewer"]["consents"])


async def test_p07_the_word_of_a_closure_is_sent_though_letters_are_switched_off(doctor: Api) -> None:
    await doctor.data("mutation { updateSettings(input: {notifyByEmail: false}) { errors { code } } }")
    await close_by_consent(doctor)
    subjects = await eventually(
        lambda: [sent.subject for sent in doctor.outbox().messages() if sent.to == "demo-1@nmo.example"]
    )
    assert subjects == ["Закрытие учётной записи"]


@pytest.mark.own_bucket
async def test_p07_and_p09_a_closed_account_forgets_the_person_and_keeps_the_record(
    doctor: Api, api: Api, site: Site, settings: Settings, clock: SettableClock
) -> None:
    await close_by_consent(doctor)
    clock.advance(timedelta(days=14, minutes=-1))
    assert await close_due(Context(site.ports)) == 0
    open_again = await api.as_demo("demo-1")
    assert (await open_again.data("{ viewer { closure { dueAt } } }"))["viewer"]["closure"]
    clock.advance(timedelta(minutes=1))
    assert await close_due(Context(site.ports)) == 1
    assert (await open_again.ask("{ viewer { id } }")).code == "UNAUTHENTICATED"
    login = (await api.data(LOGIN, login="demo-1@nmo.example", password=PASSWORD))["login"]
    assert login["errors"][0]["code"] == "CREDENTIALS_WRONG"
    assert await close_due(Context(site.ports)) == 0
    tables = dump(settings.database_url or "")
    naming = [name for name, text in tables.items() if "Иванова" in text or "demo-1@" in text]
    assert naming == []
    key = str(demo_id("account", 1))
    kept = {name for name, text in tables.items() if key in text}
    assert {"account", "consent", "event", "certificate", "course_progress"} <= kept
    assert not {"document", "profile", "notification", "session"} & kept


@pytest.mark.own_bucket
async def test_p07_a_closure_can_be_called_off(
    doctor: Api, api: Api, site: Site, clock: SettableClock
) -> None:
    await reauthenticate(doctor)
    assert (await doctor.data(CLOSE))["requestAccountClosure"]["errors"] == []
    assert (await doctor.data(CANCEL))["cancelAccountClosure"] == {"cancelled": True, "errors": []}
    assert (await doctor.data(CANCEL))["cancelAccountClosure"]["cancelled"] is False
    clock.advance(timedelta(days=15))
    assert await close_due(Context(site.ports)) == 0
    assert (await (await api.as_demo("demo-1")).data("{ viewer { closure { dueAt } } }")) == {
        "viewer": {"closure": None}
    }


@pytest.mark.own_bucket
async def test_p07_a_person_closes_the_account_and_entering_meanwhile_changes_nothing(
    doctor: Api, api: Api, site: Site, clock: SettableClock
) -> None:
    assert (await doctor.data(CLOSE))["requestAccountClosure"]["errors"] == [{"code": "REAUTH_REQUIRED"}]
    await reauthenticate(doctor)
    planned: Json = {"closure": {"dueAt": "2026-12-08T09:00:00+00:00"}, "errors": []}
    assert (await doctor.data(CLOSE))["requestAccountClosure"] == planned
    clock.advance(timedelta(days=13))
    back = await sign_in(api)
    assert (await back.data(CLOSE))["requestAccountClosure"] == planned
    assert (await back.data("{ viewer { account { accessLevel } } }"))["viewer"]["account"] == {
        "accessLevel": "FULL"
    }
    clock.advance(timedelta(days=1))
    assert await close_due(Context(site.ports)) == 1
    assert (await back.ask("{ viewer { id } }")).code == "UNAUTHENTICATED"
    async with site.ports.database.reading() as session:
        left = await session.get_one(Account, demo_id("account", 1))
    assert (left.state, left.last_name, left.email, left.phone_sealed, left.password_hash) == (
        AccountState.CLOSED,
        "",
        None,
        None,
        None,
    )
