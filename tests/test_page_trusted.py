"""A server that takes only documents it knows serves its own page whole, and refuses everything else."""

import re
from hashlib import sha256

import httpx
import pytest
from playwright.async_api import expect

from tests.api import PASSWORD
from tests.built_page import page_is_built
from tests.product import live
from tests.signing_in import EMAIL, PHONE
from tests.visitor import Visitor
from web.app import STATIC
from web.page_operations import page_documents, page_operations
from web.settings import Settings

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio
STRANGE = "{ viewer { id } }"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"trusted_only": True})


async def test_the_page_goes_its_way_and_no_other_document_is_taken(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go("/signin")
    await page.get_by_label("Логин").fill(EMAIL)
    await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Продолжить").click()
    await page.get_by_label("Код подтверждения").fill(await visitor.api.code(PHONE))
    await page.get_by_role("button", name="Войти").click()
    await expect(page.get_by_text(re.compile("^Показано"))).to_be_visible()
    await visitor.go("/cabinet/progress")
    await expect(page.get_by_text("Обновляется")).to_be_visible()
    origin = visitor.site.settings.origin
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{origin}/graphql", json={"query": STRANGE})
        assert answer.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_UNKNOWN"
    async with live(f"{origin}/graphql", None) as socket:
        await socket.subscribe(STRANGE)
        refused = await socket.next()
        assert refused["payload"][0]["extensions"]["code"] == "DOCUMENT_UNKNOWN"


def test_every_operation_of_the_built_page_is_known_by_its_fingerprint() -> None:
    page_is_built()
    documents = page_documents(STATIC)
    assert all(sha256(text.encode()).hexdigest() == key for key, text in documents.items())
    names = {name for text in documents.values() for name in re.findall(r"^\s*\w+ (\w+)", text)}
    assert names == page_operations(STATIC)
