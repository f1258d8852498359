"""Free text in titles: word forms by Russian stemming, slips of the pen by trigrams."""

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import Mapped

# «пневмани» is as like «пневмония» as 0.55; below 0.5 words of other roots begin to match.
ALIKE = 0.5


def matches(title: Mapped[str], search: str) -> ColumnElement[bool]:
    """Titles that the words of a search are about."""
    search = search.replace("\0", " ")  # PostgreSQL keeps no NUL in texts
    stems = func.to_tsvector("russian", title).op("@@")(func.websearch_to_tsquery("russian", search))
    return or_(stems, func.word_similarity(search, title) >= ALIKE)
