"""Checked values: what a person typed either becomes one of these or is refused with a way to fix it.

Every value has `parse(text, *path)`: it returns the value or raises `UserError` whose problems carry a code,
a Russian message, what is `expected` and, where it can be known, the corrected value in `hint`.
No clock and no I/O: today is an argument. `repr` is masked, so a log or a traceback shows no personal data.
"""
