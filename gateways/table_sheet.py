"""A long list on paper: printed part by part, so that memory does not grow with it (3.1-19, 3.4-14, A23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf

from gateways.printer import forget_printed, print_pdf

PART = 125  # lines; what one of them takes while it is laid out is some 200 KB

PAPER = """
#let data = json(bytes(sys.inputs.data))
#set page(paper: "a4", flipped: true, margin: (x: 1.2cm, y: 1.5cm))
#set text(size: 7.5pt, lang: "ru")
"""
TEMPLATE = (
    PAPER
    + """
#set document(title: data.title)
#let cell(text) = if text.starts-with("https://") or text.starts-with("http://") {
  text.split("\\n").filter(url => url != "").map(url => link(url)[ссылка]).join(linebreak())
} else { text }
#if data.first [
  #text(size: 13pt, weight: "bold", data.title)
  #for line in data.summary [#linebreak() #line]
]
#table(
  columns: data.widths.map(width => width * 100% / data.widths.sum()), inset: 3pt, stroke: (x: none, y: 0.4pt + gray),
  table.header(..data.headings.map(strong)), ..data.lines.flatten().map(cell)
)
"""
)
NUMBERS = (
    PAPER
    + """
#set page(footer: align(center, context [Страница #counter(page).display() из #data.pages]))
#for _ in range(data.pages - 1) { pagebreak() }
"""
)


@dataclass(frozen=True, slots=True)
class TableSheet:
    """`summary` stands under the title, the headings on every page; each column has its share of the width."""

    title: str
    summary: Sequence[str]
    columns: Sequence[tuple[str, float]]

    def printed(self, lines: Sequence[Sequence[str]], *, first: bool) -> bytes:
        """Some lines as a PDF; blocking. Parts know nothing of one another, so two may be printed at once."""
        data = {
            "title": self.title,
            "summary": self.summary,
            "widths": [width for _, width in self.columns],
            "headings": [heading for heading, _ in self.columns],
            "first": first,
            "lines": lines,
        }
        try:
            return print_pdf(TEMPLATE, data)
        finally:
            forget_printed()


def bound(parts: Sequence[bytes]) -> bytes:
    """The parts as one PDF/A; only here it is known which page is which of how many. Blocking."""
    first, *others = (pikepdf.open(BytesIO(part)) for part in parts)
    for part in others:
        first.pages.extend(part.pages)
    numbers = pikepdf.open(BytesIO(print_pdf(NUMBERS, {"pages": len(first.pages)})))
    for page, number in zip(first.pages, numbers.pages, strict=True):
        page.add_overlay(number, None)
    content = BytesIO()
    first.save(content)
    return content.getvalue()
