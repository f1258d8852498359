"""The form of personal data as a client sends it: right in every field, until a test spoils one."""

from typing import Any

from tests.api import Api, Json

SUBMIT = """
mutation ($input: PersonalDataInput!) { submitPersonalData(input: $input) {
  account { state accessLevel } nextSteps changedFields profile { lastName birthDate passport { number } }
  errors { __typename code message path ... on FieldError { hint expected } }
} }
"""
HOME: Json = {"city": "город Тула", "street": "улица Ленина", "house": "5А", "flat": "12"}


def form(number: int = 4, **changes: Any) -> Json:
    """The form of a demo doctor; a field that is given as None is left out."""
    right: Json = {
        "lastName": "Ёлкин",
        "firstName": "Пётр",
        "middleName": "Ильич",
        "birthDate": "10.05.1985",
        "birthPlace": "город Тула",
        "passportSeries": "7010",
        "passportNumber": "123456",
        "passportIssueDate": "01.06.2005",
        "passportIssuedBy": "УМВД России по Тульской области",
        "passportDepartmentCode": "710-001",
        "registrationAddress": HOME,
        "residenceSameAsRegistration": True,
        "phone": f"7916123450{number}",
        "email": f"demo-{number}@nmo.example",
    }
    return {name: value for name, value in {**right, **changes}.items() if value is not None}


async def send(doctor: Api, **changes: Any) -> Json:
    """Send the form of the fourth doctor."""
    payload: Json = (await doctor.data(SUBMIT, input=form(4, **changes)))["submitPersonalData"]
    return payload


def mistakes(payload: Json) -> list[tuple[str, str]]:
    return [(".".join(error["path"]), error["code"]) for error in payload["errors"]]
