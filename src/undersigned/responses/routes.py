"""What came back, for whoever wrote: files to save, “did an answer come?”, and what came another way."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, PathParameter
from litestar.response import Redirect

from undersigned.kit import forms, limits, pages, tokens
from undersigned.kit.forms import Form, Mistakes
from undersigned.responses import attachments, following_up, telling
from undersigned.responses.forms import LONGEST, TellForm

Number = Annotated[int, PathParameter(le=2**63 - 1)]


@get("/letters/{token:str}/files/{file_id:int}")
async def file_page(token: FromPath[str], file_id: Number, request: Request[Any, Any, Any]) -> Response[bytes]:
    """One file that came back, to be saved."""
    letter_id = tokens.read("letter", token)
    await limits.check_crowd("files", request, size=60, per_hour=600)
    file = await attachments.of_letter(letter_id, file_id)
    return Response(file.content, media_type=file.type, headers=pages.PRIVATE | attachments.headers(file))


@get("/letters/{token:str}/follow-up")
async def follow_up_page(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """The question with the answer that was pressed in the e-mail: nothing is noted before its button is."""
    letter_id = tokens.read("letter", token)
    said = await following_up.said_last(letter_id)
    pressed = request.query_params.get("answer", "")
    saved = "saved" in request.query_params
    return await _follow_up(token, letter_id, Form({"answer": pressed or said}), said if saved else "")


@post("/letters/{token:str}/follow-up")
async def follow_up(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Note what was said; saying something else later replaces it."""
    letter_id = tokens.read("letter", token)
    values = await forms.typed(request)
    try:
        await following_up.answer(letter_id, values.get("answer", ""))
    except following_up.NoSuchAnswer as refusal:
        return await _follow_up(token, letter_id, Form(values, {"answer": str(refusal)}), status=422)
    return Redirect(f"/letters/{token}/follow-up?saved=1", status_code=303)


async def _follow_up(token: str, letter_id: int, form: Form, said: str = "", status: int = 200) -> Response[Any]:
    letter = await following_up.letter_that_went(letter_id)
    return pages.page(
        "responses/follow_up.html",
        status,
        campaign=letter.campaign,
        mp_name=letter.representative.named,
        sent_on=letter.sent_at,
        form=form,
        said=said,
        answers=list(following_up.ANSWERS.items()),
        letter_url=f"/letters/{token}",
    )


@get("/letters/{token:str}/tell")
async def tell_page(token: FromPath[str]) -> Response[Any]:
    """A form for an answer that came another way."""
    return await _tell(token, Form())


@post("/letters/{token:str}/tell", request_max_body_size=telling.MOST_BYTES + 1_000_000)
async def tell(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Keep what the writer tells us, or take it back again."""
    letter_id = tokens.read("letter", token)
    await limits.check_crowd("tell", request, size=20, per_hour=60)
    values = await forms.typed(request)
    act, _, told_id = values.get("press", "").partition(":")
    if act and told_id.isdecimal():
        await _take_back(letter_id, act, min(int(told_id), 2**63 - 1))
        return Redirect(f"/letters/{token}#told", status_code=303)
    try:
        await _keep(letter_id, values, await forms.files(request, "files"))
    except Mistakes as mistakes:
        return await _tell(token, Form(values, mistakes.form.errors), 422)
    except telling.NotTaken as refusal:
        return await _tell(token, Form(values, {"files": str(refusal)}), 422)
    return Redirect(f"/letters/{token}#told", status_code=303)


async def _keep(letter_id: int, values: dict[str, str], files: list[tuple[str, bytes]]) -> None:
    form = forms.read(TellForm, values)
    if not form.text and not any(content for _, content in files):
        raise Mistakes(Form(values, {"text": "Paste what it says, or add a photo or a PDF of it."}))
    await telling.tell(letter_id, form, files)


async def _take_back(letter_id: int, act: str, told_id: int) -> None:
    if act == "remove":
        await telling.remove(letter_id, told_id)
    elif act == "hide":
        await telling.stop_showing(letter_id, told_id)


async def _tell(token: str, form: Form, status: int = 200) -> Response[Any]:
    letter = await following_up.letter_that_went(tokens.read("letter", token))
    return pages.page(
        "responses/tell.html",
        status,
        campaign=letter.campaign,
        mp_name=letter.representative.named,
        form=form,
        kinds=list(telling.KINDS.items()),
        ways=list(telling.WAYS.items()),
        consent_wording=telling.TO_BE_SHOWN,
        longest=LONGEST,
        letter_url=f"/letters/{token}",
    )


router = Router(path="/", route_handlers=[file_page, follow_up_page, follow_up, tell_page, tell])
