"""Titles: found by word forms and in spite of slips of the pen, put in the order of the Russian alphabet."""

from sqlalchemy import ColumnElement, String, collate, func, or_
from sqlalchemy.orm import Mapped

from models.activities import RUSSIAN_ORDER, RUSSIAN_RANKS

# «пневмани» is as like «пневмония» as 0.55; below 0.5 words of other roots begin to match.
ALIKE = 0.5


def matches(title: Mapped[str], search: str) -> ColumnElement[bool]:
    """Titles that the words of a search are about."""
    search = search.replace("\0", " ")  # PostgreSQL keeps no NUL in texts
    stems = func.to_tsvector("russian", title).op("@@")(func.websearch_to_tsquery("russian", search))
    return or_(stems, func.word_similarity(search, title) >= ALIKE)


def alphabetical(title: Mapped[str]) -> ColumnElement[str]:
    """`models.activities.sort_key` for a column that keeps none; the same on servers with any collation."""
    ranks = func.translate(func.lower(title), RUSSIAN_ORDER, RUSSIAN_RANKS, type_=String())
    return collate(ranks, "C")
