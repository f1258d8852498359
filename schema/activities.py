"""Educational events: the list and taking part (requirements 3.1)."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from models import activities as rows
from models import organizers
from models.account import Permission
from models.activities import STATUS_LABELS, ActivityStatus, ActivityType, EnrollmentState, MaterialKind
from resolvers import activities as use
from resolvers import live
from resolvers.activity_list import (
    ActivityOrder,
    ActivityPeriod,
    ActivityQuery,
    ActivitySortField,
    list_activities,
)
from resolvers.days import Days
from resolvers.live_pair import parse_places
from resolvers.rights import FULL, SIGNED_IN, Need
from schema.base import Cursor, Info, Node, field, node, parse_id
from schema.errors import Payload
from schema.fields import computed, derived, mutation, related, root, subscription
from schema.live import Heartbeat, Resync, mark, quiet, subject_of
from schema.paging import Connection

strawberry.enum(ActivityType, description="Вид образовательной активности.")
strawberry.enum(
    ActivityStatus,
    description="Статус для списка: PLANNED — запланировано, FINISHED — завершено, "
    "PARTICIPATION_CONFIRMED — подтверждено участие.",
)
strawberry.enum(EnrollmentState, description="Состояние записи на мероприятие.")
strawberry.enum(MaterialKind, description="METHODICAL — методические материалы, RECORDING — запись вебинара.")
strawberry.enum(ActivityPeriod, description="Текущие и будущие, прошедшие или предстоящие.")
strawberry.enum(ActivitySortField, description="Столбец, по которому сортируется список.")


@node(organizers.Organizer, "organizer", description="Организатор обучения.")
class Organizer(Node):
    """Served from its row."""

    name: str = field("Название организации.")


@strawberry.type(description="Ссылка на материалы мероприятия.")
class Material:
    """Served from its row."""

    kind: MaterialKind = field("Что по ссылке.")
    title: str = field("Название.")
    url: str = field("Адрес.")


@node(rows.Enrollment, "enrollment", description="Запись на мероприятие.")
class Enrollment(Node):
    """Served from its row."""

    state: EnrollmentState = field("Состояние записи.")
    waiting_place: int | None = field("Место в листе ожидания, с единицы; null — вы не ждёте.")
    created_at: datetime = field("Когда записались.")


@node(rows.Activity, "activity", description="Образовательное мероприятие.")
class Activity(Node):
    """Served from its row."""

    title: str = field("Название мероприятия.")
    type: ActivityType = field("Вид мероприятия.")
    starts_at: datetime = field("Начало.")
    ends_at: datetime = field("Окончание.")
    status: ActivityStatus = derived(use.MY_ENROLLMENT, use.status, "Статус: одно из трёх значений.")
    status_label: str = derived(
        use.MY_ENROLLMENT,
        lambda context, row, mine: STATUS_LABELS[use.status(context, row, mine)],
        "Статус по-русски, как его показывать.",
    )
    organizer: Organizer = related(use.ORGANIZER, "Организатор.")
    materials: list[Material] = related(use.MATERIALS, "Материалы и запись; открыты тем, кто участвует.")
    credits: float = field("Зачётные единицы (ЗЕТ).")
    specialties: list[str] = field("Специальности, для которых засчитывается; пусто — для любой.")
    enrollment_open: bool = computed(
        lambda context, row: use.enrollment_open(row, context.clock.now()),
        "Можно ли записаться прямо сейчас.",
    )
    waiting_open: bool = computed(
        lambda context, row: use.waiting_open(row, context.clock.now()),
        "Мест нет, но можно встать в лист ожидания той же мутацией `enroll`.",
    )
    places_left: int | None = computed(
        lambda context, row: None if row.places is None else row.places - row.taken,
        "Сколько мест осталось; null — без ограничения.",
    )
    cancelled_at: datetime | None = field("Когда отменено организатором; null — не отменено.")
    my_enrollment: Enrollment | None = related(use.MY_ENROLLMENT, "Ваша запись, если она есть.")
    registry_number: str | None = field("Номер в реестре портала.")


@strawberry.input(description="Период: обе даты включаются, любую можно опустить.")
class DateRange:
    """Calendar days in Moscow time."""

    from_: date | None = strawberry.field(name="from", default=None, description="С какого дня.")
    to: date | None = strawberry.field(default=None, description="По какой день.")


@strawberry.input(description="Условия отбора мероприятий; действуют все вместе.")
class ActivityFilter:
    """What the list is narrowed to."""

    date: DateRange | None = strawberry.field(default=None, description="Дата начала.")
    types: list[ActivityType] | None = strawberry.field(default=None, description="Виды.")
    statuses: list[ActivityStatus] | None = strawberry.field(default=None, description="Статусы.")
    period: ActivityPeriod | None = strawberry.field(default=None, description="Где во времени.")
    search: str | None = strawberry.field(
        default=None, description="Слова из названия: в любой форме, опечатки прощаются."
    )
    only_mine: bool = strawberry.field(default=False, description="Только те, на которые вы записаны.")
    only_open: bool = strawberry.field(default=False, description="Только с открытой записью.")
    organizers: list[strawberry.ID] | None = strawberry.field(default=None, description="Организаторы.")
    specialties: list[str] | None = strawberry.field(
        default=None,
        description="Засчитывается хотя бы для одной из специальностей или для любой; названия целиком.",
    )


@strawberry.input(description="Порядок строк: поле и направление.")
class ActivitySort:
    """One sort key."""

    field: ActivitySortField = strawberry.field(description="Столбец.")
    descending: bool = strawberry.field(default=False, description="По убыванию.")


def days(given: DateRange | None) -> Days | None:
    """The period as use cases take it."""
    return Days(given.from_, given.to) if given else None


def ordered(given: list[ActivitySort] | None) -> tuple[ActivityOrder, ...]:
    """The sort keys as use cases take them."""
    return tuple((key.field, key.descending) for key in given or ())


def narrowed(given: ActivityFilter | None, name: str = "filter") -> ActivityQuery:
    """The filter as use cases take it, the same for the list and for its exports."""
    if given is None:
        return ActivityQuery()
    return ActivityQuery(
        days=days(given.date),
        types=tuple(given.types or ()),
        statuses=tuple(given.statuses or ()),
        period=given.period,
        search=given.search,
        only_mine=given.only_mine,
        only_open=given.only_open,
        organizers=tuple(
            parse_id("organizer", value, name, "organizers") for value in given.organizers or ()
        ),
        specialties=tuple(given.specialties or ()),
    )


@strawberry.input(description="На какое мероприятие записаться.")
class EnrollInput:
    """One event."""

    activity_id: strawberry.ID = strawberry.field(description="Идентификатор мероприятия.")


@strawberry.type(description="Итог записи или её отмены.")
class EnrollPayload(Payload):
    """The event as it now stands."""

    activity: Activity | None = strawberry.field(default=None, description="Мероприятие после изменения.")
    enrollment: Enrollment | None = strawberry.field(default=None, description="Ваша запись.")


@strawberry.type
class ActivitiesViewer:
    """The part of `Viewer` about events."""

    @root(SIGNED_IN, description="Мероприятия: текущие и прошедшие.", of=Connection[Activity] | None)
    async def activities(
        self,
        info: Info,
        first: int = 20,
        after: Cursor | None = None,
        filter: ActivityFilter | None = None,  # noqa: A002 - the schema's word
        sort: list[ActivitySort] | None = None,
    ) -> Any:
        return await list_activities(info.context, narrowed(filter), ordered(sort), first, after)


@strawberry.type
class ActivitiesQuery:
    """Queries about events."""

    @root(SIGNED_IN, description="Одно мероприятие.", of=Activity)
    async def activity(self, info: Info, id: strawberry.ID) -> Any:  # noqa: A002
        return await use.find_activity(info.context, parse_id("activity", id, "id"))


ENROLL = Need(FULL.level, Permission.ACTIVITY_ENROLL)


@strawberry.type
class ActivitiesMutation:
    """Mutations about events."""

    @mutation(
        ENROLL,
        EnrollPayload,
        description="Записаться одним нажатием; если мест нет — встать в лист ожидания. Повтор безопасен.",
    )
    async def enroll(self, info: Info, input: EnrollInput) -> Any:  # noqa: A002
        activity: Any
        enrollment: Any
        activity, enrollment = await use.enroll(
            info.context, activity_id=parse_id("activity", input.activity_id, "activityId")
        )
        return EnrollPayload(activity=activity, enrollment=enrollment)

    @mutation(ENROLL, EnrollPayload, description="Отменить запись до начала мероприятия. Повтор безопасен.")
    async def cancel_enrollment(self, info: Info, input: EnrollInput) -> Any:  # noqa: A002
        activity: Any
        enrollment: Any
        activity, enrollment = await use.cancel_enrollment(
            info.context, activity_id=parse_id("activity", input.activity_id, "activityId")
        )
        return EnrollPayload(activity=activity, enrollment=enrollment)


@strawberry.type(description="Снимок: мероприятия, на которые вы записаны, на момент курсора.")
class ActivitiesSnapshot:
    """The state to start from."""

    cursor: Cursor = strawberry.field(description="Курсор, после которого идут изменения.")
    activities: list[Activity] = strawberry.field(description="Ваши мероприятия, поздние сверху.")


@strawberry.type(
    description="Изменение: одно мероприятие после вашей записи, отмены, отметки участия, изменений организатора или мест."
)
class ActivitiesDelta:
    """One change."""

    cursor: Cursor = strawberry.field(description="Курсор этого изменения.")
    activity: Activity = strawberry.field(description="Мероприятие, каким оно стало для вас.")


ActivitiesUpdate = Annotated[
    ActivitiesSnapshot | ActivitiesDelta | Resync | Heartbeat,
    strawberry.union("ActivitiesUpdate", description="Что приходит в живом потоке мероприятий."),
]


@strawberry.type
class ActivitiesSubscription:
    """Live events."""

    @subscription(
        FULL,
        description="Мероприятия вживую: сначала снимок ваших, затем изменения: вашего участия в них, любых "
        "мероприятий их организаторами и свободных мест, когда записываются другие. После обрыва передайте "
        "последний курсор.",
    )
    async def activities(self, info: Info, after: Cursor | None = None) -> AsyncIterator[ActivitiesUpdate]:
        async for step in use.follow_activities(info.context, parse_places(after)):
            match step:
                case live.Snapshot():
                    mine: Any = await use.all_mine(info.context)
                    yield ActivitiesSnapshot(cursor=mark(step), activities=mine)
                case live.Delta(event=event):
                    changed: Any = await use.find_activity(info.context, subject_of(event))
                    yield ActivitiesDelta(cursor=mark(step), activity=changed)
                case _:
                    yield quiet(step)
