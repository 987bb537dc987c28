"""My page: what I signed and wrote; and the notices that every site owes its visitors."""

import re
from types import SimpleNamespace
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.kit import forms, pages, tokens
from undersigned.kit.errors import Missing
from undersigned.letters import states, writing
from undersigned.privacy import holdings
from undersigned.signatures.tables import Signature


@get("/you/{token:str}")
async def you_page(token: FromPath[str]) -> Response[Any]:
    """Everything that one person signed and wrote; with ``.json`` behind it, a copy to keep."""
    if token.endswith(".json"):
        return await _copy(token.removesuffix(".json"))
    signature = await _signature(token)
    held = await holdings.of(signature.email_key)
    return pages.page(
        "supporters/you.html",
        token=token,
        email=signature.email,
        signatures=held["signatures"],
        letters=[_letter(row) for row in held["letters"]],
    )


def _letter(row: dict[str, Any]) -> SimpleNamespace:
    confirmed = row["state"] not in {"draft", "waiting"}
    url = writing.url_of(row["id"]) if confirmed else None
    title = f"To {row['representative']}: {row['campaign_title']}"
    return SimpleNamespace(title=title, state_words=states.in_words(row["state"]), url=url)


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
    return Redirect(f"/you/{token}", status_code=303)


@post("/you/{token:str}/stop-updates")
async def stop_updates(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """No more news of one campaign."""
    signature = await _signature(token)
    await holdings.stop_updates(await _chosen(request), signature.email_key)
    return Redirect(f"/you/{token}", status_code=303)


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


router = Router(
    path="/", route_handlers=[you_page, withdraw, stop_updates, erase, privacy_page, accessibility_page]
)
