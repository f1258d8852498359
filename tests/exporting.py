"""Asking for exports and reading the files back."""

import csv
import importlib
from io import StringIO
from typing import Any

import httpx

from tests.api import Api, Json

PDF: Any = importlib.import_module("pypdfium2")  # it has no types

EXPORT = """
mutation ($input: ExportInput!) { requestExport(input: $input) {
  job { id kind format state rows rowsDone sizeBytes downloadUrl expiresAt } errors { code path message }
} }
"""
EXPORTS = "{ viewer { exports { id kind state rows downloadUrl expiresAt } } }"


async def ask(api: Api, kind: str, form: str, **given: Any) -> Json:
    """The payload of one request."""
    payload: Json = (await api.data(EXPORT, input={"kind": kind, "format": form, **given}))["requestExport"]
    return payload


async def file_of(job: Json) -> httpx.Response:
    """The file behind the link of an export that is ready."""
    assert job["state"] == "READY", job
    async with httpx.AsyncClient() as client:
        return (await client.get(job["downloadUrl"])).raise_for_status()


async def exported(api: Api, kind: str, form: str, **given: Any) -> bytes:
    """The file of a short list."""
    payload = await ask(api, kind, form, **given)
    assert payload["errors"] == []
    return (await file_of(payload["job"])).content


def csv_rows(content: bytes) -> list[list[str]]:
    """The lines of a file, the headings first."""
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    return [*csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")]


def pdf_pages(content: bytes) -> list[str]:
    """The text of every page."""
    return [page.get_textpage().get_text_range() for page in PDF.PdfDocument(content)]
