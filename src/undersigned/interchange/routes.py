"""The desk's pages that bring letters in from a zip of their folders, and take them out as one."""

import base64
from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.dashboards.routes import Asked, desk_page
from undersigned.editing import revising
from undersigned.interchange import exporting, folders, importing
from undersigned.kit import pages
from undersigned.kit.errors import Refused
from undersigned.kit.forms import Form, Mistakes, uploaded, verbatim
from undersigned.staff.routes import only_staff


@get("/templates/import", may="edit letters")
async def import_page(request: Asked) -> Response[str]:
    """Bring letters in from a zip of their folders."""
    return await _import(request, Form())


@post("/templates/import", may="edit letters")
async def bring_in(request: Asked) -> Response[Any]:
    """Show what the letters of a zip would change; or take those that were ticked, when they have been shown."""
    values = await verbatim(request)
    try:
        packed = _carried(values["bundle"]) if "bundle" in values else await uploaded(request, "file")
        if not packed:
            raise folders.BadFolder("Choose the zip that you want to bring in.")
        coming = await importing.look(folders.unpack(packed))
        if "bundle" not in values:
            return await _import(request, Form(), coming, packed)
        taken = [one for one in coming if f"take-{one.name}" in values]
        if not taken:
            return await _import(request, Form(errors={"form": "Tick the letters to take."}), coming, packed, 422)
        left = [said for one in taken if (said := await _take(one, values[f"take-{one.name}"], request.user.id))]
    except Refused as refusal:
        return await _import(request, Form(errors={"file": str(refusal)}), status=422)
    if left:
        said = f"{len(taken) - len(left)} of {len(taken)} were taken. {' '.join(left)}"
        return await _import(request, Form(errors={"file": said}), status=422)
    return Redirect(f"/staff/templates?taken={len(taken)}", status_code=303)


async def _take(one: importing.Coming, base: str, staff_id: int) -> str:
    """Take one letter, and say why not when that failed."""
    try:
        await importing.take(one, base, staff_id)
    except Mistakes as mistakes:
        return f"{one.name}: {' '.join(mistakes.form.errors.values())}"
    except revising.Overtaken:
        return f"{one.name}: somebody has saved another text since this was shown. Choose the zip again to see it."
    except Refused as refusal:
        return f"{one.name}: {refusal}"
    return ""


def _carried(bundle: str) -> bytes:
    """The zip as the page carried it; whoever changed it there has it read and checked again like any other."""
    try:
        return base64.urlsafe_b64decode(bundle)
    except ValueError as error:
        raise folders.BadFolder("The zip was lost on the way. Choose it again.") from error


async def _import(
    request: Asked,
    form: Form,
    coming: list[importing.Coming] | None = None,
    packed: bytes = b"",
    status: int = 200,
) -> Response[str]:
    bundle = base64.urlsafe_b64encode(packed).decode()
    return await desk_page(
        request,
        "template_import",
        status,
        form=form,
        coming=coming or [],
        bundle=bundle,
        most=folders.LARGEST,
        states=importing.WORDS,
    )


@get("/templates/export")
async def export_all_page(request: Asked) -> Response[bytes]:
    """Every letter as it is now, as a zip of their folders; that it was taken is written in the audit."""
    return await _zip(request, exporting.ALL)


@get("/templates/{name:str}/export")
async def export_page(request: Asked, name: FromPath[str]) -> Response[bytes]:
    """One letter as it is now, as a zip of its folder; that it was taken is written in the audit."""
    return await _zip(request, name)


async def _zip(request: Asked, name: str) -> Response[bytes]:
    packed = await exporting.pack(name, request.user.id)
    headers = pages.PRIVATE | {"content-disposition": f'attachment; filename="letters-{name}.zip"'}
    return Response(packed, media_type="application/zip", headers=headers)


router = Router(
    "/staff",
    route_handlers=[import_page, bring_in, export_all_page, export_page],
    before_request=only_staff,
)
