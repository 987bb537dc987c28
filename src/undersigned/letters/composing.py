"""The words of a letter: the template's blocks and the writer's answers, merged."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from undersigned.campaigns.tables import Campaign
from undersigned.kit.forms import Form, Mistakes
from undersigned.kit.pages import day
from undersigned.letters import merging, own_words, template
from undersigned.letters.forms import WriteForm
from undersigned.letters.template import Block, LetterTemplate
from undersigned.representatives.seats import Seat
from undersigned.signatures.tables import Tally

LONGEST = 20_000
Facts = dict[str, str]


@dataclass(frozen=True)
class Composition:
    """A letter's subject and paragraphs (``{"text", "own"}``), and how much of it is the writer's, in per cent."""

    subject: str
    paragraphs: list[dict[str, Any]]
    own_share: int


async def compose(
    campaign: Campaign, chosen: LetterTemplate, form: WriteForm, seat: Seat, given: Facts | None = None
) -> Composition:
    """Merge the words with the template. Raises Mistakes when there is nothing to send or far too much.

    What is ``given`` stands for what we would look up: a sample has no rows to count.
    """
    facts = await _facts(campaign, form.name, form.address, str(form.postcode), seat) | (given or {})
    blocks = chosen.for_variant(_variant(seat))
    paragraphs = _paragraphs(chosen, blocks, form, facts)
    text = "\n\n".join(part["text"] for part in paragraphs)
    _check_length(form, text)
    original = "\n\n".join(block.text for block in blocks)
    share = own_words.share(text, merging.merge(original, facts))
    return Composition(merging.merge(chosen.subject, facts), paragraphs, share)


async def preview(
    campaign: Campaign, chosen: LetterTemplate, typed: dict[str, str], seat: Seat
) -> list[dict[str, Any]]:
    """The template's blocks as this writer would send them, for the form."""
    name = typed.get("name") or "[your name]"
    facts = await _facts(campaign, name, "[your address]", typed.get("postcode", ""), seat)
    return [
        {"name": block.name, "essential": block.essential, "html": _as_html(block, facts)}
        for block in chosen.for_variant(_variant(seat))
    ]


def _as_html(block: Block, facts: Facts) -> Markup:
    return Markup("").join(Markup("<p>{}</p>").format(merging.merge(p, facts)) for p in block.paragraphs)


async def _facts(campaign: Campaign, name: str, address: str, postcode: str, seat: Seat) -> Facts:
    assert seat.mp is not None
    local = (await Tally.shown(campaign.id, "constituency")).get(seat.gss_code)
    return {
        "supporter.name": name,
        "supporter.address": address.replace("\n", ", "),
        "supporter.postcode": postcode,
        "representative.name": seat.mp.display_name,
        "representative.salutation": seat.mp.salutation,
        "constituency.name": seat.constituency,
        "constituency.signatures": f"{local:,}" if local else "fewer than five",
        "campaign.title": campaign.title,
        "campaign.signatures": f"{campaign.signature_count:,}",
        "date": day(datetime.now(UTC)),
    }


def _variant(seat: Seat) -> str:
    """Whoever does not vote is not asked to."""
    return "" if seat.mp is None or seat.mp.takes_part_in_votes else "no_votes"


def _paragraphs(
    chosen: LetterTemplate, blocks: tuple[Block, ...], form: WriteForm, facts: Facts
) -> list[dict[str, Any]]:
    """The letter a paragraph at a time: the writer's answers where the template leaves room for them."""
    paragraphs: list[dict[str, Any]] = []
    for block in blocks:
        if block.name == template.OWN_WORDS:
            paragraphs += [{"text": text, "own": True} for text in _own_paragraphs(chosen, form)]
        elif block.essential or block.name in form.kept_blocks:
            paragraphs += [{"text": merging.merge(text, facts), "own": False} for text in block.paragraphs]
    return paragraphs


def _own_paragraphs(chosen: LetterTemplate, form: WriteForm) -> list[str]:
    answers = [form.answers.get(prompt.name, "") for prompt in chosen.prompts]
    lines = [line.strip() for answer in answers for line in answer.splitlines()]
    return [line for line in lines if line]


def _check_length(form: WriteForm, text: str) -> None:
    if len(text) > LONGEST:
        first = next(iter(form.answers), "")
        message = f"Letters have at most {LONGEST:,} characters. Yours has {len(text):,}."
        raise Mistakes(Form(errors={f"prompt_{first}": message}))
    if not text:
        raise Mistakes(Form(errors={"form": "Say something in your own words, or keep a paragraph."}))
