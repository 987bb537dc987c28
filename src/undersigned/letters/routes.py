"""Writing to one's MP: where one lives, one's own words, once more through, and off."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.kit import forms, limits, pages, tokens
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form
from undersigned.letters import (
    asking,
    carrying,
    choosing,
    confirming,
    elsewhere,
    proving,
    showing,
    so_far,
    states,
    versions,
    writing,
)
from undersigned.letters.asking import Question
from undersigned.letters.elsewhere import ChangedElsewhere, OpenPage
from undersigned.letters.forms import PostcodeForm, WriteForm, gathered, unfinished
from undersigned.letters.tables import Letter
from undersigned.letters.writing import Held
from undersigned.representatives.seats import Seat

Typed = dict[str, str]


@get("/campaigns/{slug:str}/write")
async def write_page(slug: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """The first sheet, a draft to go on with, or the letter to read once more."""
    campaign, asked = await _campaign(slug), request.query_params
    if token := asked.get("sent") or asked.get("review") or asked.get("letter"):
        letter = await _letter(campaign, token)
        if letter is None or letter.state not in writing.UNCONFIRMED:
            return _closed(campaign, letter)
        if "sent" in asked and letter.state == "waiting":
            return pages.page("letters/check_inbox.html", campaign=campaign, letter=letter, token=token)
        if "review" in asked and letter.parts:
            return pages.page("letters/review.html", **await showing.review(campaign, letter))
        return await _sheets(campaign, carrying.from_draft(letter), saved=asked.get("saved", ""), half_done=True)
    if "from" in asked:
        return await _from_signature(campaign, asked["from"])
    return _where(campaign, Form())


@post("/campaigns/{slug:str}/write")
async def write(slug: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Take whichever sheet was filled in, and show the next; ``press`` names a smaller button on it."""
    typed = await forms.typed(request)
    autosaved = typed.get("stage") == "keep"
    what, per_hour = _PACES.get(typed.get("stage", ""), ("write", 600))
    await limits.check_crowd(what, request, size=60, per_hour=per_hour)
    campaign = await _campaign(slug)
    take = _PRESSES.get(typed.get("press", "").partition(":")[0]) or _STAGES.get(
        typed.get("stage", "postcode"), _take_postcode
    )
    try:
        return await take(campaign, typed)
    except writing.NoLongerADraft:
        if autosaved:
            raise
        return pages.page("letters/closed.html", campaign=campaign, what="on its way")
    except ChangedElsewhere as changed:
        return await _both(campaign, typed, changed.letter, autosaved)
    except forms.Mistakes as mistakes:
        form = Form(typed, mistakes.form.errors)
        if "constituency" in form.errors:
            return await _choose_another(campaign, form)
        if typed.get("stage") in {"write", "choose"}:
            return await _sheets(campaign, form, status=422)
        return _where(campaign, form, status=422)


async def _begin(campaign: Campaign, typed: Typed) -> Response[Any]:
    """From the page that counted a signature, or took a letter, with what its writer has told us already."""
    token, proof = typed.get("from", ""), typed.get("proof", "")
    if token:
        return await _from_signature(campaign, token, proof)
    form = await carrying.from_letter(proof)
    form = Form(form.values | {"proof": proof})
    return await _sheets(campaign, form) if form.values.get("postcode") else _where(campaign, form)


async def _from_signature(campaign: Campaign, token: str, proof: str = "") -> Response[Any]:
    """The letter that was begun from this signature, or the sheets with what the signer has told us."""
    begun = await carrying.begun(campaign, token)
    form = begun or await carrying.from_signature(token)
    form = Form(form.values | ({"proof": proof} if proof else {}))
    if not form.values.get("postcode") and not begun:
        return _where(campaign, form)
    return await _sheets(campaign, form, half_done=begun is not None)


async def _take_postcode(campaign: Campaign, typed: Typed) -> Response[Any]:
    forms.read(PostcodeForm, typed)
    return await _sheets(campaign, Form(typed))


async def _take_choice(campaign: Campaign, typed: Typed) -> Response[Any]:
    if not typed.get("constituency"):
        raise forms.Mistakes(Form(errors={"constituency": "Choose the constituency you live in."}))
    return await _take_postcode(campaign, typed)


async def _other(campaign: Campaign, typed: Typed) -> Response[Any]:
    return await _choose_another(campaign, Form(typed))


async def _choose_another(campaign: Campaign, form: Form) -> Response[Any]:
    """Only those that can be taken after: who finds theirs not among them has a postcode to put right."""
    try:
        asked = choosing.asked_again if form.errors else choosing.others
        candidates = await asked(form.values.get("postcode", ""))
    except Refused as refusal:
        return _where(campaign, Form(form.values, {"postcode": str(refusal)}), status=422)
    return _choose(campaign, form, candidates, 422 if form.errors else 200)


