"""The sandbox of Gosuslugi beside the cabinet: where it is served, what its pages say, what it keeps."""

import httpx

from gateways.gosuslugi import Attempt
from tests.api import Api
from tests.gosuslugi import words_of
from web.sandbox.gosuslugi_portal import BASE


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
