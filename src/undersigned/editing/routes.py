"""The desk's pages for template letters: what they say, what comes of it, and who uses them."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from undersigned.dashboards.routes import Asked, desk_page
from undersigned.editing import checking, differences, listing, revising, samples, settling, trying
from undersigned.editing.checking import Draft
from undersigned.editing.forms import NewForm
from undersigned.kit import pages, pdf
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form, Mistakes, read, typed, verbatim
from undersigned.letters import merging, versions
from undersigned.letters.tables import LetterVersion
from undersigned.staff.routes import only_staff


@get("/templates")
async def templates_page(request: Asked) -> Response[str]:
    """Every template letter, shipped or our own."""
    taken = request.query_params.get("taken", "")
    listed = await listing.everything()
    return await desk_page(request, "templates", listed=listed, origins=listing.ORIGINS, taken=taken)


@get("/templates/new", may="edit letters")
async def new_page(request: Asked, copy: FromQuery[str] = "") -> Response[str]:
    """Begin a letter, from nothing or as a copy."""
    return await _new(request, Form({"copy_of": copy}))


@post("/templates/new", may="edit letters")
async def begin(request: Asked) -> Response[Any]:
    """Begin a letter, and go on to its text."""
    values = await typed(request)
    try:
        form = read(NewForm, values)
        version = await revising.begin(form.name, form.title, form.copy_of, request.user.id)
    except Mistakes as mistakes:
        errors = {field: said for field, said in mistakes.form.errors.items() if field in {"title", "name"}}
        errors = errors or {"copy_of": " ".join(mistakes.form.errors.values())}
        return await _new(request, Form(values, errors), 422)
    except (Refused, Missing) as refusal:
        field = "name" if isinstance(refusal, revising.NameTaken) else "copy_of"
        return await _new(request, Form(values, {field: str(refusal)}), 422)
    return Redirect(f"/staff/templates/{version.name}", status_code=303)


async def _new(request: Asked, form: Form, status: int = 200) -> Response[str]:
    return await desk_page(request, "template_new", status, form=form, listed=await listing.everything())


@get("/templates/{name:str}", may="edit letters")
async def edit_page(request: Asked, name: FromPath[str], person: FromQuery[str] = samples.OWN) -> Response[str]:
    """The text of a letter, with the letter that comes of it beside it."""
    now = await versions.current(name)
    values = {"source": now.source, "sample": now.sample, "base": versions.mark(now), "person": person}
    return await _edit(request, name, Form(values))


@post("/templates/{name:str}", may="edit letters")
async def edit(request: Asked, name: FromPath[str]) -> Response[Any]:
    """Save the text, or only show what comes of it."""
    values, draft = await _typed_draft(request)
    try:
        if values.get("act") != "save":
            await checking.check(name, draft)
            return await _edit(request, name, Form(values))
        await revising.save(name, draft, values.get("base", ""), request.user.id)
    except Mistakes as mistakes:
        return await _edit(request, name, Form(values, mistakes.form.errors), 422)
    except revising.Overtaken as overtaken:
        return await _edit(request, name, Form(values, {"source": str(overtaken)}), 409, overtaken.theirs)
    return Redirect(f"/staff/templates/{name}?saved=1", status_code=303)


async def _typed_draft(request: Asked) -> tuple[dict[str, str], Draft]:
    values = {"source": "", "sample": "", "note": "", "base": ""} | await verbatim(request)
    return values, Draft(values["source"], values["sample"], values["note"].strip())


async def _edit(
    request: Asked, name: str, form: Form, status: int = 200, theirs: LetterVersion | None = None
) -> Response[str]:
    """The editor; ``theirs`` is what somebody else has saved meanwhile, over which the next press would save."""
    values, lines = form.values, []
    if theirs:
        values["base"] = versions.mark(theirs)
        lines = differences.between(theirs.source, values["source"])
        lines += differences.between(theirs.sample, values["sample"])
    shown, shown_errors = await trying.on(name, values)
    return await letter_page(
        request,
        "template_edit",
        name,
        status,
        form=Form(values, form.errors or shown_errors),
        at_fault=trying.at_fault(values["source"], (form.errors or shown_errors).get("source", "")),
        preview=shown,
        people=trying.people(name, values),
        fields=sorted(merging.FIELDS),
        theirs=theirs,
        yours_differs=lines,
        limits=checking,
        saved="saved" in request.query_params,
        pdf_on=pdf.available(),
    )


@post("/templates/{name:str}/preview", may="edit letters")
async def preview(request: Asked, name: FromPath[str]) -> Response[Any]:
    """What comes of the text that is being typed: a piece of the page, or the mistakes as JSON."""
    await versions.current(name)
    values, _ = await _typed_draft(request)
    shown, errors = await trying.on(name, values)
    if shown is None:
        return Response({"errors": errors}, status_code=422, headers=pages.PRIVATE)
    return pages.page("staff/template_preview.html", preview=shown)


@post("/templates/{name:str}/paper", may="edit letters")
async def paper(request: Asked, name: FromPath[str]) -> Response[Any]:
    """The text that is being typed as a PDF for the person who was chosen."""
    await versions.current(name)
    values, _ = await _typed_draft(request)
    shown, errors = await trying.on(name, values)
    if shown is None:
        return await _edit(request, name, Form(values, errors), 422)
    return await pdf_of(shown)


async def pdf_of(shown: samples.Preview) -> Response[bytes]:
    return Response(
        await shown.sheet.as_pdf(), media_type="application/pdf", headers=pages.PRIVATE, status_code=200
    )


@get("/templates/{name:str}/settings", may="edit letters")
async def settings_page(request: Asked, name: FromPath[str]) -> Response[str]:
    """What a letter is called, who uses it, and whether it is put away."""
    return await _settings(request, name, Form())


@post("/templates/{name:str}/settings", may="edit letters")
async def settle(request: Asked, name: FromPath[str]) -> Response[Any]:
    """One change, by the ``act`` of the form that was sent."""
    values = await typed(request)
    try:
        await settling.settle(name, values, request.user.id)
    except Mistakes as mistakes:
        errors = {("title" if field == "source" else field): said for field, said in mistakes.form.errors.items()}
        return await _settings(request, name, Form(values, errors), 422)
    except (Refused, Missing) as refusal:
        field = {"title": "title", "choose": "campaign"}.get(values.get("act", ""), "form")
        return await _settings(request, name, Form(values, {field: str(refusal)}), 422)
    return Redirect(f"/staff/templates/{name}/settings?done={values['act']}", status_code=303)


async def _settings(request: Asked, name: str, form: Form, status: int = 200) -> Response[str]:
    letter = await listing.one(name)
    shown = form if form.values.get("title") else Form({**form.values, "title": letter.title}, form.errors)
    campaigns = await listing.campaigns_to_choose(name)
    done = request.query_params.get("done", "")
    return await letter_page(
        request, "template_settings", name, status, form=shown, campaigns=campaigns, done=done
    )


async def letter_page(request: Asked, page: str, name: str, status: int = 200, **context: Any) -> Response[str]:
    """A page about one letter."""
    about = {"letter": await listing.one(name), "origins": listing.ORIGINS, "key": versions.mark}
    return await desk_page(request, page, status, **about, **context)


router = Router(
    "/staff",
    route_handlers=[templates_page, new_page, begin, edit_page, edit, preview, paper, settings_page, settle],
    before_request=only_staff,
)
