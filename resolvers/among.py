"""A condition on many keys whose text does not grow with them, so that it is built and prepared once."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY


def among(column: Any, keys: Collection[Any]) -> ColumnElement[bool]:
    """The column is one of the keys."""
    kinds: Any = ARRAY(column.type)
    found: ColumnElement[bool] = column == any_(literal([*keys], kinds))
    return found
