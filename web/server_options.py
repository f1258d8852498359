"""How uvicorn runs the site: one place for its options."""

from starlette.types import ASGIApp

from web.limits import Limits
from web.server_protocols import PatientConfig, PatientHttp, PatientWebSocket


def server_config(
    app: ASGIApp | str,
    limits: Limits,
    *,
    host: str,
    port: int,
    proxies: str | None = None,
    factory: bool = False,
) -> PatientConfig:
    """`proxies`: addresses whose X-Forwarded-* headers are believed; nobody's by default."""
    config = PatientConfig(
        app,
        host=host,
        port=port,
        factory=factory,
        http=PatientHttp,
        ws=PatientWebSocket,
        ws_max_size=limits.socket_message_bytes,
        ws_per_message_deflate=False,
        ws_ping_interval=limits.heartbeat_seconds,
        ws_ping_timeout=20.0,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=6,
        server_header=False,
        proxy_headers=proxies is not None,
        forwarded_allow_ips=proxies,
        access_log=False,
        log_config=None,
        log_level="error",  # what it warns of has a line of ours: a request that it could not read
    )
    config.limits = limits
    return config
