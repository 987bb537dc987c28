"""What people decide by a link: whether words written to them may be shown, and whether an MP makes a pledge."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.kit import forms, limits, pages, tokens
from undersigned.kit.forms import Form
from undersigned.letters.tables import Letter
from undersigned.settings import settings
from undersigned.stances import inviting, quoting

Asked = Request[Any, Any, Any]


@get("/quotations/{token:str}")
async def quotation_page(token: FromPath[str], request: Asked) -> Response[Any]:
    """The words, what would be shown with them, and two buttons; looking at it notes nothing."""
    return await _quotation(token, Form(), "saved" in request.query_params)


@post("/quotations/{token:str}")
async def quotation(token: FromPath[str], request: Asked) -> Response[Any]:
    """Note yes or no; whoever changes their mind presses the other."""
    await limits.check_crowd("quotations", request, size=60, per_hour=600)
    values = await forms.typed(request)
    try:
        await quoting.answer(token, values.get("answer", ""))
    except quoting.NotToBeQuoted as refusal:
        return await _quotation(token, Form(values, {"answer": str(refusal)}), status=422)
    return Redirect(f"/quotations/{token}?saved=1", status_code=303)


async def _quotation(token: str, form: Form, saved: bool = False, status: int = 200) -> Response[Any]:
    asked = await quoting.asked(token)
    letter = await Letter.whole(asked.letter)
    assert letter is not None
    return pages.page(
        "stances/quotation.html",
        status,
        campaign=letter.campaign,
        mp_name=letter.representative.named,
        words=asked.words,
        said=asked.answer,
        saved=saved,
        form=form,
        answers=quoting.ANSWERS,
        wording=quoting.TO_BE_SHOWN,
        action_url=f"/quotations/{token}",
        letter_url=f"/letters/{tokens.issue('letter', letter.id)}",
    )


@get("/pledges/{token:str}")
async def pledge_page(token: FromPath[str]) -> Response[Any]:
    """The pledge as its page words it, and two buttons; looking at it notes nothing."""
    return await _pledge(token, Form())


@post("/pledges/{token:str}")
async def pledge(token: FromPath[str], request: Asked) -> Response[Any]:
    """Note that the representative makes the pledge, or will not."""
    await limits.check_crowd("pledges", request, size=60, per_hour=600)
    values = await forms.typed(request)
    try:
        await inviting.answer(token, values.get("answer", ""))
    except inviting.NotInvited as refusal:
        return await _pledge(token, Form(values, {"answer": str(refusal)}), status=422)
    return Redirect(f"/pledges/{token}", status_code=303)


async def _pledge(token: str, form: Form, status: int = 200) -> Response[Any]:
    found = await inviting.invited(token)
    return pages.page(
        "stances/pledge.html",
        status,
        campaign=found.campaign,
        mp_name=found.representative.named,
        said=found.answer,
        answered_at=found.answered_at,
        rehearsal=found.mode != "live",
        form=form,
        answers=inviting.ANSWERS,
        action_url=f"/pledges/{token}",
        campaign_url=f"{settings.base_url}/campaigns/{found.campaign.slug}",
    )


router = Router("/", route_handlers=[quotation_page, quotation, pledge_page, pledge])
