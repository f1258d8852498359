"""What a person may still do who has taken back the consent to keep personal data (152-FZ; P10, D25)."""

import pytest
from sqlalchemy import update
from sqlmodel import col

from models.account import Account
from models.clock import SettableClock
from models.terms import TermsKind, current_terms
from tests.api import Api
from tests.attack.test_contacts import NEW, REVERT, recovered, revert_token
from tests.changing import ask, change, confirm
from tests.recovering import NEW_PASSWORD
from tests.signing_in import CHANGE_PASSWORD, EMAIL, enable_totp, reauthenticate, sign_in
from tests.test_data_export import ready
from tests.test_first_login import IDENTIFY
from tests.test_privacy import CLOSE, GIVE, close_by_consent
from tests.uploading import pdf, requested, saved, sent

pytestmark = pytest.mark.anyio
REFUSED = ["TERMS_NOT_ACCEPTED"]


async def give_again(doctor: Api) -> None:
    version = current_terms(TermsKind.PERSONAL_DATA).version
    assert (await doctor.data(GIVE, kind="PERSONAL_DATA", version=version))["giveConsent"]["errors"] == []


@pytest.mark.parametrize(("kind", "to"), [("email", NEW), ("phone", "79161239900")])
async def test_p10_without_the_consent_no_contact_is_changed_until_it_is_given_again(
    api: Api, kind: str, to: str
) -> None:
    doctor = await sign_in(api)
    begun, code = await change(doctor, to, kind)
    await close_by_consent(doctor)
    assert [error["code"] for error in (await confirm(doctor, begun, code))["errors"]] == REFUSED
    for _ in range(6):  # a refusal costs no try
        assert [error["code"] for error in (await ask(doctor, to, kind))[0]["errors"]] == REFUSED
    await give_again(doctor)
    assert (await confirm(doctor, begun, code))["errors"] == []


async def test_p10_without_the_consent_no_document_is_taken_until_it_is_given_again(api: Api) -> None:
    doctor, content = await api.as_demo("demo-1"), pdf()
    ticket = (await requested(doctor, len(content)))["ticket"]
    assert await sent(ticket, content) == 204
    await close_by_consent(doctor)
    for answer in (await requested(doctor, 1), await saved(doctor, ticket)):
        assert [error["code"] for error in answer["errors"]] == REFUSED
    await give_again(doctor)
    assert (await saved(doctor, ticket))["errors"] == []


async def test_p10_and_d25_without_the_consent_the_account_is_still_entered_secured_and_taken_away(
    api: Api, clock: SettableClock
) -> None:
    """A number is compared with the kept one and told to nobody: a copy of the data needs that proof."""
    doctor = await sign_in(api)
    change_id, code = await change(doctor, NEW)
    assert (await confirm(doctor, change_id, code))["errors"] == []
    token = await revert_token(api, EMAIL)
    await close_by_consent(doctor)
    assert (await api.data(REVERT, token=token))["revertContactChange"]["errors"] == []
    assert await recovered(api)  # a revert leaves the password to its owner
    async with api.site.ports.database.reading() as session:
        await session.execute(update(Account).where(col(Account.slug) == "demo-1").values(identified_at=None))
    doctor = await api.as_demo("demo-1")
    assert (await doctor.data(IDENTIFY, snils="112-233-445 95"))["identify"]["errors"] == []
    assert (await ready(doctor))["state"] == "READY"
    await reauthenticate(doctor, NEW_PASSWORD)
    await enable_totp(doctor, clock)
    changed = await doctor.data(CHANGE_PASSWORD, old=NEW_PASSWORD, new="Другой-пароль-77")
    assert changed["changePassword"]["errors"] == []
    assert (await doctor.data(CLOSE))["requestAccountClosure"]["errors"] == []
