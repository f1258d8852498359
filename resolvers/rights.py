"""Who may do what: one declared need per root field, and row-level scopes; foreign and absent look the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Mapped

from models.account import AccessLevel, Permission
from models.errors import ErrorCode, Refusal
from models.organizers import Scope
from resolvers.context import Context, Person, Provider

RowScope = Callable[[Context], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Need:
    """What a root field asks of its caller (domain.md 7.5). The default of every field is that nobody may.

    A `scope` alone is for service accounts; a `scope` beside a `permission` is for either.
    """

    level: AccessLevel = AccessLevel.FULL
    permission: Permission | None = None
    scope: Scope | None = None


ANYONE = Need(AccessLevel.NONE)
SIGNED_IN = Need(AccessLevel.LIMITED)
FULL = Need(AccessLevel.FULL)


def provider(scope: Scope) -> Need:
    """A field for service accounts alone."""
    return Need(scope=scope)


def demand(context: Context, need: Need, field: str = "") -> None:
    """Let the caller in or raise the refusal that says what is missing; `field` is `Type.name` in the schema."""
    screen = context.caller.screen if isinstance(context.caller, Person) else None
    if screen is not None and field not in screen:
        raise Refusal(ErrorCode.FORBIDDEN, "Токену экрана это не открыто.")
    if need.scope is not None and (need.permission is None or isinstance(context.caller, Provider)):
        if need.scope not in context.provider.scopes:
            raise Refusal(ErrorCode.FORBIDDEN, "Токену не выдано это право.")
        return
    if need.level is AccessLevel.NONE:
        return
    person = context.person
    if need.level is AccessLevel.FULL and person.level is not AccessLevel.FULL:
        raise Refusal(
            ErrorCode.STEP_REQUIRED,
            "Сначала завершите обязательные шаги.",
            missing=[step.value for step in person.steps],
        )
    if person.level is AccessLevel.NONE:
        raise Refusal(
            ErrorCode.STEP_REQUIRED, "Подтвердите контакт.", missing=[step.value for step in person.steps]
        )
    if need.permission is not None and need.permission not in person.permissions:
        raise Refusal(ErrorCode.FORBIDDEN, "У вашей учётной записи нет этого права.")


def rights_topic(account_id: UUID) -> str:
    """What is signalled when a person's level or rights change, so that what runs on them is looked at again."""
    return f"rights-changed:{account_id}"


def everyone(context: Context) -> ColumnElement[bool]:
    """Rows that are open to whoever may ask for their kind."""
    return true()


@dataclass(frozen=True, eq=False)
class Owned:
    """Rows whose `column` names the signed-in person."""

    column: Mapped[Any]

    def __call__(self, context: Context) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = self.column == context.person.account.id
        return mine


def owned(column: Mapped[UUID]) -> Owned:
    return Owned(column)


def not_found() -> Refusal:
    """The one answer for what does not exist and for what is not yours."""
    return Refusal(ErrorCode.NOT_FOUND, "Не найдено.")
