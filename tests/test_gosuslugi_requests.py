"""What the sandbox of Gosuslugi refuses to a system, under which code, and what it says of it to an engineer (A58)."""

import hashlib
from urllib.parse import urlencode

import httpx
import pytest

from gateways.gost_certificate import to_pem
from gateways.gost_hash import streebog256
from gateways.gosuslugi import GosuslugiRefused
from tests.gosuslugi import Sandbox, words_of

pytest_plugins = ("tests.gosuslugi_fixtures",)


def altered(sandbox: Sandbox, **words: str | None) -> httpx.Response:
    """A right request for authorisation with other words in it; None takes one out."""
    asked = httpx.URL(sandbox.client().address())
    given = {**dict(asked.params), "sandbox_user": "demo-1", **words}
    query = urlencode({name: text for name, text in given.items() if text is not None})
    return sandbox.http.get(asked.copy_with(query=query.encode()))


def code_of(answer: httpx.Response) -> str:
    return words_of(answer)["error_description"].partition(":")[0]


WRONG_WORDS: dict[str, tuple[dict[str, str | None], str]] = {
    "state of another request": ({"state": "other"}, "ESIA-007053"),
    "time of long ago": ({"timestamp": "2020.01.01 00:00:00 +0000"}, "ESIA-007015"),
    "time in another form": ({"timestamp": "2026-11-24T09:00:00Z"}, "ESIA-007015"),
    "no hash": ({"client_certificate_hash": None}, "ESIA-007014"),
    "no secret": ({"client_secret": None}, "ESIA-007014"),
    "no state": ({"state": None}, "ESIA-007014"),
    "no scope": ({"scope": None}, "ESIA-007013"),
    "strange scope": ({"scope": "openid everything"}, "ESIA-007006"),
    "less scope than signed": ({"scope": "openid"}, "ESIA-007053"),
    "token at once": ({"response_type": "token"}, "ESIA-007009"),
    "plain challenge": ({"code_challenge_method": "plain"}, "ESIA-007003"),
    "secret that is no text of base64": ({"client_secret": "не подпись"}, "ESIA-007053"),
}


@pytest.mark.parametrize("case", WRONG_WORDS)
def test_a_wrong_request_goes_back_with_the_code_of_its_mistake(sandbox: Sandbox, case: str) -> None:
    words, code = WRONG_WORDS[case]
    assert code_of(altered(sandbox, **words)) == code


def test_a_repeated_parameter_is_a_mistake(sandbox: Sandbox) -> None:
    asked = f"{sandbox.client().address()}&scope=openid"
    assert code_of(sandbox.http.get(asked)) == "ESIA-007003"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"redirect_uri": "https://elsewhere.example/back"}, "ESIA-007023"),
        ({"redirect_uri": None}, "ESIA-007023"),
        ({"client_id": "STRANGER"}, "ESIA-008010"),
    ],
)
def test_a58_nobody_is_sent_to_an_address_that_is_not_the_systems(
    sandbox: Sandbox, words: dict[str, str | None], code: str
) -> None:
    answer = altered(sandbox, **words)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert code in answer.text
    assert sandbox.notes()[-1].startswith(f"ac {code}")


def test_an_address_that_only_begins_like_the_systems_is_not_the_systems(sandbox: Sandbox) -> None:
    assert altered(sandbox, redirect_uri=f"{sandbox.home}.elsewhere.example/").status_code == 400


def hash_of(mistake: str, der: bytes) -> str:
    match mistake:
        case "SHA-1":
            return hashlib.sha1(der).hexdigest()
        case "SHA-256":
            return hashlib.sha256(der).hexdigest()
        case _:
            return streebog256(to_pem(der)).hex()


@pytest.mark.parametrize("mistake", ["SHA-1", "SHA-256", "PEM"])
def test_a_wrong_hash_of_the_certificate_is_named_in_the_journal(sandbox: Sandbox, mistake: str) -> None:
    client = sandbox.client(certificate_hash=hash_of(mistake, sandbox.keys.certificate))
    assert client.come_back("demo-1")["error_description"].startswith("ESIA-007053")
    note = sandbox.notes()[-1]
    assert mistake in note
    assert "GOST R 34.11-2012" in note


