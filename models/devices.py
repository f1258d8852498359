"""A device as its owner knows it: browser and system by the words of a user agent (1.2-19)."""

_BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
# Android names Linux too, and iPhone names Mac OS X
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
UNKNOWN = "Неизвестное устройство"


def device(user_agent: str | None) -> str:
    """«Firefox, Windows»; what is not known is not guessed."""
    known = (_first(_BROWSERS, user_agent or ""), _first(_SYSTEMS, user_agent or ""))
    return ", ".join(filter(None, known)) or UNKNOWN


def _first(words: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for word, name in words if word in text), None)
