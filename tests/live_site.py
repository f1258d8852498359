"""The site of a test behind a real socket, in the test's own loop."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn

from models.clock import Clock
from tests.api import eventually
from web.app import Site
from web.server_options import server_config
from web.settings import Settings


@asynccontextmanager
async def site_of(settings: Settings, *, worker: bool = True) -> AsyncGenerator[Site]:
    """The product in this process, by the wall clock as other processes beside it."""
    site = Site(settings, worker=worker)
    async with site.starlette.router.lifespan_context(site.starlette):
        yield site


@asynccontextmanager
async def live_site(site: Site) -> AsyncGenerator[str]:
    """The URL of its GraphQL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = server_config(site.app, site.limits, host="127.0.0.1", port=0)
        config.lifespan = "off"
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        await eventually(lambda: server.started)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
        server.should_exit = True
        await serving


@asynccontextmanager
async def served_site(settings: Settings, clock: Clock) -> AsyncGenerator[Site]:
    """The product behind a port of its own, which its own address names."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        site = Site(settings.model_copy(update={"port": port}), clock=clock)
        server = uvicorn.Server(server_config(site.app, site.limits, host="127.0.0.1", port=port))
        serving = asyncio.create_task(server.serve([listener]))
        await eventually(lambda: server.started or serving.done(), 20)
        assert not serving.done(), "the server did not start"
        yield site
        server.should_exit = True
        await serving
