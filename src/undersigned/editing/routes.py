"""The desk's pages for template letters: what they say, what they said before, and who uses them."""

import re
from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from undersigned.dashboards.routes import Asked, desk_page
from undersigned.editing import attaching, checking, differences, listing, revising, samples
from undersigned.editing.checking import Draft
from undersigned.editing.forms import NewForm, TitleForm
from undersigned.kit import pages, pdf
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form, Mistakes, read, typed, verbatim
from undersigned.letters import merging, versions
from undersigned.letters.tables import LetterVersion
from undersigned.staff.routes import only_staff

PRESSED = {"put-away": revising.put_away, "take-out": revising.take_out}
CAMPAIGNS = {"choose": attaching.choose, "drop": attaching.drop}


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
    shown, shown_errors = await _preview(name, values)
    return await _page(
        request,
        "template_edit",
        name,
        status,
        form=Form(values, form.errors or shown_errors),
        at_fault=_at_fault(values["source"], (form.errors or shown_errors).get("source", "")),
        preview=shown,
        people=_people(name, values),
        fields=sorted(merging.FIELDS),
        theirs=theirs,
        yours_differs=lines,
        limits=checking,
        saved="saved" in request.query_params,
        pdf_on=pdf.available(),
    )


async def _preview(name: str, values: dict[str, str]) -> tuple[samples.Preview | None, dict[str, str]]:
    """The letter for the person who was chosen; or what must be put right first, by field."""
    draft = Draft(values["source"], values["sample"])
    try:
        await checking.check(name, draft)
        return await samples.preview(name, draft.source, draft.sample, values.get("person", "")), {}
    except Mistakes as mistakes:
        return None, mistakes.form.errors
    except Refused as refusal:
        return None, {"source": str(refusal)}


def _at_fault(source: str, said: str) -> str:
    """The line that a mistake is in, to be read beside it."""
    line = re.match(r"Line (\d+):", said)
    lines = source.split("\n")
    return lines[int(line[1]) - 1].strip()[:300] if line and int(line[1]) <= len(lines) else ""


def _people(name: str, values: dict[str, str]) -> list[tuple[str, str]]:
    """Whom the letter can be tried on, as a select wants them."""
    try:
        chosen = versions.parsed(LetterVersion(name=name, source=values["source"]))
        known = samples.people(samples.read(values["sample"]), chosen)
    except Refused:
        return [(samples.OWN, "The one of its sample")]
    return [(person.key, person.says) for person in known.values()]


@post("/templates/{name:str}/preview", may="edit letters")
async def preview(request: Asked, name: FromPath[str]) -> Response[Any]:
    """What comes of the text that is being typed: a piece of the page, or the mistakes as JSON."""
    await versions.current(name)
    values, _ = await _typed_draft(request)
    shown, errors = await _preview(name, values)
    if shown is None:
        return Response({"errors": errors}, status_code=422, headers=pages.PRIVATE)
    return pages.page("staff/template_preview.html", preview=shown)


@post("/templates/{name:str}/paper", may="edit letters")
async def paper(request: Asked, name: FromPath[str]) -> Response[Any]:
    """The text that is being typed as a PDF for the person who was chosen."""
    await versions.current(name)
    values, _ = await _typed_draft(request)
    shown, errors = await _preview(name, values)
    if shown is None:
        return await _edit(request, name, Form(values, errors), 422)
    return await _paper(shown)


async def _paper(shown: samples.Preview) -> Response[bytes]:
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
        await _settle(name, values, request.user.id)
    except Mistakes as mistakes:
        errors = {("title" if field == "source" else field): said for field, said in mistakes.form.errors.items()}
        return await _settings(request, name, Form(values, errors), 422)
    except (Refused, Missing) as refusal:
        field = {"title": "title", "choose": "campaign"}.get(values.get("act", ""), "form")
        return await _settings(request, name, Form(values, {field: str(refusal)}), 422)
    return Redirect(f"/staff/templates/{name}/settings?done={values['act']}", status_code=303)


