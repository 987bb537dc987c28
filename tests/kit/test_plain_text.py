"""Markdown as plain text: nothing is lost, and no mark is left over."""

import pytest

from undersigned.kit import plain_text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**Next in line:** the *council*", "Next in line: the council"),
        ("## A heading\nand a line\nthat goes on", "A heading\n\nand a line that goes on"),
        ("- one\n- two **bold**", "• one\n• two bold"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("- outer\n  - inner", "• outer\n  • inner"),
        ("> what they said", "> what they said"),
        ("See [the page](https://example.org/a).", "See the page (https://example.org/a)."),
        ("<https://example.org/a>", "https://example.org/a"),
        ("![a lamp](https://example.org/a.png)", "a lamp"),
        ("One  \ntwo", "One\ntwo"),
        ("| Ward | Names |\n|---|---|\n| East | 12 |", "Ward | Names\nEast | 12"),
        ("a\n\n---\n\nb", "a\n\n* * *\n\nb"),
        ("    code_with_marks **here**", "code_with_marks **here**"),
        (r"two \* three &amp; <b>four</b>", "two * three & <b>four</b>"),
        ("", ""),
    ],
)
def test_markdown_reads_as_text(written: str, read: str) -> None:
    assert plain_text.of(written) == read
