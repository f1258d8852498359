"""Values for the scalars of the product: right ones of the demonstration, wrong ones, absurd ones."""

from collections.abc import Mapping, Sequence

from resolvers.demo_catalog import demo_id
from resolvers.demo_login import DEMO_PASSWORD

TEXTS = (
    *("", " ", "Иванова", "Мария Сергеевна", "я" * 50, "x" * 5_000, "🙂" * 10, "e\u0301", "\u202eпапка"),
    *("%", "_%\\", "' OR 1=1 --", "{}", "[]", "null", "\n\r\t", "<script>", "..\\../etc/passwd"),
    *("demo-1@nmo.example", "nobody@nmo.example", "+79161234501", "89161234501", "11223344595"),
    *(DEMO_PASSWORD, "Длинный-пароль-1", "123456", "000000", "scan.pdf", "diploma_2023.pdf"),
    *("application/pdf", "image/png", "НМО-2026-000001", "=1+1", "0" * 64, "1795600000.00"),
)
IDS = (
    *("", "x", "activity_", "activity_00", "activity_" + "0" * 32, "document_" + "f" * 32, "viewer_я", "1"),
    *(f"activity_{demo_id('activity', number).hex}" for number in (0, 5, 110, 150)),
    *(f"course_{demo_id('course', number).hex}" for number in (0, 5, 9)),
    *(
        f"{kind}_{demo_id('element', demo_id('account', 1), number).hex}"
        for kind in ("element", "education")
        for number in (0, 3, 5)
    ),
    f"lesson_{demo_id('lesson', 5, 0, 0, 0).hex}",
    f"assessment_{demo_id('assessment', 5, 0).hex}",
    f"organizer_{demo_id('organizer', 1).hex}",
    f"account_{demo_id('account', 1).hex}",
)
NUMBERS = (0, 1, 2, 5, 20, 100, 101, -1, 2**31 - 1, -(2**31), 2**31, 10**30, 1.5, "7")
DATES = ("2026-11-24", "2020-02-29", "2026-02-30", "0001-01-01", "9999-12-31", "24.11.2026", "", 20_261_124)
VALUES: Mapping[str, Sequence[object]] = {
    "String": TEXTS,
    "ID": IDS,
    "Int": NUMBERS,
    "Float": (0, 0.5, 1, -0.0, 1e308, -1e308, 5e-324, 100.1, 2**63),
    "Boolean": (True, False),
    "Cursor": ("", "0", "5", "999999", "9" * 30, "-1", "я", "eyJhIjoxfQ", "W10", "bnVsbA==", "٣"),
    "Date": DATES,
    "DateTime": (
        *("2026-11-24T08:00:00+00:00", "2026-11-24T08:00:00Z", "2026-11-24T08:00:00", "2030-01-01T00:00:00Z"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-13-01T00:00:00Z", "", 1),
    ),
    "RuDate": (
        "24.11.2026",
        "25.06.2023",
        "10.05.1985",
        "31.02.2023",
        "01.01.0001",
        "31.12.9999",
        "",
        *DATES,
    ),
    "Inn": ("500100732259", "526317984689", "7707083893", "000000000000", "", "50010073225я", "٣" * 12),
    "Snils": ("112-233-445 95", "11223344595", "000-000-000 00", "112-233-445 96", "", "x"),
    "PhoneDigits": ("79161234567", "89161234567", "+7 (916) 123-45-67", "0", "", "7" * 40),
}
