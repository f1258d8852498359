"""The budgets of one document: each count stops the walk the moment it is passed."""

from collections.abc import Sequence

from graphql import (
    FieldNode,
    GraphQLError,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    ObjectValueNode,
    StringValueNode,
    TypeNode,
    ValueNode,
)

from web.answers import EdgeCode, Fault
from web.json_shapes import is_array, is_object
from web.limits import Limits


def rejected(reason: str, message: str) -> Fault:
    """A document over a limit."""
    return Fault(400, EdgeCode.QUERY_REJECTED, message, binding=False, reason=reason)


def refuse_nul(text: str, *, node: StringValueNode | None = None, path: Sequence[str] = ()) -> None:
    """PostgreSQL keeps no U+0000, and no text of a person has one; told with its place in the document or variables."""
    if "\0" in text:
        message = "Знак U+0000 в тексте не принимается."
        errors = [GraphQLError(message, node)] if node else []
        extensions = {"input": path} if path else {}
        raise Fault(
            *(400, EdgeCode.BAD_USER_INPUT, message),
            binding=False,
            reason="nul",
            errors=errors,
            extensions=extensions,
        )


def check_values(values: object, most: int) -> None:
    """No list of variables has more values, no object more fields: an error about one of them shows all the others."""
    stack: list[tuple[tuple[str, ...], object]] = [((), values)]
    while stack:
        path, value = stack.pop()
        if is_array(value) or is_object(value):
            if len(value) > most:
                raise rejected("list_items", f"Не больше {most} значений в списке и полей в объекте.")
            parts = value.items() if is_object(value) else enumerate(value)
            stack.extend(((*path, str(name)), part) for name, part in parts)
        elif isinstance(value, str):
            refuse_nul(value, path=path)


class Budget:
    """Counters of a document; aliases and directives begin anew with each operation."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.selections = self.aliases = self.directives = self.comparisons = 0
        self.spreads = self.strangers = 0

    def begin_operation(self) -> None:
        self.aliases = self.directives = 0

    def field(self, node: FieldNode) -> None:
        self.aliases += node.alias is not None
        if self.aliases > self.limits.aliases:
            raise rejected("aliases", f"Не больше {self.limits.aliases} псевдонимов в операции.")
        arguments = node.arguments or ()
        if len(arguments) > self.limits.arguments:
            raise rejected("arguments", f"Не больше {self.limits.arguments} аргументов у поля.")
        for argument in arguments:
            self.value(argument.value)

    def spread(self) -> None:
        self.spreads += 1
        if self.spreads > self.limits.spreads:
            raise rejected("spreads", f"Не больше {self.limits.spreads} вставок фрагментов в документе.")

    def stranger(self) -> None:
        """A field no type has; validation names the first ones, a crowd of them is not looked at."""
        self.strangers += 1
        if self.strangers > self.limits.validation_errors:
            raise rejected("strangers", "В документе слишком много полей, которых нет в схеме.")

    def selection(self, directives: int) -> None:
        self.selections += 1
        if self.selections > self.limits.fields:
            raise rejected("fields", f"Не больше {self.limits.fields} полей в документе.")
        self.more_directives(directives)

    def more_directives(self, number: int) -> None:
        self.directives += number
        if self.directives > self.limits.directives:
            raise rejected("directives", f"Не больше {self.limits.directives} директив в операции.")

    def value(self, value: ValueNode | None) -> None:
        stack = [value]
        while stack:
            node = stack.pop()
            if isinstance(node, ListValueNode):
                self._list(len(node.values))
                stack.extend(node.values)
            elif isinstance(node, ObjectValueNode):
                stack.extend(field.value for field in node.fields)
            elif isinstance(node, StringValueNode):
                refuse_nul(node.value, node=node)

    def _list(self, length: int) -> None:
        if length > self.limits.list_items:
            raise rejected("list_items", f"Не больше {self.limits.list_items} значений в списке.")

    def type_nesting(self, node: TypeNode) -> None:
        nesting = 0
        while isinstance(node, ListTypeNode | NonNullTypeNode):
            node = node.type
            nesting += 1
        if nesting > self.limits.type_nesting:
            raise rejected("type_nesting", "Слишком вложенный тип переменной.")

    def equal_keys(self, parents: Sequence[str]) -> None:
        if len(parents) > self.limits.equal_keys and max(map(parents.count, set(parents))) > (
            self.limits.equal_keys
        ):
            raise rejected("equal_keys", f"Одно и то же поле повторено больше {self.limits.equal_keys} раз.")
        self.comparisons += len(parents) * (len(parents) - 1) // 2
        if self.comparisons > self.limits.comparisons:
            raise rejected("comparisons", "Слишком много повторений одних и тех же полей.")

    def mutations(self, names: Sequence[str]) -> None:
        if len(names) > self.limits.mutations:
            raise rejected("mutations", f"Не больше {self.limits.mutations} изменений в запросе.")
        if sum(name in self.limits.credential_mutations for name in names) > 1:
            raise rejected("credentials", "Только одно действие с паролем или кодом в запросе.")