async def _take_letter(campaign: Campaign, typed: Typed) -> Response[Any]:
    form = forms.read(WriteForm, gathered(typed, (await versions.load(campaign.letter))))
    seat = await choosing.seat_for(form.postcode, form.constituency)
    asking.refuse(form, seat)
    asks = await asking.questions(form, seat)
    if asks:
        return await _sheets(campaign, Form(typed), asks=asks)
    letter = await writing.draft(campaign, form, seat, _held_by(typed))
    if proof := typed.get("proof", ""):
        return await _review(campaign, letter.id, proof)
    return _to(campaign, "review", letter)


async def _review(campaign: Campaign, letter_id: int, proof: str) -> Response[Any]:
    """The letter to read once more, with a proof that goes from form to form and into no address."""
    letter = await Letter.whole(letter_id)
    assert letter is not None
    if not await proving.proves(proof, letter):
        return _to(campaign, "review", letter)
    return pages.page("letters/review.html", **await showing.review(campaign, letter, proof))


async def _edit(campaign: Campaign, typed: Typed) -> Response[Any]:
    """Back to the sheets with everything on them, the proof too."""
    letter = await _letter(campaign, typed.get("token", ""))
    if letter is None or letter.state not in writing.UNCONFIRMED:
        return _closed(campaign, letter)
    form = carrying.from_draft(letter)
    return await _sheets(campaign, Form(form.values | {"proof": typed.get("proof", "")}), half_done=True)


async def _arrange(campaign: Campaign, typed: Typed) -> Response[Any]:
    """A block up or down, or its own words back: the same sheets with everything on them."""
    names = [block.name for block in (await versions.load(campaign.letter)).blocks]
    return await _sheets(campaign, Form(showing.pressed(typed, names)), half_done=True)


async def _look(campaign: Campaign, typed: Typed) -> Response[Any]:
    """The letter alone, for a page that shows it while it is being typed. Nothing is kept."""
    seat = (await choosing.half_done_seat(typed)).seat
    if not seat.can_be_written_to:
        raise writing.NobodyToWriteTo("There is nobody to write to for this postcode at the moment.")
    return pages.page("letters/so_far.html", so_far=await so_far.of(campaign, Form(typed), seat))


async def _keep(campaign: Campaign, typed: Typed) -> Letter:
    form = unfinished(gathered(typed, (await versions.load(campaign.letter))))
    seat = (await choosing.half_done_seat(typed)).seat
    return await writing.keep(campaign, form, seat, _held_by(typed))


async def _autosave(campaign: Campaign, typed: Typed) -> Response[Any]:
    letter = await _keep(campaign, typed)
    saved = {
        "letter": carrying.token(letter.id),
        "version": elsewhere.version(letter),
        "own_share": letter.own_share,
        "at": pages.clock_time(datetime.now(UTC)),
    }
    return Response(saved, headers=pages.PRIVATE)


async def _both(campaign: Campaign, typed: Typed, letter: Letter, autosaved: bool) -> Response[Any]:
    """The sheets as they were typed here, and what was saved elsewhere; the next press decides."""
    if autosaved:
        return Response({"changed": "elsewhere"}, status_code=409, headers=pages.PRIVATE)
    chosen = await versions.load(campaign.letter)
    other = elsewhere.differences(letter, gathered(typed, chosen), chosen)
    now = {"letter": carrying.token(letter.id), "version": elsewhere.version(letter)}
    return await _sheets(campaign, Form(typed | now), 409, half_done=True, other=other)


async def _save(campaign: Campaign, typed: Typed) -> Response[Any]:
    """Going on later: the link is this page's address, and goes to the writer's mailbox when we have one."""
    letter = await _keep(campaign, typed)
    mailed = await _may_mail(letter)
    if mailed:
        await confirming.mail_the_link(letter)
    return _to(campaign, "letter", letter, "&saved=mailed" if mailed else "&saved=here")


async def _may_mail(letter: Letter) -> bool:
    """Whether the link of a draft goes to its mailbox: never into the MP's, and not without end."""
    whole = await Letter.whole(letter.id)
    if whole is None or not whole.email_key or asking.is_readers_own(whole.email, whole.representative):
        return False
    return await limits.may("draft-mail", whole.email_key, size=3, per_hour=3)


async def _throw_away(campaign: Campaign, typed: Typed) -> Response[Any]:
    held = _held_by(typed)
    if held.letter_id is not None:
        await writing.throw_away(campaign, held.letter_id)
    return pages.page("letters/closed.html", campaign=campaign, what="thrown away")


async def _send(campaign: Campaign, typed: Typed) -> Response[Any]:
    letter = await _letter(campaign, typed.get("token", ""))
    if letter is None or letter.state not in writing.UNCONFIRMED:
        return _closed(campaign, letter)
    proof = typed.get("proof", "")
    letter = await confirming.send(letter.id, proof)
    if letter.state == "draft":
        return _to(campaign, "letter", letter)
    if letter.state == "waiting":
        return _to(campaign, "sent", letter)
    return await _off(letter.id, proof)


