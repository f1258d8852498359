"""Demonstration data: who teaches, what is taught, which events there are."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from models.activities import Activity, ActivityType, Material, MaterialKind, sort_key
from models.base import Row
from models.education import (
    Assessment,
    AssessmentKind,
    Course,
    CourseMaterial,
    Difficulty,
    ElementKind,
    Lesson,
    Module,
    MoveOn,
    Topic,
)
from models.organizers import Organizer

ORGANIZERS = (
    "Академия непрерывного медицинского образования",
    "Ассоциация врачей общей практики",
    "Институт клинической кардиологии",
    "Институт последипломной педиатрии",
    "Медицинский университет имени Боткина",
    "Медицинский университет имени Сеченова, учебный филиал",
    "Общество анестезиологов и реаниматологов",
    "Общество специалистов по лучевой диагностике",
    "Северный медицинский университет",
    "Сибирский центр хирургии",
    "Союз терапевтов",
    "Ёлкинский центр неврологии",
)
SUBJECTS = (
    ("Артериальная гипертензия", "Кардиология"),
    ("Острый коронарный синдром", "Кардиология"),
    ("Хроническая сердечная недостаточность", "Кардиология"),
    ("Сахарный диабет второго типа", "Эндокринология"),
    ("Заболевания щитовидной железы", "Эндокринология"),
    ("Внебольничная пневмония", "Пульмонология"),
    ("Бронхиальная астма", "Пульмонология"),
    ("Инсульт: первые часы", "Неврология"),
    ("Головная боль на приёме терапевта", "Неврология"),
    ("Вакцинопрофилактика у детей", "Педиатрия"),
    ("Лихорадка у ребёнка", "Педиатрия"),
    ("Сердечно-лёгочная реанимация", "Анестезиология и реаниматология"),
    ("Обезболивание после операции", "Анестезиология и реаниматология"),
    ("Лучевая диагностика грудной клетки", "Рентгенология"),
    ("Острый живот", "Хирургия"),
)
FORMATS = (
    (ActivityType.EVENT_CONFERENCE, "Конференция «{}»", 8, 6.0),
    (ActivityType.EVENT_WEBINAR, "Вебинар «{}»", 2, 2.0),
    (ActivityType.EVENT_SEMINAR, "Семинар «{}»", 4, 3.0),
    (ActivityType.EVENT_MASTERCLASS, "Мастер-класс «{}»", 6, 4.0),
    (ActivityType.SELF_STUDY_IOM, "Интерактивный модуль «{}»", 1, 1.0),
    (ActivityType.PROGRAM_DPP, "Программа «{}»", 36, 36.0),
)
ACTIVITIES, COURSES = 200, 30
DIFFICULTIES = tuple(Difficulty)


def demo_id(*words: object) -> UUID:
    """The same id for the same words, in every database."""
    return uuid5(NAMESPACE_URL, "nmo-demo:" + ":".join(map(str, words)))


def organizers() -> Iterator[Organizer]:
    """Twelve organisers."""
    for number, name in enumerate(ORGANIZERS, start=1):
        yield Organizer(id=demo_id("organizer", number), name=name, inn=f"77{number:08d}")


def activities(today: datetime) -> Iterator[Activity]:
    """Two hundred events: half behind, half ahead, some full, some without a limit."""
    random = Random(11)
    for number in range(ACTIVITIES):
        subject, specialty = SUBJECTS[number % len(SUBJECTS)]
        kind, title, hours, credits_ = FORMATS[number % len(FORMATS)]
        starts = today + timedelta(days=number - ACTIVITIES // 2, hours=6 + random.randrange(8))
        yield Activity(
            id=demo_id("activity", number),
            organizer_id=demo_id("organizer", number % len(ORGANIZERS) + 1),
            title=title.format(subject),
            title_sort=sort_key(title.format(subject)),
            type=kind,
            starts_at=starts,
            ends_at=starts + timedelta(hours=hours),
            credits=credits_,
            places=None if number % 5 == 0 else 10 + number % 40,
            opens_at=starts - timedelta(days=120),
            closes_at=starts - timedelta(hours=1),
            registry_number=f"НМО-{number:05d}",
            specialties=[specialty],
        )


def materials() -> Iterator[Material]:
    """Methodical materials of every event, and recordings of webinars that are over."""
    for number in range(ACTIVITIES):
        yield Material(
            id=demo_id("material", number),
            activity_id=demo_id("activity", number),
            kind=MaterialKind.METHODICAL,
            title="Методические материалы",
            url=f"https://materials.example/{number}",
        )
        if number < ACTIVITIES // 2 and FORMATS[number % len(FORMATS)][0] is ActivityType.EVENT_WEBINAR:
            yield Material(
                id=demo_id("recording", number),
                activity_id=demo_id("activity", number),
                kind=MaterialKind.RECORDING,
                title="Запись вебинара",
                url=f"https://recordings.example/{number}",
            )


def courses() -> Iterator[Row]:
    """Thirty courses of three modules, each with topics, lessons and assessments, parents before children."""
    for number in range(COURSES):
        subject, specialty = SUBJECTS[number % len(SUBJECTS)]
        course = demo_id("course", number)
        yield Course(
            id=course,
            organizer_id=demo_id("organizer", number % len(ORGANIZERS) + 1),
            kind=tuple(ElementKind)[number % 7 // 5],
            title=f"{subject}: {'основы' if number < 15 else 'углублённый курс'}",
            course_type=ActivityType.PROGRAM_DPP if number % 2 else ActivityType.SELF_STUDY_IOM,
            difficulty=DIFFICULTIES[number % 3],
            credits=36.0 if number % 2 else 4.0,
            hours=36.0 if number % 2 else 4.0,
            specialties=[specialty],
        )
        for module in range(3):
            yield from _module(number, module)
        yield Assessment(
            id=demo_id("exam", number),
            course_id=course,
            position=1,
            kind=AssessmentKind.EXAM,
            title="Итоговый экзамен",
            max_score=100,
            passing_score=70,
        )


def _module(course: int, module: int) -> Iterator[Row]:
    key = demo_id("module", course, module)
    yield Module(
        id=key, course_id=demo_id("course", course), position=module + 1, title=MODULE_TITLES[module]
    )
    for topic in range(2):
        yield Topic(
            id=demo_id("topic", course, module, topic),
            module_id=key,
            position=topic + 1,
            title=f"Тема {module + 1}.{topic + 1}",
        )
        for lesson in range(3):
            yield Lesson(
                id=demo_id("lesson", course, module, topic, lesson),
                topic_id=demo_id("topic", course, module, topic),
                position=lesson + 1,
                title=f"Занятие {module + 1}.{topic + 1}.{lesson + 1}",
                move_on=MoveOn.COMPLETED,
            )
    kind = AssessmentKind.PRACTICAL_TASK if module == 1 else AssessmentKind.TEST
    yield Assessment(
        id=demo_id("assessment", course, module),
        course_id=demo_id("course", course),
        module_id=key,
        position=module + 1,
        kind=kind,
        title="Практическое задание" if module == 1 else f"Тест к модулю {module + 1}",
        max_score=20,
        passing_score=14,
    )


MODULE_TITLES = ("Диагностика", "Лечение", "Наблюдение и профилактика")

OUTLINE = """
#set document(date: datetime(year: 2026, month: 1, day: 1))
#set page(paper: "a4", margin: 3cm)
#set text(size: 14pt, lang: "ru")
#align(center)[#text(size: 22pt, weight: "bold")[Конспект курса]]
#v(2cm)
Образец для демонстрации.
"""


def course_materials(object_key: str) -> Iterator[CourseMaterial]:
    """An outline of every course; the demonstration keeps one file for all."""
    for number in range(COURSES):
        yield CourseMaterial(
            id=demo_id("course-material", number),
            course_id=demo_id("course", number),
            position=1,
            title="Конспект курса",
            file_name=f"konspekt-{number + 1}.pdf",
            mime_type="application/pdf",
            object_key=object_key,
        )
