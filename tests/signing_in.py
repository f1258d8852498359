"""Signing in as a client does it, for tests of everything that begins so."""

from datetime import timedelta

from pyotp.totp import TOTP

from models.clock import SettableClock
from tests.api import PASSWORD, Api, Json

LOGIN = """
mutation ($login: String!, $password: String!) {
  login(input: {login: $login, password: $password}) {
    challenge { id methods maskedPhone ttlSeconds }
    errors { __typename code message path ... on RateLimitError { retryAfterSeconds } ... on FieldError { hint } }
  }
}
"""
COMPLETE = """
mutation ($id: ID!, $code: String!, $keep: SessionKeeping! = TOKEN, $method: SecondFactorMethod! = SMS) {
  completeSecondFactor(input: {challengeId: $id, code: $code, keep: $keep, method: $method}) {
    signedIn accessToken nextSteps
    errors { __typename code path ... on RateLimitError { attemptsLeft } }
  }
}
"""
REAUTHENTICATE = """
mutation ($password: String, $code: String, $method: SecondFactorMethod! = TOTP) {
  reauthenticate(input: {password: $password, code: $code, method: $method}) {
    ttlSeconds errors { code path }
  }
}
"""
SET_UP = "mutation { setUpTotp { enrolment { secret otpauthUri qrSvg } errors { code } } }"
CONFIRM = "mutation ($code: String!) { confirmTotp(code: $code) { recoveryCodes errors { code } } }"
CHANGE_PASSWORD = """
mutation ($old: String!, $new: String!) {
  changePassword(oldPassword: $old, newPassword: $new) { success sessionsClosed errors { code path } }
}
"""
EMAIL = "demo-1@nmo.example"
PHONE = "+79161234501"


def own_page(api: Api) -> dict[str, str]:
    """The headers by which our own page is known."""
    return {"origin": api.site.settings.origin, "graphql-require-preflight": "1"}


async def first_step(api: Api, login: str = EMAIL, password: str = PASSWORD) -> Json:
    answer: Json = (await api.data(LOGIN, login=login, password=password))["login"]
    return answer


async def second_step(api: Api, challenge: str, code: str, keep: str = "TOKEN", method: str = "SMS") -> Json:
    variables = {"id": challenge, "code": code, "keep": keep, "method": method}
    answer: Json = (await api.data(COMPLETE, **variables))["completeSecondFactor"]
    return answer


async def challenged(api: Api, number: int = 1, password: str = PASSWORD) -> tuple[str, str]:
    """The challenge of a demo doctor and the code that came for it."""
    phone = f"+7916123450{number}"
    known = {message.id for message in api.outbox().messages()}
    challenge = (await first_step(api, f"demo-{number}@nmo.example", password))["challenge"]["id"]
    return challenge, await api.code(phone, known)


async def sign_in(api: Api, number: int = 1, password: str = PASSWORD) -> Api:
    """A caller of its own with a fresh session of a demo doctor, by password and SMS."""
    challenge, code = await challenged(api, number, password)
    opened = await second_step(api, challenge, code)
    assert opened["errors"] == []
    return Api(api.site, api.http, opened["accessToken"])


async def reauthenticate(api: Api, password: str = PASSWORD) -> Json:
    answer: Json = (await api.data(REAUTHENTICATE, password=password))["reauthenticate"]
    return answer


async def enable_totp(api: Api, clock: SettableClock) -> tuple[TOTP, list[str]]:
    """The application of a caller whose session is fresh, and the spare codes; its first code is spent."""
    secret = (await api.data(SET_UP))["setUpTotp"]["enrolment"]["secret"]
    generator = TOTP(secret)
    confirmed = (await api.data(CONFIRM, code=generator.at(clock.now())))["confirmTotp"]
    assert confirmed["errors"] == []
    clock.advance(timedelta(seconds=30))
    return generator, confirmed["recoveryCodes"]


def another(code: str) -> str:
    """A code that is wrong for certain."""
    return f"{(int(code) + 500_000) % 1_000_000:06d}"
