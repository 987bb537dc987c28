"""The words of a letter: the template's blocks and the writer's answers, merged."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from undersigned.campaigns.tables import Campaign
from undersigned.kit.forms import Form, Mistakes
from undersigned.letters import facts, merging, own_words, template, variants, wording
from undersigned.letters.facts import Facts
from undersigned.letters.forms import WriteForm
from undersigned.letters.template import Block, LetterTemplate
from undersigned.representatives.seats import Seat

LONGEST = 20_000


@dataclass(frozen=True)
class Composition:
    """A letter's subject and paragraphs, and how much of it is the writer's, in per cent.

    A paragraph is a part as :mod:`undersigned.letters.wording` keeps it: ``{"text", "own"}`` and its marks.
    """

    subject: str
    paragraphs: list[dict[str, Any]]
    own_share: int


async def compose(
    campaign: Campaign, chosen: LetterTemplate, form: WriteForm, seat: Seat, given: Facts | None = None
) -> Composition:
    """Merge the words with the template. Raises Mistakes when there is nothing to send or far too much.

    What is ``given`` stands for what we would look up: a sample has no rows to count.
    """
    language = facts.language_of(campaign, chosen)
    known = await facts.of(campaign, form.name, form.address, str(form.postcode), seat, language) | (given or {})
    blocks = chosen.for_variant(*await variants.of(campaign.id, seat))
    paragraphs = _paragraphs(chosen, blocks, form, known)
    text = "\n\n".join(part["text"] for part in paragraphs)
    _check_length(form, text)
    original = "\n\n".join(paragraph for block in blocks for paragraph in block.paragraphs)
    share = own_words.share(text, merging.merge(original, known))
    return Composition(merging.subject(chosen.subject, known), paragraphs, share)


async def preview(
    campaign: Campaign, chosen: LetterTemplate, typed: dict[str, str], seat: Seat
) -> list[dict[str, Any]]:
    """The template's blocks as this writer would send them, for the form."""
    name = typed.get("name") or "[your name]"
    language = facts.language_of(campaign, chosen)
    known = await facts.of(campaign, name, "[your address]", typed.get("postcode", ""), seat, language)
    return [
        {"name": block.name, "essential": block.essential, "html": _as_html(block, known)}
        for block in chosen.for_variant(*await variants.of(campaign.id, seat))
    ]


def _as_html(block: Block, known: Facts) -> Markup:
    return wording.as_html(_merged(block, known))


def _merged(block: Block, known: Facts) -> list[wording.Paragraph]:
    return [paragraph.merged(lambda text: merging.merge(text, known)) for paragraph in block.wording]


def _paragraphs(
    chosen: LetterTemplate, blocks: tuple[Block, ...], form: WriteForm, known: Facts
) -> list[dict[str, Any]]:
    """The letter a paragraph at a time: the writer's answers where the template leaves room for them."""
    paragraphs: list[dict[str, Any]] = []
    for block in blocks:
        if block.name == template.OWN_WORDS:
            paragraphs += [{"text": text, "own": True} for text in _own_paragraphs(chosen, form)]
        elif block.essential or block.name in form.kept_blocks:
            paragraphs += [paragraph.as_part() for paragraph in _merged(block, known)]
    return paragraphs


def _own_paragraphs(chosen: LetterTemplate, form: WriteForm) -> list[str]:
    answers = [form.answers.get(prompt.name, "") for prompt in chosen.prompts]
    lines = [line.strip() for answer in answers for line in merging.clean(answer).splitlines()]
    return [line for line in lines if line]


def _check_length(form: WriteForm, text: str) -> None:
    if len(text) > LONGEST:
        first = next(iter(form.answers), "")
        message = f"Letters have at most {LONGEST:,} characters. Yours has {len(text):,}."
        raise Mistakes(Form(errors={f"prompt_{first}": message}))
    if not text:
        raise Mistakes(Form(errors={"form": "Say something in your own words, or keep a paragraph."}))
