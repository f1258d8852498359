"""Gosuslugi beside the cabinet: where the sandbox is served and where never."""

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from gateways.gosuslugi import Attempt
from models.clock import SettableClock, SystemClock
from tests.api import Api
from tests.conftest import TODAY
from tests.gosuslugi import words_of
from tests.product import Product
from web.app import Site
from web.gosuslugi_wiring import open_gosuslugi, open_portal
from web.sandbox.gosuslugi import gosuslugi_routes
from web.sandbox.gosuslugi_portal import BASE
from web.settings import Environment, Settings


async def test_the_product_reaches_its_sandbox_without_a_socket(api: Api) -> None:
    ports = api.site.ports
    assert ports.gosuslugi is not None
    attempt = Attempt("s" * 43, "n" * 43, "v" * 43, f"{ports.origin}/gosuslugi/login")
    address = httpx.URL(await ports.gosuslugi.authorization_url(attempt))
    assert address.path.startswith(BASE)
    back = words_of(await api.http.get(address.copy_merge_params({"sandbox_user": "demo-1"})))
    assert back["state"] == attempt.state
    grant = await ports.gosuslugi.exchange(attempt, back["code"])
    assert grant.person.snils == "11223344595"


def test_the_server_of_operators_has_the_sandbox_and_says_where(product: Product) -> None:
    assert httpx.get(f"{product.origin}{BASE}/").status_code == 200
    assert f"Госуслуги:      {product.origin}{BASE}/" in product.log.read_text("utf-8")


def test_production_without_the_portals_address_has_no_gosuslugi(tmp_path: Path) -> None:
    for update, served in (
        ({}, True),
        ({"env": Environment.PRODUCTION}, False),
        ({"esia_url": "https://esia.example"}, False),
    ):
        settings = Settings(data=tmp_path).model_copy(update=update)
        mounts = [route for route in Site(settings).starlette.routes if isinstance(route, Mount)]
        assert bool(mounts) is served, update
    production = Settings(data=tmp_path).model_copy(update={"env": Environment.PRODUCTION})
    assert open_gosuslugi(production, httpx.AsyncClient(), SystemClock()) is None


@pytest.mark.parametrize(("host", "stranger"), [("127.0.0.1", 403), ("0.0.0.0", 200)])
def test_the_sandbox_speaks_to_its_own_machine_unless_the_server_was_opened_to_others(
    tmp_path: Path, host: str, stranger: int
) -> None:
    portal = open_portal(Settings(data=tmp_path, host=host), SettableClock(TODAY))

    async def status(address: str) -> int:
        transport = httpx.ASGITransport(Starlette(routes=gosuslugi_routes(portal)), client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://nmo.test") as http:
            return (await http.get(f"{BASE}/")).status_code

    addresses = ("127.0.0.1", "::1", "10.0.0.7", "unknown")
    assert [asyncio.run(status(address)) for address in addresses] == [200, 200, stranger, stranger]
