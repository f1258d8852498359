"""A GraphQL request as its sender wrote it, the same for every transport."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from starlette.datastructures import QueryParams

from web.json_shapes import is_array, is_object
from web.strict_json import bad_request, read_json


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """`query` or the identifier of a known document, and what goes with it."""

    query: str | None
    document_id: str | None = None
    operation_name: str | None = None
    variables: Mapping[str, object] = field(default_factory=dict[str, object])
    extensions: Mapping[str, object] = field(default_factory=dict[str, object])

    def resumed_after(self, cursor: str) -> "GraphQLRequest":
        """The same request, going on after an event already seen."""
        return replace(self, variables={**self.variables, "after": cursor})


def read_parameters(value: object) -> GraphQLRequest:
    """The request in a decoded JSON object."""
    if is_array(value):
        raise bad_request("Пакеты операций не принимаются: по одной операции в запросе.")
    if not is_object(value):
        raise bad_request("Запрос должен быть объектом JSON.")
    extensions = _map(value, "extensions")
    request = GraphQLRequest(
        query=_text(value, "query"),
        document_id=_text(value, "documentId") or _persisted_hash(extensions),
        operation_name=_text(value, "operationName"),
        variables=_map(value, "variables"),
        extensions=extensions,
    )
    if request.query is None and request.document_id is None:
        raise bad_request("Нет ни query, ни documentId.")
    return request


def read_query_string(parameters: QueryParams, depth: int) -> GraphQLRequest:
    """The request in a URL: variables and extensions are JSON texts."""
    value: dict[str, object] = dict(parameters)
    for name in ("variables", "extensions"):
        if text := parameters.get(name):
            value[name] = read_json(text.encode(errors="surrogatepass"), depth)
    return read_parameters(value)


def _text(value: Mapping[str, object], name: str) -> str | None:
    found = value.get(name)
    if found is not None and not isinstance(found, str):
        raise bad_request(f"Поле {name} должно быть строкой.")
    return found


def _map(value: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = value.get(name)
    if found is None:
        return {}
    if not is_object(found):
        raise bad_request(f"Поле {name} должно быть объектом.")
    return found


def _persisted_hash(extensions: Mapping[str, object]) -> str | None:
    persisted = extensions.get("persistedQuery")
    found = persisted.get("sha256Hash") if is_object(persisted) else None
    return found if isinstance(found, str) else None
