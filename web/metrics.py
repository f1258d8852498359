"""Numbers for operators: requests, durations, refusals, live connections; a stranger cannot add a series."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The edge's series; operations outside `known` share the name `other`."""

    def __init__(self, registry: CollectorRegistry, known: frozenset[str]) -> None:
        self._known = known
        self._requests = Counter(
            "nmo_graphql_requests",
            "Operations done",
            ["operation", "transport", "outcome"],
            registry=registry,
        )
        self._seconds = Histogram(
            "nmo_graphql_seconds", "Duration of operations", ["operation"], buckets=BUCKETS, registry=registry
        )
        self._refusals = Counter("nmo_graphql_refusals", "Refused by the edge", ["reason"], registry=registry)
        self.sockets = Gauge("nmo_graphql_sockets", "Open WebSockets", registry=registry)
        self.subscriptions = Gauge("nmo_graphql_subscriptions", "Live subscriptions", registry=registry)

    def done(
        self, operation: str | None, kind: str | None, transport: str, outcome: str, seconds: float
    ) -> None:
        """Counts an operation; a subscription's length is not a duration of work."""
        name = operation if operation in self._known else "other"
        self._requests.labels(name, transport, outcome).inc()
        if kind != "subscription":
            self._seconds.labels(name).observe(seconds)

    def refused(self, reason: str) -> None:
        self._refusals.labels(reason).inc()
