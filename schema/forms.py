"""How a form is described to the client that draws it (1.1-4, 1.1.1-15)."""

import strawberry

from models.personal_form import FieldKind

strawberry.enum(
    FieldKind,
    description=(
        "Как нарисовать поле: TEXT — строка, DATE — дата вида ДД.ММ.ГГГГ, MARK — отметка (да или нет), "
        "PASSWORD — строка, которая скрывает набранное."
    ),
)


@strawberry.type(description="Правило поля формы: что написать рядом с полем и что проверить сразу.")
class FieldRule:
    """Served from `models.personal_form.FieldRule`."""

    field: str = strawberry.field(description="Имя поля ввода; поля адреса пишутся через точку.")
    required: bool = strawberry.field(description="Обязательно ли поле.")
    label: str = strawberry.field(description="Подпись поля.")
    pattern: str | None = strawberry.field(
        description="Регулярное выражение для первой проверки; последнее слово за сервером."
    )
    example: str = strawberry.field(description="Пример заполнения.")
    kind: FieldKind = strawberry.field(description="Вид поля: чем его нарисовать.")
