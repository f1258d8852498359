"""Demonstration data: five doctors in different states, and what they have done so far."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from gateways.printer import print_pdf
from models.account import DOCTOR, Account, AccountState
from models.activities import Enrollment, EnrollmentState
from models.base import Row
from models.documents_rules import DocumentType
from models.education import Element
from models.plan import PlanCycle
from models.plan_rules import YEARS, shifted
from models.portfolio import Document, DocumentStatus
from models.progress import Verb
from models.progress_rules import CourseShape, begin
from models.terms import TermsKind, current_terms
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from resolvers.statements import Report

PEOPLE = (
    ("Иванова", "Мария", "Сергеевна", "11223344595", "500100732259"),
    ("Мамин-Сибиряк", "Дмитрий", "Наркисович", "08765430300", "526317984689"),
    ("Ли", "Анна", None, "25310114000", "123456789047"),
    ("Ёлкин", "Пётр", "Ильич", "21221363800", None),
    ("Орлова", "Нина", "Павловна", "39252680000", None),
)
LONG_AGO = timedelta(days=398)
REJECTED = 4  # the register knows another surname, see gateways.register_sandbox


def doctors(context: Context, password_hash: str) -> Iterator[Account]:
    """1, 2: everything done; 3: e-mail not confirmed; 4: data rejected; 5: a temporary password to replace."""
    now = context.clock.now()
    for number, (last, first, middle, snils, inn) in enumerate(PEOPLE, start=1):
        key, vault = demo_id("account", number), context.ports.vault
        phone = f"+7916123450{number}"
        full = number in (1, 2, 5)
        yield Account(
            id=key,
            slug=f"demo-{number}",
            state=AccountState.DATA_REJECTED if number == 4 else AccountState.VERIFIED,
            created_at=now - timedelta(days=400),
            last_name=last,
            first_name=first,
            middle_name=middle,
            email=f"demo-{number}@nmo.example",
            email_confirmed_at=None if number == 3 else now - timedelta(days=399),
            phone_sealed=vault.seal(phone, "account", "phone_sealed", key),
            phone_index=vault.index("phone", phone),
            phone_confirmed_at=now - timedelta(days=399),
            snils_sealed=vault.seal(snils, "account", "snils_sealed", key),
            snils_index=vault.index("snils", snils),
            inn_sealed=vault.seal(inn, "account", "inn_sealed", key) if inn else None,
            inn_index=vault.index("inn", inn) if inn else None,
            identified_at=now - LONG_AGO,
            password_hash=password_hash,
            password_temporary_until=now + timedelta(hours=72) if number == 5 else None,
            terms_version=current_terms(TermsKind.TERMS_OF_USE).version,
            terms_accepted_at=now - LONG_AGO,
            verified_at=now - LONG_AGO if full or number == 3 else None,
            permissions=[right.value for right in DOCTOR],
            specialties=["Кардиология"],
        )


def enrollments(now: datetime) -> Iterator[Enrollment]:
    """The first doctor took part in twenty past events and is on the list of five future ones."""
    for number in (*range(0, 100, 5), *range(110, 160, 10)):
        past = number < 100
        yield Enrollment(
            id=demo_id("enrollment", 1, number),
            account_id=demo_id("account", 1),
            activity_id=demo_id("activity", number),
            state=EnrollmentState.CONFIRMED if past and number % 10 == 0 else EnrollmentState.ENROLLED,
            created_at=now - timedelta(days=150),
            updated_at=now - timedelta(days=150),
        )


def cycles(today: date) -> Iterator[PlanCycle]:
    """The first doctor follows a cycle that ends in nine months, and has been warned of it."""
    starts_on = shifted(today, 9 - 12 * YEARS)
    yield PlanCycle(
        id=demo_id("cycle", 1),
        account_id=demo_id("account", 1),
        specialty="Кардиология",
        starts_on=starts_on,
        ends_on=shifted(starts_on, 12 * YEARS),
        warned_months=12,
    )


def taken_up() -> Iterator[tuple[int, int]]:
    """Which doctor has taken up which course."""
    for course in range(6):
        yield 1, course
    for course in range(4):
        yield 2, course


def education(now: datetime, shapes: Mapping[UUID, CourseShape]) -> Iterator[Row]:
    """Courses taken up, with nothing done in them yet."""
    for person, course in taken_up():
        account = demo_id("account", person)
        element = Element(
            id=element_id(account, course),
            account_id=account,
            course_id=demo_id("course", course),
            added_at=now - timedelta(days=90),
        )
        yield element
        course_row, modules, certificate = begin(
            shapes[element.course_id], element, demo_id("certificate", element.id)
        )
        yield from (course_row, *modules, certificate)


def element_id(account_id: UUID, course: int) -> UUID:
    """The id of a course taken up in the demonstration."""
    return demo_id("element", account_id, course)


def reports(now: datetime) -> Iterator[tuple[int, Report]]:
    """Results so far, with the course they are about: each doctor is further in the first courses than in the last."""
    for person, course in taken_up():
        element, done = element_id(demo_id("account", person), course), max(0, 18 - 4 * course)
        for lesson in range(done):
            module, topic, place = lesson // 6, lesson % 6 // 3, lesson % 3
            yield (
                course,
                Report(
                    statement_id=f"demo:{element}:{lesson}",
                    element_id=element,
                    verb=Verb.COMPLETED,
                    happened_at=now - timedelta(days=60 - lesson),
                    lesson_id=demo_id("lesson", course, module, topic, place),
                ),
            )
        for module in range(done // 6):
            yield (
                course,
                Report(
                    statement_id=f"demo:{element}:test:{module}",
                    element_id=element,
                    verb=Verb.PASSED,
                    happened_at=now - timedelta(days=40 - module),
                    assessment_id=demo_id("assessment", course, module),
                    scaled=0.7 + 0.1 * module,
                ),
            )
        if done == 18:
            yield (
                course,
                Report(
                    statement_id=f"demo:{element}:exam",
                    element_id=element,
                    verb=Verb.PASSED,
                    happened_at=now - timedelta(days=30),
                    assessment_id=demo_id("exam", course),
                    scaled=0.91,
                ),
            )


PAPER = """
#set document(date: datetime(year: 2026, month: 1, day: 1))
#let data = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: 3cm)
#set text(size: 14pt, lang: "ru")
#align(center)[#text(size: 22pt, weight: "bold")[#data.title]]
#v(2cm)
Выдан: #data.holder \\
Номер: #data.number \\
Дата выдачи: #data.issued
#v(1cm)
Образец для демонстрации. Не является документом.
"""
PAPERS = (
    (
        DocumentType.DIPLOMA,
        "Диплом о высшем образовании",
        "diploma_2010.pdf",
        "107704 0012345",
        date(2010, 6, 25),
    ),
    (
        DocumentType.QUALIFICATION_UPGRADE,
        "Удостоверение о повышении квалификации",
        "qualification_2024.pdf",
        "ПК-2024-0456",
        date(2024, 4, 12),
    ),
)


def documents(now: datetime) -> Iterator[tuple[Document, bytes]]:
    """Two approved papers of the first doctor, printed here."""
    last, first, middle, *_ = PEOPLE[0]
    for kind, title, name, number, issued in PAPERS:
        holder = f"{last} {first} {middle}"
        content = print_pdf(
            PAPER, {"title": title, "holder": holder, "number": number, "issued": f"{issued:%d.%m.%Y}"}
        )
        digest = sha256(content).hexdigest()
        yield (
            Document(
                id=demo_id("document", kind),
                account_id=demo_id("account", 1),
                type=kind,
                number=number,
                issued_at=issued,
                file_name=name,
                mime_type="application/pdf",
                size_bytes=len(content),
                sha256=digest,
                object_key=f"documents/demo-{kind.value.lower()}-{digest}",  # of another release it is another object
                status=DocumentStatus.APPROVED,
                uploaded_at=now - timedelta(days=300),
                reviewed_at=now - timedelta(days=300),
            ),
            content,
        )
