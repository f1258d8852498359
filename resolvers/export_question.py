"""What an export is made of: the list, its filter and its order, as asked; kept as JSON until the file is made."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from models.activities import STATUS_LABELS, TYPE_LABELS
from models.education import DIFFICULTY_LABELS
from models.exports import ExportKind
from resolvers.activity_list import ActivityOrder, ActivityPeriod, ActivityQuery, ActivitySortField
from resolvers.days import Days
from resolvers.progress import ProgressQuery

PERIODS = {
    ActivityPeriod.CURRENT: "текущие и предстоящие",
    ActivityPeriod.PAST: "прошедшие",
    ActivityPeriod.UPCOMING: "предстоящие",
}
SORT_FIELDS = {
    ActivitySortField.TITLE: "название",
    ActivitySortField.STARTS_AT: "дата",
    ActivitySortField.STATUS: "статус",
    ActivitySortField.ORGANIZER: "организатор",
    ActivitySortField.TYPE: "вид",
    ActivitySortField.CREDITS: "ЗЕТ",
}


@dataclass(frozen=True, slots=True)
class Question:
    """The same filter and order as the list on the screen has; only those of its own kind are looked at."""

    kind: ExportKind
    activities: ActivityQuery = field(default_factory=ActivityQuery)
    sort: tuple[ActivityOrder, ...] = ()
    progress: ProgressQuery = field(default_factory=ProgressQuery)


_FORM = TypeAdapter(Question)


def kept(question: Question) -> dict[str, Any]:
    """The question as JSON."""
    form: dict[str, Any] = _FORM.dump_python(question, mode="json")
    return form


def revived(form: dict[str, Any]) -> Question:
    """The question that `kept` has kept."""
    return _FORM.validate_python(form)


def summary(question: Question) -> list[str]:
    """The filter and the order in words, for the head of a printed list."""
    match question.kind:
        case ExportKind.ACTIVITIES:
            return [*_of_activities(question.activities), *_of_order(question.sort)]
        case ExportKind.PROGRESS:
            return [*_of_progress(question.progress)]
        case ExportKind.PORTFOLIO_HISTORY:
            return []


def _of_activities(query: ActivityQuery) -> Iterator[str]:
    yield from _of_days("Дата начала", query.days)
    if query.types:
        yield f"Вид: {', '.join(TYPE_LABELS[one] for one in query.types)}"
    if query.statuses:
        yield f"Статус: {', '.join(STATUS_LABELS[one] for one in query.statuses)}"
    if query.period:
        yield f"Период: {PERIODS[query.period]}"
    if query.search and query.search.strip():
        yield f"Поиск: «{query.search.strip()}»"
    if query.only_mine:
        yield "Только мои"
    if query.only_open:
        yield "Только с открытой записью"
    if query.organizers:
        yield f"Выбрано организаторов: {len(query.organizers)}"
    if query.specialties:
        yield f"Специальности: {', '.join(query.specialties)}"


def _of_progress(query: ProgressQuery) -> Iterator[str]:
    yield from _of_days("Последнее изменение", query.days)
    if query.course_types:
        yield f"Вид обучения: {', '.join(TYPE_LABELS[one] for one in query.course_types)}"
    if query.difficulties:
        yield f"Сложность: {', '.join(DIFFICULTY_LABELS[one] for one in query.difficulties)}"


def _of_days(name: str, days: Days | None) -> Iterator[str]:
    since = f" с {days.since:%d.%m.%Y}" if days and days.since else ""
    until = f" по {days.until:%d.%m.%Y}" if days and days.until else ""
    if since or until:
        yield f"{name}:{since}{until}"


def _of_order(sort: tuple[ActivityOrder, ...]) -> Iterator[str]:
    if sort:
        keys = (f"{SORT_FIELDS[key]}{' по убыванию' if down else ''}" for key, down in sort)
        yield f"Порядок: {', '.join(keys)}"
