"""My page: what I signed and wrote; and the notices that every site owes its visitors."""

import re
from types import SimpleNamespace
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.campaigns.tables import Campaign
from undersigned.endorsements import endorsing
from undersigned.kit import forms, pages, tokens
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form
from undersigned.letters import states, writing
from undersigned.privacy import correcting, holdings
from undersigned.signatures import sharing
from undersigned.signatures.tables import Signature

DONE = {
    "corrected": "Your name is put right.",
    "shown": "Your first name is shown on the campaign’s page.",
    "hidden": "Your name is shown no longer.",
    "news": "You will hear the news of this campaign.",
    "no-news": "You will hear no more news of this campaign.",
    "withdrawn": "Your name is off, and the count has fallen by one if you were in it.",
}


@get("/you/{token:str}")
async def you_page(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Everything that one person signed and wrote; with ``.json`` behind it, a copy to keep."""
    if token.endswith(".json"):
        return await _copy(token.removesuffix(".json"))
    return await _you(token, Form(), DONE.get(request.query_params.get("done", ""), ""))


async def _you(token: str, form: Form, done: str = "", status: int = 200) -> Response[Any]:
    signature = await _signature(token)
    held = await holdings.of(signature.email_key)
    campaigns = await Campaign.objects().where(Campaign.slug.is_in([row["slug"] for row in held["signatures"]]))
    return pages.page(
        "supporters/you.html",
        status,
        token=token,
        email=signature.email,
        form=form,
        done=done,
        signatures=[_signed(row, campaigns, form) for row in held["signatures"]],
        letters=[_letter(row) for row in held["letters"]],
        endorsements=[row | {"url": endorsing.path_of(row["id"])} for row in held["endorsements"]],
        endorsed=endorsing.STATES,
    )


def _signed(row: dict[str, Any], campaigns: list[Campaign], form: Form) -> dict[str, Any]:
    """A signature as the page shows it: whether it stands or may again, the link to pass on, and its own form."""
    campaign = next(one for one in campaigns if one.slug == row["slug"])
    stands = row["withdrawn_at"] is None or row["signed_again_at"] is not None
    url = sharing.link(row["slug"], row["bucket"], row["id"])
    counted = row["confirmed_at"] is not None and row["withdrawn_at"] is None
    own = form if form.values.get("signature") == str(row["id"]) else Form({"name": row["name"]})
    return row | {"campaign": campaign, "stands": stands, "counted": counted, "share_url": url, "form": own}


def _letter(row: dict[str, Any]) -> SimpleNamespace:
    confirmed = row["state"] not in {"draft", "waiting"}
    url = writing.url_of(row["id"]) if confirmed else None
    title = f"To {row['representative']}: {row['campaign_title']}"
    words, explained = states.told(row["state"], row["reason"])
    return SimpleNamespace(title=title, state_words=words, explained=explained, url=url)


async def _copy(token: str) -> Response[Any]:
    signature = await _signature(token)
    held = await holdings.of(signature.email_key)
    headers = {**pages.PRIVATE, "content-disposition": 'attachment; filename="undersigned.json"'}
    return Response(held, headers=headers)


@post("/you/{token:str}/withdraw")
async def withdraw(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Take one name off."""
    signature = await _signature(token)
    await holdings.withdraw(await _chosen(request), signature.email_key)
    return _back(token, "withdrawn")


@post("/you/{token:str}/correct")
async def correct(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Put one name right, or say beside its field why it cannot be."""
    signature, chosen = await _signature(token), await _chosen(request)
    typed = await forms.typed(request)
    try:
        await correcting.correct_name(chosen, signature.email_key, typed.get("name", ""))
    except Refused as refusal:
        return await _you(token, Form(typed, {"name": str(refusal)}), status=422)
    return _back(token, "corrected")


@post("/you/{token:str}/show")
async def show(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Let one name be seen."""
    signature = await _signature(token)
    await correcting.show_name(await _chosen(request), signature.email_key, shows=True)
    return _back(token, "shown")


@post("/you/{token:str}/hide")
async def hide(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Let one name be seen no longer."""
    signature = await _signature(token)
    await correcting.show_name(await _chosen(request), signature.email_key, shows=False)
    return _back(token, "hidden")


@post("/you/{token:str}/start-updates")
async def start_updates(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """News of one campaign from now on."""
    signature = await _signature(token)
    await correcting.start_updates(await _chosen(request), signature.email_key)
    return _back(token, "news")


@post("/you/{token:str}/stop-updates")
async def stop_updates(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """No more news of one campaign."""
    signature = await _signature(token)
    await correcting.stop_updates(await _chosen(request), signature.email_key)
    return _back(token, "no-news")


def _back(token: str, done: str) -> Redirect:
    return Redirect(f"/you/{token}?done={done}", status_code=303)


async def _chosen(request: Request[Any, Any, Any]) -> int:
    chosen = (await forms.typed(request)).get("signature", "")
    if not re.fullmatch("[0-9]{1,18}", chosen):
        raise Missing("This signature has been removed.")
    return int(chosen)


@post("/you/{token:str}/erase")
async def erase(token: FromPath[str]) -> Response[Any]:
    """Take everything away."""
    signature = await _signature(token)
    await holdings.erase(signature.email_key)
    return pages.page("privacy/erased.html")


async def _signature(token: str) -> Signature:
    found = await Signature.with_campaign(tokens.read("you", token))
    if found is None:
        raise Missing("We hold nothing under this link any more.")
    return found


@get("/privacy")
async def privacy_page() -> Response[Any]:
    """What is kept, why, and for how long."""
    return pages.public_page(pages.render("privacy/privacy.html"), seconds=60)


@get("/accessibility")
async def accessibility_page() -> Response[Any]:
    """How usable this site is, and whom to tell when it is not."""
    return pages.public_page(pages.render("privacy/accessibility.html"), seconds=60)


_deeds = [withdraw, correct, show, hide, start_updates, stop_updates, erase]
router = Router(path="/", route_handlers=[you_page, *_deeds, privacy_page, accessibility_page])
