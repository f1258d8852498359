"""A long list on paper: printed part by part, so that memory does not grow with it (3.1-19, 3.4-14, A23)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

import pikepdf

from gateways.printer import forget_printed, print_pdf

PART = 250  # lines; what one of them takes while it is laid out is some 200 KB

TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set page(paper: "a4", flipped: true, margin: (x: 1.2cm, y: 1.5cm),
  footer: align(center, context [Страница #counter(page).display()]))
#set text(size: 7.5pt, lang: "ru")
#counter(page).update(data.page)
#let cell(text) = if text.starts-with("https://") or text.starts-with("http://") {
  text.split("\\n").filter(url => url != "").map(url => link(url)[ссылка]).join(linebreak())
} else { text }
#if data.page == 1 [
  #text(size: 13pt, weight: "bold", data.title)
  #for line in data.summary [#linebreak() #line]
]
#table(
  columns: data.widths.map(width => width * 100% / data.widths.sum()), inset: 3pt, stroke: (x: none, y: 0.4pt + gray),
  table.header(..data.headings.map(strong)), ..data.lines.flatten().map(cell)
)
"""


@dataclass(slots=True)
class TableSheet:
    """Takes lines, gives one PDF/A; `summary` stands under the title, the headings on every page."""

    title: str
    summary: Sequence[str]
    columns: Sequence[tuple[str, float]]
    _sheet: pikepdf.Pdf | None = field(default=None, init=False)

    def add(self, lines: Sequence[Sequence[str]]) -> None:
        """Print a part; blocking, so call it in a thread."""
        part = pikepdf.open(BytesIO(self._printed(lines)))
        forget_printed()
        if self._sheet is None:
            self._sheet = part
        else:
            self._sheet.pages.extend(part.pages)

    def finish(self) -> bytes:
        """The whole file; a list without lines is a page with its headings."""
        if self._sheet is None:
            self.add([])
        content = BytesIO()
        if self._sheet is not None:
            self._sheet.save(content)
        return content.getvalue()

    def _printed(self, lines: Sequence[Sequence[str]]) -> bytes:
        return print_pdf(
            TEMPLATE,
            {
                "title": self.title,
                "summary": self.summary,
                "widths": [width for _, width in self.columns],
                "headings": [heading for heading, _ in self.columns],
                "page": 1 if self._sheet is None else len(self._sheet.pages) + 1,
                "lines": lines,
            },
        )
