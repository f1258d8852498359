"""The adapter of Gosuslugi against the sandbox, over sockets: what is taken over, and everything that must be refused."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from gateways.errors import GatewayUnavailable
from gateways.gosuslugi import GosuslugiRefused, GosuslugiUntrusted
from gateways.gosuslugi_codes import CODES, PASSING
from gateways.gosuslugi_http import LIMIT_SECONDS
from models.values.address import AddressFields
from tests.gosuslugi import Sandbox, sandbox_served
from web.sandbox.gosuslugi_issue import LATE, SEALS, WRONG

pytest_plugins = ("tests.gosuslugi_fixtures",)


def test_a_confirmed_person_comes_with_everything_that_was_allowed(sandbox: Sandbox) -> None:
    grant = sandbox.client().grant("demo-1")
    person, passport = grant.person, grant.person.passport
    assert person.trusted
    assert (person.oid, person.last_name, person.first_name) == ("1000400001", "Иванова", "Мария")
    assert (person.middle_name, person.birth_date) == ("Сергеевна", date(1985, 5, 11))
    assert (person.birth_place, person.snils, person.inn) == ("город Тула", "11223344595", "500100732259")
    assert (person.phone, person.email) == ("79161234501", "demo-1@nmo.example")
    home = AddressFields(city="город Тула", street="улица Льва Толстого", house="1", flat="12")
    assert person.registration_address == person.residence_address == home
    assert passport is not None
    assert (passport.series, passport.number, passport.department_code) == ("7010", "123451", "710-001")
    assert (passport.issue_date, passport.issued_by) == (date(2006, 6, 1), "УМВД России по Тульской области")
    assert grant.refresh_token
    assert {"openid", "fullname", "snils"} <= set(grant.scopes)


def test_what_a_person_has_not_is_absent_and_what_is_not_confirmed_is_not_taken(
    sandbox: Sandbox,
) -> None:
    assert sandbox.client().grant("demo-3").person.middle_name is None
    assert sandbox.client().grant("no-snils").person.snils is None
    contacts = [{"id": 1, "type": "MBT", "value": "+7(916)1234501", "vrfStu": "NOT_VERIFIED"}]
    sandbox.order("person", user="demo-1", contacts=contacts, addresses=[], documents=[])
    person = sandbox.client().grant("demo-1").person
    assert (person.phone, person.email, person.passport, person.registration_address) == (None,) * 4


def test_a_changed_name_is_seen_at_the_next_renewal(sandbox: Sandbox) -> None:
    client = sandbox.client()
    grant = client.grant("demo-2")
    sandbox.order("person", user="demo-2", person={"lastName": "Новый"})
    assert client.renew(grant.refresh_token).person.last_name == "Новый"


def test_a_renewal_is_signed_in_the_way_that_the_portal_wants(sandbox: Sandbox) -> None:
    client = sandbox.client()
    grant = client.grant("demo-1")
    sandbox.order("switch", refresh_rule="refresh_token")
    grant = client.renew(grant.refresh_token)
    assert "te refresh_token demo-1; the signed text ended with refresh_token" in sandbox.notes()
    sandbox.order("switch", refresh_rule="redirect_uri")
    with pytest.raises(GosuslugiRefused, match="ESIA-007014"):
        client.renew(grant.refresh_token)


def test_a_refresh_token_is_good_once_and_not_after_consent_is_withdrawn(sandbox: Sandbox) -> None:
    client = sandbox.client()
    first = client.grant("demo-1").refresh_token
    second = client.renew(first).refresh_token
    with pytest.raises(GosuslugiRefused, match="ESIA-007011"):
        client.renew(first)
    sandbox.order("withdraw", user="demo-1")
    with pytest.raises(GosuslugiRefused, match="ESIA-007011"):
        client.renew(second)


def test_data_are_closed_when_consent_is_withdrawn_after_the_token(sandbox: Sandbox) -> None:
    """The portal may answer a token and then no data."""
    sandbox.order("fault", at="rs", error="ESIA-007019")
    with pytest.raises(GosuslugiRefused, match="ESIA-007019"):
        sandbox.client().grant("demo-1")


@pytest.mark.parametrize("user", ["standard", "simplified", "child"])
def test_an_account_that_is_not_confirmed_is_turned_away(sandbox: Sandbox, user: str) -> None:
    with pytest.raises(GosuslugiRefused, match="ESIA-007055"):
        sandbox.client().grant(user)
    sandbox.order("switch", confirmed_only=False)
    assert not sandbox.client().grant(user).person.trusted


def test_who_refuses_comes_back_without_a_code(sandbox: Sandbox) -> None:
    back = sandbox.client().come_back("demo-1", sandbox_answer="refuse")
    assert back["error"] == "access_denied"
    assert back["error_description"].startswith("ESIA-007004")
    assert "code" not in back


def test_a60_a_code_is_good_once_for_its_own_attempt_and_for_two_minutes(sandbox: Sandbox) -> None:
    client = sandbox.client()
    code = client.come_back("demo-1")["code"]
    client.exchange(code)
    with pytest.raises(GosuslugiRefused, match="ESIA-007011"):
        client.exchange(code)
    code = client.come_back("demo-1")["code"]
    with pytest.raises(GosuslugiRefused, match="ESIA-007040"):
        client.exchange(code, client.attempt(verifier="another-verifier"))
    code = client.come_back("demo-1")["code"]
    with pytest.raises(GosuslugiRefused, match="ESIA-007011"):
        client.exchange(code, client.attempt(redirect_uri=f"{sandbox.home}/elsewhere"))
    code = client.come_back("demo-1")["code"]
    sandbox.order("switch", offset=121)
    with pytest.raises(GosuslugiRefused, match="ESIA-007011"):
        client.exchange(code)


def test_a58_a_return_that_comes_twice_brings_nothing_the_second_time(sandbox: Sandbox) -> None:
    client = sandbox.client()
    code = client.come_back("demo-1")["code"]
    client.exchange(code)
    sandbox.order("fault", at="ac", code="repeated")
    again = client.come_back("demo-1")["code"]
    assert again == code
    with pytest.raises(GosuslugiRefused, match="ESIA-007011"):
        client.exchange(again)


@pytest.mark.parametrize("broken", [*WRONG, *LATE, *SEALS])
@pytest.mark.parametrize("algorithm", ["RS256", "GOST3410_2012_256"])
def test_a59_no_word_of_a_wrong_token_is_believed(sandbox: Sandbox, algorithm: str, broken: str) -> None:
    sandbox.order("switch", algorithm=algorithm)
    code = sandbox.client().come_back("demo-1")["code"]
    sandbox.order("fault", at="te", token=broken)
    with pytest.raises(GosuslugiUntrusted):
        sandbox.client().exchange(code)


def test_a59_clocks_may_differ_by_a_minute(sandbox: Sandbox) -> None:
    sandbox.order("switch", offset=50)
    assert sandbox.client().grant("demo-1").person.trusted
    sandbox.order("switch", offset=70)
    with pytest.raises(GosuslugiUntrusted, match=r"nbf|iat"):
        sandbox.client().grant("demo-1")


def test_a58_an_answer_to_another_request_is_not_ours(sandbox: Sandbox) -> None:
    code = sandbox.client().come_back("demo-1")["code"]
    sandbox.order("fault", at="te", state="of-another-request")
    with pytest.raises(GosuslugiUntrusted, match="state"):
        sandbox.client().exchange(code)


def test_a59_the_person_of_another_attempt_is_not_ours(sandbox: Sandbox) -> None:
    client = sandbox.client()
    code = client.come_back("demo-1")["code"]
    with pytest.raises(GosuslugiUntrusted, match="nonce"):
        client.exchange(code, client.attempt(nonce="another-nonce"))


@pytest.mark.parametrize("algorithm", ["RS256", "GOST3410_2012_256"])
def test_a59_a_key_is_believed_between_its_days_only(sandbox: Sandbox, algorithm: str) -> None:
    """The portal changes its key: the old one and the new one are both known, each for its time."""
    sandbox.order("switch", algorithm=algorithm)
    kind = 0 if algorithm == "RS256" else 2
    now = sandbox.clock.now()
    old, new = sandbox.keys.trusted[kind : kind + 2]
    keys = (replace(old, ends=now), replace(new, begins=now))
    sandbox.order("switch", key=1)
    assert sandbox.client(keys=keys).grant("demo-1").person.trusted
    sandbox.order("switch", key=0)
    with pytest.raises(GosuslugiUntrusted, match="signature"):
        sandbox.client(keys=keys).grant("demo-1")
    early = (replace(new, begins=now + timedelta(seconds=1)),)
    sandbox.order("switch", key=1)
    with pytest.raises(GosuslugiUntrusted, match="signature"):
        sandbox.client(keys=early).grant("demo-1")


@pytest.mark.parametrize("code", CODES)
def test_every_refusal_of_the_portal_is_told_from_an_outage(sandbox: Sandbox, code: str) -> None:
    back = sandbox.client().come_back("demo-1")["code"]
    sandbox.order("fault", at="te", error=code)
    wanted = GatewayUnavailable if code in PASSING else GosuslugiRefused
    with pytest.raises(wanted, match=code):
        sandbox.client().exchange(back)


OUTAGES = (
    {"status": 500},
    {"status": 503},
    {"answer": "html"},
    {"answer": "huge"},
    {"answer": "loop"},
    {"delay": 1},
)


@pytest.mark.parametrize("at", ["te", "rs"])
@pytest.mark.parametrize("fault", OUTAGES, ids=str)
def test_a66_an_outage_is_told_soon_and_is_no_refusal(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, fault: dict[str, object], at: str
) -> None:
    assert LIMIT_SECONDS <= 5
    code = sandbox.client().come_back("demo-1")["code"]
    if "delay" in fault:
        monkeypatch.setattr("gateways.gosuslugi_http.LIMIT_SECONDS", 0.5)
    sandbox.order("fault", at=at, **fault)
    with pytest.raises(GatewayUnavailable):
        sandbox.client().exchange(code)


def test_a66_a_portal_that_is_not_there_is_an_outage(sandbox: Sandbox) -> None:
    code = sandbox.client().come_back("demo-1")["code"]
    nobody = replace(sandbox, at="http://127.0.0.1:9")
    with pytest.raises(GatewayUnavailable):
        nobody.client().exchange(code)


def test_two_servers_of_one_portal_know_the_same_and_so_does_a_new_one(tmp_path: Path) -> None:
    with sandbox_served(tmp_path) as first, sandbox_served(tmp_path, beside=first) as second:
        code = first.client().come_back("demo-1")["code"]
        grant = second.client().exchange(code)
        with pytest.raises(GosuslugiRefused, match="ESIA-007011"):
            first.client().exchange(code)
    with sandbox_served(tmp_path, beside=first) as later:
        assert later.client().renew(grant.refresh_token).person == grant.person
