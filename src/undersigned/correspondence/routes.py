"""The desk's pages for letters, for mail that nobody could match with one, and for the delivery switch."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from undersigned.correspondence import following, health, held, owed_mail
from undersigned.dashboards.routes import Asked, RowId, desk_page
from undersigned.delivery import holding, switch
from undersigned.kit import database, pages
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.letters import alike, sheet, states, versions
from undersigned.letters.tables import Letter
from undersigned.responses import attachments, deciding, placing, received, telling
from undersigned.responses.wording import KIND_WORDS
from undersigned.staff import audit
from undersigned.staff.forms import PlaceForm, SwitchForm
from undersigned.staff.routes import only_staff


@get("/letters", may="read letters")
async def letters_page(request: Asked, campaign: FromQuery[str] = "", page: FromQuery[int] = 1) -> Response[str]:
    """Letters of every state, or of the one in ``?state=``."""
    wanted = request.query_params.get("state", "")
    wanted = wanted if wanted in states.AT_THE_DESK else ""
    found = await following.letters(wanted, campaign, min(max(page, 1), 10_000))
    return await desk_page(
        request,
        "letters",
        page=found,
        state=wanted,
        campaign=campaign,
        states=states.AT_THE_DESK,
        explained=states.SENTENCES.get(wanted, ""),
    )


@get("/letters/held", may="read letters")
async def held_letters_page(
    request: Asked, why: FromQuery[str] = "", campaign: FromQuery[str] = "", page: FromQuery[int] = 1
) -> Response[str]:
    """Letters that wait for a person, the longest first; of one kind or campaign when asked."""
    wanted = why if why in held.WHY else held.TO_DECIDE
    return await desk_page(
        request,
        "held_letters",
        page=await held.listed(wanted, campaign, min(max(page, 1), 10_000)),
        why=wanted,
        whys=held.WHY,
        counts=await held.counts(campaign),
        campaign=campaign,
        campaigns=await held.campaigns(),
    )


@get("/letters/{letter_id:int}", may="read letters")
async def letter_page(request: Asked, letter_id: RowId) -> Response[str]:
    """One letter. That somebody read it is written in the audit, for it is another person's opinion."""
    return await _letter(request, await following.letter(letter_id), Form())


async def _letter(request: Asked, letter: Letter, form: Form, status: int = 200) -> Response[str]:
    resembles = await held.resembled(letter)
    async with database.transaction():
        for read_too in (letter, resembles):
            if read_too:
                await audit.record("letter read", f"letter {read_too.id}", staff_id=request.user.id)
    tried = await following.attempts(letter.id)
    responses = await received.of_letter(letter.id)
    written_with, text_now = await versions.behind(letter)
    done = request.query_params.get("done", "")
    words, explained = states.told_at_the_desk(letter.state, letter.reason)
    return await desk_page(
        request,
        "letter",
        status,
        letter=letter,
        form=form,
        done=DONE.get(done, ""),
        longest=await held.longest() if done in DONE else None,
        written_with=written_with,
        text_now=text_now,
        not_yet=following.NOT_YET.get(letter.state),
        sheet=sheet.of(letter),
        for_paper=letter.reason in states.FOR_PAPER,
        may_go_on_paper=letter.channel == "email" and letter.state in {"ready", "held"} and letter.confirmed_at,
        attempts=tried,
        resembles=resembles,
        alike=alike.side_by_side(letter, resembles) if resembles and resembles.parts and letter.parts else None,
        responses=responses,
        timeline=following.timeline(letter, tried, responses, await held.decisions(letter.id)),
        told=await telling.of_letter(letter.id),
        state_words=words,
        explained=explained,
        outcomes=following.OUTCOMES,
    )


DONE = {
    "again": "It is back in the queue, and goes when its turn comes.",
    "posted": "It is noted as posted, and its writer sees it.",
    "give-up": "It was given up. Its writer is told, with the letter to print.",
    "refuse": "It was refused. Its writer reads your reason in an e-mail, with the letter to print.",
    "paper": "It goes on paper now, and is never e-mailed.",
}
"""What a member of staff has just done with a letter."""


@get("/letters/{letter_id:int}/paper", may="read letters")
async def letter_paper_page(request: Asked, letter_id: RowId) -> Response[bytes]:
    """The letter as a PDF, to be printed and posted; that somebody read it is written in the audit."""
    letter = await following.finished(letter_id)
    async with database.transaction():
        await audit.record("letter printed", f"letter {letter_id}", staff_id=request.user.id)
    return Response(await sheet.of(letter).as_pdf(), media_type="application/pdf", headers=pages.PRIVATE)


@get("/letters/{letter_id:int}/files/{file_id:int}", may="read letters")
async def letter_file_page(request: Asked, letter_id: RowId, file_id: RowId) -> Response[bytes]:
    """A file that came back, to be saved, which the audit says. A private answer is its writer’s alone."""
    letter = await following.finished(letter_id)
    file = await attachments.of_letter(letter_id, file_id, observed=letter.reply_to != "me")
    async with database.transaction():
        await audit.record("file read", f"letter {letter_id}", staff_id=request.user.id)
    return Response(file.content, media_type=file.type, headers=pages.PRIVATE | attachments.headers(file))


