"""A person between the cabinet and Gosuslugi, as tests drive one: the sandbox answers over a real socket."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.api import Api, Json

PROBLEM = "errors { __typename code message path ... on EsiaError { esiaCode advice } }"
START_LOGIN = f"""mutation ($to: String!) {{ startGosuslugiLogin(redirectUri: $to) {{
  authorizationUrl state key {PROBLEM} }} }}"""
COMPLETE_LOGIN = f"""mutation ($input: GosuslugiLoginInput!) {{ completeGosuslugiLogin(input: $input) {{
  signedIn accessToken nextSteps {PROBLEM} }} }}"""
START_LINK = f"""mutation ($to: String!, $consent: Boolean!) {{ startGosuslugiLink(redirectUri: $to, consent: $consent) {{
  authorizationUrl state key {PROBLEM} }} }}"""
LINK = "link { state label linkedAt lastSyncAt scopes lastError { code esiaCode advice } }"
COMPLETE_LINK = f"""mutation ($state: String!, $code: String, $error: String) {{
  completeGosuslugiLink(state: $state, code: $code, error: $error) {{ {LINK} changedFields {PROBLEM} }} }}"""
SYNC = f"mutation {{ syncGosuslugi {{ {LINK} changedFields {PROBLEM} }} }}"
UNLINK = f"mutation ($password: String!) {{ unlinkGosuslugi(password: $password) {{ {LINK} {PROBLEM} }} }}"
CONSENT = f"""mutation ($granted: Boolean!) {{ setDataTransferConsent(granted: $granted) {{
  consent {{ kind version }} {LINK} {PROBLEM} }} }}"""
MINE = """{ viewer {
  gosuslugi { state label linkedAt lastSyncAt scopes confirmedFields { field value }
    services { code title url available } lastError { code esiaCode advice } }
  dataTransferConsent { kind version }
  profile { lastName source fieldSources { field source } }
} }"""
# fields of the form that Gosuslugi has confirmed for the first doctor
PASSPORT = (
    "passportSeries",
    "passportNumber",
    "passportIssueDate",
    "passportIssuedBy",
    "passportDepartmentCode",
)
NAMES = ("lastName", "firstName", "middleName", "birthDate", "birthPlace", "registrationAddress")
CONFIRMED = dict[str, Any].fromkeys((*PASSPORT, *NAMES))


@dataclass
class Gosuslugi:
    """The sandbox of a served site."""

    api: Api
    http: httpx.AsyncClient

    @property
    def home(self) -> str:
        return self.api.site.settings.origin

    async def order(self, name: str, **order: Any) -> None:
        answer = await self.http.post(f"{self.home}/sandbox/gosuslugi/control/{name}", json=order)
        assert answer.status_code == 200, answer.text

    async def visit(self, address: str, user: str, **also: str) -> dict[str, str]:
        """What stands in the address of the way back of somebody who comes in and agrees, or does not."""
        asked = httpx.URL(address).copy_merge_params({"sandbox_user": user, **also})
        answer = await self.http.get(asked)
        assert answer.status_code == 303, answer.text
        query = urlsplit(answer.headers["location"]).query
        return {name: values[0] for name, values in parse_qs(query).items()}

    @property
    def back(self) -> str:
        return f"{self.home}/gosuslugi"

    async def start_link(self, person: Api, *, consent: bool = True) -> Json:
        started: Json = (await person.data(START_LINK, to=self.back, consent=consent))["startGosuslugiLink"]
        return started

    async def link(self, person: Api, user: str, **also: str) -> Json:
        """The whole way of a link."""
        started = await self.start_link(person)
        assert started["errors"] == [], started
        returned = await self.visit(started["authorizationUrl"], user, **also)
        return await self.complete_link(person, returned)

    async def complete_link(self, person: Api, returned: dict[str, str]) -> Json:
        said = {
            "state": returned["state"],
            "code": returned.get("code"),
            "error": returned.get("error_description"),
        }
        payload: Json = (await person.data(COMPLETE_LINK, **said))["completeGosuslugiLink"]
        return payload

    async def start_login(self) -> Json:
        started: Json = (await self.api.data(START_LOGIN, to=self.back))["startGosuslugiLogin"]
        return started

    async def login(self, user: str, **also: str) -> Json:
        """The whole way of a login."""
        started = await self.start_login()
        assert started["errors"] == [], started
        returned = await self.visit(started["authorizationUrl"], user, **also)
        return await self.complete_login(started["key"], returned)

    async def complete_login(self, key: str, returned: dict[str, str]) -> Json:
        said = {
            "state": returned["state"],
            "key": key,
            "code": returned.get("code"),
            "error": returned.get("error_description"),
        }
        payload: Json = (await self.api.data(COMPLETE_LOGIN, input=said))["completeGosuslugiLogin"]
        return payload

    def person(self, token: str) -> Api:
        """The caller whose session a login has opened."""
        return Api(self.api.site, self.api.http, token)


@asynccontextmanager
async def gosuslugi_of(api: Api) -> AsyncGenerator[Gosuslugi]:
    async with httpx.AsyncClient(trust_env=False) as http:
        yield Gosuslugi(api, http)


async def mine(person: Api) -> Json:
    found: Json = (await person.data(MINE))["viewer"]
    return found


def codes(payload: Json) -> list[str]:
    return [error["code"] for error in payload["errors"]]
