"""How fields are declared. A field that costs a query is made by one of these helpers and by nothing else.

Each leaves a `Plan` in the field's metadata: the relation it follows, or the need it makes. A compiled executor can
read them and see a whole operation ahead; the helpers' own resolvers are the plain way to the same answer.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.field import StrawberryField

from models.account import AccessStep
from models.errors import ErrorCode, Problem, Refusal, UserError, as_refusal
from resolvers.context import Context, Person
from resolvers.live_rights import while_allowed
from resolvers.loading import Relation
from resolvers.rights import ANYONE, Need, demand
from schema.base import Info
from schema.errors import Payload, shown

ARGUMENTS = {
    "first": "Сколько строк на странице: от 1 до 100.",
    "after": "Курсор, после которого продолжить; без него — с начала.",
    "filter": "Условия отбора; действуют все вместе.",
    "sort": "Порядок строк; по умолчанию — ближайшее сверху, за предстоящим прошедшее.",
    "id": "Непрозрачный идентификатор.",
    "input": "Данные запроса.",
    "all_sessions": "Завершить все сеансы, а не только этот.",
}


@dataclass(frozen=True, eq=False)
class Plan:
    """What a field costs: the relation it follows, and what is made of the related row."""

    relation: Relation[Any]
    made_of: Callable[[Context, Any, Any], Any] | None = None


def related(relation: Relation[Any], description: str) -> Any:
    """A to-one or to-many field: the rows that the relation leads to."""

    async def resolve(root: Any, info: Info) -> Any:
        return await relation.of(info.context, root)

    return _planned(resolve, description, Plan(relation))


def derived(relation: Relation[Any], made_of: Callable[[Context, Any, Any], Any], description: str) -> Any:
    """A value worked out from the row and the row it is related to."""

    async def resolve(root: Any, info: Info) -> Any:
        return made_of(info.context, root, await relation.of(info.context, root))

    return _planned(resolve, description, Plan(relation, made_of))


def computed(made_of: Callable[[Context, Any], Any], description: str) -> Any:
    """A value worked out from the row alone; costs no query."""

    def resolve(root: Any, info: Info) -> Any:
        return made_of(info.context, root)

    del resolve.__annotations__["return"]
    return strawberry.field(resolver=resolve, description=description)


def _planned(resolve: Callable[..., Awaitable[Any]], description: str, plan: Plan) -> Any:
    # Without a return annotation Strawberry takes the type from the attribute it is assigned to.
    del resolve.__annotations__["return"]
    return strawberry.field(resolver=resolve, description=description, metadata={"plan": plan})


class Guard(FieldExtension):
    """Lets in only callers who meet the need; turns mistakes in a query's arguments into a coded refusal."""

    def __init__(self, need: Need) -> None:
        self.need = need

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        demand(info.context, self.need, _place(info))
        try:
            return await _settled(next_(source, info, **kwargs))
        except UserError as error:
            raise as_refusal(error) from error


class MutationGuard(Guard):
    """As `Guard`, but a person's mistakes become the payload's `errors`."""

    def __init__(self, need: Need, payload: type[Payload]) -> None:
        super().__init__(need)
        self.payload = payload

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        try:
            demand(info.context, self.need, _place(info))
            return await _settled(next_(source, info, **kwargs))
        except UserError as error:
            return self.payload(errors=shown(error.problems))
        except Refusal as refusal:
            if refusal.code is not ErrorCode.STEP_REQUIRED:
                raise
            missing = [AccessStep(step) for step in refusal.extensions.get("missing", ())]
            problem = Problem(refusal.code, refusal.message, extra={"missing": missing})
            return self.payload(errors=shown([problem]))


class SubscriptionGuard(Guard):
    """As `Guard`, for as long as the subscription runs."""

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        events = await super().resolve_async(next_, source, info, **kwargs)
        if self.need == ANYONE or not isinstance(info.context.caller, Person):
            return events
        return while_allowed(info.context, events, partial(demand, info.context, self.need, _place(info)))


def _place(info: Any) -> str:
    """The field as `Type.name`, whatever alias it is asked under."""
    return f"{info.path.typename}.{info.field_name}"


async def _settled(result: Any) -> Any:
    return await result if inspect.isawaitable(result) else result


def root(need: Need, *, description: str, of: Any = None) -> Callable[[Callable[..., Any]], Any]:
    """A field of `Query` or of `Viewer`, open to callers who meet the need; `of` is its type when rows are returned."""
    return _guarded(strawberry.field, Guard(need), description, of)


def mutation(need: Need, payload: type[Payload], *, description: str) -> Callable[[Callable[..., Any]], Any]:
    """A field of `Mutation`."""
    return _guarded(strawberry.mutation, MutationGuard(need, payload), description, payload)


def subscription(need: Need, *, description: str, of: Any = None) -> Callable[[Callable[..., Any]], Any]:
    """A field of `Subscription`."""
    return _guarded(strawberry.subscription, SubscriptionGuard(need), description, of)


def _guarded(
    declare: Callable[..., Any], guard: Guard, description: str, of: Any
) -> Callable[[Callable[..., Any]], Any]:
    def wrap(resolver: Callable[..., Any]) -> Any:
        field = declare(resolver=resolver, description=description, extensions=[guard], graphql_type=of)
        for argument in field.base_resolver.arguments:  # those that mean the same everywhere
            argument.description = argument.description or ARGUMENTS.get(argument.python_name)
        return field

    return wrap


def need_of(field: StrawberryField) -> Need | None:
    """The need a field declares, if it declares one."""
    return next((item.need for item in field.extensions if isinstance(item, Guard)), None)
