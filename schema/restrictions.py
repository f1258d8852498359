"""Restrictions of institutions, managed by their administrators (3.2-16)."""

from datetime import datetime
from typing import Any

import strawberry

from models import restrictions as rows
from models.account import Permission
from models.education import ElementKind
from models.organizers import Scope
from models.restrictions import RestrictedAction
from resolvers import restrictions as use
from resolvers.rights import FULL, Need
from schema.activities import Organizer
from schema.base import Cursor, Info, field, node, parse_id
from schema.education import Course
from schema.errors import Payload
from schema.fields import mutation, related, root
from schema.paging import Connection

strawberry.enum(RestrictedAction, description="Что ограничено: ADD — добавление, REMOVE — удаление.")
MANAGE = Need(FULL.level, Permission.MANAGE_POLICIES, Scope.POLICIES)


@node(rows.Restriction, "restriction", description="Ограничение учебного заведения.")
class Restriction:
    """Served from its row."""

    organizer: Organizer = related(use.RESTRICTED_BY, "Чьё ограничение.")
    action: RestrictedAction = field("Что ограничено.")
    kind: ElementKind | None = field("Только элементы этого вида; null — любого.")
    course: Course | None = related(use.RESTRICTED_COURSE, "Только этот элемент; null — любой.")
    starts_at: datetime = field("С какого момента.")
    ends_at: datetime | None = field("До какого момента; null — бессрочно.")
    reason: str = field("Причина, которую видят слушатели.")
    lifted_at: datetime | None = field("Когда снято.")


@strawberry.input(description="Новое ограничение.")
class SetRestrictionInput:
    """Without a kind and a course it covers everything of the organiser."""

    organizer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Организация; провайдеру не нужна: действует его собственная."
    )
    action: RestrictedAction = strawberry.field(description="Что ограничить.")
    kind: ElementKind | None = strawberry.field(default=None, description="Только элементы этого вида.")
    course_id: strawberry.ID | None = strawberry.field(default=None, description="Только этот элемент.")
    starts_at: datetime | None = strawberry.field(default=None, description="С какого момента; иначе сразу.")
    ends_at: datetime | None = strawberry.field(default=None, description="До какого момента.")
    reason: str = strawberry.field(description=f"Причина, до {rows.LONGEST_REASON} знаков.")


@strawberry.input(description="Какое ограничение снять.")
class LiftRestrictionInput:
    """One restriction."""

    id: strawberry.ID = strawberry.field(description="Ограничение.")


@strawberry.type(description="Ограничение после изменения.")
class RestrictionPayload(Payload):
    """The restriction as it now stands."""

    restriction: Restriction | None = strawberry.field(default=None, description="Ограничение.")


@strawberry.type
class RestrictionsQuery:
    """For administrators."""

    @root(MANAGE, description="Ограничения, новые сверху, снятые тоже.", of=Connection[Restriction] | None)
    async def restrictions(self, info: Info, first: int = 20, after: Cursor | None = None) -> Any:
        return await use.list_restrictions(info.context, first, after)


@strawberry.type
class RestrictionsMutation:
    """For administrators."""

    @mutation(MANAGE, RestrictionPayload, description="Ограничить добавление или удаление элементов.")
    async def set_restriction(self, info: Info, input: SetRestrictionInput) -> Any:  # noqa: A002
        draft = use.Draft(
            action=input.action,
            reason=input.reason,
            organizer_id=parse_id("organizer", input.organizer_id, "organizerId")
            if input.organizer_id
            else None,
            kind=input.kind,
            course_id=parse_id("course", input.course_id, "courseId") if input.course_id else None,
            starts_at=input.starts_at,
            ends_at=input.ends_at,
        )
        made: Any = await use.set_restriction(info.context, draft=draft)
        return RestrictionPayload(restriction=made)

    @mutation(MANAGE, RestrictionPayload, description="Снять ограничение. Повтор безопасен.")
    async def lift_restriction(self, info: Info, input: LiftRestrictionInput) -> Any:  # noqa: A002
        restriction_id = parse_id("restriction", input.id, "id")
        lifted: Any = await use.lift_restriction(info.context, restriction_id=restriction_id)
        return RestrictionPayload(restriction=lifted)
