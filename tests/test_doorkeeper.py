"""The watch over a session: outages end nobody's session, whoever listens is not idle (1.2-19)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from websockets.exceptions import ConnectionClosed

from models.clock import SettableClock
from models.errors import Unavailable
from models.signin import SESSION_IDLE, SESSION_LIFE
from resolvers.context import Context, Person
from resolvers.sessions import caller_of, close_sessions
from storage.database import Database, connect
from storage.folders import named_by_the_kernel
from storage.jobs import JobQueue
from storage.pulse import Pulse
from tests.api import Api
from tests.live_site import live_site
from tests.product import live
from web.app import Site
from web.door import Doorstep
from web.doorkeeper import Doorkeeper

pytestmark = pytest.mark.anyio


async def signed_in(site: Site, api: Api) -> tuple[str, Context]:
    token = (await api.as_demo("demo-1")).token
    assert token is not None
    return token, Context(site.ports, await caller_of(site.ports, token))


async def test_1_2_19_an_outage_signs_nobody_out_and_hides_no_end(site: Site, api: Api) -> None:
    _, visit = await signed_in(site, api)
    nowhere = f"postgresql://127.0.0.1:{named_by_the_kernel()}/none"
    engine = connect(nowhere)
    pulse = Pulse(engine, nowhere)
    away = Database(engine, site.ports.bus, site.ports.clock, JobQueue(nowhere), pulse)
    with pytest.raises(Unavailable):
        await away.ready()
    at_hand = [replace(site.ports, database=away)]
    watch = asyncio.create_task(Doorkeeper(lambda: at_hand[0], Doorstep(origins=frozenset())).revoked(visit))
    await asyncio.sleep(0.3)
    assert not watch.done()
    async with site.ports.database.transaction(visit.author) as work:
        await close_sessions(visit, work, visit.person.account.id, "LOGOUT", only=visit.person.session.id)
    await asyncio.sleep(0.3)
    assert not watch.done()
    at_hand[0] = site.ports
    await asyncio.wait_for(watch, 5)


async def test_1_2_19_a_session_that_listens_does_not_idle_out(
    site: Site, api: Api, clock: SettableClock
) -> None:
    token, visit = await signed_in(site, api)
    clock.advance(SESSION_IDLE - timedelta(minutes=1))
    watch = asyncio.create_task(Doorkeeper(lambda: site.ports, Doorstep(origins=frozenset())).revoked(visit))
    await asyncio.sleep(0.5)
    clock.advance(timedelta(minutes=2))
    caller = await caller_of(site.ports, token)
    watch.cancel()
    assert isinstance(caller, Person)


async def test_1_2_19_a_socket_is_closed_to_a_token_of_no_session_and_open_to_strangers(
    site: Site, api: Api, clock: SettableClock
) -> None:
    async with live_site(site) as url:
        assert await refused(url, "forged") == 4401
        revoked = await api.as_demo("demo-1")
        await revoked.data("mutation { logout { closed } }")
        assert await refused(url, revoked.token) == 4401
        old = await api.as_demo("demo-1")
        clock.advance(SESSION_LIFE)
        assert await refused(url, old.token) == 4401
        async with live(url, None) as stranger:
            assert not stranger.socket.close_code


async def refused(url: str, token: str | None) -> int | None:
    """The code that closes a socket instead of greeting it."""
    with pytest.raises(ConnectionClosed) as closed:
        async with live(url, token):
            pass
    return closed.value.rcvd.code if closed.value.rcvd else None
