"""A real uvicorn around the toy, in a thread of the test process, on a free port."""

import asyncio
import json
import socket
import threading
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import uvicorn

from tests.edge_toy import Board, toy_app
from web.limits import Limits
from web.operations import Profile
from web.server_options import server_config


@dataclass
class LiveServer:
    """Where a server listens, and what the black-box runners must know of its schema."""

    port: int
    board: Board = field(default_factory=Board)
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    client: httpx.Client = field(default_factory=httpx.Client)
    loop: asyncio.AbstractEventLoop | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.origin}/graphql"

    def request(
        self,
        method: str,
        *,
        content: bytes | Iterable[bytes] | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request; cookies of earlier answers are forgotten."""
        self.client.cookies.clear()
        return self.client.request(method, self.url, content=content, params=params, headers=headers)

    def post(self, body: object, **headers: str) -> httpx.Response:
        """A POST of JSON (or of bytes as they are); header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.request("POST", content=content, headers={"content-type": "application/json", **named})

    def query(self, text: str, **headers: str) -> httpx.Response:
        return self.post({"query": text}, **headers)

    def revoke(self, token: str) -> None:
        """Ends a session from another thread."""
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.board.ending(token).set)


@contextmanager
def serving(
    limits: Limits,
    *,
    introspection: bool = True,
    trusted_only: bool = False,
    profile: Profile = "classic",
) -> Generator[LiveServer]:
    """The toy behind the whole edge, until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    live = LiveServer(listener.getsockname()[1])
    app = toy_app(
        [live.origin],
        live.board,
        limits,
        introspection=introspection,
        trusted_only=trusted_only,
        profile=profile,
    )
    server = uvicorn.Server(server_config(app, limits, host="127.0.0.1", port=live.port))

    async def run() -> None:
        live.loop = asyncio.get_running_loop()
        await server.serve([listener])

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    try:
        yield live
    finally:
        server.should_exit = True
        thread.join(15)
        assert not thread.is_alive()
