"""Password recovery as a client does it, for tests of it."""

from dataclasses import dataclass
from typing import Any

from tests.api import Api, Json

ERRORS = """errors { __typename code message path ... on FieldError { hint }
  ... on RateLimitError { attemptsLeft } ... on StepRequiredError { missing } }"""
FLOW = f"flow {{ id number state channel maskedContact attemptsLeft codeTtlSeconds hints }} {ERRORS}"
REQUEST = f"""mutation ($contact: String!, $channel: Channel! = SITE) {{
  requestPasswordRecovery(contact: $contact, channel: $channel) {{ {FLOW} }} }}"""
CONFIRM = f"mutation ($flow: ID!, $code: String!) {{ confirmRecoveryCode(flowId: $flow, code: $code) {{ {FLOW} }} }}"
RESET = f"""mutation ($flow: ID!, $password: String!) {{
  resetPassword(flowId: $flow, newPassword: $password) {{ success sessionsClosed {ERRORS} }} }}"""
NEW_PASSWORD = "Sosna-i-kedr-58"
ADDRESS, PHONE = "demo-1@nmo.example", "79161234501"


@dataclass
class Forgetful:
    """A person who has forgotten the password."""

    api: Api

    async def request(self, contact: str, channel: str = "SITE") -> Json:
        return await self._do(REQUEST, "requestPasswordRecovery", contact=contact, channel=channel)

    async def begin(self, contact: str = ADDRESS) -> str:
        """Request; the id of the flow."""
        answer = await self.request(contact)
        assert answer["errors"] == [], answer
        flow: str = answer["flow"]["id"]
        return flow

    async def confirm(self, flow: str, code: str) -> Json:
        return await self._do(CONFIRM, "confirmRecoveryCode", flow=flow, code=code)

    async def reset(self, flow: str, password: str = NEW_PASSWORD) -> Json:
        return await self._do(RESET, "resetPassword", flow=flow, password=password)

    async def confirmed(self, contact: str = ADDRESS) -> str:
        """Request and confirm; the id of the flow."""
        known: set[object] = {message.id for message in self.api.outbox().messages()}
        flow = await self.begin(contact)
        to = contact if "@" in contact else f"+{contact}"
        assert (await self.confirm(flow, await self.api.code(to, known)))["errors"] == []
        return flow

    async def _do(self, document: str, field: str, **variables: Any) -> Json:
        answer: Json = (await self.api.data(document, **variables))[field]
        return answer
