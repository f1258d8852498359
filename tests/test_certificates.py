"""Certificates through the public API: the file, its issue, the public check (3.4-8 .. 3.4-10)."""

import asyncio
import importlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col

from models.objects import ObjectMissing
from models.progress import Certificate
from resolvers.certificates import file_key, print_certificate
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from storage.database import Author
from tests.api import Api, Json
from tests.reporting import course
from tests.test_removal import education, preview, remove
from web.app import Site

pytestmark = pytest.mark.anyio

PDF: Any = importlib.import_module("pypdfium2")  # it has no types

DOWNLOAD = """
mutation ($id: ID!) { downloadCertificate(input: {id: $id}) {
  certificate { id status statusLabel number issuedAt checkUrl } url errors { code path }
} }
"""
VERIFY = """
query ($number: String!) { verifyCertificate(number: $number) {
  valid status statusLabel holderMasked courseTitle hours readyAt completedAt
} }
"""
LOG = """{ viewer { auditLog(first: 50, actionPrefix: "progress:certificate:") { totalCount } } }"""


def certificate(person: int, number: int) -> str:
    return f"certificate_{demo_id('certificate', element(person, number)).hex}"


def element(person: int, number: int) -> object:
    return demo_id("element", demo_id("account", person), number)


async def download(api: Api, name: str) -> Json:
    answer: Json = (await api.data(DOWNLOAD, id=name))["downloadCertificate"]
    return answer


async def verify(api: Api, number: str) -> Json:
    answer: Json = (await api.data(VERIFY, number=number))["verifyCertificate"]
    return answer


async def fetch(url: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.get(url)


async def missing(url: str) -> None:
    """Until the worker has done what the removal left to it."""
    for _ in range(100):
        if (await fetch(url)).status_code == 404:
            return
        await asyncio.sleep(0.2)
    raise AssertionError("the file is still there")


def words(content: bytes) -> str:
    with PDF.PdfDocument(content) as document:
        assert len(document) == 1
        text: str = document[0].get_textpage().get_text_bounded()
        return text


async def test_3_4_9_and_3_4_10_the_first_download_issues_the_certificate_once(doctor: Api) -> None:
    first = await download(doctor, certificate(1, 0))
    assert first["errors"] == []
    assert (first["certificate"]["status"], first["certificate"]["statusLabel"]) == ("ISSUED", "выдан")
    again = await asyncio.gather(*(download(doctor, certificate(1, 0)) for _ in range(4)))
    assert [answer["certificate"] for answer in again] == [first["certificate"]] * 4
    assert (await doctor.data(LOG))["viewer"]["auditLog"]["totalCount"] == 1
    assert (await course(doctor, 1, 0))["certificate"]["status"] == "ISSUED"


async def test_3_4_9_the_file_says_whose_it_is_and_where_to_check_it(doctor: Api) -> None:
    answer = await download(doctor, certificate(1, 0))
    file = await fetch(answer["url"])
    assert file.headers["content-type"] == "application/pdf"
    assert answer["certificate"]["number"] in unquote(file.headers["content-disposition"])
    text = words(file.content)
    for word in (
        answer["certificate"]["number"],
        "Иванова Мария Сергеевна",
        "Артериальная гипертензия",
        "4 ч.",
    ):
        assert word in text
    # The file may have been printed by a server of another test, at another address.
    path = httpx.URL(answer["certificate"]["checkUrl"]).raw_path.decode()
    assert path == f"/verify/{quote(answer['certificate']['number'])}"
    assert path in text.replace("\r\n", "")
    assert (await fetch(answer["url"].partition("?")[0])).status_code == 403


async def test_3_4_8_one_in_progress_and_a_foreign_one_are_not_given(doctor: Api) -> None:
    waiting = await download(doctor, certificate(1, 3))
    assert waiting["errors"] == [{"code": "CERTIFICATE_NOT_READY", "path": ["id"]}]
    for unknown in (certificate(2, 0), "certificate_" + "0" * 32, "x"):
        refused = await download(doctor, unknown)
        assert refused["errors"] == [{"code": "NOT_FOUND", "path": ["id"]}]
        assert refused["url"] is None


async def test_3_4_9_anyone_can_check_a_number(doctor: Api, api: Api) -> None:
    number = (await course(doctor, 1, 0))["certificate"]["number"]
    found = await verify(api, number)
    assert found["valid"]
    assert (found["status"], found["statusLabel"]) == ("READY_TO_DOWNLOAD", "готов к скачиванию")
    assert (found["holderMasked"], found["hours"]) == ("И****** М. С.", 4.0)
    page = await api.http.get(f"/verify/{number}")
    assert page.status_code == 200
    assert "Удостоверение действительно" in page.text
    assert "И****** М. С." in page.text
    assert "Иванова" not in page.text


async def test_3_4_9_the_day_of_completion_is_that_of_moscow(doctor: Api, api: Api, site: Site) -> None:
    new, late = uuid4(), datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    mine = update(Certificate).where(col(Certificate.element_id) == element(1, 0))
    async with site.ports.database.transaction(Author("test", "")) as work:
        await work.session.execute(mine.values(id=new, completed_at=late, ready_at=late + timedelta(days=2)))
    answer = await download(doctor, f"certificate_{new.hex}")
    assert "25.11.2026" in words((await fetch(answer["url"])).content)
    assert (await verify(api, answer["certificate"]["number"]))["completedAt"] == late.isoformat()
    assert "25.11.2026" in (await api.http.get(f"/verify/{answer['certificate']['number']}")).text


@pytest.mark.parametrize("number", ["НМО-2026-000000000000", "x", "", "<script>", "' OR 1=1"])
async def test_3_4_9_an_unknown_number_is_not_found(api: Api, number: str) -> None:
    found = await verify(api, number)
    assert (found["valid"], found["statusLabel"], found["holderMasked"]) == (False, "не найдено", None)
    page = await api.http.get(f"/verify/{quote(number, safe='') or 'x'}")
    assert page.status_code == 404
    assert "<script>" not in page.text


async def test_3_4_9_numbers_cannot_be_tried_without_end(api: Api) -> None:
    codes = [(await api.ask(VERIFY, number="x")).body.get("errors") for _ in range(61)]
    assert codes[:60] == [None] * 60
    assert (await api.ask(VERIFY, number="x")).code == "RATE_LIMITED"
    assert (await api.http.get("/verify/x")).status_code == 429


async def test_3_2_13_a_removed_certificate_is_withdrawn_and_its_file_gone(
    doctor: Api, api: Api, site: Site
) -> None:
    answer = await download(doctor, certificate(1, 0))
    number = answer["certificate"]["number"]
    await remove(doctor, education(1, 0), (await preview(doctor, education(1, 0)))["confirmationToken"])
    found = await verify(api, number)
    assert (found["valid"], found["statusLabel"], found["holderMasked"]) == (
        False,
        "отозвано владельцем",
        None,
    )
    page = await api.http.get(f"/verify/{number}")
    assert "отозвано владельцем" in page.text
    await missing(answer["url"])
    refused = await download(doctor, certificate(1, 0))
    assert refused["errors"] == [{"code": "NOT_FOUND", "path": ["id"]}]
    gone = demo_id("certificate", element(1, 0))
    await print_certificate(Context(site.ports), gone)
    with pytest.raises(ObjectMissing):
        await site.ports.objects.head(file_key(gone))
