"""Demonstration data: what the five doctors have written into the form of personal data, and agreed to."""

from collections.abc import Iterator

from models.personal_data import PersonalData, PersonalFields, parse_personal_data
from models.personal_record import changed_fields, to_text
from models.privacy import Consent
from models.profile import Profile
from models.secrets import uuid7
from models.terms import TermsKind, current_terms
from models.values.address import AddressFields
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from resolvers.demo_people import LONG_AGO, PEOPLE, REJECTED

AGREED_TO = (TermsKind.TERMS_OF_USE, TermsKind.PERSONAL_DATA)


def consents(context: Context) -> Iterator[Consent]:
    """What every doctor has agreed to; the ids sort before those of any later consent."""
    for number in range(1, len(PEOPLE) + 1):
        for terms in map(current_terms, AGREED_TO):
            yield Consent(
                id=uuid7(0, demo_id("consent", number, terms.kind).bytes[:10]),
                account_id=demo_id("account", number),
                kind=terms.kind,
                version=terms.version,
                sha256=terms.sha256,
                given_at=context.clock.now() - LONG_AGO,
            )


def profiles(context: Context) -> Iterator[Profile]:
    """Every doctor's data are in; those of the fourth differ from the register in the surname."""
    then = context.clock.now() - LONG_AGO
    for number in range(1, len(PEOPLE) + 1):
        key, data = demo_id("account", number), _data(context, number)
        noted = {"source": "SITE", "updated_at": then.isoformat()}
        yield Profile(
            account_id=key,
            data_sealed=context.ports.vault.seal(to_text(data), "profile", "data_sealed", key),
            version=1,
            application_id=demo_id("application", number),
            submitted_at=then,
            checked_at=then,
            mismatches=["lastName"] if number == REJECTED else [],
            sources=dict.fromkeys(changed_fields(None, data), noted),
        )


def _data(context: Context, number: int) -> PersonalData:
    return parse_personal_data(written(number), context.clock.now().date())


def written(number: int) -> PersonalFields:
    """The form of one of the doctors; Gosuslugi of the sandbox knows the same of them."""
    last, first, middle, snils, inn = PEOPLE[number - 1]
    return PersonalFields(
        last_name=last,
        first_name=first,
        middle_name=middle or "",
        no_patronymic=middle is None,
        birth_date=f"1{number}.05.1985",
        birth_place="город Тула",
        passport_series="7010",
        passport_number=f"12345{number}" if number != REJECTED else "123431",
        passport_issue_date="01.06.2006",
        passport_issued_by="УМВД России по Тульской области",
        passport_department_code="710-001",
        registration_address=AddressFields(
            city="город Тула", street="улица Льва Толстого", house=f"{number}", flat="12"
        ),
        residence_same_as_registration=True,
        phone=f"7916123450{number}",
        email=f"demo-{number}@nmo.example",
        inn=inn or "",
        snils=snils,
    )
