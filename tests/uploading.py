"""A document as a person uploads and saves it, for tests of everything that needs one."""

import asyncio
from contextlib import suppress

import httpx

from gateways.printer import print_pdf
from models.objects import ObjectMissing
from resolvers.demo_people import PAPER
from tests.api import Api, Json, once
from web.app import Site

REQUEST = """
mutation ($input: UploadRequestInput!) { requestDocumentUpload(input: $input) {
  ticket { id url fields { name value } maxBytes expiresAt } errors { code path message }
} }
"""
SAVE = """
mutation ($input: DocumentInput!) { saveDocument(input: $input) {
  document { id status statusLabel sha256 } errors { code path message ... on FieldError { hint } }
} }
"""
DOCUMENT = """
query ($id: ID!) { node(id: $id) { ... on PortfolioDocument {
  status statusLabel sha256 number issuedAt downloadUrl
  problems { code message howToFix page } checks { name passed measured limit }
} } }
"""


def pdf() -> bytes:
    return print_pdf(PAPER, {"title": "Диплом", "holder": "Иванова", "number": "1", "issued": "25.06.2023"})


async def requested(doctor: Api, size: int, **changed: object) -> Json:
    given = {
        "type": "DIPLOMA",
        "fileName": "diploma_2023.pdf",
        "sizeBytes": size,
        "mimeType": "application/pdf",
        **changed,
    }
    answer: Json = (await doctor.data(REQUEST, input=given))["requestDocumentUpload"]
    return answer


async def sent(ticket: Json, content: bytes) -> int:
    async with httpx.AsyncClient(trust_env=False) as http:
        fields = {field["name"]: field["value"] for field in ticket["fields"]}
        answer = await http.post(
            ticket["url"], data=fields, files={"file": ("f", content, "application/pdf")}
        )
        return answer.status_code


async def saved(doctor: Api, ticket: Json, **changed: object) -> Json:
    given = {"uploadId": ticket["id"], "number": "107704 0012345", "issuedAt": "25.06.2023", **changed}
    answer: Json = (await doctor.data(SAVE, input=given))["saveDocument"]
    return answer


async def checked(doctor: Api, document_id: str) -> Json:
    """The document once its check is over."""

    async def now() -> Json:
        found: Json = (await doctor.data(DOCUMENT, id=document_id))["node"]
        return found

    return await once(now, lambda found: found["status"] != "CHECKING")


async def gone(site: Site, key: str) -> None:
    """Waits until the worker has removed the object."""
    async with asyncio.timeout(15):
        with suppress(ObjectMissing):
            while True:
                await site.ports.objects.head(key)
                await asyncio.sleep(0.05)
