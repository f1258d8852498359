"""Thresholds of results: seeing them, setting one's own and those for everybody (3.4-18, 3.4-19, A20)."""

from datetime import datetime
from typing import Any

import strawberry

from models import thresholds as rows
from models.account import Permission
from models.organizers import Scope
from models.thresholds import MOST_OWN, ThresholdMetric, ThresholdSource
from resolvers import thresholds as use
from resolvers.rights import FULL, Need
from schema.base import Cursor, Info, field, node, parse_id
from schema.education import Course
from schema.errors import Payload
from schema.fields import derived, mutation, related, root
from schema.paging import Connection

strawberry.enum(
    ThresholdMetric,
    description="Что измеряется: COURSE_PERCENT — доля пройденного и COURSE_SCORE — баллы в одном курсе, "
    "CREDITS_TOTAL — ЗЕТ и MODULES_COMPLETED — пройденные модули по всем курсам.",
)
strawberry.enum(
    ThresholdSource, description="Чей порог: SYSTEM — системы, AUTHOR — автора курса, USER — ваш."
)
MANAGE = Need(FULL.level, Permission.MANAGE_POLICIES, Scope.POLICIES)


@node(rows.Threshold, "threshold", description="Порог: когда результат его достигает, приходит уведомление.")
class Threshold:
    """Served from its row."""

    source: ThresholdSource = field("Чей порог.")
    metric: ThresholdMetric = field("Что измеряется.")
    value: float = field("Какого значения нужно достичь.")
    course: Course | None = related(use.THRESHOLD_COURSE, "В каком курсе; null — в любом или по всем.")
    reached_at: datetime | None = derived(
        use.HITS,
        lambda context, row, hits: hits[-1].reached_at if hits else None,
        "Когда вы достигли его в последний раз; null — ещё нет.",
    )


@strawberry.input(description="Новый порог.")
class SetThresholdInput:
    """A wish."""

    metric: ThresholdMetric = strawberry.field(description="Что измерять.")
    value: float = strawberry.field(description="Какого значения достичь: больше нуля, доля — до 100.")
    course_id: strawberry.ID | None = strawberry.field(
        default=None, description="В каком курсе; без него — в любом."
    )


@strawberry.input(description="Какой порог удалить.")
class RemoveThresholdInput:
    """One threshold."""

    id: strawberry.ID = strawberry.field(description="Порог.")


@strawberry.type(description="Порог после изменения.")
class ThresholdPayload(Payload):
    """The threshold as it is now."""

    threshold: Threshold | None = strawberry.field(default=None, description="Порог.")


@strawberry.type(description="Порог удалён.")
class RemoveThresholdPayload(Payload):
    """What is gone."""

    removed_id: strawberry.ID | None = strawberry.field(default=None, description="Удалённый порог.")


@strawberry.type
class ThresholdsViewer:
    """The part of `Viewer` about thresholds."""

    @root(
        FULL,
        description="Пороги, о достижении которых вам сообщат: ваши, авторов ваших курсов и системы.",
        of=Connection[Threshold] | None,
    )
    async def thresholds(self, info: Info, first: int = 50, after: Cursor | None = None) -> Any:
        return await use.list_thresholds(info.context, first, after)


@strawberry.type
class ThresholdsQuery:
    """For authors of courses and operators."""

    @root(MANAGE, description="Пороги для всех слушателей, новые сверху.", of=Connection[Threshold] | None)
    async def common_thresholds(self, info: Info, first: int = 20, after: Cursor | None = None) -> Any:
        return await use.list_common(info.context, first, after)


def _wish(given: SetThresholdInput) -> use.Wish:
    course_id = parse_id("course", given.course_id, "courseId") if given.course_id else None
    return use.Wish(given.metric, given.value, course_id)


@strawberry.type
class ThresholdsMutation:
    """Setting and removing."""

    @mutation(
        FULL,
        ThresholdPayload,
        description=f"Задать свой порог, не больше {MOST_OWN}. Сообщает о каждом достижении снизу.",
    )
    async def set_threshold(self, info: Info, input: SetThresholdInput) -> Any:  # noqa: A002
        made: Any = await use.set_threshold(info.context, wish=_wish(input))
        return ThresholdPayload(threshold=made)

    @mutation(FULL, RemoveThresholdPayload, description="Удалить свой порог.")
    async def remove_threshold(self, info: Info, input: RemoveThresholdInput) -> Any:  # noqa: A002
        await use.remove_threshold(info.context, threshold_id=parse_id("threshold", input.id, "id"))
        return RemoveThresholdPayload(removed_id=input.id)

    @mutation(
        MANAGE,
        ThresholdPayload,
        description="Задать порог для всех слушателей: автор — в своём курсе, оператор — во всех. Повтор безопасен.",
    )
    async def set_common_threshold(self, info: Info, input: SetThresholdInput) -> Any:  # noqa: A002
        made: Any = await use.set_common(info.context, wish=_wish(input))
        return ThresholdPayload(threshold=made)

    @mutation(MANAGE, RemoveThresholdPayload, description="Удалить порог для всех слушателей.")
    async def remove_common_threshold(self, info: Info, input: RemoveThresholdInput) -> Any:  # noqa: A002
        await use.remove_common(info.context, threshold_id=parse_id("threshold", input.id, "id"))
        return RemoveThresholdPayload(removed_id=input.id)
