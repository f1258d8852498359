"""Courses and modules (requirements 3.2)."""

import strawberry

from models import education as rows
from models.activities import ActivityType
from models.education import AssessmentKind, Difficulty, ElementKind
from resolvers import education as use
from schema.activities import Organizer
from schema.base import Node, field, node
from schema.fields import related

ElementKindEnum = strawberry.enum(ElementKind, description="Курс, программа или отдельный модуль.")
DifficultyEnum = strawberry.enum(Difficulty, description="Уровень сложности.")
AssessmentKindEnum = strawberry.enum(AssessmentKind, description="Тест, практическое задание или экзамен.")


@strawberry.type(description="Модуль курса.")
class Module:
    """Served from its row."""

    title: str = field("Название модуля.")
    position: int = field("Место в курсе, с единицы.")


@node(rows.Course, "course", description="Элемент каталога обучения.")
class Course(Node):
    """Served from its row."""

    title: str = field("Название.")
    kind: ElementKind = field("Курс, программа или модуль.")
    course_type: ActivityType = field("Вид обучения.")
    difficulty: Difficulty = field("Уровень сложности.")
    credits: float = field("Зачётные единицы (ЗЕТ).")
    hours: float = field("Академические часы.")
    provider: Organizer = related(use.COURSE_ORGANIZER, "Кто проводит.")
    modules: list[Module] = related(use.MODULES, "Модули по порядку.")
