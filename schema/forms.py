"""How a form is described to the client that draws it (1.1-4, 1.1.1-15)."""

import strawberry


@strawberry.type(description="Правило поля формы: что написать рядом с полем и что проверить сразу.")
class FieldRule:
    """Served from `models.personal_form.FieldRule`."""

    field: str = strawberry.field(description="Имя поля ввода; поля адреса пишутся через точку.")
    required: bool = strawberry.field(description="Обязательно ли поле.")
    label: str = strawberry.field(description="Подпись поля.")
    pattern: str | None = strawberry.field(
        description="Регулярное выражение для первой проверки; последнее слово за сервером."
    )
    example: str = strawberry.field(description="Пример заполнения; «да» — у отметки.")
