"""The words of a letter: the template's blocks and the writer's answers, merged."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from undersigned.campaigns.tables import Campaign
from undersigned.kit.forms import Form, Mistakes
from undersigned.kit.pages import day
from undersigned.letters import arranging, merging, own_words, template
from undersigned.letters.forms import WriteForm
from undersigned.letters.template import Block, LetterTemplate
from undersigned.representatives.seats import Seat
from undersigned.signatures.tables import Tally

LONGEST = 20_000
Facts = dict[str, str]


@dataclass(frozen=True)
class Composition:
    """A letter's subject and paragraphs (``{"text", "own"}``), and how much of it is the writer's.

    ``own_words`` are the words of the writer's own, in order and made plain; ``own_share`` their share of the
    letter in per cent.
    """

    subject: str
    paragraphs: list[dict[str, Any]]
    own_words: list[str]
    own_share: int


async def compose(campaign: Campaign, chosen: LetterTemplate, form: WriteForm, seat: Seat) -> Composition:
    """Merge the words with the template. Raises Mistakes when there is nothing to send or far too much."""
    facts = await _facts(campaign, form.name, form.address, str(form.postcode), seat)
    blocks = chosen.for_variant(_variant(seat))
    template_paragraphs = [merging.merge(text, facts) for block in blocks for text in block.paragraphs]
    parts = [_part(block, chosen, form, facts) for block in arranging.in_order(blocks, form.block_order)]
    _check_length(chosen, [text for part in parts for text in part.texts])
    paragraphs: list[dict[str, Any]] = []
    mine: list[str] = []
    for part in parts:
        words, own = part.measured(template_paragraphs)
        paragraphs += own
        mine += words
    everything = own_words.words("\n".join(part["text"] for part in paragraphs))
    share = own_words.percent(len(mine), len(everything))
    return Composition(merging.merge(chosen.subject, facts), paragraphs, mine, share)


@dataclass(frozen=True)
class _Part:
    """What one block puts into the letter. ``given`` is template, own (an answer) or edited."""

    texts: list[str]
    given: str

    def measured(self, template_paragraphs: list[str]) -> tuple[list[str], list[dict[str, Any]]]:
        """The words that are the writer's own, and the paragraphs.

        Answers stand as the writer's own; an edited paragraph does when most of its words are.
        """
        if self.given == "template":
            return [], [{"text": text, "own": False} for text in self.texts]
        if self.given == "own":
            words = own_words.own("\n".join(self.texts), template_paragraphs)
            return words, [{"text": text, "own": True} for text in self.texts]
        mine = [own_words.own(text, template_paragraphs) for text in self.texts]
        mostly = [2 * len(own) > len(own_words.words(text)) for text, own in zip(self.texts, mine, strict=True)]
        paragraphs = [{"text": text, "own": own} for text, own in zip(self.texts, mostly, strict=True)]
        return [word for words in mine for word in words], paragraphs


def _part(block: Block, chosen: LetterTemplate, form: WriteForm, facts: Facts) -> _Part:
    """The writer's answers where the template leaves room for them, their words for it, or its own."""
    if block.name == template.OWN_WORDS:
        return _Part(_own_paragraphs(chosen, form), "own")
    if not block.essential and block.name not in form.kept_blocks:
        return _Part([], "template")
    texts = [merging.merge(text, facts) for text in block.paragraphs]
    edited = arranging.lines(form.edits.get(block.name, ""))
    if block.essential or not edited or edited == texts:
        return _Part(texts, "template")
    return _Part(edited, "edited")


def _own_paragraphs(chosen: LetterTemplate, form: WriteForm) -> list[str]:
    return [line for prompt in chosen.prompts for line in arranging.lines(form.answers.get(prompt.name, ""))]


def _check_length(chosen: LetterTemplate, texts: list[str]) -> None:
    length = len("\n\n".join(texts))
    if length > LONGEST:
        first = f"prompt_{chosen.prompts[0].name}" if chosen.prompts else "form"
        message = (
            f"Letters have at most {LONGEST:,} characters. Yours has {length:,}, "
            f"which is {length - LONGEST:,} too many."
        )
        raise Mistakes(Form(errors={first: message}))
    if not length:
        raise Mistakes(Form(errors={"form": "Say something in your own words, or keep a paragraph."}))


async def preview(
    campaign: Campaign, chosen: LetterTemplate, typed: dict[str, str], seat: Seat
) -> list[dict[str, Any]]:
    """The template's blocks as this writer would send them, in their order, for the form.

    ``text`` is what the template says and ``was`` stands for it; ``edited`` says whether the writer has put
    other words in its place, which are in ``html`` then.
    """
    name = typed.get("name") or "[your name]"
    facts = await _facts(campaign, name, "[your address]", typed.get("postcode", ""), seat)
    edits = arranging.edits(typed, chosen.blocks)
    blocks = arranging.in_order(chosen.for_variant(_variant(seat)), typed.get("order", "").split())
    return [_shown(block, edits.get(block.name, ""), facts) for block in blocks]


def _shown(block: Block, edit: str, facts: Facts) -> dict[str, Any]:
    texts = [merging.merge(text, facts) for text in block.paragraphs]
    text = "\n\n".join(texts)
    edited = arranging.lines(edit)
    return {
        "name": block.name,
        "essential": block.essential,
        "html": Markup("").join(Markup("<p>{}</p>").format(line) for line in edited or texts),
        "text": text,
        "was": arranging.mark(text),
        "edited": bool(edited),
    }


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
