"""The numbers of the public contract: what a request may weigh and how long it may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes or counts, times in seconds; the defaults are the product's promise."""

    body_bytes: int = 65_536
    header_bytes: int = 65_536
    json_depth: int = 20
    header_seconds: float = 10.0
    body_seconds: float = 30.0
    stuck_seconds: float = 10.0
    deadline_seconds: float = 5.0

    document_characters: int = 16_384
    tokens: int = 1_000
    depth: int = 10
    # The standard introspection query of current tools is 15 levels deep.
    introspection_depth: int = 15
    aliases: int = 30
    root_fields: int = 20
    equal_keys: int = 8
    fields: int = 2_000
    comparisons: int = 1_500
    directives: int = 30
    operations: int = 10
    fragments: int = 50
    spreads: int = 150
    arguments: int = 30
    variables: int = 50
    type_nesting: int = 5
    list_items: int = 100
    mutations: int = 5
    credential_mutations: frozenset[str] = frozenset()
    nodes: int = 5_000
    page_default: int = 20
    page_max: int = 100
    validation_errors: int = 20
    remembered_documents: int = 256

    socket_init_seconds: float = 5.0
    socket_message_bytes: int = 65_536
    socket_subscriptions: int = 50
    sockets_per_user: int = 10
    events_at_once: int = 16
    heartbeat_seconds: float = 15.0
