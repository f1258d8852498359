"""Content negotiation: which of our media types the client likes best."""

from dataclasses import dataclass

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
EVENTS = "text/event-stream"
MULTIPART = "multipart/mixed"
STREAMS = (EVENTS, MULTIPART)
# The order says what a wildcard means: plain JSON for every client that does not care.
OFFERED = (JSON, GRAPHQL_JSON, EVENTS, MULTIPART)


@dataclass(frozen=True, slots=True)
class _Range:
    media: str
    quality: float


def preferences(accept: str | None) -> list[str]:
    """Our media types the client takes, best first; a type it lists earlier wins among equals."""
    if accept is None or not accept.strip():
        return [JSON]
    ranges = sorted((_range(text) for text in accept.split(",")), key=lambda each: -each.quality)
    found: dict[str, None] = {}
    for each in ranges:
        if each.quality > 0:
            found.update(dict.fromkeys(_matching(each.media)))
    return list(found)


def _range(text: str) -> _Range:
    media, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = next((value[2:] for value in parameters if value.startswith("q=")), "1")
    try:
        return _Range(media, float(quality))
    except ValueError:
        return _Range(media, 0.0)


def _matching(media: str) -> tuple[str, ...]:
    if media in ("*/*", "application/*"):
        return (JSON,)
    return tuple(offered for offered in OFFERED if media == offered)
