"""Demonstration data: the same for everyone, whenever it is loaded; dates are counted from the day of loading."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time
from hashlib import sha256
from itertools import groupby

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from gateways.printer import print_pdf
from models.account import Account, Channel
from models.activities import Activity, Enrollment
from models.base import Row
from models.errors import ErrorCode
from models.journal import Event, Fact, account_stream
from models.notifications import Preferences
from models.organizers import Organizer, Scope, ServiceToken
from models.secrets import fingerprint
from resolvers.context import Context, Provider
from resolvers.demo_applications import applications
from resolvers.demo_catalog import (
    ORGANIZERS,
    OUTLINE,
    activities,
    course_materials,
    courses,
    demo_id,
    materials,
    organizers,
)
from resolvers.demo_login import DEMO_PASSWORD
from resolvers.demo_people import cycles, doctors, documents, education, enrollments, reports, taken_up
from resolvers.demo_profiles import consents, profiles
from resolvers.results import record_results
from resolvers.sessions import open_session
from resolvers.shapes import load_shapes
from resolvers.statements import Report
from storage.database import Transaction

COUNTED = {"seq"}  # by the database itself
LOADED = "account:demo:loaded"
BATCH = 100
SILENT = {"notify_by_email": False, "notify_in_cabinet": False}


async def is_loaded(context: Context) -> bool:
    """Whether the demonstration has been loaded to its end."""
    query = select(Event).where(
        col(Event.stream) == account_stream(demo_id("account", 1)), col(Event.action) == LOADED
    )
    async with context.database.reading() as session:
        return (await session.scalars(query.limit(1))).first() is not None


async def has_demo_account(engine: AsyncEngine) -> bool:
    """Whether somebody may come in by the password that everybody knows."""
    query = select(col(Account.id)).where(col(Account.slug).startswith("demo-"))
    async with engine.connect() as connection:
        return (await connection.scalar(query.limit(1))) is not None


async def load_demo(context: Context) -> None:
    """Load everything; a load that was cut short is finished by the next one, nothing is doubled."""
    now = context.clock.now()
    students = {demo_id("account", person) for person, _ in taken_up()}
    today = datetime.combine(now.date(), time(), UTC)
    password_hash = await context.ports.passwords.hash(DEMO_PASSWORD)
    outline = print_pdf(OUTLINE, {})
    digest = sha256(outline).hexdigest()
    outline_key = f"materials/demo-outline-{digest}"  # what a bucket holds of another release stays as it is
    await context.ports.objects.put(outline_key, outline, "application/pdf", digest)
    papers = list(documents(now))
    for paper, content in papers:
        await context.ports.objects.put(paper.object_key, content, paper.mime_type, paper.sha256)
    async with context.database.transaction(context.author) as work:
        await _put(work, organizers())
        await _put(work, activities(today))
        await _put(work, materials())
        await _put(work, courses())
        await _put(work, course_materials(outline_key))
        await _put(work, doctors(context, password_hash))
        await _put(work, applications(context))
        await _put(work, profiles(context))
        await _put(work, consents(context))
        await _put(work, enrollments(now))
        await _put(work, cycles(now.date()))
        shapes = await load_shapes(work.session, {demo_id("course", course) for _, course in taken_up()})
        await _put(work, education(now, shapes))
        await _put(work, (paper for paper, _ in papers))
        await _count_places(work)
        # What is loaded is history: nobody is told of thresholds that were reached in it.
        await _put(work, (Preferences(account_id=key, **SILENT) for key in students))
    for course, batch in groupby(sorted(reports(now), key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        await _report(context, course, [report for _, report in batch])
    async with context.database.transaction(context.author) as work:
        await work.session.execute(delete(Preferences).where(col(Preferences.account_id).in_(students)))
        work.record(Fact(account_stream(demo_id("account", 1)), LOADED))


async def _put(work: Transaction, rows: Iterable[Row]) -> None:
    """Insert rows in their order, those of one table at once; rows that are there already stay."""
    for table, group in groupby(sorted_by_table(rows), key=type):
        values = [row.model_dump(exclude=COUNTED) for row in group]
        for start in range(0, len(values), 500):
            await work.session.execute(
                insert(table).values(values[start : start + 500]).on_conflict_do_nothing()
            )


def sorted_by_table(rows: Iterable[Row]) -> list[Row]:
    """Rows grouped by table, tables in the order of their first row, so that parents come before children."""
    groups: dict[type[Row], list[Row]] = {}
    for row in rows:
        groups.setdefault(type(row), []).append(row)
    return [row for group in groups.values() for row in group]


async def _count_places(work: Transaction) -> None:
    taken = (
        select(func.count())
        .where(col(Enrollment.activity_id) == col(Activity.id), col(Enrollment.state) != "CANCELLED")
        .scalar_subquery()
    )
    await work.session.execute(update(Activity).values(taken=taken))


async def _report(context: Context, course: int, found: list[Report]) -> None:
    """Results go the way of every provider's results, so progress, grades and certificates follow from them."""
    organizer = demo_id("organizer", course % len(ORGANIZERS) + 1)
    speaking = replace(context, caller=Provider(organizer, organizer, frozenset(Scope)))
    for start in range(0, len(found), BATCH):
        receipt = await record_results(speaking, reports=found[start : start + BATCH], source="demo")
        # A load that was cut short has told some of them already, of an earlier hour.
        refused = [each for each in receipt.problems if each.code is not ErrorCode.CONFLICT]
        if refused:
            raise RuntimeError(f"demo results refused: {refused[0]}")


async def demo_token(context: Context, name: str) -> str | None:
    """A new token for a demo account (`demo-1`) or a provider (`provider-1`); None when there is no such one."""
    kind, _, number = name.partition("-")
    if kind == "provider":
        return await _provider_token(context, number)
    async with context.database.transaction(context.author) as work:
        account = await work.session.scalar(select(Account).where(col(Account.slug) == name))
        if account is None:
            return None
        work.record(
            Fact(account_stream(account.id), "signin:session:opened", data={"method": "command line"})
        )
        return open_session(context, work, account.id, Channel.SITE)


async def _provider_token(context: Context, number: str) -> str | None:
    token = context.secrets.token()
    async with context.database.transaction(context.author) as work:
        organizer = await work.session.get(Organizer, demo_id("organizer", number))
        if organizer is None:
            return None
        work.session.add(
            ServiceToken(
                id=context.secrets.uuid(),
                organizer_id=organizer.id,
                title="Токен из командной строки",
                token_hash=fingerprint(token),
                scopes=[scope.value for scope in Scope],
                created_at=context.clock.now(),
            )
        )
    return token
