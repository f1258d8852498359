"""Documents of at most 64 KiB that are meant to cost the server more than they cost their sender.

The numbers G03-G13 are those of the attack list the product answers to; each case names the field it abuses.
"""

from collections.abc import Iterator

SIZE = 65_000


def hostile(
    field: str = "activities", leaf: str = "id", nested: str = "similar"
) -> Iterator[tuple[str, str]]:
    """Named documents on a schema with a list field, its leaf and a field that leads to the same type."""
    kind = "Activity"
    yield "G03 aliases", _block(f"a{n}: {leaf_field(field, leaf)}" for n in range(400))
    yield (
        "G03 aliases in a fragment",
        (
            "{" + "".join(f"b{n}: {field} {{...F}}" for n in range(15)) + "}"
            f"fragment F on {kind} {{" + " ".join(f"c{n}: {leaf}" for n in range(30)) + "}"
        ),
    )
    yield "G05 fragment that spreads itself", f"{{{field} {{...A}}}} fragment A on {kind} {{...A}}"
    yield "G05 circle through a field", f"{{{field} {{...A}}}} fragment A on {kind} {{{nested} {{...A}}}}"
    yield (
        "G05 circle of two",
        (f"{{{field} {{...A}}}} fragment A on {kind} {{...B}} fragment B on {kind} {{...A}}"),
    )
    yield "G05 chain", f"{{{field} {{...F0}}}}" + _chain(kind, 140, leaf)
    yield "G05 chain within the count", f"{{{field} {{...F0}}}}" + _chain(kind, 48, leaf)
    yield "G05 doubling bomb", f"{{{field} {{...F0}}}}" + _bomb(kind, 40, nested, leaf, 2)
    yield "G05 eightfold bomb", f"{{{field} {{...F0}}}}" + _bomb(kind, 8, nested, leaf, 8)
    yield "G05 wide", _block([f"{field} {{{'...W ' * 480}}}"]) + f"fragment W on {kind} {{{leaf}}}"
    yield "G05 unused bomb", "{__typename}" + _bomb(kind, 30, nested, leaf, 4)
    yield "G05 missing fragments", _block([f"{field} {{{' '.join(f'...M{n}' for n in range(480))}}}"])
    yield "G06 skips", "{__typename " + "@skip(if: false) " * 3_000 + "}"
    yield "G06 skips within the tokens", "{__typename " + "@skip(if: false) " * 160 + "}"
    yield "G06 unknown directives", "{__typename " + "@a" * 490 + "}"
    yield "G07 one field ten thousand times", "{" + "__typename " * 5_900 + "}"
    yield "G07 one field within the tokens", "{" + "__typename " * 990 + "}"
    yield "G07 eight by eight", _same(field, nested, leaf, 8, 3)
    yield "G07 four by four", _same(field, nested, leaf, 4, 4)
    yield "G08 inline fragments", _block([f"{field} {{{'... {' * 240}{leaf}{'}' * 240}}}"])
    yield (
        "G08 overlapping inline fragments",
        _block([f"{field} {{" + f"... on {kind} {{{nested} {{{leaf}}}}} " * 110 + "}"]),
    )
    yield "G08 fragments that overlap in pairs", _overlapping(kind, field, nested, leaf)
    yield "G09 comments", "#\n" * (SIZE // 2) + "{__typename}"
    yield "G09 one long comment", "#" * SIZE + "\n{__typename}"
    yield "G09 spaces and commas", " ,\t\n" * (SIZE // 4) + "{__typename}"
    yield "G10 operations", " ".join(f"query Q{n} {{__typename}}" for n in range(240))
    yield (
        "G10 operations within the count",
        " ".join(f"query Q{n} {{{field} {{{leaf} {nested} {{{leaf}}}}}}}" for n in range(10)),
    )
    yield "G11 depth", "{" + f"{field} {{" + f"{nested} {{" * 300 + leaf + "}" * 302
    yield "G11 list nesting", f"{{{field}(first: {'[' * 490}"
    yield "G11 closed list nesting", f"{{{field}(first: {'[' * 480}{']' * 480}) {{{leaf}}}}}"
    yield "G11 object nesting", f"{{{field}(first: {'{a:' * 240}1{'}' * 240}) {{{leaf}}}}}"
    yield "G11 type nesting", f"query ($a: {'[' * 240}Int{']' * 240}) {{__typename}}"
    yield "G12 pages", "{" + f"{field}(first: 100) {{" + f"{nested}(first: 100) {{" * 6 + leaf + "}" * 8
    yield "G13 long number", f"{{{field}(first: {'9' * SIZE}) {{{leaf}}}}}"
    yield "G13 long string", f'{{echo(text: "{"a" * SIZE}")}}'
    yield "G13 escapes", f'{{echo(text: "{chr(92)}u0041{f"{chr(92)}n" * (SIZE // 3)}")}}'
    yield "G13 block string", f'{{echo(text: """{"  a" * (SIZE // 4)}""")}}'
    yield "G13 block string of lines", f'{{echo(text: """{f"{chr(10)} a" * (SIZE // 4)}""")}}'
    yield "G13 long name", "{" + "a" * SIZE + "}"
    yield "G13 quotes", '{echo(text: "' + '\\"' * (SIZE // 2)
    yield "G13 control letters", "{" + "\x00" * SIZE
    yield "variables", "query (" + " ".join(f"$v{n}: Int" for n in range(190)) + ") {__typename}"
    yield "unused variables", "query (" + " ".join(f"$v{n}: Int" for n in range(50)) + ") {__typename}"
    yield "arguments", f"{{{field}(" + " ".join(f"a{n}: 1" for n in range(240)) + f") {{{leaf}}}}}"
    yield "the same argument", f"{{{field}(" + "first: 1 " * 320 + f") {{{leaf}}}}}"
    yield "the same fragment name", "{__typename}" + f"fragment F on {kind} {{{leaf}}} " * 50
    yield "list of values", f"{{echo(numbers: [{'1 ' * 900}])}}"
    yield "unknown fields", "{" + " ".join(f"nope{n}" for n in range(20)) + "}"
    yield "many unknown fields", _block([f"{field} {{{' '.join(f'n{n}' for n in range(900))}}}"])
    yield "definitions", " ".join(f"type T{n} {{a: Int}}" for n in range(100))


def leaf_field(field: str, leaf: str) -> str:
    return f"{field} {{{leaf}}}"


def _block(parts: Iterator[str] | list[str]) -> str:
    return "{" + " ".join(parts) + "}"


def _chain(kind: str, length: int, leaf: str) -> str:
    links = (f"fragment F{n} on {kind} {{...F{n + 1}}} " for n in range(length))
    return "".join(links) + f"fragment F{length} on {kind} {{{leaf}}}"


def _bomb(kind: str, length: int, nested: str, leaf: str, times: int) -> str:
    fuse = (f"fragment F{n} on {kind} {{{f'{nested} {{...F{n + 1}}} ' * times}}} " for n in range(length))
    return "".join(fuse) + f"fragment F{length} on {kind} {{{leaf}}}"


def _same(field: str, nested: str, leaf: str, times: int, depth: int) -> str:
    inner = leaf
    for _ in range(depth):
        inner = f"{nested} {{{inner}}} " * times
    return f"{{{field} {{{inner}}}}}"


def _overlapping(kind: str, field: str, nested: str, leaf: str) -> str:
    spreads = " ".join(f"...O{n}" for n in range(48))
    body = f"{nested} {{{leaf} {nested} {{{leaf}}}}}"
    fragments = " ".join(f"fragment O{n} on {kind} {{{body}}}" for n in range(48))
    return f"{{{field} {{{spreads}}}}} {fragments}"
