"""What every table shares: naming of constraints, keys, moments, and how a word of an enum is kept."""

import re
from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """The root of all tables; its metadata is what the migrations are compared with."""

    metadata = MetaData(naming_convention=NAMING)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """`LessonProgress` is kept in `lesson_progress`."""
        super().__init_subclass__(**kwargs)
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        setattr(cls, "__tablename__", name)  # noqa: B010 - a declared attribute of the base, by its type


def word(kind: type[StrEnum], default: Any = ..., *, index: bool = False) -> Any:
    """A member of an enum kept as its text: readable in SQL, and a new member needs no migration."""
    column: Any = Enum(kind, native_enum=False, length=40)
    return Field(default, sa_type=column, index=index)


def document(default_factory: type[dict[str, Any]] | type[list[Any]] = dict) -> Any:
    """A JSONB column for what is read whole; to search in it is to read every row."""
    column: Any = JSONB
    return Field(default_factory=default_factory, sa_type=column)


def owner(table: str = "account", *, index: bool = True, primary_key: bool = False) -> Any:
    """A reference whose rows live and die with the row they belong to."""
    return Field(foreign_key=f"{table}.id", index=index, ondelete="CASCADE", primary_key=primary_key)
