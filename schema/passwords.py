"""The published password rules (1.1-10, 1.1-11, 1.2-8 .. 1.2-11)."""

import strawberry

from models.values.password import POLICY
from resolvers.rights import ANYONE
from schema.fields import root


@strawberry.type(description="Правила пароля: по ним клиент рисует подсказки.")
class PasswordPolicy:
    """The rules as data."""

    min_length: int = strawberry.field(description="Наименьшая длина.")
    max_length: int = strawberry.field(description="Наибольшая длина.")
    upper: bool = strawberry.field(description="Нужна ли прописная буква.")
    lower: bool = strawberry.field(description="Нужна ли строчная буква.")
    digit: bool = strawberry.field(description="Нужна ли цифра.")
    special: bool = strawberry.field(description="Нужен ли специальный знак.")
    specials: str = strawberry.field(description="Какие знаки считаются специальными, для подсказки.")


@strawberry.type
class PasswordsQuery:
    """Open to everyone."""

    @root(ANYONE, description="Правила пароля.")
    async def password_policy(self) -> PasswordPolicy:
        return PasswordPolicy(
            min_length=POLICY.min_length,
            max_length=POLICY.max_length,
            upper=POLICY.upper,
            lower=POLICY.lower,
            digit=POLICY.digit,
            special=POLICY.special,
            specials=POLICY.specials,
        )
