"""The desk's pages for every text that a template letter has had, and for what changed between them."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from undersigned.dashboards.routes import Asked
from undersigned.editing import differences, revising, samples, trying
from undersigned.editing.routes import letter_page, pdf_of
from undersigned.kit import pdf
from undersigned.kit.forms import Form, Mistakes, typed
from undersigned.letters import versions
from undersigned.staff.routes import only_staff


@get("/templates/{name:str}/versions")
async def versions_page(request: Asked, name: FromPath[str]) -> Response[str]:
    """Every text that one letter has had, the newest first."""
    return await letter_page(request, "template_versions", name, history=await versions.history(name))


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
    shown, errors = await trying.on(name, values)
    form = Form(values, {"form": error} if error else {})
    people = trying.people(name, values)
    about = {"version": version, "preview": shown, "mistake": " ".join(errors.values())}
    status = 422 if error else 200
    return await letter_page(
        request, "template_version", name, status, form=form, people=people, pdf_on=pdf.available(), **about
    )


@get("/templates/{name:str}/versions/{key:str}/paper")
async def version_paper_page(
    request: Asked, name: FromPath[str], key: FromPath[str], person: FromQuery[str] = samples.OWN
) -> Response[bytes]:
    """One text of a letter as a PDF for somebody who does not exist."""
    version = await versions.find(name, key)
    return await pdf_of(await samples.preview(name, version.source, version.sample, person))


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
    return await letter_page(request, "template_differences", name, before=before, after=after, changes=changes)


router = Router(
    "/staff",
    route_handlers=[versions_page, version_page, restore, version_paper_page, differences_page],
    before_request=only_staff,
)
