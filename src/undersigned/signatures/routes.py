"""Signing, and the button that counts it."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.kit import forms, limits, pages, tokens
from undersigned.kit.errors import Missing
from undersigned.kit.forms import Form
from undersigned.representatives import seats
from undersigned.signatures import arriving, confirmation, gatherings, next_steps, proofs, sharing, signing
from undersigned.signatures.arriving import Arrival
from undersigned.signatures.forms import COUNTRIES, SignForm
from undersigned.signatures.tables import Signature
from undersigned.signatures.wishes import Visit
from undersigned.supporters import consents

CARRIED_FOR = timedelta(days=1)
"""How long the link to write a letter knows the name and address of whoever has just signed."""


@get("/campaigns/{slug:str}/sign")
async def sign_page(slug: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """The form alone."""
    campaign = await finding.to_sign(slug)
    if not campaign.takes_names:
        return _closed(campaign)
    return _form(campaign, None, Form(), Arrival.read(request.query_params))


@post("/campaigns/{slug:str}/sign")
async def sign(slug: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Put a name to the campaign, or show each mistake beside its field; a likely slip is asked about once.

    With ``again``, the form is shown as it was typed and nothing is looked at.
    """
    campaign = await finding.to_sign(slug)
    typed = await forms.typed(request)
    chapter = await _chapter(campaign, typed.get("chapter", ""))
    if typed.get("again"):
        return _form(campaign, chapter, Form(typed), Arrival.typed(typed))
    try:
        form = forms.read(SignForm, typed)
        if campaign.takes_names and form.probably_meant:
            return _is_it_right(campaign, form, typed)
        visit = Visit(limits.visitor(request), limits.is_at_home(request))
        await signing.sign(campaign, form, chapter.id if chapter else None, visit)
    except forms.Mistakes as mistakes:
        return _form(campaign, chapter, mistakes.form, Arrival.typed(typed), status=422)
    except signing.CampaignClosed:
        return _closed(await finding.by_slug(slug))
    bucket = f"?b={form.bucket}" if form.bucket else ""
    return Redirect(f"/campaigns/{slug}/check-your-inbox{bucket}", status_code=303)


@get("/campaigns/{slug:str}/challenge.json")
async def challenge_page(slug: FromPath[str]) -> Response[Any]:
    """A sum for one browser, while the guard is raised; it is never given twice, so no cache may keep it."""
    campaign = await finding.known(slug)
    if campaign.guard != "raised":
        raise Missing("This campaign asks for no proof of work.")
    return Response(proofs.challenge(campaign.id), headers=pages.PRIVATE)


