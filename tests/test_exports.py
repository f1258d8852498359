"""Exports of lists through the public API, proved by reading the files back (A23)."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateways.table_csv import guarded
from models.account import Account
from models.activities import Activity, Enrollment
from models.clock import SettableClock
from models.education import Element
from models.exports import ExportJob, ExportKind
from models.objects import ObjectMissing
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from resolvers.export_making import expire_exports
from resolvers.export_sheets import SHEETS, Line
from tests.api import Api, Json, once
from tests.exporting import EXPORT, EXPORTS, ask, csv_rows, exported, file_of, pdf_pages
from web.app import Site

pytestmark = pytest.mark.anyio

ACTIVITIES = """
query ($filter: ActivityFilter, $sort: [ActivitySort!], $after: Cursor) { viewer {
  activities(first: 100, filter: $filter, sort: $sort, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { title statusLabel cancelledAt materials { kind url } } }
  }
} }
"""
PROGRESS = """
query ($filter: ProgressFilter) { viewer { progress { courses(first: 100, filter: $filter) {
  totalCount edges { node { course { title } percent examLabel } }
} } } }
"""
HISTORY = """
{ viewer { auditLog(first: 100, actionPrefix: "portfolio:") { totalCount edges { node { title } } } } }
"""
NODE = "query ($id: ID!) { node(id: $id) { ... on ExportJob { id state rows } } }"


async def listed(doctor: Api, **given: Any) -> list[Json]:
    """Every row of the list of events, page by page."""
    rows, after = list[Json](), None
    while True:
        page = (await doctor.data(ACTIVITIES, after=after, **given))["viewer"]["activities"]
        rows += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            assert len(rows) == page["totalCount"]
            return rows
        after = page["pageInfo"]["endCursor"]


QUESTIONS: list[Json] = [
    {},
    {"filter": {"onlyMine": True}},
    {"filter": {"types": ["EVENT_WEBINAR"]}, "sort": [{"field": "TITLE", "descending": True}]},
    {"sort": [{"field": "STATUS"}, {"field": "ORGANIZER"}, {"field": "STARTS_AT", "descending": True}]},
    {"filter": {"search": "никогда не встречается"}},
]


def as_export(question: Json) -> Json:
    names = {"filter": "activityFilter", "sort": "activitySort"}
    return {names[name]: value for name, value in question.items()}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_3_1_18_the_file_has_the_rows_of_the_screen_in_its_order(doctor: Api, question: Json) -> None:
    rows = await listed(doctor, **question)
    headings, *lines = csv_rows(await exported(doctor, "ACTIVITIES", "CSV", **as_export(question)))
    assert headings[:4] == ["Название", "Вид", "Дата и время (МСК)", "Статус"]
    assert [(line[0], line[3]) for line in lines] == [(row["title"], row["statusLabel"]) for row in rows]
    links = [[link["url"] for link in row["materials"] if link["kind"] == "METHODICAL"] for row in rows]
    assert [line[7].split("\n") if line[7] else [] for line in lines] == links


async def test_3_1_18_and_3_1_19_a_cancelled_event_is_called_so_as_on_the_screen(
    doctor: Api, site: Site
) -> None:
    gone = (35, 131)  # one that is over, one ahead
    async with site.ports.database.reading() as session:
        chosen = col(Activity.id).in_([demo_id("activity", number) for number in gone])
        await session.execute(update(Activity).where(chosen).values(cancelled_at=site.ports.clock.now()))
    rows = await listed(doctor)
    _, *lines = csv_rows(await exported(doctor, "ACTIVITIES", "CSV"))
    said = ["отменено" if row["cancelledAt"] else row["statusLabel"] for row in rows]
    assert said.count("отменено") == len(gone)
    assert [line[3] for line in lines] == said
    pages = pdf_pages(await exported(doctor, "ACTIVITIES", "PDF"))
    assert " ".join(pages).count("отменено") == len(gone)


async def test_3_1_19_the_pdf_has_the_same_rows_pages_with_numbers_and_the_filter(doctor: Api) -> None:
    question = {"filter": {"types": ["EVENT_WEBINAR", "PROGRAM_DPP"]}, "sort": [{"field": "TITLE"}]}
    rows = await listed(doctor, **question)
    content = await exported(doctor, "ACTIVITIES", "PDF", **as_export(question))
    pages = pdf_pages(content)
    text = re.sub(r"\s+", " ", " ".join(pages))
    for told in ("Вид: Вебинар, Программа ДПО", "Порядок: название", f"Строк: {len(rows)}"):
        assert told in text
    assert len(pages) > 1
    assert all(f"Страница {number} из {len(pages)}" in page for number, page in enumerate(pages, start=1))
    assert all("Организатор" in page for page in pages), "the headings stand on every page"
    words = [re.sub(r"\s+", " ", row["title"]).split(" ")[0] for row in rows]
    places = [text.find(word) for word in words]
    assert min(places) > 0
    with pikepdf.open(BytesIO(content)) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "2B"
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
        assert fonts
        assert all("+" in font for font in fonts), "every font is embedded as a subset"


@pytest.mark.parametrize("narrowed", [{}, {"courseTypes": ["PROGRAM_DPP"]}, {"date": {"to": "2020-01-01"}}])
async def test_3_4_15_the_report_of_progress_as_csv(doctor: Api, narrowed: Json) -> None:
    courses = (await doctor.data(PROGRESS, filter=narrowed))["viewer"]["progress"]["courses"]
    rows = [edge["node"] for edge in courses["edges"]]
    headings, *lines = csv_rows(await exported(doctor, "PROGRESS", "CSV", progressFilter=narrowed))
    assert len(lines) == courses["totalCount"]
    shown = [
        (row["course"]["title"], f"{row['percent']:g}".replace(".", ","), row["examLabel"]) for row in rows
    ]
    percent = headings.index("Пройдено, %")
    assert [(line[0], line[percent], line[headings.index("Экзамен")]) for line in lines] == shown


async def test_3_4_14_the_report_of_progress_as_pdf(doctor: Api) -> None:
    courses = (await doctor.data(PROGRESS))["viewer"]["progress"]["courses"]
    text = re.sub(r"\s+", " ", " ".join(pdf_pages(await exported(doctor, "PROGRESS", "PDF"))))
    assert f"Строк: {courses['totalCount']}" in text
    places = [text.index(edge["node"]["course"]["title"].split(" ")[-1]) for edge in courses["edges"]]
    assert len(places) == courses["totalCount"]


async def test_3_3_28_the_history_of_the_portfolio_is_exported_too(doctor: Api, site: Site) -> None:
    asked = 'mutation { requestDocumentUpload(input: {type: DIPLOMA, fileName: "diploma_2020.pdf", '
    asked += 'mimeType: "application/pdf", sizeBytes: 10}) { errors { code } } }'
    await doctor.data(asked)
    log = (await doctor.data(HISTORY))["viewer"]["auditLog"]
    assert log["totalCount"] > 0
    _, *lines = csv_rows(await exported(doctor, "PORTFOLIO_HISTORY", "CSV"))
    assert [line[2] for line in lines] == [edge["node"]["title"] for edge in log["edges"]]


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+7 916", "'+7 916"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("-", "'-"),
        ("-12", "-12"),
        ("-0,5", "-0,5"),
        ("12,5", "12,5"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_3_1_18_no_cell_is_taken_for_a_formula(cell: str, safe: str) -> None:
    assert guarded(cell) == safe


async def test_3_1_18_signs_of_the_format_survive_in_titles(doctor: Api, site: Site) -> None:
    title = '=cmd|"/c calc"!A1;\nвторая "строка"'
    async with site.ports.database.reading() as session:
        changed = update(Activity).where(col(Activity.id) == demo_id("activity", 1)).values(title=title)
        await session.execute(changed)
    _, *lines = csv_rows(await exported(doctor, "ACTIVITIES", "CSV"))
    assert [line[0] for line in lines if "cmd" in line[0]] == [f"'{title}"]
    assert {len(line) for line in lines} == {9}
    await exported(doctor, "ACTIVITIES", "PDF")


async def test_3_1_18_the_same_press_again_finds_the_same_export(doctor: Api, clock: SettableClock) -> None:
    presses = await asyncio.gather(*(ask(doctor, "ACTIVITIES", "CSV") for _ in range(4)))
    assert len({press["job"]["id"] for press in presses}) == 1
    other = await ask(doctor, "ACTIVITIES", "CSV", activityFilter={"onlyMine": True})
    assert other["job"]["id"] != presses[0]["job"]["id"]
    clock.advance(timedelta(seconds=3))
    assert (await ask(doctor, "ACTIVITIES", "CSV"))["job"]["id"] != presses[0]["job"]["id"]
    actions = '{ viewer { auditLog(first: 20, actionPrefix: "exports:") { edges { node { action } } } } }'
    log = (await doctor.data(actions))["viewer"]["auditLog"]["edges"]
    assert sorted(edge["node"]["action"] for edge in log) == [
        *["exports:job:ready"] * 3,
        *["exports:job:requested"] * 3,
    ]


async def test_3_1_18_who_asks_again_after_a_change_gets_the_list_as_it_has_become(
    doctor: Api, site: Site, clock: SettableClock
) -> None:
    first = (await ask(doctor, "ACTIVITIES", "CSV", activityFilter={"onlyMine": True}))["job"]
    async with site.ports.database.reading() as session:
        one = col(Enrollment.activity_id) == demo_id("activity", 110)
        await session.execute(
            delete(Enrollment).where(one, col(Enrollment.account_id) == demo_id("account", 1))
        )
    clock.advance(timedelta(seconds=5))
    again = (await ask(doctor, "ACTIVITIES", "CSV", activityFilter={"onlyMine": True}))["job"]
    assert again["rows"] == first["rows"] - 1 == len(csv_rows((await file_of(again)).content)) - 1


@pytest.mark.parametrize("form", ["CSV", "PDF"])
async def test_3_4_15_a_row_that_goes_while_the_file_is_made_is_counted_nowhere(
    doctor: Api, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    sheet, gone = SHEETS[ExportKind.PROGRESS], list[UUID]()

    async def after_a_removal(session: AsyncSession, job: ExportJob, keys: list[Any]) -> Mapping[Any, Line]:
        if not gone:
            gone.append(keys[0])
            await session.execute(delete(Element).where(col(Element.id) == keys[0]))
        return await sheet.lines(session, job, keys)

    monkeypatch.setitem(SHEETS, ExportKind.PROGRESS, replace(sheet, lines=after_a_removal))
    job = (await ask(doctor, "PROGRESS", form))["job"]
    left = (await doctor.data(PROGRESS))["viewer"]["progress"]["courses"]["totalCount"]
    assert (job["rows"], job["rowsDone"], left) == (5, 5, 5)
    content = (await file_of(job)).content
    if form == "CSV":
        assert len(csv_rows(content)) == 1 + left
    else:
        assert f"Строк: {left}" in " ".join(pdf_pages(content))


async def test_3_1_18_the_link_keeps_an_hour_and_the_file_a_day(
    doctor: Api, site: Site, clock: SettableClock
) -> None:
    job = (await ask(doctor, "PROGRESS", "CSV"))["job"]
    response = await file_of(job)
    assert "X-Amz-Expires=3600" in job["downloadUrl"]
    assert re.fullmatch(
        r"attachment; filename\*=UTF-8''nmo-progress-2026-11-24-1200\.csv",
        response.headers["content-disposition"],
    )
    async with site.ports.database.reading() as session:
        row = (await session.scalars(select(ExportJob))).one()
    assert row.object_key.startswith(f"exports/{demo_id('account', 1).hex}/")
    clock.advance(timedelta(hours=23))
    await expire_exports(Context(site.ports))
    clock.advance(timedelta(hours=1))
    await expire_exports(Context(site.ports))
    doctor = await doctor.as_demo("demo-1")
    (old,) = (await doctor.data(EXPORTS))["viewer"]["exports"]
    assert (old["state"], old["downloadUrl"]) == ("EXPIRED", None)

    async def gone() -> bool:
        try:
            await site.ports.objects.head(row.object_key)
        except ObjectMissing:
            return True
        return False

    await once(gone, bool)


async def test_3_1_18_nobody_sees_the_exports_of_another(doctor: Api) -> None:
    job = (await ask(doctor, "PROGRESS", "CSV"))["job"]
    assert (await doctor.data(NODE, id=job["id"]))["node"]["state"] == "READY"
    other = await doctor.as_demo("demo-2")
    assert (await other.data(EXPORTS))["viewer"]["exports"] == []
    absent = await other.ask(NODE, id="exportJob_" + "0" * 32)
    assert (await other.ask(NODE, id=job["id"])).code == absent.code == "NOT_FOUND"


async def test_3_1_18_without_the_right_there_is_no_export(doctor: Api, site: Site) -> None:
    async with site.ports.database.reading() as session:
        await session.execute(update(Account).where(col(Account.slug) == "demo-1").values(permissions=[]))
    answer = await doctor.ask(EXPORT, input={"kind": "PROGRESS", "format": "CSV"})
    assert answer.code == "FORBIDDEN"
    assert (await doctor.ask(EXPORTS)).code == "FORBIDDEN"


async def test_3_1_18_mistakes_are_told_by_their_path(doctor: Api) -> None:
    backwards = {"date": {"from": "2026-02-01", "to": "2026-01-01"}}
    for kind, name in (("ACTIVITIES", "activityFilter"), ("PROGRESS", "progressFilter")):
        payload = await ask(doctor, kind, "CSV", **{name: backwards})
        assert payload["job"] is None
        assert [(e["code"], e["path"]) for e in payload["errors"]] == [
            ("INVALID_FORMAT", [name, "date", "from"])
        ]
    for first in (0, -1, 101):
        answer = await doctor.ask(f"{{ viewer {{ exports(first: {first}) {{ id }} }} }}")
        assert answer.code == "BAD_PAGE_SIZE"