def test_a_signature_by_another_key_is_refused(sandbox: Sandbox) -> None:
    assert sandbox.client(key=12345).come_back("demo-1")["error_description"].startswith("ESIA-007053")


WRONG_FORMS: dict[str, tuple[dict[str, str | None], str]] = {
    "no kind of grant": ({"grant_type": None}, "ESIA-007014"),
    "strange kind of grant": ({"grant_type": "password"}, "ESIA-007012"),
    "no code": ({"code": None}, "ESIA-007014"),
    "code that was not signed": ({"code": "other"}, "ESIA-007053"),
    "no verifier": ({"code_verifier": None}, "ESIA-007040"),
    "stranger": ({"client_id": "STRANGER"}, "ESIA-008010"),
    "another time": ({"timestamp": "2026.11.24 08:00:00 +0000"}, "ESIA-007015"),
}


@pytest.mark.parametrize("case", WRONG_FORMS)
def test_a60_a_wrong_request_for_tokens_has_the_code_of_its_mistake(sandbox: Sandbox, case: str) -> None:
    words, code = WRONG_FORMS[case]
    back = sandbox.client().come_back("demo-1")["code"]
    with pytest.raises(GosuslugiRefused, match=code):
        sandbox.client(form=words).exchange(back)


def test_a60_a_verifier_needs_a_challenge_before(sandbox: Sandbox) -> None:
    back = words_of(altered(sandbox, code_challenge=None, code_challenge_method=None))["code"]
    with pytest.raises(GosuslugiRefused, match="ESIA-007039"):
        sandbox.client().exchange(back)


def test_an_online_grant_brings_no_refresh_token(sandbox: Sandbox) -> None:
    back = words_of(altered(sandbox, access_type="online"))["code"]
    assert sandbox.client().exchange(back).refresh_token is None


@pytest.mark.parametrize("path", ["/aas/oauth2/ac", "/aas/oauth2/te"])
def test_the_addresses_of_before_version_2_90_are_closed(sandbox: Sandbox, path: str) -> None:
    answer = sandbox.http.request("GET" if path.endswith("ac") else "POST", sandbox.url + path)
    assert "ESIA-007005" in answer.text
    assert "PKCS#7" in sandbox.notes()[-1]


def test_a_person_is_shown_to_their_own_token_only(sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/rs/prns/1000400001"
    assert sandbox.http.get(url).status_code == 401
    assert sandbox.http.get(url, headers={"authorization": "Bearer x.y.z"}).status_code == 401
    token = access_token(sandbox, "demo-2")
    assert sandbox.http.get(url, headers={"authorization": f"Bearer {token}"}).status_code == 403
    own = sandbox.http.get(url.replace("0001", "0002"), headers={"authorization": f"Bearer {token}"})
    assert own.json()["lastName"] == "Мамин-Сибиряк"
    sandbox.order("withdraw", user="demo-2")
    assert sandbox.http.get(url.replace("0001", "0002"), headers=own.request.headers).status_code == 403


def test_collections_hold_links_or_elements_and_only_what_the_scope_opens(sandbox: Sandbox) -> None:
    url, token = f"{sandbox.url}/rs/prns/1000400001", access_token(sandbox, "demo-1")
    sandbox.http.headers["authorization"] = f"Bearer {token}"
    try:
        links = sandbox.http.get(f"{url}/ctts").json()
        assert links["size"] == 3
        assert sandbox.http.get(links["elements"][0]).json()["value"] == "+7(916)1234501"
        whole = sandbox.http.get(f"{url}/ctts", params={"embed": "(elements)"}).json()
        assert [item["type"] for item in whole["elements"]] == ["MBT", "EML", "PHN"]
        assert sandbox.http.get(f"{url}/vhls").status_code == 403
        assert "contacts" not in sandbox.http.get(url).json()
        assert sandbox.http.get(url, params={"embed": "(contacts)"}).json()["contacts"] == links
    finally:
        del sandbox.http.headers["authorization"]


def access_token(sandbox: Sandbox, user: str) -> str:
    """What the portal gives a system for a code, seen on its way."""
    client = sandbox.client()
    code = client.come_back(user)["code"]
    client.exchange(code)
    return str(client.seen[-1]["access_token"])
