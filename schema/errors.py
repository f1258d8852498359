"""A person's mistakes as typed data: every payload carries `errors`, all of them at once."""

from collections.abc import Sequence
from typing import Any

import strawberry
from strawberry.types.enum import has_enum_definition

from models.account import AccessStep
from models.errors import ErrorCode, Problem

strawberry.enum(
    ErrorCode, name="ErrorCode", description="Устойчивый код ошибки: на него можно опираться в программе."
)
# Values are only appended; those that no longer come are marked, with the day from which they may go.
GONE = {"NO_PLACES": "Не приходит: на заполненное мероприятие ставят в лист ожидания; уйдёт 2027-12-01."}
if has_enum_definition(ErrorCode):
    for _code in ErrorCode.__strawberry_definition__.values:
        _code.deprecation_reason = GONE.get(_code.name)
strawberry.enum(AccessStep, name="AccessStep", description="Шаг, который отделяет от полного доступа.")


@strawberry.interface(
    description="Ошибка пользователя: код для программы, сообщение для человека, путь к полю ввода."
)
class UserError:
    """What every kind of mistake has."""

    code: ErrorCode = strawberry.field(description="Устойчивый код.")
    message: str = strawberry.field(description="Сообщение по-русски: что не так и как исправить.")
    path: list[str] = strawberry.field(description="Путь к полю ввода, к которому относится ошибка.")


@strawberry.type
class Payload:
    """What every answer to a mutation begins with; everything else in it may be null."""

    errors: list[UserError] = strawberry.field(default_factory=list, description="Ошибки, все сразу.")


@strawberry.type(description="Ошибка в поле ввода.")
class FieldError(UserError):
    """A field that must be mended."""

    hint: str | None = strawberry.field(description="Исправленное значение, если его можно угадать.")
    expected: str | None = strawberry.field(description="Что ожидается в этом поле.")


@strawberry.type(description="Слишком частые или исчерпанные попытки.")
class RateLimitError(UserError):
    """Too many tries."""

    retry_after_seconds: int = strawberry.field(description="Через сколько секунд можно повторить.")
    attempts_left: int = strawberry.field(description="Сколько попыток осталось.")


@strawberry.type(description="Действие доступно только после других шагов.")
class StepRequiredError(UserError):
    """A step was taken out of order."""

    missing: list[AccessStep] = strawberry.field(description="Шаги, которых не хватает, по порядку.")


@strawberry.type(description="Ошибка, к которой нечего добавить.")
class SimpleError(UserError):
    """A code and a message."""


@strawberry.type(description="Поле не совпало с государственным реестром.")
class RegistryMismatchError(UserError):
    """The answer of the register about one field of the form."""

    field: str = strawberry.field(description="Имя поля формы.")
    application_number: str | None = strawberry.field(
        description="Номер заявки, по которой данные отклонены."
    )


@strawberry.type(description="Ошибка входа через Госуслуги или привязки к ним.")
class EsiaError(UserError):
    """What the state portal answered, and what to do about it."""

    esia_code: str | None = strawberry.field(description="Код Госуслуг, если они его назвали: для поддержки.")
    advice: list[str] = strawberry.field(description="Что проверить, по порядку.")


ERROR_TYPES = [
    FieldError,
    RateLimitError,
    StepRequiredError,
    RegistryMismatchError,
    EsiaError,
    SimpleError,
]


def shown(problems: Sequence[Problem]) -> list[UserError]:
    """Problems as the schema's types."""
    return [_shown(problem) for problem in problems]


def _shown(problem: Problem) -> UserError:
    common: dict[str, Any] = {"code": problem.code, "message": problem.message, "path": list(problem.path)}
    extra = problem.extra
    if "missing" in extra:
        return StepRequiredError(**common, missing=extra["missing"])
    if "advice" in extra:
        return EsiaError(**common, esia_code=extra.get("esia_code"), advice=list(extra["advice"]))
    if "attempts_left" in extra or "retry_after_seconds" in extra:
        return RateLimitError(
            **common,
            retry_after_seconds=extra.get("retry_after_seconds", 0),
            attempts_left=extra.get("attempts_left", 0),
        )
    if problem.path:
        return FieldError(**common, hint=problem.hint, expected=problem.expected)
    return SimpleError(**common)
