"""The page behind a letter's own link, and the buttons on it."""

from types import SimpleNamespace
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.delivery import recalling, sending
from undersigned.kit import forms, limits, pages, pdf, tokens
from undersigned.kit.errors import Missing
from undersigned.kit.forms import Form
from undersigned.letters import carrying, confirming, sheet, states, writing
from undersigned.letters.tables import Letter
from undersigned.representatives import seats
from undersigned.responses import chasing, received, telling
from undersigned.tracking import journey

NO_TEXT = {
    True: "This letter is not finished yet, so there is nothing to print.",
    False: "The text of this letter was deleted, as we promised, 28 days after it was sent.",
}


@get("/letters/{token:str}")
async def letter_page(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Where is my letter? Until it is confirmed, the button that sends it; with ``.pdf``, the letter itself."""
    if token.endswith(".pdf"):
        await limits.check_crowd("paper", request, size=60, per_hour=600)
        return await _letter_pdf(token.removesuffix(".pdf"))
    letter = await _letter(tokens.read("letter", token))
    if letter.state == "draft":
        review = tokens.issue("draft", letter.id)
        return Redirect(f"/campaigns/{letter.campaign.slug}/write?review={review}", status_code=303)
    if letter.state == "waiting":
        return _last_yes(letter, token, "changed" in request.query_params)
    words, explained = states.told(letter.state, letter.reason)
    return pages.page(
        "letters/letter.html",
        campaign=letter.campaign,
        theme=letter.campaign.theme,
        letter=SimpleNamespace(
            subject=letter.subject,
            state=letter.state,
            state_words=words,
            explained=explained,
            reason=letter.reason,
            mp_name=letter.representative.named,
            address=sheet.of(letter).recipient[1:],
            by_post=letter.channel == "post",
            for_paper=states.wants_paper(letter),
            instead=letter.reason == states.INSTEAD,
            constituency=(await seats.of(letter.constituency)).constituency,
            text_html=sheet.of(letter).as_html() if letter.parts else None,
        ),
        timeline=await journey.of(letter),
        responses=await received.of_letter(letter.id),
        told=await telling.of_letter(letter.id),
        page_url=f"/letters/{token}",
        pdf_url=f"/letters/{token}.pdf" if pdf.available() else None,
        rehearsal=await journey.was_rehearsed(letter),
        **await _what_can_be_done(letter, token),
    )


async def _what_can_be_done(letter: Letter, token: str) -> dict[str, Any]:
    """The addresses of the buttons that stand on the page now, and of the letters that belong to it."""
    here = f"/letters/{token}"
    follow_up = await chasing.chased_by(letter.id)
    return {
        "take_back_url": f"{here}/take-back" if await recalling.may_take_back(letter) else "",
        "new_mp": await recalling.new_reader(letter),
        "again_url": f"{here}/again",
        "waits_for_seat": letter.state == "held" and bool(await sending.nobody_to_read(letter)),
        "chase_url": "" if await chasing.why_not(letter) else f"{here}/chase",
        "follow_up_url": f"/letters/{tokens.issue('letter', follow_up)}" if follow_up else "",
        "followed_url": f"/letters/{tokens.issue('letter', letter.follows)}" if letter.follows else "",
    }


def _last_yes(letter: Letter, token: str, changed: bool) -> Response[Any]:
    """The whole letter and the button that sends it, while there is time for it."""
    if confirming.is_expired(letter):
        return pages.page("letters/closed.html", 410, campaign=letter.campaign, what="put away")
    page = sheet.of(letter)
    return pages.page(
        "letters/confirm.html",
        campaign=letter.campaign,
        name=letter.name,
        mp_name=letter.representative.named,
        text_html=page.as_html(),
        sender="\n".join((letter.name, *page.sender)),
        action_url=f"/letters/{token}/send",
        edit_url=confirming.edit_url(letter),
        version=confirming.version(letter),
        changed=changed,
    )


async def _letter_pdf(token: str) -> Response[Any]:
    """The letter on paper, for its writer; a draft's too, so that what is reviewed is what is sent."""
    try:
        letter_id, is_draft = tokens.read("letter", token), False
    except tokens.TokenUnknown:
        letter_id, is_draft = tokens.read("draft", token), True
    letter = await _letter(letter_id)
    if is_draft and letter.state not in writing.UNCONFIRMED:
        raise Missing("This letter is on its way. The link in our e-mail shows it.")
    if not await limits.may("paper-of", str(letter_id), size=20, per_hour=60):
        raise limits.TooManyTries("This letter was printed many times just now. Try again in a few minutes.")
    if not letter.parts:
        raise Missing(NO_TEXT[letter.state == "draft"])
    content = await sheet.of(letter).as_pdf()
    headers = {**pages.PRIVATE, "content-disposition": 'inline; filename="letter.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


async def _letter(letter_id: int) -> Letter:
    letter = await Letter.whole(letter_id)
    if letter is None:
        raise Missing("This letter is no longer here. We delete what is not sent within seven days.")
    return letter


@post("/letters/{token:str}/take-back")
async def take_back(token: FromPath[str]) -> Response[Any]:
    """Its writer does not want it sent after all; pressing twice does no harm."""
    await recalling.take_back(tokens.read("letter", token))
    return Redirect(f"/letters/{token}", status_code=303)


@post("/letters/{token:str}/again")
async def begin_again(token: FromPath[str]) -> Response[Any]:
    """The same letter for whoever sits there now: its writer reads it over first."""
    letter = await _letter(tokens.read("letter", token))
    await recalling.begin_again(letter)
    return Redirect(f"/campaigns/{letter.campaign.slug}/write?letter={carrying.token(letter.id)}", status_code=303)


@get("/letters/{token:str}/chase")
async def chase_page(token: FromPath[str]) -> Response[Any]:
    """The follow-up as it would be sent, and a field for a few words more."""
    letter = await _letter(tokens.read("letter", token))
    if reason := await chasing.why_not(letter):
        raise chasing.NotToBeChased(reason)
    return _chase(letter, token, Form())


@post("/letters/{token:str}/chase")
async def chase(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Show it once more with what was typed, or send it."""
    letter, typed = await _letter(tokens.read("letter", token)), await forms.typed(request)
    words = typed.get("words", "")
    try:
        if typed.get("press") != "send":
            return _chase(letter, token, Form({"words": words}))
        follow_up = await chasing.chase(letter, words)
    except chasing.TooManyWords as mistake:
        return _chase(letter, token, Form({"words": words}, {"words": str(mistake)}), 422)
    return Redirect(f"/letters/{tokens.issue('letter', follow_up)}", status_code=303)


def _chase(letter: Letter, token: str, form: Form, status: int = 200) -> Response[Any]:
    try:
        follow_up = chasing.drafted(letter, form.values.get("words", ""))
    except chasing.TooManyWords as mistake:
        follow_up, status = chasing.drafted(letter, ""), 422
        form = Form(form.values, {"words": str(mistake)})
    follow_up.campaign, follow_up.representative = letter.campaign, letter.representative
    page = sheet.of(follow_up)
    return pages.page(
        "letters/chase.html",
        status,
        campaign=letter.campaign,
        mp_name=letter.representative.named,
        subject=page.subject,
        text_html=page.as_html(),
        form=form,
        most=chasing.LONGEST_WORDS,
        letter_url=f"/letters/{token}",
    )


router = Router(path="/", route_handlers=[letter_page, take_back, begin_again, chase_page, chase])
