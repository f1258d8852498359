"""The size that speed is measured on: 10,000 people, 5,000 events, 300,000 enrolments, 200,000 module results.

Rows go in by COPY and are the same every time; they come beside the demonstration, not instead of it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import chain
from random import Random
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import select
from sqlmodel import col

from models.account import DOCTOR, Account, AccountState
from models.activities import Activity, EnrollmentState, sort_key
from models.base import Row
from models.progress import CertificateStatus, ExamStatus
from models.terms import TermsKind, current_terms
from resolvers.context import Context
from resolvers.demo_catalog import COURSES, FORMATS, ORGANIZERS, SUBJECTS, demo_id

PEOPLE, EVENTS, ENROLLMENTS_EACH = 10_000, 5_000, 30
STUDENTS, COURSES_EACH, MODULES = 9_524, 7, 3  # 200,004 module results
LAST_NAMES = ("Абрамов", "Белова", "Воронин", "Громова", "Дёмин", "Ершова", "Жуков", "Зимина")
FIRST_NAMES = ("Алексей", "Мария", "Павел", "Ольга", "Илья", "Анна")


async def is_large(context: Context) -> bool:
    """Whether the large data has been loaded."""
    async with context.database.reading() as session:
        found = await session.scalar(select(col(Account.id)).where(col(Account.slug) == "load-1"))
    return found is not None


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one table as plain tuples: half a million objects would cost more than the COPY itself."""

    title: str
    table: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[object, ...]]


async def load_large(context: Context, say: Callable[[str], None]) -> None:
    """Load everything in one transaction: all of it is there, or nothing."""
    now = context.clock.now()
    today = datetime.combine(now.date(), time(), UTC)
    batches = (people(now), events(today), enrollments(now), *education(now))
    async with context.database.transaction(context.author) as work:
        raw = await (await work.session.connection()).get_raw_connection()
        connection = cast(psycopg.AsyncConnection[Any], raw.driver_connection)
        for batch in batches:
            say(f"  {batch.title}: {await copy(connection, batch):,}".replace(",", " "))


