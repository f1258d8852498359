"""The size that speed is measured on: 10,000 people, 5,000 events, 300,000 enrolments, 200,000 module results.

Rows go in by COPY and are the same every time; they come beside the demonstration, not instead of it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import select
from sqlmodel import col

from models.account import DOCTOR, Account, AccountState
from models.activities import Activity, Enrollment, EnrollmentState, sort_key
from models.base import Row
from models.education import Element
from models.progress import Certificate, CourseProgress, ModuleProgress
from models.terms import TermsKind, current_terms
from resolvers.context import Context
from resolvers.demo_catalog import FORMATS, ORGANIZERS, SUBJECTS, demo_id

PEOPLE, EVENTS, ENROLLMENTS_EACH = 10_000, 5_000, 30
STUDENTS, COURSES_EACH, MODULES = 9_524, 7, 3  # 200,004 module results
LAST_NAMES = ("Абрамов", "Белова", "Воронин", "Громова", "Дёмин", "Ершова", "Жуков", "Зимина")
FIRST_NAMES = ("Алексей", "Мария", "Павел", "Ольга", "Илья", "Анна")


async def is_large(context: Context) -> bool:
    """Whether the large data has been loaded."""
    async with context.database.reading() as session:
        found = await session.scalar(select(col(Account.id)).where(col(Account.slug) == "load-1"))
    return found is not None


async def load_large(context: Context, say: Callable[[str], None]) -> None:
    """Load everything in one transaction: all of it is there, or nothing."""
    now = context.clock.now()
    today = datetime.combine(now.date(), time(), UTC)
    parts: tuple[tuple[str, Iterable[Row]], ...] = (
        ("люди", people(now)),
        ("мероприятия", events(today)),
        ("записи на мероприятия", enrollments(now)),
        ("обучение", elements(now)),
        ("результаты курсов", course_results(now)),
        ("результаты модулей", module_results(now)),
        ("удостоверения", certificates()),
    )
    async with context.database.transaction(context.author) as work:
        raw = await (await work.session.connection()).get_raw_connection()
        connection = cast(psycopg.AsyncConnection[Any], raw.driver_connection)
        for title, rows in parts:
            say(f"  {title}: {await copy(connection, rows):,}".replace(",", " "))


async def copy(connection: psycopg.AsyncConnection[Any], rows: Iterable[Row]) -> int:
    """Send the rows of one table by COPY; returns how many."""
    source, count = iter(rows), 0
    row: Row | None = next(source)
    if row is None:
        return 0
    columns = list(type(row).model_fields)
    table = sql.Identifier(str(vars(type(row))["__tablename__"]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        table, sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    async with connection.cursor() as cursor, cursor.copy(statement) as stream:
        while row is not None:
            values = vars(row)
            await stream.write_row([_wire(values[name]) for name in columns])
            row, count = next(source, None), count + 1
    return count


def _wire(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, list | dict) else value


def person_id(number: int) -> UUID:
    """The id of a person of the load, counted from one."""
    return demo_id("load-account", number)


def people(now: datetime) -> Iterator[Account]:
    """People who can do everything; without a password nobody signs in as one of them."""
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


def events(today: datetime) -> Iterator[Activity]:
    """Events over two and a half years behind and ahead."""
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


def enrollments(now: datetime) -> Iterator[Enrollment]:
    """Thirty events for every person, sixty people at every event."""
    step = EVENTS // ENROLLMENTS_EACH
    random = Random(7)
    for number in range(1, PEOPLE + 1):
        for place in range(ENROLLMENTS_EACH):
            yield Enrollment(
                id=UUID(int=random.getrandbits(128)),
                account_id=person_id(number),
                activity_id=demo_id("load-activity", (number + place * step) % EVENTS),
                state=EnrollmentState.CONFIRMED if place % 3 == 0 else EnrollmentState.ENROLLED,
                created_at=now,
                updated_at=now,
            )


def taken_up() -> Iterator[tuple[UUID, UUID, int]]:
    """Element, person and course of everything that is being learned."""
    for number in range(1, STUDENTS + 1):
        for place in range(COURSES_EACH):
            course = (number + place * 4) % 30
            yield demo_id("load-element", number, place), person_id(number), course


def elements(now: datetime) -> Iterator[Element]:
    """Courses taken up."""
    for element, person, course in taken_up():
        yield Element(id=element, account_id=person, course_id=demo_id("course", course), added_at=now)


def course_results(now: datetime) -> Iterator[CourseProgress]:
    """Two of three modules done in every course."""
    for element, person, course in taken_up():
        yield CourseProgress(
            element_id=element,
            account_id=person,
            course_id=demo_id("course", course),
            topics_completed=4,
            topics_total=6,
            lessons_completed=12,
            lessons_total=18,
            modules_completed=2,
            modules_total=MODULES,
            percent=63.64,
            score=34.0,
            started_at=now,
            updated_at=now,
            version=14,
        )


def module_results(now: datetime) -> Iterator[ModuleProgress]:
    """Results of the modules."""
    for element, _, course in taken_up():
        for module in range(MODULES):
            done = module < MODULES - 1
            yield ModuleProgress(
                element_id=element,
                module_id=demo_id("module", course, module),
                completed_at=now if done else None,
                score=17.0 if done else None,
            )


def certificates() -> Iterator[Certificate]:
    """Not ready yet."""
    for element, person, _ in taken_up():
        yield Certificate(id=demo_id("load-certificate", element), element_id=element, account_id=person)
