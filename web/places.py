"""Live connections of one person, sockets and HTTP streams together: each takes a place while it is open."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from starlette.requests import HTTPConnection

from web.answers import EdgeCode, Fault
from web.door import Visit
from web.peers import counted, host_of


class Places:
    """Counts who holds how many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, connection: HTTPConnection, visit: Visit) -> Generator[None]:
        """A place for the length of the block; strangers are counted by their address."""
        who = visit.subject or f"address {counted(host_of(connection))}"
        if self._taken[who] >= self._most:
            message = f"Не больше {self._most} живых соединений на одного человека."
            raise Fault(429, EdgeCode.RATE_LIMITED, message, reason="live_connections")
        self._taken[who] += 1
        try:
            yield
        finally:
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]
