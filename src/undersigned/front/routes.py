"""The front page, a campaign's page, a chapter's, and the page of a letter."""

from types import SimpleNamespace
from typing import Annotated, Any

from litestar import Request, Response, Router, get
from litestar.params import FromPath, FromQuery, PathParameter
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.front import journey, showing
from undersigned.kit import limits, pages, pdf, tokens
from undersigned.kit.caching import Shelf
from undersigned.kit.errors import Missing
from undersigned.letters import confirming, sheet, states, writing
from undersigned.letters.tables import Letter
from undersigned.open_data.routes import campaign_json
from undersigned.representatives import seats
from undersigned.responses import received, telling
from undersigned.signatures import signers
from undersigned.signatures.arriving import NOWHERE, Arrival

shelf: Shelf[bytes] = Shelf(seconds=1)
NO_TEXT = {
    True: "This letter is not finished yet, so there is nothing to print.",
    False: "The text of this letter was deleted, as we promised, 28 days after it was sent.",
}


@get("/")
async def home_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """What is being asked today, most signed lately, closing soon; what was asked before; or found by words."""
    words = request.query_params.get("q", "").strip()[:80]
    over = not words and request.query_params.get("state") == "closed"

    async def make() -> bytes:
        html = pages.render(
            "campaigns/home.html",
            q=words,
            over=over,
            campaigns=await _campaigns(words, over),
            trending=[] if words or over else await finding.trending(),
            closing=[] if words or over else await finding.closing(),
        )
        return html.encode()

    return pages.public_page(await shelf.get(f"/?{over}{words}", make))


async def _campaigns(words: str, over: bool) -> list[Campaign]:
    if words:
        return await finding.search(words)
    return await (finding.over() if over else finding.still_open())


