"""The portfolio as a whole: what it lacks, what replaces what, what runs out, its history (requirements 3.3)."""

from datetime import timedelta

import pytest

from models.clock import SettableClock
from models.notifications import NotificationKind
from resolvers.context import Context
from resolvers.document_expiry import expire_documents, warn_of_expiry
from tests.api import Api, Json
from tests.uploading import checked, pdf, requested, saved, sent
from web.app import Site

pytestmark = pytest.mark.anyio

WHOLE = """
{ viewer { nextSteps account { accessLevel } portfolio {
  complete missingTypes
  documents { edges { node { id type status statusLabel version expiresAt } } }
  history(first: 3) { edges { node { title } } }
  requirements { formats types { type title required } }
} } }
"""
NOTICES = "{ viewer { notifications { edges { node { kind title subject } } } } }"
NAMES = {
    "PASSPORT": "passport_2023.pdf",
    "DIPLOMA": "diploma_2023.pdf",
    "QUALIFICATION_UPGRADE": "upgrade_2023.pdf",
    "SNILS": "snils_2023.pdf",
    "INN": "inn_2023.pdf",
}
BROKEN = b"\x89PNG\r\n\x1a\n" + bytes(100)


async def whole(doctor: Api) -> Json:
    viewer: Json = (await doctor.data(WHOLE))["viewer"]
    return viewer


async def documents(doctor: Api) -> dict[str, Json]:
    edges = (await whole(doctor))["portfolio"]["documents"]["edges"]
    return {edge["node"]["id"]: edge["node"] for edge in edges}


async def added(doctor: Api, kind: str, content: bytes | None = None, **request: str) -> str:
    """A document of this kind, uploaded, saved and checked; its id."""
    body = content or pdf()
    answer = await requested(doctor, len(body), type=kind, fileName=NAMES[kind], **request)
    assert answer["errors"] == []
    assert await sent(answer["ticket"], body) == 204
    document: str = (await saved(doctor, answer["ticket"]))["document"]["id"]
    await checked(doctor, document)
    return document


async def test_3_3_1_and_3_3_2_and_3_3_3_the_first_suggestion_stays_until_every_required_kind_is_approved(
    doctor: Api,
) -> None:
    before = await whole(doctor)
    assert (before["account"]["accessLevel"], before["nextSteps"]) == ("FULL", ["BUILD_PORTFOLIO"])
    assert before["portfolio"]["complete"] is False
    lacking = before["portfolio"]["missingTypes"]
    assert lacking == ["PASSPORT", "SNILS", "INN"]
    await added(doctor, "SNILS", BROKEN)
    assert (await whole(doctor))["portfolio"]["missingTypes"] == lacking
    for kind in lacking:
        await added(doctor, kind)
    after = await whole(doctor)
    assert (after["nextSteps"], after["portfolio"]["complete"]) == ([], True)
    assert after["portfolio"]["missingTypes"] == []


async def test_3_3_6_the_kind_is_one_of_a_list_with_titles(doctor: Api) -> None:
    rules = (await whole(doctor))["portfolio"]["requirements"]
    titles = {known["type"]: known["title"] for known in rules["types"]}
    assert len(titles) == 12
    assert titles["PASSPORT"] == "Паспорт"
    assert titles["DIPLOMA"] == "Диплом об образовании"
    assert titles["QUALIFICATION_UPGRADE"] == "Свидетельство о повышении квалификации"
    assert rules["formats"] == ["application/pdf", "image/jpeg", "image/png"]


async def test_3_3_23_and_3_3_26_a_refused_document_is_uploaded_again_as_its_next_version(
    doctor: Api,
) -> None:
    refused = await added(doctor, "SNILS", BROKEN)
    assert (await documents(doctor))[refused]["statusLabel"] == "Требуется исправление"
    mended = await added(doctor, "SNILS", replacesDocumentId=refused)
    now = await documents(doctor)
    assert (now[refused]["status"], now[refused]["version"]) == ("REPLACED", 1)
    assert (now[mended]["status"], now[mended]["version"]) == ("APPROVED", 2)


