"""Markdown as text that reads well without any marks, for the plain part of an e-mail."""

import re
import textwrap
from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def of(text: str) -> str:
    """CommonMark, tables too, as paragraphs, each on one line however long.

    Lists keep their bullets and numbers, and quotations their mark; a link is its words, then the address.
    """
    return _blocks(SyntaxTreeNode(_markdown.parse(text)).children)


def _blocks(nodes: Iterable[SyntaxTreeNode], between: str = "\n\n") -> str:
    return between.join(block for node in nodes if (block := _block(node)))


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "bullet_list":
            return "\n".join(_item("• ", item) for item in node.children)
        case "ordered_list":
            first = int(node.attrs.get("start", 1))
            return "\n".join(_item(f"{first + n}. ", item) for n, item in enumerate(node.children))
        case "blockquote":
            return textwrap.indent(_blocks(node.children), "> ", lambda line: True)
        case "table":
            return "\n".join(_row(row) for part in node.children for row in part.children)
        case "hr":
            return "* * *"
        case "fence" | "code_block":
            return node.content.rstrip("\n")
        case "inline":
            return _inlines(node)
    return _blocks(node.children)


def _item(mark: str, item: SyntaxTreeNode) -> str:
    """One item of a list, its further lines under the first."""
    return textwrap.indent(_blocks(item.children, "\n"), " " * len(mark)).replace(" " * len(mark), mark, 1)


def _row(row: SyntaxTreeNode) -> str:
    return " | ".join(_inline(cell) for cell in row.children)


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "link":
            return _link(_inlines(node), str(node.attrs.get("href", "")))
        case "image":
            return str(node.content)
        case "text" | "code_inline":
            return re.sub(r"\s+", " ", node.content)
    return _inlines(node)


def _inlines(node: SyntaxTreeNode) -> str:
    return "".join(_inline(child) for child in node.children)


def _link(words: str, url: str) -> str:
    """The address in brackets, unless the words are the address already."""
    address = url.removeprefix("mailto:")
    return words if not address or words == address else f"{words} ({address})"
