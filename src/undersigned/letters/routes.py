"""Writing to one's MP: where one lives, one's own words, once more through, and off."""

from types import SimpleNamespace
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.kit import forms, limits, pages, pdf, tokens
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form
from undersigned.letters import carrying, choosing, composing, sheet, versions, writing
from undersigned.letters.forms import PostcodeForm, WriteForm
from undersigned.letters.tables import Letter
from undersigned.representatives import seats
from undersigned.representatives.seats import Seat

Typed = dict[str, str]


@get("/campaigns/{slug:str}/write")
async def write_page(slug: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """The first sheet, a draft to go on with, or the letter to read once more."""
    campaign = await _campaign(slug)
    asked = request.query_params
    if "sent" in asked:
        return pages.page("letters/check_inbox.html", campaign=campaign, theme=campaign.theme)
    if "review" in asked:
        return await _review(campaign, await _draft(campaign, asked["review"]))
    if "letter" in asked:
        return await _sheets(campaign, carrying.from_draft(await _draft(campaign, asked["letter"])))
    if "from" in asked:
        form = await carrying.from_signature(asked["from"])
        return await _sheets(campaign, form) if form.values["postcode"] else _where(campaign, form)
    return _where(campaign, Form())


@post("/campaigns/{slug:str}/write")
async def write(slug: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Take whichever sheet was filled in, and show the next."""
    await limits.check_crowd("write", request, size=60, per_hour=600)
    campaign = await _campaign(slug)
    typed = await forms.typed(request)
    try:
        return await _STAGES.get(typed.get("stage", "postcode"), _take_postcode)(campaign, typed)
    except forms.Mistakes as mistakes:
        form = Form(typed, mistakes.form.errors)
        if typed.get("stage") in {"write", "choose"}:
            return await _sheets(campaign, form, status=422)
        return _where(campaign, form, status=422)


async def _take_postcode(campaign: Campaign, typed: Typed) -> Response[Any]:
    forms.read(PostcodeForm, typed)
    return await _sheets(campaign, Form(typed))


async def _take_choice(campaign: Campaign, typed: Typed) -> Response[Any]:
    if not typed.get("constituency"):
        raise forms.Mistakes(Form(errors={"constituency": "Choose the constituency you live in."}))
    return await _take_postcode(campaign, typed)


async def _choose_another(campaign: Campaign, typed: Typed) -> Response[Any]:
    return await _choose(campaign, Form(typed), await seats.all_seats())


async def _take_letter(campaign: Campaign, typed: Typed) -> Response[Any]:
    form = forms.read(WriteForm, {**typed, **_own_parts(typed)})
    seat = await choosing.seat_for(form.postcode, form.constituency)
    replaced = carrying.draft_id(typed.get("letter", ""))
    signature_id = carrying.signature_id(typed.get("from", ""))
    letter = await writing.draft(campaign, form, seat, replaced, signature_id)
    return Redirect(f"/campaigns/{campaign.slug}/write?review={tokens.issue('draft', letter.id)}", status_code=303)


def _own_parts(typed: Typed) -> dict[str, Any]:
    answers = {k.removeprefix("prompt_"): v for k, v in typed.items() if k.startswith("prompt_")}
    return {"answers": answers, "kept_blocks": [k[5:] for k in typed if k.startswith("keep_")]}


async def _send(campaign: Campaign, typed: Typed) -> Response[Any]:
    letter = await _draft(campaign, typed.get("token", ""))
    await writing.send(letter.id)
    return Redirect(f"/campaigns/{campaign.slug}/write?sent=1", status_code=303)


_STAGES = {
    "postcode": _take_postcode,
    "other": _choose_another,
    "choose": _take_choice,
    "write": _take_letter,
    "send": _send,
}


async def _campaign(slug: str) -> Campaign:
    campaign = await finding.by_slug(slug)
    if not campaign.has_letter or campaign.state != "open":
        raise finding.CampaignMissing("This campaign has no letter to send now.")
    return campaign


async def _draft(campaign: Campaign, token: str) -> Letter:
    letter = await Letter.whole(tokens.read("draft", token))
    if letter is None or letter.campaign.id != campaign.id:
        raise Missing("This draft has been removed.")
    if letter.state not in {"draft", "waiting"}:
        raise Missing("This letter is on its way. The link in your e-mail shows where it is.")
    return letter


def _where(campaign: Campaign, form: Form, status: int = 200, seat: Seat | None = None) -> Response[Any]:
    return pages.page(
        "letters/write.html", status, campaign=campaign, stage="postcode", form=form, seat=seat, candidates=[]
    )


async def _choose(
    campaign: Campaign, form: Form, candidates: list[dict[str, Any]], status: int = 200
) -> Response[Any]:
    return pages.page(
        "letters/write.html",
        status,
        campaign=campaign,
        stage="choose",
        form=form,
        seat=None,
        candidates=candidates,
    )


async def _sheets(campaign: Campaign, form: Form, status: int = 200) -> Response[Any]:
    """The two sheets for whoever speaks for the postcode; a choice first where there is one to make."""
    answer = await choosing.seat_shown(form.values.get("constituency", "")) if form.errors else None
    try:
        answer = answer or await choosing.answer(
            form.values.get("postcode", ""), form.values.get("constituency", "")
        )
    except Refused as refusal:
        return _where(campaign, Form(form.values, {"postcode": str(refusal)}), status=422)
    if answer.candidates:
        return await _choose(campaign, form, answer.candidates, status)
    if not answer.seat.can_be_written_to:
        return _where(campaign, form, status, answer.seat)
    chosen = await versions.load(campaign.letter)
    if "kept" not in form.values and not form.errors:
        form.values |= {f"keep_{block.name}": "yes" for block in chosen.blocks} | {"kept": "yes"}
    form.values["constituency"] = answer.seat.gss_code
    form.values.setdefault("reply_to", "me")
    return pages.page(
        "letters/write.html",
        status,
        campaign=campaign,
        stage="write",
        form=form,
        seat=answer.seat,
        candidates=[],
        letter_template=SimpleNamespace(
            title=chosen.title,
            prompts=chosen.prompts,
            blocks=await composing.preview(campaign, chosen, form.values, answer.seat),
        ),
        consent_wording=writing.consent_words(answer.seat),
    )


async def _review(campaign: Campaign, letter: Letter) -> Response[Any]:
    token = tokens.issue("draft", letter.id)
    page = sheet.of(letter)
    return pages.page(
        "letters/review.html",
        campaign=campaign,
        letter=SimpleNamespace(
            subject=letter.subject,
            to_name=letter.representative.named,
            text_html=page.as_html(),
            own_share=letter.own_share,
            token=token,
            pdf_url=f"/letters/{token}.pdf",
            email=letter.email,
            address="\n".join((letter.name, *page.sender)),
        ),
        pdf_on=pdf.available(),
        action_url=f"/campaigns/{campaign.slug}/write",
        consent_wording=writing.consent_words(await seats.of(letter.constituency)),
    )


@post("/letters/{token:str}/send")
async def send_letter(token: FromPath[str]) -> Response[Any]:
    """The last yes, from the writer's own mailbox; pressing again changes nothing."""
    await writing.confirm(tokens.read("letter", token))
    return Redirect(f"/letters/{token}", status_code=303)


router = Router(path="/", route_handlers=[write_page, write, send_letter])
