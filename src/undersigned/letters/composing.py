"""The words of a letter: the template's blocks as its writer arranged them, and the writer's answers, merged."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from undersigned.campaigns.tables import Campaign
from undersigned.kit.forms import Form, Mistakes
from undersigned.letters import arranging, facts, merging, own_words, template, variants, wording
from undersigned.letters.facts import Facts
from undersigned.letters.forms import WriteForm
from undersigned.letters.template import Block, LetterTemplate
from undersigned.representatives.seats import Seat


@dataclass(frozen=True)
class Composition:
    """A letter's subject and paragraphs, and how much of it is the writer's.

    A paragraph is a part as :mod:`undersigned.letters.wording` keeps it: ``{"text", "own"}`` and its marks.
    ``own_words`` are the words of the writer's own, in order and made plain; ``own_share`` their share of the
    letter in per cent.
    """

    subject: str
    paragraphs: list[dict[str, Any]]
    own_words: list[str]
    own_share: int


async def compose(
    campaign: Campaign, chosen: LetterTemplate, form: WriteForm, seat: Seat, given: Facts | None = None
) -> Composition:
    """Merge the words with the template. Raises Mistakes when there is nothing to send or far too much.

    What is ``given`` stands for what we would look up: a sample has no rows to count.
    """
    language = facts.language_of(campaign, chosen)
    known = await facts.of(campaign, form.name, form.address, str(form.postcode), seat, language)
    known |= given or {}
    blocks = chosen.for_variant(*await variants.of(campaign.id, seat))
    theirs = [paragraph.text for block in blocks for paragraph in _merged(block, known)]
    pieces = [_piece(block, chosen, form, known) for block in arranging.in_order(blocks, form.block_order)]
    _check_length(chosen, [part["text"] for piece in pieces for part in piece.parts])
    parts: list[dict[str, Any]] = []
    mine: list[str] = []
    for piece in pieces:
        words, measured = piece.measured(theirs)
        parts += measured
        mine += words
    everything = own_words.words("\n".join(part["text"] for part in parts))
    share = own_words.percent(len(mine), len(everything))
    return Composition(merging.subject(chosen.subject, known), parts, mine, share)


@dataclass(frozen=True)
class _Piece:
    """What one block puts into the letter. ``given`` is template, own (an answer) or edited."""

    parts: list[dict[str, Any]]
    given: str

    def measured(self, theirs: list[str]) -> tuple[list[str], list[dict[str, Any]]]:
        """The words that are the writer's own, and the paragraphs.

        Answers stand as the writer's own; an edited paragraph does when most of its words are.
        """
        if self.given == "template":
            return [], self.parts
        texts = [part["text"] for part in self.parts]
        if self.given == "own":
            return own_words.own("\n".join(texts), theirs), self.parts
        mine = [own_words.own(text, theirs) for text in texts]
        mostly = [2 * len(own) > len(own_words.words(text)) for text, own in zip(texts, mine, strict=True)]
        parts = [{"text": text, "own": own} for text, own in zip(texts, mostly, strict=True)]
        return [word for words in mine for word in words], parts


def _piece(block: Block, chosen: LetterTemplate, form: WriteForm, known: Facts) -> _Piece:
    """The writer's answers where the template leaves room for them, their words for it, or its own."""
    if block.name == template.OWN_WORDS:
        names = dict.fromkeys((*(prompt.name for prompt in chosen.prompts), *form.answers))
        return _Piece(_own(line for name in names for line in _said(form, name)), "own")
    if not block.essential and block.name not in form.kept_blocks:
        return _Piece([], "template")
    paragraphs = _merged(block, known)
    edit = merging.clean(form.edits.get(block.name, ""))
    edited = arranging.lines(edit)
    if block.essential or not edited or arranging.mark(edit) == arranging.mark(wording.as_text(paragraphs)):
        return _Piece([paragraph.as_part() for paragraph in paragraphs], "template")
    return _Piece(_own(edited), "edited")


def _own(lines: Iterable[str]) -> list[dict[str, Any]]:
    return [{"text": line, "own": True} for line in lines]


def _said(form: WriteForm, prompt: str) -> list[str]:
    return arranging.lines(merging.clean(form.answers.get(prompt, "")))


def _merged(block: Block, known: Facts) -> list[wording.Paragraph]:
    return [paragraph.merged(lambda text: merging.merge(text, known)) for paragraph in block.wording]


def _check_length(chosen: LetterTemplate, texts: list[str]) -> None:
    length = len("\n\n".join(texts))
    first = f"prompt_{chosen.prompts[0].name}" if chosen.prompts else "form"
    if length > template.LONGEST:
        message = (
            f"Letters have at most {template.LONGEST:,} characters. Yours has {length:,}, "
            f"which is {length - template.LONGEST:,} too many."
        )
        raise Mistakes(Form(errors={first: message}))
    if not length:
        raise Mistakes(Form(errors={first: "Say something in your own words, or keep a paragraph."}))


async def preview(
    campaign: Campaign, chosen: LetterTemplate, typed: dict[str, str], seat: Seat
) -> list[dict[str, Any]]:
    """The template's blocks as this writer would send them, in their order, for the form.

    ``text`` is what the template says and ``was`` stands for it; ``edited`` says whether the writer has put
    other words in its place, which are in ``html`` then.
    """
    name = typed.get("name") or "[your name]"
    language = facts.language_of(campaign, chosen)
    known = await facts.of(campaign, name, "[your address]", typed.get("postcode", ""), seat, language)
    edits = arranging.edits(typed, chosen.blocks)
    blocks = chosen.for_variant(*await variants.of(campaign.id, seat))
    ordered = arranging.in_order(blocks, typed.get("order", "").split())
    return [_shown(block, edits.get(block.name, ""), known) for block in ordered]


def _shown(block: Block, edit: str, known: Facts) -> dict[str, Any]:
    paragraphs = _merged(block, known)
    text = wording.as_text(paragraphs)
    edited = arranging.lines(merging.clean(edit))
    typed = Markup("").join(Markup("<p>{}</p>").format(line) for line in edited)
    return {
        "name": block.name,
        "essential": block.essential,
        "html": typed if edited else wording.as_html(paragraphs),
        "text": text,
        "was": arranging.mark(text),
        "edited": bool(edited),
    }
