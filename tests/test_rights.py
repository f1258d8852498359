"""Every root field says who may call it, and every related row stays with its owner."""

from typing import Any

import strawberry
from graphql import build_schema, is_object_type
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from models.account import AccessLevel
from resolvers.rights import Need
from schema.api import Mutation, Query, Subscription, Viewer, schema
from schema.fields import need_of
from schema.portfolio import Portfolio
from schema.progress import Progress

HELPERS = {"schema.base", "schema.fields", "schema.paging"}
OPEN_TO_ALL = {
    *("login", "completeSecondFactor", "passwordPolicy", "liveProbe", "terms", "revertContactChange"),
    *("registrationForm", "registration", "registerAccount", "resendConfirmation"),
    *("confirmContactByCode", "confirmEmailByToken"),
    *("requestPasswordRecovery", "recovery", "confirmRecoveryCode", "resetPassword"),
    *("support", "contactSupport"),
    "verifyCertificate",
    *("startGosuslugiLogin", "completeGosuslugiLogin"),
}


def fields(kind: type) -> list[StrawberryField]:
    definition = vars(kind)["__strawberry_definition__"]
    found: list[StrawberryField] = definition.fields
    return found


def name(field: StrawberryField) -> str:
    head, *rest = field.name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def test_2_2_10_every_field_at_the_root_and_of_the_viewer_declares_a_need() -> None:
    bare = [
        f"{kind.__name__}.{field.name}"
        for kind in (Query, Mutation, Subscription, Viewer, Portfolio, Progress)
        for field in fields(kind)
        if need_of(field) is None and field.name != "id"
    ]
    assert bare == []


def module_of(field: Any) -> str | None:
    """Where the code of a field was written; None for a plain attribute."""
    resolver = field.base_resolver
    return None if resolver is None else str(resolver.wrapped_func.__module__)


def unplanned(kind: StrawberryObjectDefinition) -> list[str]:
    """Fields with code of their own that neither demand a right nor were made by a helper of the schema."""
    return [
        f"{kind.name}.{field.name}"
        for field in kind.fields
        if need_of(field) is None and (made_by := module_of(field)) is not None and made_by not in HELPERS
    ]


def test_2_2_10_no_type_of_the_schema_has_a_field_that_passes_by_rights_and_plans() -> None:
    names = [name for name, kind in build_schema(schema.as_str()).type_map.items() if is_object_type(kind)]
    kinds = [schema.get_type_by_name(name) for name in names if not name.startswith("__")]
    objects = [kind for kind in kinds if isinstance(kind, StrawberryObjectDefinition)]
    assert len(objects) == len(kinds)
    assert [field for kind in objects for field in unplanned(kind)] == []


def test_2_2_10_a_field_with_code_of_its_own_is_noticed() -> None:
    @strawberry.type
    class Leak:
        @strawberry.field
        def secret(self) -> str:
            return ""

    assert unplanned(vars(Leak)["__strawberry_definition__"]) == ["Leak.secret"]


def test_1_1_1_only_named_fields_are_open_to_strangers() -> None:
    open_fields = {
        name(field)
        for kind in (Query, Mutation, Subscription)
        for field in fields(kind)
        if need_of(field) == Need(AccessLevel.NONE)
    }
    assert open_fields == OPEN_TO_ALL