@get("/campaigns/{slug:str}/check-your-inbox")
async def check_inbox_page(slug: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """The same for everybody who signs, whatever we made of it; a bucket goes on into what they share."""
    campaign = await finding.known(slug)
    return pages.page(
        "signatures/check_inbox.html",
        campaign=campaign,
        theme=campaign.theme,
        steps=next_steps.before_confirming(campaign),
        share_url=sharing.link(slug, arriving.bucket(request.query_params.get("b"))),
    )


@get("/confirm/{token:str}")
async def confirm_page(token: FromPath[str]) -> Response[Any]:
    """A page with a button: a GET changes nothing, since mail scanners follow links.

    It names nobody, for links are passed on: whoever gets a used one finds a number and a blank form.
    """
    try:
        signature = await confirmation.of_token(token)
    except (tokens.TokenUnknown, tokens.TokenExpired, Missing) as trouble:
        return _trouble(token, trouble)
    campaign = signature.campaign
    if not signature.waits:
        return _used(signature, token)
    if not campaign.counts_confirmations:
        return _too_late(campaign)
    return pages.page("signatures/confirm.html", campaign=campaign, theme=campaign.theme, token=token)


@post("/confirm/{token:str}")
async def confirm(token: FromPath[str]) -> Response[Any]:
    """Count the signature, and answer with all that is for its owner; pressing again soon shows the same page."""
    try:
        counted = await confirmation.confirm(token)
    except (tokens.TokenUnknown, tokens.TokenExpired, Missing) as trouble:
        return _trouble(token, trouble)
    except signing.CampaignClosed:
        return _too_late((await confirmation.of_token(token)).campaign)
    signature = await Signature.with_campaign(counted.signature_id)
    assert signature is not None
    return await _confirmed(signature) if counted.opens else _used(signature, token)


@post("/confirm/{token:str}/again")
async def ask_again(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Mail a fresh link for an expired one, or to one's own page for a used one, to the address that signed."""
    await limits.check("ask-again", request, size=5, per_hour=30)
    try:
        signature_id = tokens.read(confirmation.PURPOSE, token)
    except tokens.TokenExpired as expired:
        signature_id = expired.row_id
    except tokens.TokenUnknown as trouble:
        return _trouble(token, trouble)
    await confirmation.ask_again(signature_id)
    return pages.page("signatures/sent_again.html")


def _used(signature: Signature, token: str) -> Response[Any]:
    """What whoever opens a used link may see; soon after it was used, its owner may go on from here."""
    blank = _to_sign(signature.campaign, Form(), arriving.NOWHERE)
    opens = confirmation.still_opens(signature.confirmed_at)
    return pages.page("signatures/counted.html", **blank, token=token, number=signature.number, opens=opens)


def _form(
    campaign: Campaign, chapter: Chapter | None, form: Form, arrival: Arrival, status: int = 200
) -> Response[Any]:
    return pages.page("signatures/sign.html", status, chapter=chapter, **_to_sign(campaign, form, arrival))


def _to_sign(campaign: Campaign, form: Form, arrival: Arrival) -> dict[str, Any]:
    """What every page needs that has the form to sign on it."""
    return {
        "campaign": campaign,
        "theme": campaign.theme,
        "form": form,
        "countries": COUNTRIES,
        "consent_wording": consents.to_sign(campaign),
        "arrival": arrival,
    }


def _is_it_right(campaign: Campaign, form: SignForm, typed: dict[str, str]) -> Response[Any]:
    """Nothing is written yet: everything that was typed waits in hidden fields for one press."""
    return pages.page(
        "signatures/is_it_right.html",
        campaign=campaign,
        theme=campaign.theme,
        email=form.email,
        meant=form.probably_meant,
        typed=typed,
    )


def _closed(campaign: Campaign) -> Response[Any]:
    status = 404 if campaign.is_to_come else 410
    return pages.page("signatures/closed.html", status, campaign=campaign, theme=campaign.theme)


def _too_late(campaign: Campaign) -> Response[Any]:
    return pages.page("signatures/too_late.html", 410, campaign=campaign, theme=campaign.theme)


async def _chapter(campaign: Campaign, slug: str) -> Chapter | None:
    """The chapter that was signed in; a wrong one is no reason to lose a signature."""
    try:
        return await finding.chapter(campaign, slug) if slug else None
    except finding.CampaignMissing:
        return None


async def _confirmed(signature: Signature) -> Response[Any]:
    campaign = signature.campaign
    carried = tokens.issue("carry", signature.id, CARRIED_FOR)
    seat = await _seat(signature)
    event = await gatherings.nearest(campaign, signature.postcode)
    return pages.page(
        "signatures/confirmed.html",
        campaign=campaign,
        theme=campaign.theme,
        number=signature.number,
        steps=next_steps.after_confirming(campaign, seat, has_event=event is not None),
        share_url=sharing.link(campaign.slug, signature.bucket, signature.id),
        seat=seat,
        abroad=signature.is_abroad,
        write_url=f"/campaigns/{campaign.slug}/write?from={carried}",
        carried=carried,
        proof=tokens.issue("mailbox", signature.id, timedelta(hours=24)),
        you_url=f"/you/{tokens.issue('you', signature.id)}",
        nearest=event,
    )


async def _seat(signature: Signature) -> seats.Seat:
    if signature.match == "crown_dependency":
        return seats.NO_MP
    return await seats.of(signature.constituency, estimated=signature.match == "estimated")


def _trouble(token: str, trouble: Exception) -> Response[Any]:
    expired = isinstance(trouble, tokens.TokenExpired)
    advice = " If you sign again, we send a new link."
    return pages.page(
        "errors/token.html",
        410 if expired or isinstance(trouble, Missing) else 404,
        reason="expired" if expired else "unknown",
        title="This link has expired" if expired else "This link does not work",
        message=f"{trouble}{'' if expired else advice}",
        action_url=f"/confirm/{token}/again" if expired else None,
    )


router = Router(
    path="/",
    route_handlers=[sign_page, sign, challenge_page, check_inbox_page, confirm_page, confirm, ask_again],
)
