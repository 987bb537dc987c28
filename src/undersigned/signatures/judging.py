"""Which wishes to sign are written and not counted: the visitor sees the same screens and gets the same mail."""

from dataclasses import replace

from undersigned.signatures.wishes import Wish


async def judge(wishes: list[Wish]) -> list[Wish]:
    """The same wishes in the same order, each with its ``why`` and its ``flags``."""
    return [replace(wish, why="trap") if wish.form.website else wish for wish in wishes]