async def copy(connection: psycopg.AsyncConnection[Any], batch: Batch) -> int:
    """Send a batch by COPY; returns how many rows it had."""
    columns = sql.SQL(", ").join(map(sql.Identifier, batch.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(batch.table), columns)
    count = 0
    async with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in batch.rows:
            await stream.write_row(row)
            count += 1
    return count


def whole(title: str, rows: Iterator[Row]) -> Batch:
    """A batch of rows with all their columns, for what is not many."""
    first = next(rows)
    columns = tuple(type(first).model_fields)

    def tuples() -> Iterator[tuple[object, ...]]:
        for row in chain((first,), rows):
            values = vars(row)
            yield tuple(_wire(values[name]) for name in columns)

    return Batch(title, str(vars(type(first))["__tablename__"]), columns, tuples())


def _wire(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, list | dict) else value


def person_id(number: int) -> UUID:
    """The id of a person of the load, counted from one."""
    return demo_id("load-account", number)


def people(now: datetime) -> Batch:
    """People who can do everything; without a password nobody signs in as one of them."""
    return whole("люди", _people(now))


def _people(now: datetime) -> Iterator[Account]:
    terms = current_terms(TermsKind.TERMS_OF_USE).version
    for number in range(1, PEOPLE + 1):
        yield Account(
            id=person_id(number),
            slug=f"load-{number}",
            state=AccountState.VERIFIED,
            created_at=now,
            last_name=LAST_NAMES[number % len(LAST_NAMES)],
            first_name=FIRST_NAMES[number % len(FIRST_NAMES)],
            email=f"load-{number}@nmo.example",
            email_confirmed_at=now,
            identified_at=now,
            verified_at=now,
            terms_version=terms,
            terms_accepted_at=now,
            permissions=[right.value for right in DOCTOR],
            specialties=[SUBJECTS[number % len(SUBJECTS)][1]],
        )


def events(today: datetime) -> Batch:
    """Events over two and a half years behind and ahead."""
    return whole("мероприятия", _events(today))


def _events(today: datetime) -> Iterator[Activity]:
    for number in range(EVENTS):
        subject, specialty = SUBJECTS[number % len(SUBJECTS)]
        kind, title, hours, credits_ = FORMATS[number % len(FORMATS)]
        name = f"{title.format(subject)}, поток {number // 90 + 1}"
        starts = today + timedelta(hours=9 * (number - EVENTS // 2))
        yield Activity(
            id=demo_id("load-activity", number),
            organizer_id=demo_id("organizer", number % len(ORGANIZERS) + 1),
            title=name,
            title_sort=sort_key(name),
            type=kind,
            starts_at=starts,
            ends_at=starts + timedelta(hours=hours),
            credits=credits_,
            taken=PEOPLE * ENROLLMENTS_EACH // EVENTS,
            opens_at=starts - timedelta(days=120),
            closes_at=starts - timedelta(hours=1),
            registry_number=f"НМО-L{number:05d}",
            specialties=[specialty],
        )


def enrollments(now: datetime) -> Batch:
    """Thirty events for every person, sixty people at every event."""
    columns = ("id", "account_id", "activity_id", "state", "created_at", "updated_at")
    return Batch("записи на мероприятия", "enrollment", columns, _enrollments(now))


def _enrollments(now: datetime) -> Iterator[tuple[object, ...]]:
    step, random = EVENTS // ENROLLMENTS_EACH, Random(7)
    activities = [demo_id("load-activity", number) for number in range(EVENTS)]
    states = (EnrollmentState.CONFIRMED.value, EnrollmentState.ENROLLED.value, EnrollmentState.ENROLLED.value)
    for number in range(1, PEOPLE + 1):
        person = person_id(number)
        for place in range(ENROLLMENTS_EACH):
            activity = activities[(number + place * step) % EVENTS]
            yield UUID(int=random.getrandbits(128)), person, activity, states[place % 3], now, now


def education(now: datetime) -> tuple[Batch, ...]:
    """Seven courses for nearly everybody, two of three modules done in each."""
    random = Random(8)
    taken = [
        (UUID(int=random.getrandbits(128)), person, (number + place * 4) % COURSES)
        for number, person in enumerate(map(person_id, range(1, STUDENTS + 1)), start=1)
        for place in range(COURSES_EACH)
    ]
    courses = [demo_id("course", number) for number in range(COURSES)]
    modules = [[demo_id("module", number, module) for module in range(MODULES)] for number in range(COURSES)]
    results = (6, 4, 18, 12, MODULES, MODULES - 1, 63.64, 34.0, ExamStatus.NOT_STARTED.value, now, now, 14)
    return (
        Batch(
            "обучение",
            "element",
            ("id", "account_id", "course_id", "added_at"),
            ((element, person, courses[course], now) for element, person, course in taken),
        ),
        Batch(
            "результаты курсов",
            "course_progress",
            COURSE_COLUMNS,
            ((element, person, courses[course], *results) for element, person, course in taken),
        ),
        Batch(
            "результаты модулей",
            "module_progress",
            ("element_id", "module_id", "completed_at", "score"),
            (
                (element, modules[course][module], now, 17.0)
                if module < MODULES - 1
                else (element, modules[course][module], None, None)
                for element, _, course in taken
                for module in range(MODULES)
            ),
        ),
        Batch(
            "удостоверения",
            "certificate",
            ("id", "element_id", "account_id", "status"),
            (
                (UUID(int=random.getrandbits(128)), element, person, CertificateStatus.IN_PROGRESS.value)
                for element, person, _ in taken
            ),
        ),
    )


COURSE_COLUMNS = (
    "element_id",
    "account_id",
    "course_id",
    "topics_total",
    "topics_completed",
    "lessons_total",
    "lessons_completed",
    "modules_total",
    "modules_completed",
    "percent",
    "score",
    "exam",
    "started_at",
    "updated_at",
    "version",
)
