"""Registration and recovery as a client does them, for tests of both."""

from dataclasses import dataclass
from typing import Any

from tests.api import Api, Json, eventually

FORM: Json = {
    "lastName": "Петрова",
    "firstName": "Ольга",
    "middleName": "Игоревна",
    "inn": "771234567859",
    "phone": "79031112233",
    "email": "petrova@nmo.example",
    "password": "Kedr-i-sosna-47",
    "acceptTerms": True,
}
FLOW = """
flow { id applicationNumber state channel codeSentTo letterSentTo codeTtlSeconds attemptsLeft
       resendAfterSeconds nextStep }
errors { __typename code message path ... on FieldError { hint expected }
         ... on RateLimitError { attemptsLeft retryAfterSeconds } ... on StepRequiredError { missing } }
"""
REGISTER = f"mutation ($input: RegisterInput!) {{ registerAccount(input: $input) {{ {FLOW} }} }}"
BY_CODE = f"""
mutation ($flow: ID!, $code: String!) {{ confirmContactByCode(flowId: $flow, code: $code) {{ {FLOW} }} }}
"""
BY_TOKEN = f"mutation ($token: String!) {{ confirmEmailByToken(token: $token) {{ {FLOW} }} }}"
RESEND = f"""
mutation ($kind: ContactKind!, $flow: ID) {{ resendConfirmation(kind: $kind, flowId: $flow) {{ {FLOW} }} }}
"""
LOGIN = """
mutation ($login: String!, $password: String!) {
  login(input: {login: $login, password: $password}) { challenge { id } errors { code message path } }
}
"""
COMPLETE = """
mutation ($id: ID!, $code: String!) {
  completeSecondFactor(input: {challengeId: $id, code: $code}) { accessToken nextSteps errors { code } }
}
"""


@dataclass
class Newcomer:
    """A person at the form."""

    api: Api

    async def register(self, **changes: Any) -> Json:
        return await self._do(REGISTER, "registerAccount", input={**FORM, **changes})

    async def begin(self, **changes: Any) -> str:
        """Register; the id of the flow."""
        answer = await self.register(**changes)
        assert answer["errors"] == [], answer
        flow: str = answer["flow"]["id"]
        return flow

    async def by_code(self, flow: str, code: str) -> Json:
        return await self._do(BY_CODE, "confirmContactByCode", flow=flow, code=code)

    async def by_token(self, token: str) -> Json:
        return await self._do(BY_TOKEN, "confirmEmailByToken", token=token)

    async def resend(self, kind: str, flow: str | None = None) -> Json:
        return await self._do(RESEND, "resendConfirmation", kind=kind, flow=flow)

    async def attempts_left(self, flow: str) -> int:
        shown = await self.api.data("query ($id: ID!) { registration(id: $id) { attemptsLeft } }", id=flow)
        left: int = shown["registration"]["attemptsLeft"]
        return left

    async def token(self, email: str = FORM["email"]) -> str:
        """What stands after `#` in the newest letter to an address."""

        def found() -> str | None:
            letters = [letter.text for letter in self.api.outbox().messages() if letter.to == email]
            linked = [text.rpartition("#")[2].strip() for text in letters if "/confirm-email#" in text]
            return linked[0] if linked else None

        token: str = await eventually(found)
        return token

    async def registered(self, **changes: Any) -> str:
        """Register and confirm the phone; the id of the flow."""
        flow = await self.begin(**changes)
        answer = await self.by_code(flow, await self.api.code(f"+{changes.get('phone', FORM['phone'])}"))
        assert answer["errors"] == [], answer
        return flow

    async def login(self, login: str = FORM["email"], password: str = FORM["password"]) -> Json:
        return await self._do(LOGIN, "login", login=login, password=password)

    async def signed_in(
        self, login: str, password: str = FORM["password"], phone: str = FORM["phone"], by: str | None = None
    ) -> Api:
        """A caller with a session of this account; `by` is where the code is read if not on the phone."""
        to = by or f"+{phone}"
        before = self.messages(to)
        challenge = (await self.login(login, password))["challenge"]["id"]
        await eventually(lambda: len(self.messages(to)) > len(before))
        opened = await self._do(COMPLETE, "completeSecondFactor", id=challenge, code=await self.api.code(to))
        assert opened["errors"] == [], opened
        return Api(self.api.site, self.api.http, opened["accessToken"])

    def messages(self, to: str) -> list[str]:
        """The texts sent to a contact, newest first."""
        return [message.text for message in self.api.outbox().messages() if message.to == to]

    async def _do(self, document: str, field: str, **variables: Any) -> Json:
        answer: Json = (await self.api.data(document, **variables))[field]
        return answer


def codes(answer: Json) -> list[tuple[str, list[str]]]:
    """Codes and paths of the errors of an answer."""
    return [(error["code"], error["path"]) for error in answer["errors"]]


def wrong(code: str) -> str:
    """Another code."""
    return "000000" if code != "000000" else "111111"