async def _off(letter_id: int, proof: str) -> Response[Any]:
    """Where the letter is; first what else could be written, while its writer's mailbox is known.

    That page is the answer to the press itself and has no address, so that its proof cannot be passed on.
    """
    page_url = f"/letters/{tokens.issue('letter', letter_id)}"
    letter = await Letter.whole(letter_id)
    more = await proving.more_to_write(letter) if letter is not None else []
    if letter is None or not more:
        return Redirect(page_url, status_code=303)
    return pages.page(
        "letters/off.html",
        campaign=letter.campaign,
        mp_name=letter.representative.named,
        held=letter.reason if letter.state == "held" else "",
        page_url=page_url,
        more=more,
        proof=proof,
    )


_STAGES = {
    "begin": _begin,
    "postcode": _take_postcode,
    "other": _other,
    "choose": _take_choice,
    "write": _take_letter,
    "keep": _autosave,
    "look": _look,
    "send": _send,
}
_PRESSES = {
    "edit": _edit,
    "other": _other,
    "up": _arrange,
    "down": _arrange,
    "restore": _arrange,
    "look": _arrange,
    "save": _save,
    "throw-away": _throw_away,
}


_PACES = {"keep": ("keep", 600), "look": ("look", 2400)}
"""What a page does by itself has a measure of its own, so that it never stops its writer."""


def _held_by(typed: Typed) -> Held:
    """The letter that a form goes on with, by the tokens in it."""
    by_itself = typed.get("stage") == "keep" and not typed.get("press")
    letter_id, signature_id = (
        carrying.draft_id(typed.get("letter", "")),
        carrying.signature_id(typed.get("from", "")),
    )
    return Held(letter_id, signature_id, by_itself, OpenPage.of(typed))


def _to(campaign: Campaign, page: str, letter: Letter, more: str = "") -> Redirect:
    return Redirect(f"/campaigns/{campaign.slug}/write?{page}={carrying.token(letter.id)}{more}", status_code=303)


async def _campaign(slug: str) -> Campaign:
    campaign = await finding.by_slug(slug)
    if not campaign.has_letter or campaign.state != "open":
        raise finding.CampaignMissing("This campaign has no letter to send now.")
    return campaign


async def _letter(campaign: Campaign, token: str) -> Letter | None:
    """The letter behind the writer's link, or None when it has been put away. Raises TokenUnknown."""
    letter = await Letter.whole(tokens.read("draft", token))
    return letter if letter is not None and letter.campaign.id == campaign.id else None


def _closed(campaign: Campaign, letter: Letter | None) -> Response[Any]:
    """Nothing more can be done with a letter here: it is confirmed, or has been put away."""
    if letter is None:
        return pages.page("letters/closed.html", 410, campaign=campaign, what="put away")
    return pages.page("letters/closed.html", campaign=campaign, what=states.once_sent(letter.state, letter.reason))


def _where(campaign: Campaign, form: Form, status: int = 200, seat: Seat | None = None) -> Response[Any]:
    return pages.page(
        "letters/write.html", status, campaign=campaign, stage="postcode", form=form, seat=seat, candidates=[]
    )


def _choose(campaign: Campaign, form: Form, candidates: list[dict[str, Any]], status: int = 200) -> Response[Any]:
    return pages.page(
        "letters/write.html",
        status,
        campaign=campaign,
        stage="choose",
        form=form,
        seat=None,
        candidates=candidates,
    )


async def _sheets(
    campaign: Campaign,
    form: Form,
    status: int = 200,
    asks: list[Question] | None = None,
    saved: str = "",
    half_done: bool = False,
    other: list[tuple[str, str]] | None = None,
) -> Response[Any]:
    """The two sheets for whoever speaks for the postcode; a choice first where there is one to make."""
    try:
        answer = await choosing.for_sheets(form, half_done)
    except Refused as refusal:
        return _where(campaign, Form(form.values, {"postcode": str(refusal)}), status=422)
    if answer.candidates:
        return _choose(campaign, form, answer.candidates, status)
    if not answer.seat.can_be_written_to:
        return _where(campaign, form, status, answer.seat)
    shown = await showing.sheets(campaign, form, answer.seat, asks or [])
    return pages.page("letters/write.html", status, **shown, saved=saved, other=other or [])


@post("/letters/{token:str}/send")
async def send_letter(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """The last yes, from the writer's own mailbox; pressing again changes nothing."""
    letter_id = tokens.read("letter", token)
    try:
        done = await confirming.confirm(letter_id, (await forms.typed(request)).get("read", ""))
    except confirming.LetterExpired:
        letter = await Letter.whole(letter_id)
        if letter is None:
            raise Missing("This letter has been removed.") from None
        return pages.page("letters/closed.html", 422, campaign=letter.campaign, what="put away")
    except confirming.LetterChanged:
        return Redirect(f"/letters/{token}?changed=1", status_code=303)
    if done:
        return await _off(letter_id, proving.by_letter(letter_id))
    return Redirect(f"/letters/{token}", status_code=303)


router = Router(path="/", route_handlers=[write_page, write, send_letter])