@post("/letters/{letter_id:int}", may="release letters")
async def decide(request: Asked, letter_id: RowId) -> Response[Any]:
    """Let a held letter go again, say that it was posted, give it up, refuse it, or put one on paper.

    Whoever comes second is shown what the first has decided.
    """
    values = await typed(request)
    act, reason = values.get("act", ""), values.get("reason", "")
    try:
        if act == "paper":
            await holding.put_on_paper(letter_id, request.user.id)
        else:
            await holding.decide(letter_id, act, request.user.id, reason, values.get("seen", ""))
    except Refused as refusal:
        field = "reason" if isinstance(refusal, holding.NoReason) else "form"
        return await _letter(
            request, await following.letter(letter_id), Form({"reason": reason}, {field: str(refusal)}), 422
        )
    return Redirect(f"/staff/letters/{letter_id}?done={act}", status_code=303)


@get("/held", may="read letters")
async def held_page(request: Asked, placed: FromQuery[int] = 0) -> Response[str]:
    """The holding pen: mail that we could not match with a letter."""
    unsure = await deciding.how_many_unsure()
    return await desk_page(request, "held", pen=await placing.pen(), placed=placed, unsure=unsure)


@get("/held/unsure", may="place mail")
async def unsure_page(request: Asked, sorted_one: FromQuery[int] = 0) -> Response[str]:
    """Replies whose kind the machine was not sure of; that somebody read them is in the audit."""
    found = await deciding.unsure()
    if found:
        await audit.record_reading("replies read", f"{len(found)} to be sorted", request.user.id)
    return await desk_page(
        request, "unsure", unsure=found, kind_words=KIND_WORDS, sorted_one=sorted_one, form=Form()
    )


@post("/held/unsure/{response_id:int}", may="place mail")
async def sort(request: Asked, response_id: RowId) -> Response[Any]:
    """Say what one reply is."""
    values = await typed(request)
    await deciding.decide(response_id, values.get("kind", ""), request.user.id)
    return Redirect("/staff/held/unsure?sorted_one=1", status_code=303)


@get("/held/{held_id:int}", may="read letters")
async def held_mail_page(request: Asked, held_id: RowId) -> Response[str]:
    """One held mail with its words, and the letters it may answer; that somebody read it is in the audit."""
    await placing.held(held_id)
    async with database.transaction():
        await audit.record("held mail read", f"held mail {held_id}", staff_id=request.user.id)
    return await _held_mail(request, held_id, Form())


@post("/held/{held_id:int}", may="place mail")
async def place(request: Asked, held_id: RowId) -> Response[Any]:
    """Put one held mail to the letter it answers."""
    values = await typed(request)
    try:
        form = read(PlaceForm, values)
        await placing.place(held_id, form.letter, request.user.id)
    except Mistakes as mistakes:
        return await _held_mail(request, held_id, mistakes.form, 422)
    except (Refused, Missing) as refusal:
        return await _held_mail(request, held_id, Form(values, {"letter": str(refusal)}), 422)
    return Redirect(f"/staff/held?placed={form.letter}", status_code=303)


async def _held_mail(request: Asked, held_id: int, form: Form, status: int = 200) -> Response[str]:
    mail = await placing.held(held_id)
    likely = await following.from_office(mail.from_address)
    return await desk_page(request, "held_mail", status, held=mail, likely=likely, form=form)


@get("/delivery")
async def delivery_page(request: Asked) -> Response[str]:
    return await _delivery(request, Form())


@post("/delivery", may="switch delivery")
async def turn(request: Asked) -> Response[Any]:
    """Turn the delivery switch; live asks for the word."""
    values = await typed(request)
    try:
        form = read(SwitchForm, values)
        await switch.turn(form.mode, form.reason, request.user.id)
    except Mistakes as mistakes:
        return await _delivery(request, mistakes.form, 422)
    except Refused as refusal:
        return await _delivery(request, Form(values, {"mode": str(refusal)}), 422)
    return Redirect("/staff/delivery", status_code=303)


async def _delivery(request: Asked, form: Form, status: int = 200) -> Response[str]:
    return await desk_page(
        request,
        "delivery",
        status,
        form=form,
        letters=await health.of_letters(),
        mails=await health.of_mail(),
        switched=await following.switched(),
        waiting_for_live=await switch.waiting_for_live(),
        owed=await owed_mail.by_kind(),
    )


router = Router(
    "/staff",
    route_handlers=[
        letters_page,
        held_letters_page,
        letter_page,
        letter_paper_page,
        letter_file_page,
        decide,
        held_page,
        unsure_page,
        sort,
        held_mail_page,
        place,
        delivery_page,
        turn,
    ],
    before_request=only_staff,
)
