"""The adapter of Gosuslugi against the sandbox, over sockets: what is taken over, and everything that must be refused."""

from collections.abc import Iterator
from datetime import date

import pytest

from models.values.address import AddressFields
from tests.gosuslugi import Sandbox, sandbox_served


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox_served(tmp_path_factory.mktemp("gosuslugi")) as running:
        yield running


@pytest.fixture
def sandbox(served: Sandbox) -> Sandbox:
    served.order("reset")
    return served


def test_2_1_2_a_confirmed_person_comes_with_everything_that_was_allowed(sandbox: Sandbox) -> None:
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


def test_2_1_12_a_changed_name_is_seen_at_the_next_renewal(sandbox: Sandbox) -> None:
    client = sandbox.client()
    grant = client.grant("demo-2")
    sandbox.order("person", user="demo-2", person={"lastName": "Новый"})
    assert client.renew(grant.refresh_token).person.last_name == "Новый"