async def _settle(name: str, values: dict[str, str], staff_id: int) -> None:
    """Do what one form asks. Raises Mistakes, Refused or Missing."""
    act = values.get("act", "")
    if act == "title":
        await revising.rename(name, read(TitleForm, values).title, values.get("base", ""), staff_id)
    elif act in CAMPAIGNS:
        await CAMPAIGNS[act](values.get("campaign", ""), name, staff_id)
    elif act in PRESSED:
        await PRESSED[act](name, staff_id)
    else:
        raise Refused("Choose what to change.")


async def _settings(request: Asked, name: str, form: Form, status: int = 200) -> Response[str]:
    letter = await listing.one(name)
    shown = form if form.values.get("title") else Form({**form.values, "title": letter.title}, form.errors)
    campaigns = await listing.campaigns_to_choose(name)
    done = request.query_params.get("done", "")
    return await _page(request, "template_settings", name, status, form=shown, campaigns=campaigns, done=done)


@get("/templates/{name:str}/versions")
async def versions_page(request: Asked, name: FromPath[str]) -> Response[str]:
    """Every text that one letter has had, the newest first."""
    return await _page(request, "template_versions", name, history=await versions.history(name))


@get("/templates/{name:str}/versions/{key:str}")
async def version_page(
    request: Asked, name: FromPath[str], key: FromPath[str], person: FromQuery[str] = samples.OWN
) -> Response[str]:
    """One text of a letter, by its row or by the fingerprint that a sent letter carries."""
    return await _version(request, name, key, person)


@post("/templates/{name:str}/versions/{key:str}", may="edit letters")
async def restore(request: Asked, name: FromPath[str], key: FromPath[str]) -> Response[Any]:
    """Let an old text hold again."""
    try:
        await revising.restore(name, key, (await typed(request)).get("base", ""), request.user.id)
    except Mistakes as mistakes:
        said = " ".join(mistakes.form.errors.values())
        return await _version(request, name, key, error=f"It cannot be brought back as it is. {said}")
    except revising.Overtaken as overtaken:
        return await _version(request, name, key, error=str(overtaken).partition(". ")[0] + ". Look at it first.")
    return Redirect(f"/staff/templates/{name}/versions", status_code=303)


async def _version(
    request: Asked, name: str, key: str, person: str = samples.OWN, error: str = ""
) -> Response[str]:
    version = await versions.find(name, key)
    values = {"source": version.source, "sample": version.sample, "person": person}
    shown, errors = await _preview(name, values)
    form = Form(values, {"form": error} if error else {})
    people = _people(name, values)
    about = {"version": version, "preview": shown, "mistake": " ".join(errors.values())}
    status = 422 if error else 200
    return await _page(
        request, "template_version", name, status, form=form, people=people, pdf_on=pdf.available(), **about
    )


@get("/templates/{name:str}/versions/{key:str}/paper")
async def version_paper_page(
    request: Asked, name: FromPath[str], key: FromPath[str], person: FromQuery[str] = samples.OWN
) -> Response[bytes]:
    """One text of a letter as a PDF for somebody who does not exist."""
    version = await versions.find(name, key)
    return await _paper(await samples.preview(name, version.source, version.sample, person))


@get("/templates/{name:str}/differences")
async def differences_page(
    request: Asked, name: FromPath[str], old: FromQuery[str] = "", new: FromQuery[str] = ""
) -> Response[str]:
    """What changed from one text to another; without ``?new=`` to the one that holds now."""
    before = await versions.find(name, old)
    after = await versions.find(name, new) if new else await versions.current(name)
    changes = [
        ("The letter", differences.between(before.source, after.source)),
        ("The sample", differences.between(before.sample, after.sample)),
    ]
    return await _page(request, "template_differences", name, before=before, after=after, changes=changes)


async def _page(request: Asked, page: str, name: str, status: int = 200, **context: Any) -> Response[str]:
    """A page about one letter."""
    about = {"letter": await listing.one(name), "origins": listing.ORIGINS, "key": versions.mark}
    return await desk_page(request, page, status, **about, **context)


router = Router(
    "/staff",
    route_handlers=[
        templates_page,
        new_page,
        begin,
        edit_page,
        edit,
        preview,
        paper,
        settings_page,
        settle,
        versions_page,
        version_page,
        restore,
        version_paper_page,
        differences_page,
    ],
    before_request=only_staff,
)
