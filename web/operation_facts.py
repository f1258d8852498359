"""What the edge knows of an operation before running it: its kind, its root fields, what it may cost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import OperationType

from web.limits import Limits


@dataclass(frozen=True, slots=True)
class Page:
    """A paged field: its size (a number, or the name of the variable) and the pages inside it."""

    size: int | str
    children: tuple["Page", ...]


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """What the edge knows of an operation before running it."""

    name: str | None
    kind: OperationType
    root_fields: tuple[str, ...]
    pages: tuple[Page, ...]
    defaults: Mapping[str, int]

    @property
    def introspects(self) -> bool:
        return any(name in ("__schema", "__type") for name in self.root_fields)

    def nodes(self, values: Mapping[str, object], limits: Limits) -> int:
        """Objects the operation may ask for: the product of page sizes along each path."""
        sizes = {name: value for name, value in values.items() if isinstance(value, int)}
        return _count(self.pages, {**self.defaults, **sizes}, limits)


def _count(pages: Iterable[Page], sizes: Mapping[str, int], limits: Limits) -> int:
    total = 0
    for page in pages:
        size = page.size if isinstance(page.size, int) else sizes.get(page.size, limits.page_default)
        total += min(max(size, 0), limits.page_max) * (1 + _count(page.children, sizes, limits))
    return total
