"""Every root field says who may call it, and every related row stays with its owner."""

from strawberry.types.field import StrawberryField

from models.account import AccessLevel
from resolvers.rights import Need
from schema.api import Mutation, Query, Subscription, Viewer
from schema.fields import need_of
from schema.portfolio import Portfolio
from schema.progress import Progress

OPEN_TO_ALL = {
    *("login", "completeSecondFactor", "passwordPolicy", "liveProbe", "terms", "revertContactChange"),
    *("registrationForm", "registration", "registerAccount", "resendConfirmation"),
    *("confirmContactByCode", "confirmEmailByToken"),
    *("requestPasswordRecovery", "recovery", "confirmRecoveryCode", "resetPassword"),
    *("support", "contactSupport"),
    "verifyCertificate",
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


def test_1_1_1_only_named_fields_are_open_to_strangers() -> None:
    open_fields = {
        name(field)
        for kind in (Query, Mutation, Subscription)
        for field in fields(kind)
        if need_of(field) == Need(AccessLevel.NONE)
    }
    assert open_fields == OPEN_TO_ALL
