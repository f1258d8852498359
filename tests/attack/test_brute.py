"""A short storm of guesses at two servers; `make brute` is the long one (security.md A20, A21, A38)."""

import asyncio
from contextlib import AsyncExitStack
from random import Random

import pytest

from models.clock import SettableClock
from tests.api import Api
from tests.attack.brute import storm, verdict_of
from tests.attack.channels import CHANNELS, Gun
from tests.attack.targets import Victims
from tests.live_site import live_site
from web.app import Site

pytestmark = pytest.mark.anyio
GUESSES = 800


async def opened(stack: AsyncExitStack, site: Site, clock: SettableClock) -> str:
    """Another server on the same database, for as long as the stack stands."""
    other = Site(site.settings, clock=clock, worker=False)
    await stack.enter_async_context(other.starlette.router.lifespan_context(other.starlette))
    return await stack.enter_async_context(live_site(other))


async def test_a38_a_storm_of_guesses_has_five_of_a_code_and_ten_of_an_account_looked_at(
    api: Api, site: Site, clock: SettableClock
) -> None:
    tokens = {name: (await api.as_demo(name)).token or "" for name in ("demo-1", "demo-2")}
    async with live_site(site) as first, AsyncExitStack() as brief, AsyncExitStack() as late:
        gun = Gun([first, await opened(brief, site, clock)], Random(1))
        targets = await asyncio.to_thread(Victims(first, tokens.__getitem__).targets)

        async def restart() -> None:
            await brief.aclose()
            gun.urls[1] = await opened(late, site, clock)

        sent = await storm(gun, targets, GUESSES, 16, restart)
    verdict = verdict_of(site.settings.database_url or "", sent)
    assert verdict.holds, str(verdict)
    assert set(verdict.sent) == set(CHANNELS)
    assert max(verdict.by_code.values()) == 5
    assert max(verdict.by_account.values()) == 10