@get("/campaigns/{slug:str}")
async def campaign_page(slug: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """The page that people sign, the same bytes for everybody for a second; with ``.json``, its facts."""
    if slug.endswith(".json"):
        return await campaign_json(slug.removesuffix(".json"))
    return await _page(slug, None, request)


@get("/c/{campaign_id:int}")
async def short_link(campaign_id: Annotated[int, PathParameter(le=2**31 - 1)]) -> Redirect:
    """The address in a square on paper: short, the same when the campaign is renamed, and counted as ``qr``."""
    campaign = await finding.by_number(campaign_id)
    return Redirect(f"/campaigns/{campaign.slug}?s=qr", status_code=302)


@get("/campaigns/{slug:str}/in/{chapter:str}")
async def chapter_page(
    slug: FromPath[str], chapter: FromPath[str], request: Request[Any, Any, Any]
) -> Response[Any]:
    """A partner's page of a campaign, with its own introduction and count."""
    return await _page(slug, chapter, request)


async def _page(slug: str, chapter_slug: str | None, request: Request[Any, Any, Any]) -> Response[Any]:
    """The bytes kept for a second, with where this visitor came from in its hidden fields."""

    async def make() -> bytes:
        campaign = await finding.by_slug(slug)
        chapter = await finding.chapter(campaign, chapter_slug) if chapter_slug else None
        return pages.render("campaigns/campaign.html", **await showing.campaign(campaign, chapter)).encode()

    kept = await shelf.get(f"{slug}/{chapter_slug or ''}", make)
    arrival = Arrival.read(request.query_params)
    page = kept.replace(_NOWHERE, arrival.hidden.encode(), 1)
    return pages.public_page(_passing_on(page, request.url.path, arrival.bucket), request=request)


_NOWHERE = NOWHERE.hidden.encode()


def _passing_on(page: bytes, path: str, bucket: str) -> bytes:
    """The page with its visitor's bucket in the links that it offers to share: plain, and quoted inside others."""
    if not bucket:
        return page
    page = page.replace(f"{path}?s=".encode(), f"{path}?b={bucket}&amp;s=".encode())
    return page.replace(f"{path}%3Fs%3D".encode(), f"{path}%3Fb%3D{bucket}%26s%3D".encode())


@get("/campaigns/{slug:str}/words")
async def words_page(slug: FromPath[str], page: FromQuery[int] = 1) -> Response[Any]:
    """What people wrote when they signed, as far as it is shown; 25 a page, newest first."""
    campaign = await finding.by_slug(slug)
    number, size = min(max(page, 1), 10_000), signers.WORDS_A_PAGE
    found = await signers.in_their_own_words(campaign.id, most=size, after=(number - 1) * size)
    if number > 1 and not found:
        raise Missing("There are no more words here.")
    html = pages.render(
        "campaigns/words.html", campaign=campaign, words=found[:size], more=len(found) > size, number=number
    )
    return pages.public_page(html, seconds=10)


@get("/letters/{token:str}")
async def letter_page(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Where is my letter? Until it is confirmed, the button that sends it; with ``.pdf``, the letter itself."""
    if token.endswith(".pdf"):
        await limits.check_crowd("paper", request, size=60, per_hour=600)
        return await _letter_pdf(token.removesuffix(".pdf"))
    letter = await _letter(tokens.read("letter", token))
    if letter.state == "draft":
        review = tokens.issue("draft", letter.id)
        return Redirect(f"/campaigns/{letter.campaign.slug}/write?review={review}", status_code=303)
    if letter.state == "waiting":
        return _last_yes(letter, token, "changed" in request.query_params)
    return pages.page(
        "letters/letter.html",
        campaign=letter.campaign,
        theme=letter.campaign.theme,
        letter=SimpleNamespace(
            subject=letter.subject,
            state=letter.state,
            reason=letter.reason,
            mp_name=letter.representative.named,
            address=sheet.of(letter).recipient[1:],
            by_post=letter.channel == "post",
            for_paper=states.wants_paper(letter),
            instead=letter.reason == states.INSTEAD,
            constituency=(await seats.of(letter.constituency)).constituency,
            text_html=sheet.of(letter).as_html() if letter.parts else None,
        ),
        timeline=await journey.of(letter),
        responses=await received.of_letter(letter.id),
        told=await telling.of_letter(letter.id),
        page_url=f"/letters/{token}",
        pdf_url=f"/letters/{token}.pdf" if pdf.available() else None,
        rehearsal=await journey.was_rehearsed(letter),
    )


def _last_yes(letter: Letter, token: str, changed: bool) -> Response[Any]:
    """The whole letter and the button that sends it, while there is time for it."""
    if confirming.is_expired(letter):
        return pages.page("letters/closed.html", 410, campaign=letter.campaign, what="put away")
    page = sheet.of(letter)
    return pages.page(
        "letters/confirm.html",
        campaign=letter.campaign,
        name=letter.name,
        mp_name=letter.representative.named,
        text_html=page.as_html(),
        sender="\n".join((letter.name, *page.sender)),
        action_url=f"/letters/{token}/send",
        edit_url=confirming.edit_url(letter),
        version=confirming.version(letter),
        changed=changed,
    )


async def _letter_pdf(token: str) -> Response[Any]:
    """The letter on paper, for its writer; a draft's too, so that what is reviewed is what is sent."""
    try:
        letter_id, is_draft = tokens.read("letter", token), False
    except tokens.TokenUnknown:
        letter_id, is_draft = tokens.read("draft", token), True
    letter = await _letter(letter_id)
    if is_draft and letter.state not in writing.UNCONFIRMED:
        raise Missing("This letter is on its way. The link in our e-mail shows it.")
    if not await limits.may("paper-of", str(letter_id), size=20, per_hour=60):
        raise limits.TooManyTries("This letter was printed many times just now. Try again in a few minutes.")
    if not letter.parts:
        raise Missing(NO_TEXT[letter.state == "draft"])
    content = await sheet.of(letter).as_pdf()
    headers = {**pages.PRIVATE, "content-disposition": 'inline; filename="letter.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


async def _letter(letter_id: int) -> Letter:
    letter = await Letter.whole(letter_id)
    if letter is None:
        raise Missing("This letter is no longer here. We delete what is not sent within seven days.")
    return letter


router = Router(
    path="/", route_handlers=[home_page, campaign_page, short_link, chapter_page, words_page, letter_page]
)
