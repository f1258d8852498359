"""The mail server is down, silent or busy: nobody's step waits for it, and each letter arrives once it is back."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import pytest
from aiosmtpd.smtp import SMTP

from gateways.outbox import Outbox
from models.clock import SettableClock
from resolvers.context import Context
from resolvers.messages import letter_to, send_sms, text_to
from storage.database import Author
from storage.folders import named_by_the_kernel
from tests.api import Api, eventually
from tests.live_site import site_of
from tests.recovering import ADDRESS, Forgetful
from tests.signing_in import PHONE, first_step
from tests.test_mail import Postbox
from web.app import Site
from web.settings import Settings

pytestmark = pytest.mark.anyio
ANSWERED, BACK = 3.0, 30.0
LETTERS = 12


class Busy:
    """Takes nothing for now."""

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - the server's name for it
        return "451 4.3.0 try later"


class Silent(asyncio.Protocol):
    """Takes the connection and never says a word."""


@asynccontextmanager
async def mail_server(
    port: int, conversation: type[asyncio.Protocol] | partial[SMTP]
) -> AsyncGenerator[None]:
    server = await asyncio.get_running_loop().create_server(conversation, "127.0.0.1", port)
    async with server:
        yield


@asynccontextmanager
async def nothing_there() -> AsyncGenerator[None]:
    yield


@asynccontextmanager
async def product(settings: Settings, port: int) -> AsyncGenerator[Site]:
    mine = settings.model_copy(update={"smtp_url": f"smtp+plain://127.0.0.1:{port}"})
    async with site_of(mine) as site:
        yield site


async def post(site: Site, count: int) -> None:
    context = Context(site.ports)
    async with context.database.transaction(Author("test", "")) as work:
        for number in range(count):
            work.enqueue(letter_to(context, f"doctor-{number}@nmo.example", "Тема", "Текст"))


@pytest.mark.parametrize("fault", ["down", "silent", "busy"])
async def test_without_mail_every_step_is_answered_and_each_letter_arrives_once_later(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr("gateways.mail.LIMIT_SECONDS", 2.0)
    port, postbox = named_by_the_kernel(), Postbox()
    broken = {
        "down": nothing_there(),
        "silent": mail_server(port, Silent),
        "busy": mail_server(port, partial(SMTP, Busy())),
    }
    async with product(settings, port) as site, Api.open(site) as api:
        async with broken[fault]:
            await post(site, LETTERS)
            async with asyncio.timeout(ANSWERED):
                await Forgetful(api).begin(ADDRESS)
                assert (await first_step(api))["errors"] == []
            async with asyncio.timeout(ANSWERED):
                assert await api.code(PHONE)
            await asyncio.sleep(1)
        async with mail_server(port, partial(SMTP, postbox)):
            await eventually(lambda: len(postbox.taken) == LETTERS + 1, BACK)
            await asyncio.sleep(1)
    to = [envelope.rcpt_tos[0] for envelope in postbox.taken]
    assert sorted(to) == sorted({*to})


async def test_a_code_that_ran_out_while_the_provider_was_away_is_not_sent(
    settings: Settings, clock: SettableClock
) -> None:
    site = Site(settings, clock=clock, worker=False)
    async with site.starlette.router.lifespan_context(site.starlette):
        context, life = Context(site.ports), timedelta(minutes=5)
        code, notice = text_to(context, PHONE, "код 123456", life), text_to(context, PHONE, "не код")
        clock.advance(life)
        for job in (code, notice):
            await send_sms(context, **job.args)
        assert [message.text for message in Outbox(settings.outbox, clock).messages()] == ["не код"]
