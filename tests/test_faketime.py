"""The product's clock is moved by libfaketime, the object store's is not: files go in and out all the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from gateways.outbox import Outbox
from models.clock import SystemClock
from tests.api import PASSWORD, Json
from tests.embedded_product import happens
from tests.exporting import EXPORT
from tests.product import Product, serving
from tests.sending import sent
from tests.signing_in import COMPLETE, EMAIL, LOGIN, PHONE
from tests.test_portfolio import SAVE, pdf
from web.settings import Settings

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
pytestmark = pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed (package faketime)")
TWO_DAYS = timedelta(days=2)
DOCUMENTS = "{ viewer { portfolio { documents { edges { node { id status downloadUrl } } } } } }"


@pytest.fixture(params=["+2d", "-2d"])
def moved(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Product]:
    extra = {"LD_PRELOAD": str(LIBRARY), "FAKETIME": request.param, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    with serving(settings, tmp_path / "log", extra) as product:
        answer = httpx.get(f"{product.origin}/livez")
        hour = datetime.strptime(answer.headers["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
        assert abs(hour - SystemClock().now()) > TWO_DAYS / 2
        yield product


def signed_in(product: Product) -> str:
    challenge = product.ask(LOGIN, login=EMAIL, password=PASSWORD)["data"]["login"]["challenge"]
    outbox = Outbox(product.settings.outbox, SystemClock())
    assert happens(lambda: any(message.to == PHONE for message in outbox.messages()), 20)
    code = next(message.text for message in outbox.messages() if message.to == PHONE)[-6:]
    token: str = product.ask(COMPLETE, id=challenge["id"], code=code)["data"]["completeSecondFactor"][
        "accessToken"
    ]
    return token


def uploaded(product: Product, token: str, content: bytes) -> str:
    """A document that the person has sent and saved; returns its id."""
    saved: Json = product.ask(SAVE, token, input=sent(product, token, content))["data"]["saveDocument"]
    assert saved["errors"] == []
    name: str = saved["document"]["id"]
    return name


def document(product: Product, token: str, name: str) -> Json:
    edges = product.ask(DOCUMENTS, token)["data"]["viewer"]["portfolio"]["documents"]["edges"]
    found: Json = next(edge["node"] for edge in edges if edge["node"]["id"] == name)
    return found


def test_files_go_in_and_out_though_the_clocks_are_days_apart(moved: Product) -> None:
    token = signed_in(moved)
    content = pdf()
    name = uploaded(moved, token, content)
    assert happens(lambda: document(moved, token, name)["status"] == "APPROVED", 20)
    assert httpx.get(document(moved, token, name)["downloadUrl"]).content == content
    given = {"kind": "PROGRESS", "format": "CSV"}
    job = moved.ask(EXPORT, token, input=given)["data"]["requestExport"]["job"]
    assert httpx.get(job["downloadUrl"]).raise_for_status().content
    assert "Traceback" not in moved.log.read_text("utf-8")
