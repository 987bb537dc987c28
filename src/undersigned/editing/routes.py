"""The desk's pages for template letters: what they say, and what they said before."""

from typing import Any

from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery

from undersigned.dashboards.routes import Asked, desk_page
from undersigned.editing import listing
from undersigned.letters import differences, versions
from undersigned.letters.tables import LetterVersion
from undersigned.staff.routes import only_staff


@get("/templates")
async def templates_page(request: Asked) -> Response[str]:
    """Every template letter, shipped or our own."""
    return await desk_page(request, "templates", listed=await listing.everything(), origins=listing.ORIGINS)


@get("/templates/{name:str}/versions")
async def versions_page(request: Asked, name: FromPath[str]) -> Response[str]:
    """Every text that one letter has had, the newest first."""
    return await _page(request, "template_versions", name, history=await versions.history(name))


@get("/templates/{name:str}/versions/{key:str}")
async def version_page(request: Asked, name: FromPath[str], key: FromPath[str]) -> Response[str]:
    """One text of a letter, by its row or by the fingerprint that a sent letter carries."""
    version = await versions.find(name, key)
    return await _page(request, "template_version", name, version=version)


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
    about = {"letter": await listing.one(name), "origins": listing.ORIGINS, "key": _key}
    return await desk_page(request, page, status, **about, **context)


def _key(version: LetterVersion) -> str:
    return versions.mark(version)


router = Router(
    "/staff",
    route_handlers=[templates_page, versions_page, version_page, differences_page],
    before_request=only_staff,
)
