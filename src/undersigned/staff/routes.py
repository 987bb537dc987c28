"""Signing in and out, and the guard that every page of the desk stands behind."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.kit import limits, pages
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.settings import settings
from undersigned.staff import guarding, signing_in
from undersigned.staff.forms import SignInForm
from undersigned.staff.tables import Staff

COOKIE = "session"
KNOCKS, KNOCKS_AN_HOUR = 5, 20


async def only_staff(request: Request[Any, Any, Any]) -> Response[Any] | None:
    """Let staff pass and send strangers to sign in; the ``before_request`` of everything under /staff.

    Whoever passes is ``request.user``, and ``request.auth`` is the token that their forms must carry. What
    a handler is declared with as ``may`` is a key of guarding.MAY; a role without it gets a 403.
    """
    pages.current_path.set(request.url.path)
    session = request.cookies.get(COOKIE, "")
    staff = await signing_in.whose(session) if session else None
    if staff is None:
        return Redirect("/staff/sign-in", status_code=303)
    request.scope["user"], request.scope["auth"] = staff, guarding.form_token(session)
    try:
        if request.method == "POST":
            guarding.check_form(session, (await typed(request)).get("form_token", ""))
        guarding.check_may(staff, request.route_handler.opt.get("may"))
    except guarding.NotAllowed as refusal:
        return _not_for(staff, request.auth, refusal)
    return None


def _not_for(staff: Staff, form_token: str, refusal: guarding.NotAllowed) -> Response[str]:
    """The refusal in the frame of the desk, with all of it that this role may use."""
    return pages.page(
        "staff/not_allowed.html",
        403,
        staff=staff,
        form_token=form_token,
        may=lambda act: guarding.may(staff, act),
        by_role=not isinstance(refusal, guarding.FormNotOurs),
        message=str(refusal),
    )


async def only_from_here(request: Request[Any, Any, Any]) -> Response[Any] | None:
    """Nobody is signed in by another site's form; browsers say where a form came from (Fetch Metadata)."""
    pages.current_path.set(request.url.path)
    if request.method == "POST" and request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        message = "Open the link from your e-mail, and press the button there."
        return pages.page("errors/error.html", 403, code=403, title="That is not allowed", message=message)
    return None


@get("/sign-in")
async def sign_in_page() -> Response[str]:
    return pages.page("staff/sign_in.html", form=Form(), asked=False)


@post("/sign-in")
async def ask(request: Request[Any, Any, Any]) -> Response[str]:
    """Owe a link to a member of staff; the page is the same for a stranger, and for somebody in a hurry."""
    try:
        form = read(SignInForm, await typed(request))
    except Mistakes as mistakes:
        return pages.page("staff/sign_in.html", 422, form=mistakes.form, asked=False)
    if await limits.may("sign-in", limits.visitor(request), KNOCKS, KNOCKS_AN_HOUR):
        await signing_in.ask(form.email)
    return pages.page("staff/sign_in.html", form=Form(), asked=True)


@get("/sign-in/{secret:str}")
async def link_page(secret: FromPath[str]) -> Response[str]:
    """A page with a button: mail scanners follow links, and a GET signs nobody in."""
    return pages.page("staff/link.html", secret=secret)


@post("/sign-in/{secret:str}")
async def sign_in(secret: FromPath[str]) -> Response[Any]:
    """Spend the link and begin a session."""
    try:
        session = await signing_in.sign_in(secret)
    except signing_in.LinkSpent as spent:
        return pages.page("staff/sign_in.html", 422, form=Form(errors={"email": str(spent)}), asked=False)
    lasts = int(signing_in.SESSION_LASTS.total_seconds())
    return Redirect("/staff", status_code=303, cookies=[_cookie(session, lasts)])


@post("/sign-out", before_request=only_staff)
async def sign_out(request: Request[Any, Any, Any]) -> Redirect:
    """End this browser's session."""
    await signing_in.sign_out(request.cookies[COOKIE])
    return Redirect("/staff/sign-in", status_code=303, cookies=[_cookie("", 0)])


def _cookie(session: str, lasts: int) -> Cookie:
    return Cookie(
        COOKIE,
        value=session,
        path="/staff",
        max_age=lasts,
        httponly=True,
        samesite="lax",
        secure=settings.secure,
    )


router = Router(
    "/staff",
    route_handlers=[sign_in_page, ask, link_page, sign_in, sign_out],
    before_request=only_from_here,
)
