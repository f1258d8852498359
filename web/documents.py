"""Documents: from text or a known identifier to something that may be executed, each decided once."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    parse,
    validate,
)

from web.answers import EdgeCode, Fault
from web.budget import rejected
from web.graphql_request import GraphQLRequest
from web.guard import survey
from web.limits import Limits
from web.operation_facts import OperationFacts
from web.strict_json import bad_request


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that passed the guard and validation."""

    document: DocumentNode
    operations: tuple[OperationFacts, ...]

    def operation(self, name: str | None) -> OperationFacts:
        """The operation asked for; the only one when no name is given."""
        found = [each for each in self.operations if name in (None, each.name)]
        if name is None and len(self.operations) > 1:
            raise _invalid("Must provide operation name if query contains multiple operations.")
        if not found:
            raise _invalid("Unknown operation.")
        return found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPolicy:
    """Which documents are taken: `trusted` maps sha256 identifiers to texts; a trusted one may come as its text too."""

    trusted: Mapping[str, str]
    trusted_only: bool
    introspection: bool


class Documents:
    """Parses, guards and validates; valid documents are remembered by their hash."""

    def __init__(
        self,
        schema: GraphQLSchema,
        rules: Sequence[type[ASTValidationRule]],
        limits: Limits,
        policy: DocumentPolicy,
    ) -> None:
        self._schema = schema
        self._rules = rules
        self.limits = limits
        self._policy = policy
        self._remembered: OrderedDict[str, Prepared] = OrderedDict()

    def prepare(self, request: GraphQLRequest) -> Prepared:
        """The document of the request; a `Fault` says why it is not taken."""
        text = self._text(request)
        key = fingerprint(text)
        if (known := self._remembered.get(key)) is not None:
            self._remembered.move_to_end(key)
            return known
        prepared = self._decide(text)
        self._remembered[key] = prepared
        if len(self._remembered) > self.limits.remembered_documents:
            self._remembered.popitem(last=False)
        return prepared

    def _text(self, request: GraphQLRequest) -> str:
        identifier, text = request.document_id, request.query
        if identifier is None:
            if not text:
                raise bad_request("Пустой документ.")
            if self._policy.trusted_only and fingerprint(text) not in self._policy.trusted:
                raise _unknown("Принимаются только известные документы.")
            return text
        known = self._policy.trusted.get(identifier.lower())
        if known is None:
            raise _unknown("Документ с таким documentId неизвестен.")
        if text is not None and text != known:
            raise bad_request("Текст документа не соответствует documentId.")
        return known

    def _decide(self, text: str) -> Prepared:
        document = self._parse(text)
        operations = survey(document, self._schema, self.limits)
        for name in (name for each in operations if each.introspects for name in each.root_fields):
            if name in ("__schema", "__type") and not self._policy.introspection:
                raise _invalid(f"Cannot query field '{name}' on type '{self._schema.query_type}'.")
        errors = validate(
            self._schema,
            document,
            self._rules,
            max_errors=self.limits.validation_errors,
            hide_suggestions=True,
        )
        if errors:
            raise _invalid(errors[0].message, errors)
        return Prepared(document, tuple(operations))

    def _parse(self, text: str) -> DocumentNode:
        most = self.limits.document_characters
        if len(text) > most:
            raise rejected("characters", f"Документ длиннее {most} знаков; значения передают в variables.")
        try:
            return parse(text, max_tokens=self.limits.tokens)
        except GraphQLSyntaxError as error:
            if "Parsing aborted" in error.message:
                raise rejected("tokens", f"Не больше {self.limits.tokens} лексем в документе.") from None
            raise _unparsed(error) from None
        except GraphQLError as error:
            raise _unparsed(error) from None


def fingerprint(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def _unparsed(error: GraphQLError) -> Fault:
    return Fault(400, EdgeCode.GRAPHQL_PARSE_FAILED, error.message, binding=False, errors=[error])


def _invalid(message: str, errors: Sequence[GraphQLError] = ()) -> Fault:
    return Fault(400, EdgeCode.GRAPHQL_VALIDATION_FAILED, message, binding=False, errors=errors)


def _unknown(message: str) -> Fault:
    extensions = {"hint": "PERSISTED_QUERY_NOT_FOUND"}
    return Fault(400, EdgeCode.DOCUMENT_UNKNOWN, message, binding=False, extensions=extensions)
