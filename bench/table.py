"""The result as a table for people and as JSON for programs."""

from dataclasses import asdict
from typing import Any

from bench.run import Result

HEAD = ("operation", "SQL", "bytes", "callers", "req/s", "p50 ms", "p99 ms", "server ms", "database ms")


def as_json(result: Result) -> dict[str, Any]:
    return asdict(result)


def as_table(result: Result) -> str:
    """One line for each operation and number of callers; then the way of an event."""
    lines: list[tuple[str, ...]] = [HEAD]
    for row in result.rows:
        for load in row.loads:
            lines.append(
                (
                    row.title,
                    str(row.statements),
                    str(row.bytes),
                    str(load.concurrency),
                    f"{load.per_second:.0f}",
                    f"{load.p50:.1f}",
                    f"{load.p99:.1f}",
                    f"{load.server_ms:.1f}",
                    f"{load.database_ms:.1f}",
                )
            )
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    text = [
        " ".join(
            [
                line[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
            ]
        )
        for line in lines
    ]
    far = result.fan_out
    text.append(
        f"commit -> {far.sockets} open sockets: p50 {far.p50:.1f} ms, p99 {far.p99:.1f} ms "
        f"({far.deliveries} deliveries)"
    )
    return "\n".join([f"data: {result.data}", *text])
