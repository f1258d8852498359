"""What the comparison of models and database leaves out."""

from models.tables import Row

OURS = frozenset(Row.metadata.tables)


def ours(item: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """The job queue is procrastinate's own; search indexes are expressions, which cannot be compared."""
    if not reflected:
        return True
    return name in OURS if kind == "table" else not (kind == "index" and (name or "").startswith("search_"))
