"""Endorsing a campaign, the page on which that is confirmed and taken back, the wall, and the pictures on it."""

import re
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.endorsements import endorsing, pictures, showing
from undersigned.endorsements.forms import LONGEST_QUOTE, EndorseForm
from undersigned.endorsements.pictures import Drawn
from undersigned.kit import forms, limits, pages
from undersigned.kit.errors import Missing
from undersigned.kit.forms import Form, Mistakes

Asked = Request[Any, Any, Any]
KNOCKS, KNOCKS_AN_HOUR = 10, 30
KEPT_SECONDS = 10
KINDS = [("person", "Myself"), ("organisation", "An organisation")]
PICTURE = {
    # A day, not a year: whoever takes a picture back should not be kept by every cache on the way.
    "cache-control": "public, max-age=86400, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


@get("/campaigns/{slug:str}/endorse")
async def endorse_page(slug: FromPath[str], request: Asked) -> Response[Any]:
    """The form, for the campaign or for the chapter that ``?in=`` names."""
    campaign = await finding.by_slug(slug)
    chapter = await _chapter(campaign, request.query_params.get("in", ""))
    endorsing.check_takes(campaign)
    return _form(campaign, chapter, Form())


@post("/campaigns/{slug:str}/endorse", request_max_body_size=pictures.MOST_BYTES + 500_000)
async def endorse(slug: FromPath[str], request: Asked) -> Response[Any]:
    """Write it down and owe its owner the link, or show each mistake beside its field."""
    campaign = await finding.by_slug(slug)
    await limits.check("endorse", request, KNOCKS, KNOCKS_AN_HOUR)
    values, sent = await forms.typed(request), await forms.uploaded(request, "picture")
    chapter = await _chapter(campaign, values.get("chapter", ""))
    try:
        form = forms.read(EndorseForm, values)
        _ask_about_a_slip(form, values)
        await endorsing.send(campaign, chapter, form, await _drawn(sent, values))
    except Mistakes as mistakes:
        lost = {"picture_lost": "yes"} if sent and "picture" not in mistakes.form.errors else {}
        return _form(campaign, chapter, Form(mistakes.form.values | lost, mistakes.form.errors), 422)
    return Redirect(f"/campaigns/{slug}/endorse/sent{_within(chapter)}", status_code=303)


def _ask_about_a_slip(form: EndorseForm, values: dict[str, str]) -> None:
    """Raises Mistakes once: whoever sends the same address again has meant it."""
    if form.probably_meant:
        said = f"Did you mean {form.probably_meant}? If {form.email} is right, send it once more."
        raise Mistakes(Form(values | {"asked_about": form.email}, {"email": said}))


async def _drawn(sent: bytes, values: dict[str, str]) -> Drawn | None:
    try:
        return await pictures.draw(sent) if sent else None
    except pictures.NotAPicture as refusal:
        raise Mistakes(Form(values, {"picture": str(refusal)})) from refusal


def _form(campaign: Campaign, chapter: Chapter | None, form: Form, status: int = 200) -> Response[Any]:
    return pages.page(
        "endorsements/endorse.html",
        status,
        campaign=campaign,
        chapter=chapter,
        form=form,
        kinds=KINDS,
        longest=LONGEST_QUOTE,
        consent_wording=endorsing.wording(campaign),
    )


@get("/campaigns/{slug:str}/endorse/sent")
async def sent_page(slug: FromPath[str], request: Asked) -> Response[Any]:
    """The same for everybody who has sent the form: a link is in their e-mail."""
    campaign = await finding.by_slug(slug)
    chapter = await _chapter(campaign, request.query_params.get("in", ""))
    return pages.page("endorsements/sent.html", campaign=campaign, chapter=chapter)


@get("/campaigns/{slug:str}/endorsements")
async def endorsements_page(slug: FromPath[str], request: Asked, page: FromQuery[int] = 1) -> Response[Any]:
    """The wall: sixty a page in the desk's order, or those that hold the words of ``?q=``."""
    campaign = await finding.known(slug)
    chapter = await _chapter(campaign, request.query_params.get("in", ""))
    words = " ".join(request.query_params.get("q", "").replace("\0", "").split())[:80]
    html = pages.render(
        "endorsements/wall.html",
        campaign=campaign,
        chapter=chapter,
        wall=await showing.wall(campaign.id, chapter.id if chapter else None, words, min(page, 10_000)),
        q=words,
    )
    return pages.public_page(html, KEPT_SECONDS, request)


@get("/endorsements/{token:str}")
async def endorsement_page(token: FromPath[str]) -> Response[Any]:
    """One's own endorsement as it is shown, and what can be done about it; looking at it confirms nothing."""
    found = await endorsing.of_token(token)
    return pages.page(
        "endorsements/endorsement.html",
        campaign=found.campaign,
        chapter=found.chapter,
        endorsement=found,
        shown=showing.of(found),
        token=token,
    )


@post("/endorsements/{token:str}")
async def confirm(token: FromPath[str]) -> Response[Any]:
    """Confirm it, so that somebody at the desk reads it."""
    await endorsing.confirm(token)
    return Redirect(f"/endorsements/{token}", status_code=303)


@post("/endorsements/{token:str}/take-back")
async def take_back(token: FromPath[str]) -> Response[Any]:
    """Delete it, with its picture."""
    return pages.page("endorsements/taken_back.html", campaign=await endorsing.take_back(token))


@get("/endorsements/{token:str}/picture")
async def own_picture(token: FromPath[str]) -> Response[bytes]:
    """The picture of one's own endorsement, whether others may see it or not."""
    content = await pictures.of((await endorsing.of_token(token)).id)
    return Response(content, media_type=pictures.MEDIA_TYPE, headers=PICTURE | pages.PRIVATE)


@get("/pictures/{digest:str}")
async def picture(digest: FromPath[str], request: Asked) -> Response[Any]:
    """A picture that is beside an endorsement which is shown; by its digest, so it never changes."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise Missing("There is no picture at this address.")
    content, tag = await pictures.shown(digest), f'"{digest[:32]}"'
    if pages.has(request, tag):
        return pages.not_modified(PICTURE, tag)
    return Response(content, media_type=pictures.MEDIA_TYPE, headers=PICTURE | {"etag": tag})


async def _chapter(campaign: Campaign, slug: str) -> Chapter | None:
    return await finding.chapter(campaign, slug) if slug else None


def _within(chapter: Chapter | None) -> str:
    return f"?in={chapter.slug}" if chapter else ""


router = Router(
    "/",
    route_handlers=[
        *(endorse_page, endorse, sent_page, endorsements_page),
        *(endorsement_page, confirm, take_back, own_picture, picture),
    ],
)
