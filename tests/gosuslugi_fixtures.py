"""Gosuslugi for tests: the sandbox alone, and the sandbox beside a served cabinet. A plugin of the modules that need it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from models.clock import SettableClock
from tests.api import Api
from tests.gosuslugi import Sandbox, sandbox_served
from tests.linking import Gosuslugi, gosuslugi_of
from tests.live_site import served_site
from web.settings import Settings


@pytest.fixture(scope="module")
def served_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox_served(tmp_path_factory.mktemp("gosuslugi")) as running:
        yield running


@pytest.fixture
def sandbox(served_sandbox: Sandbox) -> Sandbox:
    """As on its first day."""
    served_sandbox.order("reset")
    return served_sandbox


@pytest.fixture
async def gosuslugi(settings: Settings, clock: SettableClock) -> AsyncIterator[Gosuslugi]:
    """The portal of a cabinet on a port of its own."""
    async with served_site(settings, clock) as site, Api.open(site) as api, gosuslugi_of(api) as portal:
        yield portal
