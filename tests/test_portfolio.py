"""The portfolio through the public API and a real object store (requirements 3.3)."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from models.clock import SettableClock
from models.portfolio import TICKET_LIFE, Upload
from resolvers.context import Context
from resolvers.document_check import drop_expired_uploads
from tests.api import Api, Json
from tests.uploading import DOCUMENT, checked, gone, pdf, requested, saved, sent
from web.app import Site

pytestmark = pytest.mark.anyio

LIMIT = 5_242_880


async def test_3_3_5_to_3_3_20_a_good_paper_is_uploaded_saved_checked_and_approved(doctor: Api) -> None:
    content = pdf()
    ticket = (await requested(doctor, len(content)))["ticket"]
    assert ticket["maxBytes"] == LIMIT
    assert await sent(ticket, content) == 204
    document = (await saved(doctor, ticket))["document"]
    assert (document["status"], document["statusLabel"]) == ("CHECKING", "Проверяется")
    found = await checked(doctor, document["id"])
    assert (found["status"], found["statusLabel"], found["problems"]) == ("APPROVED", "Одобрено", [])
    assert (found["number"], found["issuedAt"]) == ("107704 0012345", "2023-06-25")
    assert all(check["passed"] for check in found["checks"])
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(found["downloadUrl"])
    assert answer.content == content
    assert "diploma_2023.pdf" in answer.headers["content-disposition"]


async def test_3_3_10_and_3_3_21_and_3_3_22_a_picture_named_pdf_needs_correction(doctor: Api) -> None:
    content = b"\x89PNG\r\n\x1a\n" + bytes(100)
    ticket = (await requested(doctor, len(content)))["ticket"]
    assert await sent(ticket, content) == 204
    found = await checked(doctor, (await saved(doctor, ticket))["document"]["id"])
    assert (found["status"], found["statusLabel"]) == ("NEEDS_CORRECTION", "Требуется исправление")
    assert "FILE_CONTENT" in {problem["code"] for problem in found["problems"]}
    assert all(problem["message"] and problem["howToFix"] for problem in found["problems"])


async def test_3_3_14_five_megabytes_and_not_a_byte_more(doctor: Api) -> None:
    assert (await requested(doctor, LIMIT))["errors"] == []
    (error,) = (await requested(doctor, LIMIT + 1))["errors"]
    assert (error["code"], error["path"]) == ("FILE_TOO_LARGE", ["sizeBytes"])
    ticket = (await requested(doctor, LIMIT))["ticket"]
    assert await sent(ticket, b"%PDF-" + bytes(LIMIT - 4)) == 400


async def test_3_3_7_to_3_3_10_every_mistake_at_once(doctor: Api) -> None:
    answer = await requested(doctor, LIMIT + 1, mimeType="image/svg+xml", fileName="x.svg")
    assert {error["code"] for error in answer["errors"]} == {"FILE_TOO_LARGE", "FILE_TYPE"}


async def test_3_3_18_a_wrong_name_gets_a_ready_one(doctor: Api) -> None:
    ticket = (await requested(doctor, 10, fileName="scan001.pdf"))["ticket"]
    (error,) = (await saved(doctor, ticket))["errors"]
    assert (error["code"], error["path"]) == ("FILE_NAME", ["fileName"])
    assert error["hint"].startswith("diploma_")
    assert error["hint"].endswith(".pdf")


async def test_3_3_11_and_3_3_12_date_and_number_are_asked_for_together(doctor: Api) -> None:
    ticket = (await requested(doctor, 10))["ticket"]
    answer = await saved(doctor, ticket, number=" ", issuedAt="31.02.2023", expiresAt="2023-01-01")
    assert {tuple(error["path"]) for error in answer["errors"]} == {("issuedAt",), ("expiresAt",)}
    answer = await saved(doctor, ticket, number=" ", issuedAt="25.06.2027")
    assert {tuple(error["path"]) for error in answer["errors"]} == {("number",), ("issuedAt",), ("fileName",)}


async def test_3_3_13_saving_before_the_file_is_there_says_so(doctor: Api) -> None:
    ticket = (await requested(doctor, 10))["ticket"]
    assert [error["code"] for error in (await saved(doctor, ticket))["errors"]] == ["FILE_MISSING"]


async def test_3_3_13_saving_twice_at_once_makes_one_document(doctor: Api) -> None:
    content = pdf()
    ticket = (await requested(doctor, len(content)))["ticket"]
    await sent(ticket, content)
    answers = await asyncio.gather(*(saved(doctor, ticket) for _ in range(5)))
    (document,) = {answer["document"]["id"] for answer in answers}
    await checked(doctor, document)
    assert (await saved(doctor, ticket))["document"]["id"] == document


async def test_3_3_13_another_persons_upload_and_document_are_not_found(doctor: Api, api: Api) -> None:
    content = pdf()
    ticket = (await requested(doctor, len(content)))["ticket"]
    await sent(ticket, content)
    other = await api.as_demo("demo-2")
    assert [error["code"] for error in (await saved(other, ticket))["errors"]] == ["NOT_FOUND"]
    document = (await saved(doctor, ticket))["document"]["id"]
    assert (await other.ask(DOCUMENT, id=document)).code == "NOT_FOUND"


async def test_3_3_27_and_3_3_28_every_step_is_in_the_log_and_the_chain_holds(doctor: Api) -> None:
    content = pdf()
    ticket = (await requested(doctor, len(content)))["ticket"]
    await sent(ticket, content)
    await checked(doctor, (await saved(doctor, ticket))["document"]["id"])
    log = await doctor.data(
        '{ viewer { auditChainValid auditLog(first: 3, actionPrefix: "portfolio:") { edges { node { title seq } } } } }'
    )
    titles = [edge["node"]["title"] for edge in log["viewer"]["auditLog"]["edges"]]
    assert titles == ["Документ проверен", "Документ сохранён", "Запрошена загрузка документа"]
    assert log["viewer"]["auditChainValid"] is True


async def test_3_3_5_at_most_twenty_unfinished_uploads(doctor: Api) -> None:
    answers = [await requested(doctor, 10) for _ in range(21)]
    assert [len(answer["errors"]) for answer in answers] == [0] * 20 + [1]
    assert answers[-1]["errors"][0]["code"] == "FILE_QUOTA"


async def test_3_3_19_a_checked_file_cannot_be_swapped_through_its_old_form(doctor: Api) -> None:
    content = pdf()
    ticket = (await requested(doctor, len(content)))["ticket"]
    await sent(ticket, content)
    document = (await saved(doctor, ticket))["document"]["id"]
    await checked(doctor, document)
    await sent(ticket, b"%PDF-" + bytes(len(content) - 5))
    found = (await doctor.data(DOCUMENT, id=document))["node"]
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(found["downloadUrl"])).content == content


async def test_3_3_14_twenty_unfinished_uploads_and_not_one_more_however_they_are_asked_for(
    doctor: Api,
) -> None:
    places = asyncio.Semaphore(8)  # fewer than connections, so that none is refused for want of one

    async def ask() -> Json:
        async with places:
            return await requested(doctor, 10)

    answers = await asyncio.gather(*(ask() for _ in range(40)))
    assert sum(answer["ticket"] is not None for answer in answers) == 20
    assert [error["code"] for answer in answers for error in answer["errors"]] == ["FILE_QUOTA"] * 20


async def test_3_3_14_what_was_sent_and_never_saved_is_removed_with_its_file(
    doctor: Api, api: Api, site: Site, clock: SettableClock
) -> None:
    content = pdf()
    tickets = [(await requested(doctor, len(content)))["ticket"] for _ in range(2)]
    for ticket in tickets:
        assert await sent(ticket, content) == 204
    kept = (await saved(doctor, tickets[0]))["document"]["id"]
    async with site.ports.database.reading() as session:
        key = await session.scalar(select(col(Upload.object_key)).where(col(Upload.used_at).is_(None)))
    assert key is not None
    context = Context(site.ports)
    clock.advance(TICKET_LIFE + timedelta(minutes=59))
    await drop_expired_uploads(context)
    assert (await site.ports.objects.head(key)).size == len(content)
    clock.advance(timedelta(minutes=2))
    await drop_expired_uploads(context)
    async with site.ports.database.reading() as session:
        assert (await session.scalars(select(Upload))).all() == []
    await gone(site, key)
    later = await api.as_demo("demo-1")
    assert [error["code"] for error in (await saved(later, tickets[1]))["errors"]] == ["NOT_FOUND"]
    assert (await checked(later, kept))["status"] == "APPROVED"
