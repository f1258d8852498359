"""`make picture`: the picture of the page in the README, taken from the demonstration."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.visitor import Visitor

pytest_plugins = ("tests.browser_fixtures",)
pytestmark = pytest.mark.anyio

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "page.png"


async def test_take(visitor: Visitor) -> None:
    await visitor.come_in()
    await visitor.go("/cabinet/progress")
    await expect(visitor.page.get_by_role("progressbar").first).to_be_visible()
    await visitor.page.screenshot(path=PICTURE)
