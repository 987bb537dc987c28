"""What the sheets and the page to read once more are made of."""

from types import SimpleNamespace
from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.kit import pdf
from undersigned.kit.forms import Form
from undersigned.letters import (
    arranging,
    carrying,
    composing,
    elsewhere,
    leftover,
    own_words,
    sheet,
    so_far,
    template,
    versions,
    writing,
)
from undersigned.letters.asking import Question
from undersigned.letters.tables import Letter
from undersigned.letters.template import LetterTemplate
from undersigned.representatives import seats
from undersigned.representatives.seats import Seat


async def sheets(campaign: Campaign, form: Form, seat: Seat, asks: list[Question]) -> dict[str, Any]:
    """The two sheets: what was typed before, every block kept when nobody has chosen yet."""
    chosen = await versions.load(campaign.letter)
    values = form.values
    if "kept" not in values and not form.errors:
        values |= {f"keep_{block.name}": "yes" for block in chosen.blocks} | {"kept": "yes"}
    before = leftover.of(values, chosen)
    values |= {f"prompt_{name}": text for name, text in before.items()} | _new_blocks(values, chosen)
    blocks = await composing.preview(campaign, chosen, values, seat)
    for block in blocks:
        if not block["edited"]:
            values[f"edit_{block['name']}"] = block["text"]
    values |= {"constituency": seat.gss_code, "order": " ".join(block["name"] for block in blocks)}
    values.setdefault("reply_to", "me")
    values.setdefault("page", elsewhere.new_page())
    return {
        "campaign": campaign,
        "stage": "write",
        "form": form,
        "seat": seat,
        "candidates": [],
        "asks": asks,
        "letter_template": SimpleNamespace(title=chosen.title, prompts=chosen.prompts, blocks=blocks),
        "written_before": list(before),
        "own_count": _own_count(values),
        "wished": chosen.min_own_words,
        "longest": template.LONGEST,
        "consent_wording": writing.consent_words(seat),
        "so_far": await so_far.of(campaign, form, seat),
    }


def _new_blocks(values: dict[str, str], chosen: LetterTemplate) -> dict[str, str]:
    """Blocks that the letter has been given since this writer began: kept, as all are at first."""
    seen = values.get("order", "").split()
    return {f"keep_{block.name}": "yes" for block in chosen.blocks if seen and block.name not in seen}


def _own_count(values: dict[str, str]) -> int:
    answers = [text for name, text in values.items() if name.startswith("prompt_")]
    return len(own_words.words("\n".join(answers)))


async def review(campaign: Campaign, letter: Letter, proof: str = "") -> dict[str, Any]:
    """Exactly what will be sent, and what pressing the button does; ``proof`` makes it go at once."""
    token = carrying.token(letter.id)
    page = sheet.of(letter)
    return {
        "campaign": campaign,
        "letter": SimpleNamespace(
            subject=letter.subject,
            to_name=letter.representative.named,
            text_html=page.as_html(),
            own_share=letter.own_share,
            own_count=len(letter.own_words.split()),
            token=token,
            pdf_url=f"/letters/{token}.pdf",
            email=letter.email,
            address="\n".join((letter.name, *page.sender)),
            by_post=letter.channel == "post",
            unprintable=page.on_paper().missing,
        ),
        "wished": (await versions.load(campaign.letter)).min_own_words,
        "proof": proof,
        "pdf_on": pdf.available(),
        "action_url": f"/campaigns/{campaign.slug}/write",
        "consent_wording": writing.consent_words(await seats.of(letter.constituency)),
    }


def pressed(typed: dict[str, str], names: list[str]) -> dict[str, str]:
    """The form after one of the small buttons: a block moved up or down, or given back its own words."""
    what, _, name = typed.get("press", "").partition(":")
    rest = {field: value for field, value in typed.items() if field != "press"}
    if what in {"up", "down"}:
        order = arranging.moved(typed.get("order", "").split() or names, name, -1 if what == "up" else 1)
        return rest | {"order": " ".join(order)}
    if what == "restore":
        return {field: value for field, value in rest.items() if field != f"edit_{name}"}
    return rest
