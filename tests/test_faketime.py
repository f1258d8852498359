"""The clock of the product is moved by libfaketime, before the start or under way: files go in and out, sessions end."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from gateways.outbox import Outbox
from models.clock import SystemClock
from tests.api import PASSWORD, Json
from tests.attack.test_clock_jumps import LOG
from tests.embedded_product import happens
from tests.exporting import EXPORT
from tests.product import Product, serving
from tests.sending import sent
from tests.signing_in import COMPLETE, EMAIL, LOGIN, PHONE
from tests.uploading import SAVE, pdf
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
    outbox = Outbox(product.settings.outbox, SystemClock())
    known = {message.id for message in outbox.messages()}

    def sent_codes() -> list[str]:
        fresh = [message for message in outbox.messages() if message.id not in known]
        return [message.text[:6] for message in fresh if message.to == PHONE]

    challenge = product.ask(LOGIN, login=EMAIL, password=PASSWORD)["data"]["login"]["challenge"]
    assert happens(lambda: bool(sent_codes()), 20)
    (code,) = sent_codes()
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
    answer = product.ask(DOCUMENTS, token)
    assert "errors" not in answer, answer
    edges = answer["data"]["viewer"]["portfolio"]["documents"]["edges"]
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


@pytest.fixture
def hour(tmp_path: Path) -> Path:
    """What is written here moves the clock of `jumping` within a second."""
    file = tmp_path / "hour"
    file.write_text("+0")
    return file


@pytest.fixture
def jumping(hour: Path, settings: Settings, tmp_path: Path) -> Iterator[Product]:
    extra = {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(hour),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with serving(settings, tmp_path / "log", extra) as product:
        yield product


def moved_by(product: Product) -> timedelta:
    answer = httpx.get(f"{product.origin}/livez").headers["date"]
    shown = datetime.strptime(answer, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    return shown - SystemClock().now()


def opens(product: Product, token: str) -> bool:
    return "errors" not in product.ask("{ viewer { id } }", token)


def test_a54_a_clock_put_back_under_way_ends_no_session_and_brings_none_to_life(
    jumping: Product, hour: Path
) -> None:
    kept, ended = signed_in(jumping), signed_in(jumping)
    jumping.ask("mutation { logout { closed } }", ended)
    hour.write_text("-2d")
    assert happens(lambda: moved_by(jumping) < -TWO_DAYS / 2, 20)
    assert (opens(jumping, kept), opens(jumping, ended)) == (True, False)
    later = signed_in(jumping)
    found = jumping.ask(LOG, later)["data"]["viewer"]
    lines = [edge["node"] for edge in found["auditLog"]["edges"]]
    assert [line["seq"] for line in lines] == list(range(len(lines), 0, -1))
    assert lines[0]["at"] < max(line["at"] for line in lines)
    assert found["auditChainValid"]
    hour.write_text("+13h")
    assert happens(lambda: moved_by(jumping) > TWO_DAYS / 8, 20)
    assert not any(opens(jumping, token) for token in (kept, ended, later))
    assert "Traceback" not in jumping.log.read_text("utf-8")
