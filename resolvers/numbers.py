"""Numbers as they are written in Russian."""


def number(value: float | None) -> str:
    """A comma before the fraction, two places at most; nothing for what is not there."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