async def test_3_3_23_only_ones_own_document_of_the_same_kind_makes_way_and_only_once(
    doctor: Api, api: Api
) -> None:
    refused = await added(doctor, "SNILS", BROKEN)
    request = {"type": "SNILS", "fileName": NAMES["SNILS"], "replacesDocumentId": refused}
    other_kind = await requested(doctor, 10, **{**request, "type": "INN"})
    foreign = await requested(await api.as_demo("demo-2"), 10, **request)
    codes = [answer["errors"][0]["code"] for answer in (other_kind, foreign)]
    assert codes == ["CONFLICT", "NOT_FOUND"]
    content = pdf()
    tickets = [(await requested(doctor, len(content), **request))["ticket"] for _ in range(2)]
    for ticket in tickets:
        await sent(ticket, content)
    results = [await saved(doctor, ticket) for ticket in tickets]
    assert [len(result["errors"]) for result in results] == [0, 1]
    assert results[1]["errors"][0]["code"] == "CONFLICT"
    again = await saved(doctor, tickets[0])
    assert (again["document"]["id"], again["errors"]) == (results[0]["document"]["id"], [])


async def test_3_3_25_what_is_in_force_stays_so_until_its_successor_is_approved(doctor: Api) -> None:
    held = await added(doctor, "SNILS")
    await added(doctor, "SNILS", BROKEN, replacesDocumentId=held)
    assert (await documents(doctor))[held]["status"] == "APPROVED"
    newer = await added(doctor, "SNILS", replacesDocumentId=held)
    now = await documents(doctor)
    assert (now[held]["status"], now[newer]["status"]) == ("REPLACED", "APPROVED")


async def test_3_3_24_a_new_certificate_is_added_at_any_time(doctor: Api) -> None:
    first = await added(doctor, "QUALIFICATION_UPGRADE")
    second = await added(doctor, "QUALIFICATION_UPGRADE")
    now = await documents(doctor)
    assert {now[first]["status"], now[second]["status"]} == {"APPROVED"}


async def test_3_3_25_a_month_before_the_end_one_word_then_the_status_and_a_way_to_replace(
    doctor: Api, site: Site, clock: SettableClock
) -> None:
    content, context = pdf(), Context(site.ports)
    ticket = (await requested(doctor, len(content)))["ticket"]
    await sent(ticket, content)
    document = (await saved(doctor, ticket, expiresAt="31.12.2026"))["document"]["id"]
    await checked(doctor, document)
    await warn_of_expiry(context)
    assert await told(doctor, document) == []
    clock.advance(timedelta(days=7))
    await warn_of_expiry(context)
    await warn_of_expiry(context)
    assert await told(await doctor.as_demo("demo-1"), document) == ["Скоро истекает срок документа"]
    clock.advance(timedelta(days=30))
    await expire_documents(context)
    assert (await documents(await doctor.as_demo("demo-1")))[document]["status"] == "APPROVED"
    clock.advance(timedelta(days=1))
    await expire_documents(context)
    await expire_documents(context)
    later = await doctor.as_demo("demo-1")
    now = (await documents(later))[document]
    assert (now["status"], now["expiresAt"]) == ("EXPIRED", "2026-12-31")
    assert len(await told(later, document)) == 2
    await added(later, "DIPLOMA", replacesDocumentId=document)
    assert (await documents(later))[document]["status"] == "REPLACED"


async def told(doctor: Api, document: str) -> list[str]:
    edges = (await doctor.data(NOTICES))["viewer"]["notifications"]["edges"]
    kind = NotificationKind.DOCUMENT_EXPIRING.value
    return [
        each["node"]["title"]
        for each in edges
        if (each["node"]["kind"], each["node"]["subject"]) == (kind, document)
    ]


async def test_3_3_28_the_history_follows_the_portfolio_alone(doctor: Api) -> None:
    refused = await added(doctor, "SNILS", BROKEN)
    await added(doctor, "SNILS", replacesDocumentId=refused)
    history = (await whole(doctor))["portfolio"]["history"]["edges"]
    titles = [edge["node"]["title"] for edge in history]
    assert titles == ["Документ проверен", "Документ сохранён", "Документ заменён новым"]
