"""The little Markdown that a letter may use: paragraphs, bold, italic, lists, and links shown as text.

Anything else is the text that it is, raw HTML too. It is read before anything is merged, so that no value,
whatever stars and braces it holds, is ever taken for a mark of ours.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_markdown = MarkdownIt("zero").enable(["list", "emphasis", "link", "escape"])
_markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]
_markdown.validateLink = lambda url: True  # type: ignore[method-assign]
_LINE_END = re.compile(r"\s*\n\s*")
_STYLES = {"strong_open": "b", "strong_close": "b", "em_open": "i", "em_close": "i"}
_TAGS = {
    "": Markup("{}"),
    "b": Markup("<strong>{}</strong>"),
    "i": Markup("<em>{}</em>"),
    "bi": Markup("<strong><em>{}</em></strong>"),
}

Runs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, or one item of a list, whose ``mark`` is then • or a number such as 2.

    ``runs`` are pieces of text, each with its style: nothing, b, i or bi. ``own`` is whose words they are.
    """

    runs: Runs
    own: bool = False
    mark: str = ""

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(text for text, _ in self.runs)

    def merged(self, change: Callable[[str], str]) -> "Paragraph":
        """The same paragraph with ``change`` made to each piece of its text."""
        return Paragraph(tuple([(change(text), style) for text, style in self.runs]), self.own, self.mark)

    def as_part(self) -> dict[str, Any]:
        """How a letter's row keeps it: ``text`` and ``own``, and ``mark`` and ``runs`` where it has some."""
        part: dict[str, Any] = {"text": self.text, "own": self.own}
        if self.mark:
            part["mark"] = self.mark
        if any(style for _, style in self.runs):
            part["runs"] = [list(run) for run in self.runs]
        return part


def of_part(part: dict[str, Any]) -> Paragraph:
    """A paragraph as it stands in a letter's row."""
    runs = tuple((text, style) for text, style in part.get("runs", ())) or ((part["text"], ""),)
    return Paragraph(runs, part["own"], part.get("mark", ""))


def as_text(paragraphs: Iterable[Paragraph]) -> str:
    """Plain text, an empty line between paragraphs; a list keeps together, and nothing is bold."""
    groups = []
    for kind, group in groupby(paragraphs, key=_list_of):
        lines = [f"{paragraph.mark} {paragraph.text}".lstrip() for paragraph in group]
        groups.append(("\n" if kind else "\n\n").join(lines))
    return "\n\n".join(groups)


def as_html(paragraphs: Iterable[Paragraph], mark_own: bool = False) -> Markup:
    """The same as HTML: paragraphs and lists, and where asked for, a mark round what is the writer's own."""
    html = Markup("")
    for kind, group in groupby(paragraphs, key=_list_of):
        items = list(group)
        tag = "li" if kind else "p"
        inside = Markup("").join(Markup("<{0}>{1}</{0}>").format(tag, _styled(one, mark_own)) for one in items)
        first = Markup(' start="{}"').format(items[0].mark.rstrip(".")) if kind == "ol" else ""
        html += Markup("<{0}{1}>{2}</{0}>").format(kind, first, inside) if kind else inside
    return html


def _list_of(paragraph: Paragraph) -> str:
    return "" if not paragraph.mark else "ul" if paragraph.mark == "•" else "ol"


def _styled(paragraph: Paragraph, mark_own: bool) -> Markup:
    html = Markup("")
    for text, style in paragraph.runs:
        html += _TAGS[style].format(text)
    return Markup('<mark class="own">{}</mark>').format(html) if mark_own and paragraph.own else html


@lru_cache(maxsize=512)
def read(text: str) -> tuple[Paragraph, ...]:
    """Markdown as paragraphs, each on one line; a list gives a paragraph an item."""
    found: list[Paragraph] = []
    marks: list[int | None] = []
    fresh = ""
    for token in _markdown.parse(text):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            marks.append(None if token.type.startswith("b") else int(token.attrGet("start") or 1))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            marks.pop()
        elif token.type == "list_item_open":
            fresh = _mark(marks)
        elif token.type == "inline":
            runs = _runs(token.children or ())
            if runs:
                found.append(Paragraph(runs, mark=fresh))
            fresh = ""
    return tuple(found)


def _mark(marks: list[int | None]) -> str:
    number = marks[-1]
    if number is None:
        return "•"
    marks[-1] = number + 1
    return f"{number}."


def _runs(tokens: Iterable[Token]) -> Runs:
    """The pieces of one paragraph; a link is its words, with its address after them."""
    runs: list[tuple[str, str]] = []
    styles: list[str] = []
    links: list[str] = []
    for token in tokens:
        if token.type in {"strong_open", "em_open"}:
            styles.append(_STYLES[token.type])
        elif token.type in {"strong_close", "em_close"}:
            styles.remove(_STYLES[token.type])
        elif token.type == "link_open":
            links.append(str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            runs.append((_address(links.pop(), runs), "".join(sorted(set(styles)))))
        else:
            runs.append((_LINE_END.sub(" ", token.content), "".join(sorted(set(styles)))))
    return _joined(runs)


def _address(url: str, runs: list[tuple[str, str]]) -> str:
    """The address in brackets, unless it is what the link says already."""
    said = "".join(text for text, _ in runs)
    return "" if not url or said.endswith(url.removeprefix("mailto:")) else f" ({url.removeprefix('mailto:')})"


def _joined(runs: list[tuple[str, str]]) -> Runs:
    """Neighbours of one style made one, without white space at the ends."""
    joined: list[tuple[str, str]] = []
    for text, style in runs:
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + text, style)
        elif text:
            joined.append((text, style))
    if joined:
        joined[0] = (joined[0][0].lstrip(), joined[0][1])
        joined[-1] = (joined[-1][0].rstrip(), joined[-1][1])
    return tuple((text, style) for text, style in joined if text)
