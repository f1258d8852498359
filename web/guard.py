"""The guard: decides before validation whether a document is small enough to be worth validating.

It walks each operation the way an executor would (fragments expanded, equal response keys merged) and stops
at the first limit passed, so its work is bounded by the limits whatever the document is.
"""

from collections.abc import Iterable, Mapping, Sequence

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from web.budget import Budget, rejected
from web.limits import Limits
from web.operation_facts import OperationFacts, Page
from web.schema_reading import named_type, number_of, page_size


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
        self.budget = Budget(limits)

    def operation(self, node: OperationDefinitionNode) -> OperationFacts:
        limits = self.limits
        self.budget.begin_operation()
        self._definition(node)
        root = self.schema.get_root_type(node.operation)
        groups = self._collect([(node.selection_set, root)])
        names = tuple(found[0][0].name.value for found in groups.values())
        if len(names) > limits.root_fields:
            raise rejected("root_fields", f"Не больше {limits.root_fields} полей верхнего уровня.")
        if node.operation is OperationType.MUTATION:
            self.budget.mutations(names)
        deepest = limits.introspection_depth if names and _meta(names) else limits.depth
        pages = self._merged(groups, 1, deepest)
        variables = node.variable_definitions or ()
        return OperationFacts(
            name=node.name.value if node.name else None,
            kind=node.operation,
            root_fields=names,
            pages=pages,
            defaults={
                each.variable.name.value: number_of(each.default_value)
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
        self.budget.more_directives(len(node.directives or ()))
        variables = node.variable_definitions or ()
        if len(variables) > self.limits.variables:
            raise rejected("variables", f"Не больше {self.limits.variables} переменных в операции.")
        for variable in variables:
            self.budget.more_directives(len(variable.directives or ()))
            self.budget.value(variable.default_value)
            self.budget.type_nesting(variable.type)

    def _collect(self, sets: Sequence[_Selections]) -> dict[str, list[_Found]]:
        """Fields by response key, as an executor would merge them."""
        groups: dict[str, list[_Found]] = {}
        seen: set[str] = set()
        stack = list(reversed(sets))
        while stack:
            selections, parent = stack.pop()
            for node in selections.selections:
                self.budget.selection(len(node.directives or ()))
                if isinstance(node, FieldNode):
                    self.budget.field(node)
                    key = (node.alias or node.name).value
                    groups.setdefault(key, []).append((node, parent))
                elif isinstance(node, InlineFragmentNode):
                    condition = node.type_condition
                    of = self.schema.get_type(condition.name.value) if condition else parent
                    stack.append((node.selection_set, of))
                elif isinstance(node, FragmentSpreadNode):
                    self.budget.spread()
                    if node.name.value not in seen:
                        seen.add(node.name.value)
                        stack.extend(self._spread(node.name.value))
        return groups

    def _spread(self, name: str) -> Iterable[_Selections]:
        fragment = self.fragments.get(name)
        if fragment is not None:
            self.reached.add(name)
            self.budget.selection(len(fragment.directives or ()))
            yield fragment.selection_set, self.schema.get_type(fragment.type_condition.name.value)

    def _field_of(self, parent: _Parent, node: FieldNode) -> GraphQLField | None:
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return None
        field = self.schema.get_field(parent, node.name.value)
        if field is None:
            self.budget.stranger()
        return field

    def _merged(self, groups: Mapping[str, list[_Found]], depth: int, deepest: int) -> tuple[Page, ...]:
        if groups and depth > deepest:
            raise rejected("depth", f"Запрос вложен глубже {deepest} уровней.")
        otherwise = self.limits.page_default
        pages: list[Page] = []
        for found in groups.values():
            self.budget.equal_keys([parent.name if parent else "" for _, parent in found])
            definitions = [(node, self._field_of(parent, node)) for node, parent in found]
            below = [
                (node.selection_set, named_type(field))
                for node, field in definitions
                if node.selection_set is not None
            ]
            inner = self._merged(self._collect(below), depth + 1, deepest) if below else ()
            sizes = [page_size(node, field, otherwise) for node, field in definitions]
            page = next((size for size in sizes if size is not None), None)
            pages.extend(inner if page is None else [Page(page, inner)])
        return tuple(pages)


def _meta(names: Sequence[str]) -> bool:
    return all(name.startswith("__") for name in names)
