"""A person before the page, as a test drives one."""

import os
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import ConsoleMessage, Error, Page

from tests.api import Api
from web.app import Site

AXE_PACKAGE = find_spec("axe_playwright_python")
assert AXE_PACKAGE
assert AXE_PACKAGE.origin
AXE = Path(AXE_PACKAGE.origin).with_name("axe.min.js").read_text("utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP = (1280, 860)
PHONE = (390, 844)
# A journey is made where there is least room; `make pages` makes it at a desk as well. Other tests have a desk.
SIZES = {"phone": PHONE, "desktop": DESKTOP} if os.environ.get("TEST_LONG") else {"phone": PHONE}
both_sizes = pytest.mark.parametrize("visitor", SIZES.values(), indirect=True, ids=SIZES.keys())


@dataclass
class Visitor:
    """A person at the page; `complaints` is all that the browser found wrong."""

    page: Page
    site: Site
    api: Api
    complaints: list[str] = field(default_factory=list[str])

    def hear(self, said: ConsoleMessage) -> None:
        """A 503 is no complaint: on a busy machine the server may give one, and the page asks again."""
        if said.type == "error" and "status of 503" not in said.text:
            self.complaints.append(said.text)

    def stumble(self, error: Error) -> None:
        self.complaints.append(str(error))

    async def go(self, path: str) -> None:
        await self.page.goto(f"{self.site.settings.origin}{path}")

    async def come_in(self, name: str = "demo-1") -> None:
        """Signed in already: the session's cookie is there."""
        token = (await self.api.as_demo(name)).token or ""
        origin = self.site.settings.origin
        await self.page.context.add_cookies([{"name": "nmo_session", "value": token, "url": origin}])

    async def violations(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA on the screen as it is."""
        if await self.page.evaluate("!window.axe"):
            await self.page.evaluate(AXE)
        options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
        found: dict[str, Any] = await self.page.evaluate("(options) => axe.run(document, options)", options)
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]
