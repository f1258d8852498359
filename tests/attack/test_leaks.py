"""Codes and links are nowhere but in the message that carries them (security.md A44, P14)."""

import logging
import re

import httpx
import pytest

from models.tables import Row
from storage.key_check import check_keys
from tests.api import PASSWORD, Api
from tests.changing import change, confirm
from tests.recovering import ADDRESS, Forgetful
from tests.registering import FORM, Newcomer, wrong
from tests.signing_in import challenged, reauthenticate, second_step
from tests.test_canaries import dump
from web.answers import unquoted
from web.app import Site
from web.log_lines import Discreet
from web.settings import Settings

pytestmark = pytest.mark.anyio
MOMENT = re.compile(r"\d\d:\d\d:\d\d[.,]\d+")


def holds(text: str, secret: str) -> bool:
    """Whether it stands there by itself; moments and hashes have such digits too."""
    return re.search(rf"(?<![0-9a-zA-Z]){secret}(?![0-9a-zA-Z])", MOMENT.sub("", text)) is not None


async def busy_day(api: Api) -> set[str]:
    """Every flow that sends something, half of them with a wrong code first; returns what was sent."""
    person, forgetful = Newcomer(api), Forgetful(api)
    flow = await person.begin()
    code, token = await api.code(f"+{FORM['phone']}"), await person.token()
    await person.by_code(flow, wrong(code))
    await person.by_code(flow, code)
    await person.by_token(token)
    challenge, login = await challenged(api)
    await second_step(api, challenge, wrong(login))
    owner = Api(api.site, api.http, (await second_step(api, challenge, login))["accessToken"])
    await reauthenticate(owner, PASSWORD)
    changing, change_code = await change(owner, "new@nmo.example")
    await confirm(owner, changing, wrong(change_code))
    await confirm(owner, changing, change_code)
    recovering = await forgetful.begin("demo-2@nmo.example")
    recovery = await api.code("demo-2@nmo.example")
    await forgetful.confirm(recovering, wrong(recovery))
    await forgetful.confirm(recovering, recovery)
    revert = (await api.letter(ADDRESS, "Изменён")).rpartition("/revert-contact#")[2].split()[0]
    return {code, token, login, change_code, recovery, revert}


async def test_p04_the_keys_fit_all_that_a_day_has_sealed(api: Api, site: Site) -> None:
    await busy_day(api)
    await check_keys(site.ports.database.engine, site.ports.vault, Row.metadata)


async def test_a44_codes_and_links_are_in_no_answer_no_log_and_no_table(
    api: Api, site: Site, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers: list[str] = []

    async def note(response: httpx.Response) -> None:
        await response.aread()
        answers.append(response.text)

    api.http.event_hooks["response"].append(note)
    secrets = await busy_day(api)
    assert len(secrets) == 6
    places = {**dump(settings.database_url or ""), "the log": caplog.text, "answers": "\n".join(answers)}
    assert "signin:challenge:failed" in places["event"]
    assert [
        (place, secret) for secret in secrets for place, text in places.items() if holds(text, secret)
    ] == []
    assert all(any(holds(letter.text, secret) for letter in api.outbox().messages()) for secret in secrets)


async def test_p14_a_fault_that_quotes_a_person_is_logged_without_the_person(
    api: Api, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*arguments: object, **named: object) -> None:
        raise ValueError("no account for demo-1@nmo.example, +79161234501, 112-233-445 95")

    monkeypatch.setattr("resolvers.signin.find_by_contact", stumble)
    caplog.handler.setFormatter(Discreet("%(message)s"))
    body = {
        "query": f'mutation {{ login(input: {{login: "{ADDRESS}", password: "x"}}) {{ errors {{ code }} }} }}'
    }
    answer = (await api.http.post("/graphql", json=body)).json()
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "ValueError: no account for <address>, <number>, <number>" in caplog.text
    told = caplog.text + str(answer)
    assert [secret for secret in (ADDRESS, "79161234501", "233-445") if secret in told] == []


SECRET = "Kedr-Volna-83!"
MISTAKES = {
    "a field is missing": ("RegisterInput", {"password": SECRET}),
    "a field is not known": ("LoginInput", {"login": "a@nmo.example", "password": SECRET, "pasword": SECRET}),
    "no string": ("LoginInput", {"login": "a@nmo.example", "password": [SECRET]}),
    "no object": ("LoginInput", SECRET),
}


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_p14_an_answer_to_a_mistake_does_not_repeat_what_was_sent(api: Api, mistake: str) -> None:
    kind, sent = MISTAKES[mistake]
    field = {"RegisterInput": "registerAccount", "LoginInput": "login"}[kind]
    answer = await api.ask(f"mutation ($in: {kind}!) {{{field}(input: $in) {{__typename}}}}", **{"in": sent})
    assert answer.code == "BAD_USER_INPUT"
    assert "Kedr" not in str(answer)
    assert kind in str(answer) or "String cannot represent a non string value." in str(answer)


@pytest.mark.parametrize(
    "literal",
    [
        *('login: 1 password: "Kedr"', 'login: "a" password: "Kedr" passw: "Kedr"', '"Kedr"'),
        *("password: Kedr Volna Kedr", "login: Kedr", 'login: "a" password: 5 "Kedr"'),
    ],
)
async def test_p14_nor_what_stands_in_the_document(api: Api, literal: str) -> None:
    answer = await api.ask(f"mutation {{login(input: {{{literal}}}) {{__typename}}}}")
    assert answer.code in {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}
    assert "Kedr" not in str(answer)


@pytest.mark.parametrize(
    "said",
    [
        "Value 'Kedr' enum' does not exist in 'SecondFactorMethod' enum.",
        "Variable '$in' has invalid value at .method: Value 'Kedr\n' does not exist in 'SecondFactorMethod' enum.",
        "Syntax Error: Expected Name, found Int 'Kedr'.",
        "Syntax Error: Unexpected Float 'Kedr'.",
        "Expected value of type 'I' not to include unknown field 'passwor'. Did you mean 'password'? Found: {Kedr}.",
    ],
)
def test_p14_nor_what_a_message_quotes(said: str) -> None:
    assert "Kedr" not in unquoted(said)
    assert unquoted(said).endswith(".")


@pytest.mark.parametrize("method", ['"Kedr"', "Kedr"])
async def test_p14_nor_a_choice_that_there_is_not(api: Api, method: str) -> None:
    literal = await api.ask(f"mutation {{reauthenticate(input: {{method: {method}}}) {{__typename}}}}")
    text = "mutation ($in: ReauthenticationInput!) {reauthenticate(input: $in) {__typename}}"
    variable = await api.ask(text, **{"in": {"method": method}})
    assert (literal.code, variable.code) == ("GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT")
    assert "Kedr" not in f"{literal}{variable}"
