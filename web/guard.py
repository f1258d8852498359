"""The guard: decides before validation whether a document is small enough to be worth validating.

It walks each operation the way an executor would (fragments expanded, equal response keys merged) and stops
at the first limit passed, so its work is bounded by the limits whatever the document is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    TypeNode,
    ValueNode,
    VariableNode,
)

from web.answers import EdgeCode, Fault
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
    variables: frozenset[str]
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


def rejected(reason: str, message: str) -> Fault:
    """A document over a limit."""
    return Fault(400, EdgeCode.QUERY_REJECTED, message, binding=False, reason=reason)


def survey(document: DocumentNode, schema: GraphQLSchema, limits: Limits) -> list[OperationFacts]:
    """Facts of every operation; raises when the document passes a limit."""
    definitions = document.definitions
    operations = [node for node in definitions if isinstance(node, OperationDefinitionNode)]
    fragments = [node for node in definitions if isinstance(node, FragmentDefinitionNode)]
    if len(operations) + len(fragments) < len(definitions):
        raise rejected("definitions", "В документе могут быть только операции и фрагменты.")
    if len(operations) > limits.operations:
        raise rejected("operations", f"Не больше {limits.operations} операций в документе.")
    if len(fragments) > limits.fragments:
        raise rejected("fragments", f"Не больше {limits.fragments} фрагментов в документе.")
    walk = _Walk(schema, {node.name.value: node for node in fragments}, limits)
    facts = [walk.operation(node) for node in operations]
    walk.unused_fragments()
    return facts


_Parent = GraphQLNamedType | None
_Selections = tuple[SelectionSetNode, _Parent]
_Found = tuple[FieldNode, _Parent]


class _Walk:
    """One pass over a document; the counters are the document's budgets."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], limits: Limits
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.limits = limits
        self.reached: set[str] = set()
        self.selections = self.aliases = self.directives = self.comparisons = 0

    def operation(self, node: OperationDefinitionNode) -> OperationFacts:
        limits = self.limits
        self.aliases = self.directives = 0
        self._definition(node)
        root = self.schema.get_root_type(node.operation)
        groups = self._collect([(node.selection_set, root)])
        names = tuple(found[0][0].name.value for found in groups.values())
        if len(names) > limits.root_fields:
            raise rejected("root_fields", f"Не больше {limits.root_fields} полей верхнего уровня.")
        if node.operation is OperationType.MUTATION:
            self._mutations(names)
        deepest = limits.introspection_depth if names and _meta(names) else limits.depth
        pages = self._merged(groups, 1, deepest)
        variables = node.variable_definitions or ()
        return OperationFacts(
            name=node.name.value if node.name else None,
            kind=node.operation,
            root_fields=names,
            variables=frozenset(each.variable.name.value for each in variables),
            pages=pages,
            defaults={
                each.variable.name.value: _number(each.default_value)
                for each in variables
                if isinstance(each.default_value, IntValueNode)
            },
        )

    def unused_fragments(self) -> None:
        """Validation looks into them too, so they count."""
        for name, node in self.fragments.items():
            if name not in self.reached:
                parent = self.schema.get_type(node.type_condition.name.value)
                self._merged(self._collect([(node.selection_set, parent)]), 1, self.limits.depth)

    def _definition(self, node: OperationDefinitionNode) -> None:
        self._count_directives(len(node.directives or ()))
        variables = node.variable_definitions or ()
        if len(variables) > self.limits.variables:
            raise rejected("variables", f"Не больше {self.limits.variables} переменных в операции.")
        for variable in variables:
            self._count_directives(len(variable.directives or ()))
            self._value(variable.default_value)
            self._type(variable.type)

    def _mutations(self, names: Sequence[str]) -> None:
        if len(names) > self.limits.mutations:
            raise rejected("mutations", f"Не больше {self.limits.mutations} изменений в запросе.")
        if sum(name in self.limits.credential_mutations for name in names) > 1:
            raise rejected("credentials", "Только одно действие с паролем или кодом в запросе.")

    def _collect(self, sets: Sequence[_Selections]) -> dict[str, list[_Found]]:
        """Fields by response key, as an executor would merge them."""
        groups: dict[str, list[_Found]] = {}
        seen: set[str] = set()
        stack = list(reversed(sets))
        while stack:
            selections, parent = stack.pop()
            for node in selections.selections:
                self._visit(len(node.directives or ()))
                if isinstance(node, FieldNode):
                    self._field(node)
                    key = (node.alias or node.name).value
                    groups.setdefault(key, []).append((node, parent))
                elif isinstance(node, InlineFragmentNode):
                    condition = node.type_condition
                    of = self.schema.get_type(condition.name.value) if condition else parent
                    stack.append((node.selection_set, of))
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                    seen.add(node.name.value)
                    stack.extend(self._spread(node.name.value))
        return groups

    def _spread(self, name: str) -> Iterable[_Selections]:
        fragment = self.fragments.get(name)
        if fragment is not None:
            self.reached.add(name)
            self._visit(len(fragment.directives or ()))
            yield fragment.selection_set, self.schema.get_type(fragment.type_condition.name.value)

    def _merged(self, groups: Mapping[str, list[_Found]], depth: int, deepest: int) -> tuple[Page, ...]:
        if groups and depth > deepest:
            raise rejected("depth", f"Запрос вложен глубже {deepest} уровней.")
        pages: list[Page] = []
        for found in groups.values():
            self._compare(found)
            definitions = [(node, _definition(self.schema, parent, node)) for node, parent in found]
            below = [
                (node.selection_set, _named(field))
                for node, field in definitions
                if node.selection_set is not None
            ]
            inner = self._merged(self._collect(below), depth + 1, deepest) if below else ()
            page = next((page for node, field in definitions if (page := self._page(node, field))), None)
            pages.extend(inner if page is None else [Page(page, inner)])
        return tuple(pages)

    def _compare(self, found: Sequence[_Found]) -> None:
        parents = [parent.name if parent else "" for _, parent in found]
        if len(found) > self.limits.equal_keys and max(map(parents.count, set(parents))) > (
            self.limits.equal_keys
        ):
            raise rejected("equal_keys", f"Одно и то же поле повторено больше {self.limits.equal_keys} раз.")
        self.comparisons += len(found) * (len(found) - 1) // 2
        if self.comparisons > self.limits.comparisons:
            raise rejected("comparisons", "Слишком много повторений одних и тех же полей.")

    def _page(self, node: FieldNode, field: GraphQLField | None) -> int | str | None:
        """The page size a field asks for; None when the field is not paged."""
        sizes = [name for name in ("first", "last") if field is not None and name in field.args]
        if field is None or not sizes:
            return None
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        for name in sizes:
            value = given.get(name)
            if isinstance(value, VariableNode):
                return value.name.value
            if value is not None and not isinstance(value, NullValueNode):
                return _number(value)
        return _default(field.args[sizes[0]], self.limits.page_default)

    def _field(self, node: FieldNode) -> None:
        self.aliases += node.alias is not None
        if self.aliases > self.limits.aliases:
            raise rejected("aliases", f"Не больше {self.limits.aliases} псевдонимов в операции.")
        for argument in node.arguments or ():
            self._value(argument.value)

    def _visit(self, directives: int) -> None:
        self.selections += 1
        if self.selections > self.limits.fields:
            raise rejected("fields", f"Не больше {self.limits.fields} полей в документе.")
        self._count_directives(directives)

    def _count_directives(self, number: int) -> None:
        self.directives += number
        if self.directives > self.limits.directives:
            raise rejected("directives", f"Не больше {self.limits.directives} директив в операции.")

    def _value(self, value: ValueNode | None) -> None:
        stack = [value]
        while stack:
            node = stack.pop()
            if isinstance(node, ListValueNode):
                self._list(len(node.values))
                stack.extend(node.values)
            elif isinstance(node, ObjectValueNode):
                stack.extend(field.value for field in node.fields)

    def _list(self, length: int) -> None:
        if length > self.limits.list_items:
            raise rejected("list_items", f"Не больше {self.limits.list_items} значений в списке.")

    def _type(self, node: TypeNode) -> None:
        nesting = 0
        while isinstance(node, ListTypeNode | NonNullTypeNode):
            node = node.type
            nesting += 1
        if nesting > self.limits.type_nesting:
            raise rejected("type_nesting", "Слишком вложенный тип переменной.")


def _meta(names: Sequence[str]) -> bool:
    return all(name.startswith("__") for name in names)


def _definition(schema: GraphQLSchema, parent: _Parent, node: FieldNode) -> GraphQLField | None:
    if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return None
    return schema.get_field(parent, node.name.value)


# graphql-core's wrapping types are generic and unparametrised.
def _named(field: Any) -> _Parent:
    inner: Any = field.type if field is not None else None
    while (wrapped := getattr(inner, "of_type", None)) is not None:
        inner = wrapped
    return inner if isinstance(inner, GraphQLNamedType) else None


def _number(value: ValueNode) -> int:
    if not isinstance(value, IntValueNode):
        return 0
    return int(value.value) if len(value.value) < 10 else 1_000_000


def _default(argument: GraphQLArgument, otherwise: int) -> int:
    value = argument.default_value
    return value if isinstance(value, int) else otherwise
