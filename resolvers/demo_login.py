"""How to sign in to the demonstration; refused in production like everything else of it."""

DEMO_LOGIN = "demo-1@nmo.example"
DEMO_PASSWORD = "Nmo-demo-2026!"  # noqa: S105 - the demonstration's
