"""A newcomer types http://localhost:8000 as often as http://127.0.0.1:8000: the cabinet is whole at both."""

import httpx
import pytest
from websockets.asyncio.client import connect

from storage.objects import ObjectStore
from tests.product import PLAIN, PROTOCOL, Product
from web.wiring import s3_settings

pytestmark = pytest.mark.anyio
NAMES = ["localhost", "127.0.0.1"]
START_LOGIN = """mutation ($to: String!) {
  startGosuslugiLogin(redirectUri: $to) { authorizationUrl errors { code message } } }"""


@pytest.mark.parametrize("name", NAMES)
def test_a_signed_in_page_may_ask(product: Product, name: str) -> None:
    headers = {"origin": f"http://{name}:{product.port}", "cookie": f"nmo_session={product.token('demo-1')}"}
    query = {"query": "{ viewer { nextSteps } }"}
    answer = httpx.post(product.url, json=query, headers=headers, timeout=20, **PLAIN)
    assert (answer.status_code, "errors" in answer.json()) == (200, False), answer.text


@pytest.mark.parametrize("name", NAMES)
async def test_a_page_opens_its_socket(product: Product, name: str) -> None:
    page = f"http://{name}:{product.port}"
    url = product.url.replace("http", "ws", 1)
    async with connect(url, subprotocols=[PROTOCOL], additional_headers={"origin": page}) as socket:
        await socket.send('{"type": "connection_init"}')
        assert "connection_ack" in str(await socket.recv())


@pytest.mark.parametrize("name", NAMES)
def test_a_page_speaks_with_the_store_of_files(product: Product, name: str) -> None:
    page = f"http://{name}:{product.port}"
    link = ObjectStore(s3_settings(product.settings)).download_url("cors", "a.pdf", "application/pdf")
    answer = httpx.get(link, headers={"origin": page}, **PLAIN)
    assert answer.headers.get("access-control-allow-origin") == page


@pytest.mark.parametrize("name", NAMES)
def test_2_1_6_gosuslugi_return_to_the_page_that_was_left(product: Product, name: str) -> None:
    """The cookie of an attempt is known under that name only."""
    page = f"http://{name}:{product.port}/gosuslugi"
    started = product.ask(START_LOGIN, to=page)["data"]["startGosuslugiLogin"]
    assert started["errors"] == []
    asked = httpx.URL(started["authorizationUrl"]).copy_merge_params({"sandbox_user": "new"})
    answer = httpx.get(asked, **PLAIN)
    assert answer.headers["location"].startswith(f"{page}?")
