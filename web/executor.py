"""One operation bound to its context, run by graphql-core; the place where another engine would step in."""

import inspect
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from graphql import ASTValidationRule, DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, execution

from web.door import Visit
from web.graphql_request import GraphQLRequest

# graphql-core leaves its generic executor unparametrised, so it is taken as it is.
_core: Any = execution
Limited = Callable[[Awaitable[ExecutionResult]], Awaitable[ExecutionResult]]


@dataclass(frozen=True, slots=True)
class Core:
    """A schema and how to run it; `executor` is a subclass of graphql-core's Executor."""

    schema: GraphQLSchema
    executor: Any
    rules: tuple[type[ASTValidationRule], ...]

    def bind(
        self, document: DocumentNode, request: GraphQLRequest, visit: Visit
    ) -> "Run | list[GraphQLError]":
        """The operation ready to run, or why its variables do not fit."""
        built = self.executor.build(
            self.schema,
            document,
            context_value=visit,
            raw_variable_values=dict(request.variables),
            operation_name=request.operation_name,
            hide_suggestions=True,
            operation_extensions=dict(request.extensions),
        )
        if isinstance(built, self.executor):
            return Run(built, visit)
        errors: list[GraphQLError] = built
        return errors


@dataclass(frozen=True, slots=True)
class Run:
    """A bound operation."""

    executor: Any
    visit: Visit

    async def result(self) -> ExecutionResult:
        """The result of a query or a mutation."""
        result: ExecutionResult = await _settled(_core.execute_root_selection_set(self.executor))
        return result

    async def source(self) -> AsyncIterable[object] | ExecutionResult:
        """The events of a subscription, or the errors that prevent it."""
        stream: AsyncIterable[object] | ExecutionResult = await _settled(
            _core.create_source_event_stream(self.executor)
        )
        return stream

    def responses(
        self, source: AsyncIterable[object], limited: Limited
    ) -> AsyncGenerator[ExecutionResult, None]:
        """A result for every event, each in a renewed visit."""

        def one_event(event: Any) -> Awaitable[ExecutionResult]:
            event.context_value = self.visit.renewed()
            return limited(_settled(_core.execute_subscription_event(event)))

        mapped: AsyncGenerator[ExecutionResult, None] = _core.map_source_to_response_event(
            self.executor, source, one_event
        )
        return mapped


async def _settled(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value
