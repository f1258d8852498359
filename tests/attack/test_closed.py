"""What is left of a closed account, in whatever it was busy with (security.md P07, P08, P13)."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from gateways.inspector_findings import Claim, Finding
from models.account import Account, AccountState
from models.clock import SettableClock
from models.documents_rules import DocumentType
from models.notifications import Notification, NotificationKind
from models.portfolio import Document, DocumentStatus, Upload
from resolvers.certificates import file_key, print_certificate
from resolvers.closure import close_due, plan_closure
from resolvers.closure_marks import PREFIX, close_again
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from resolvers.document_check import check_document
from storage.database import Author
from tests.api import PASSWORD, Api, once
from tests.conftest import copied
from tests.live_site import live_site
from tests.product import live
from tests.registering import FORM, Newcomer, codes
from tests.signing_in import first_step, sign_in
from tests.test_certificates import download
from tests.uploading import gone, pdf, requested, sent
from web.app import Site
from web.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.own_bucket]
CLOSE = "mutation { requestAccountClosure { closure { dueAt } errors { code } } }"
DUE = timedelta(days=14)
JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at IS NULL OR scheduled_at <= now()"
VIEWER = """{ viewer { name { lastName } account { createdVia state } profile { birthDate snils }
    applications { totalCount } unreadNotifications auditLog(first: 100) { edges { node { action } } } } }"""


async def marks(site: Site, key: UUID) -> int:
    return len([found async for found in site.ports.objects.list(f"{PREFIX}{key}")])


async def close(api: Api, clock: SettableClock, number: int = 1) -> None:
    owner = await sign_in(api, number)
    assert (await owner.data(CLOSE))["requestAccountClosure"]["errors"] == []
    clock.advance(DUE)
    assert await close_due(Context(api.site.ports)) == 1


async def test_p07_an_open_stream_ends_and_a_file_on_its_way_is_removed(
    api: Api, site: Site, clock: SettableClock
) -> None:
    owner = await sign_in(api)
    assert (await owner.data(CLOSE))["requestAccountClosure"]["errors"] == []
    clock.advance(DUE - timedelta(minutes=1))
    busy, content = await api.as_demo("demo-1"), pdf()
    assert await sent((await requested(busy, len(content)))["ticket"], content) == 204
    async with site.ports.database.reading() as session:
        key = (await session.scalars(select(col(Upload.object_key)))).one()
    async with live_site(site) as url, live(url, busy.token) as connection:
        await connection.subscribe("subscription { documents { __typename } }")
        await connection.event("documents")
        clock.advance(timedelta(minutes=1))
        assert await close_due(Context(site.ports)) == 1
        assert await connection.closed(1.0) == 4401
    await gone(site, key)
    assert (await busy.ask("{ viewer { id } }")).code == "UNAUTHENTICATED"


async def test_p07_the_files_that_name_the_person_leave_the_store_and_are_not_printed_again(
    api: Api, site: Site, clock: SettableClock
) -> None:
    owner = await sign_in(api)
    first = demo_id("certificate", demo_id("element", demo_id("account", 1), 0))
    assert (await download(owner, f"certificate_{first.hex}"))["errors"] == []
    assert (await owner.data(CLOSE))["requestAccountClosure"]["errors"] == []
    clock.advance(DUE)
    assert await close_due(Context(site.ports)) == 1
    await gone(site, file_key(first))
    await print_certificate(Context(site.ports), first)
    assert [found.key async for found in site.ports.objects.list("certificates/")] == []


async def soon(site: Site, key: UUID, clock: SettableClock) -> None:
    """The account is to be closed, and its day has come."""
    async with site.ports.database.transaction(Author("test", "")) as work:
        await plan_closure(Context(site.ports), work, key)
    clock.advance(DUE)


@dataclass
class ClosingInspector:
    """An inspector during whose work the account is closed."""

    site: Site

    async def inspect(self, content: bytes, claim: Claim) -> list[Finding]:
        assert await close_due(Context(self.site.ports)) == 1
        await once(lambda: waiting(self.site), lambda left: left == 0)
        await self.site.ports.objects.put(
            "documents/late.checked", content, "application/pdf", sha256(content).hexdigest()
        )
        return []


async def waiting(site: Site) -> int:
    async with site.ports.database.reading() as session:
        return await session.scalar(text(JOBS)) or 0


async def test_p07_a_check_that_ends_after_the_closure_leaves_no_file(
    site: Site, clock: SettableClock
) -> None:
    content, owner = pdf(), demo_id("account", 1)
    await site.ports.objects.put("documents/late", content, "application/pdf", sha256(content).hexdigest())
    async with site.ports.database.transaction(Author("test", "")) as work:
        document = await work.session.get_one(Document, demo_id("document", DocumentType.DIPLOMA))
        document.status, document.object_key = DocumentStatus.CHECKING, "documents/late"
    await soon(site, owner, clock)
    context = Context(replace(site.ports, inspector=ClosingInspector(site)))
    await check_document(context, document_id=str(document.id))
    await gone(site, "documents/late.checked")


async def test_p07_what_a_stopped_check_has_set_aside_goes_too(site: Site, clock: SettableClock) -> None:
    content, owner = pdf(), demo_id("account", 1)
    await site.ports.objects.put(
        "documents/late.checked", content, "application/pdf", sha256(content).hexdigest()
    )
    async with site.ports.database.transaction(Author("test", "")) as work:
        document = await work.session.get_one(Document, demo_id("document", DocumentType.DIPLOMA))
        document.status, document.object_key = DocumentStatus.CHECKING, "documents/late"
    await soon(site, owner, clock)
    assert await close_due(Context(site.ports)) == 1
    await gone(site, "documents/late.checked")


async def test_p07_a_file_sent_by_a_form_that_outlives_the_account_is_removed(
    api: Api, site: Site, clock: SettableClock
) -> None:
    content, busy = pdf(), await api.as_demo("demo-1")
    ticket = (await requested(busy, len(content)))["ticket"]
    async with site.ports.database.reading() as session:
        key = (await session.scalars(select(col(Upload.object_key)))).one()
    await soon(site, demo_id("account", 1), clock)
    assert await close_due(Context(site.ports)) == 1
    await once(lambda: waiting(site), lambda left: left == 0)
    assert await sent(ticket, content) == 204
    async with site.ports.database.engine.begin() as connection:
        await connection.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now()"))
    await gone(site, key)


async def test_p07_what_is_being_written_when_the_day_comes_is_forgotten_with_the_rest(
    site: Site, clock: SettableClock
) -> None:
    owner = demo_id("account", 1)
    await soon(site, owner, clock)
    async with site.ports.database.transaction(Author("test", "")) as work:
        work.session.add(
            Notification(
                id=uuid4(),
                account_id=owner,
                kind=NotificationKind.SECURITY,
                title="Иванова",
                body="",
                created_at=clock.now(),
            )
        )
        await work.session.flush()
        closing = asyncio.create_task(close_due(Context(site.ports)))
        await asyncio.sleep(0.5)
    assert await closing == 1
    async with site.ports.database.reading() as session:
        left = select(col(Notification.id)).where(col(Notification.account_id) == owner)
        assert (await session.scalars(left)).all() == []


async def test_p08_the_contacts_of_a_closed_account_open_a_clean_one(api: Api, clock: SettableClock) -> None:
    await close(api, clock)
    person = Newcomer(api)
    own = {"email": "demo-1@nmo.example", "phone": "79161234501", "inn": "500100732259"}
    known: set[object] = {message.id for message in api.outbox().messages()}
    flow = await person.begin(**own)
    assert (await person.by_code(flow, await api.code("+79161234501", known)))["errors"] == []
    assert codes(await person.login("+79161234501", PASSWORD)) == [("CREDENTIALS_WRONG", ["password"])]
    owner = await person.signed_in("+79161234501", FORM["password"], "79161234501")
    viewer = (await owner.data(VIEWER))["viewer"]
    log = viewer.pop("auditLog")["edges"]
    assert viewer == {
        "name": {"lastName": FORM["lastName"]},
        "account": {"createdVia": "SITE", "state": "CONTACT_CONFIRMED"},
        "profile": {"birthDate": None, "snils": None},
        "applications": {"totalCount": 1},
        "unreadNotifications": 1,
    }
    assert {entry["node"]["action"].split(":")[0] for entry in log} == {
        *("registration", "signin", "applications", "notifications")
    }


async def test_p13_an_older_copy_of_the_database_is_told_who_has_been_closed(
    api: Api, site: Site, clock: SettableClock, template: str, settings: Settings
) -> None:
    await close(api, clock, 2)
    key = demo_id("account", 2)
    await once(lambda: marks(site, key), lambda found: found == 1)
    with copied(template, settings) as url:
        restored = Site(settings.model_copy(update={"database_url": url}), clock=clock, worker=False)
        async with restored.starlette.router.lifespan_context(restored.starlette):
            async with Api.open(restored) as again:
                assert (await first_step(again, "demo-2@nmo.example"))["challenge"]
                assert await close_again(Context(restored.ports)) >= 1
                assert (await first_step(again, "demo-2@nmo.example"))["challenge"] is None
                assert (await first_step(again, "demo-4@nmo.example"))["challenge"]
            async with restored.ports.database.reading() as session:
                closed = await session.get_one(Account, key)
            assert (closed.state, closed.last_name) == (AccountState.CLOSED, "")
            assert await close_again(Context(restored.ports)) == 0
