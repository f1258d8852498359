"""A form gathers every mistake of its fields, so that nobody fixes one only to meet the next."""

from typing import Generic, Protocol, TypeVar

from models.errors import Problem, UserError

Value = TypeVar("Value")
Parsed = TypeVar("Parsed", covariant=True)


class Parse(Protocol[Parsed]):
    """What turns text into a checked value or raises `UserError`."""

    def __call__(self, text: str, /, *path: str) -> Parsed: ...


class Taken(Generic[Value]):
    """A field already looked at; its `value` may be asked for once the form is done."""

    def __init__(self, *held: Value) -> None:
        self._held = held

    @property
    def right(self) -> bool:
        return bool(self._held)

    @property
    def value(self) -> Value:
        if not self._held:
            raise LookupError("the field was wrong: call done() before asking for values")
        return self._held[0]


class Form:
    """`inn = form.take(Inn.parse, text, "inn")`, then `form.done()`, then `inn.value`."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def take(self, parse: Parse[Value], text: str | None, *path: str) -> Taken[Value]:
        try:
            return Taken(parse(text or "", *path))
        except UserError as error:
            self.add(*error.problems)
            return Taken()

    def take_optional(self, parse: Parse[Value], text: str | None, *path: str) -> Taken[Value | None]:
        """An empty field is right and holds nothing."""
        if text is None or not text.strip():
            return Taken(None)
        taken = self.take(parse, text, *path)
        return Taken(taken.value) if taken.right else Taken()

    def add(self, *problems: Problem) -> None:
        """Mistakes found by rules that look at several fields."""
        self._problems.extend(problems)

    def done(self) -> None:
        if self._problems:
            raise UserError(*self._problems)
