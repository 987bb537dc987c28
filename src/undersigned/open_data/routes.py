"""JSON for other programs: the petitions site's shapes, and postcodes as postcodes.io has them."""

import re
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, Router, get
from litestar.params import FromPath

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.kit import limits, pages
from undersigned.kit.caching import Shelf
from undersigned.kit.errors import Missing
from undersigned.open_data import feeds, petitions, postcodes
from undersigned.settings import settings
from undersigned.signatures import announcing

OPEN = {
    "access-control-allow-origin": "*",
    "cache-control": "public, max-age=1, stale-while-revalidate=2, stale-if-error=5",
}
FOR_AN_HOUR = {"access-control-allow-origin": "*", "cache-control": "public, max-age=3600"}
LATER = {"access-control-allow-origin": "*", "cache-control": "no-store", "retry-after": "5"}
TOO_MANY = b'{"status":429,"error":"Too many requests"}'
PER_PAGE = 25
MOST_PER_PAGE = 50
shelf: Shelf[Campaign] = Shelf(seconds=1)


def _json(content: bytes, status: int = 200) -> Response[bytes]:
    return Response(content, status_code=status, media_type="application/json", headers=OPEN)


@get(["/campaigns/{slug:str}/count.json", "/petitions/{slug:str}/count.json"])
async def count_json(slug: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """The count alone, from memory: what was last called out, or read from the record within the second."""
    campaign = await shelf.get(slug, lambda: _campaign(slug))
    count = announcing.latest(campaign.id, campaign.signature_count)
    tag = f'"{campaign.id}-{count}-{campaign.state}"'
    if pages.has(request, tag):
        return pages.not_modified(OPEN, tag)
    answer = _json(msgspec.json.encode(petitions.count(campaign, count)))
    answer.headers["etag"] = tag
    return answer


@get(["/petitions.json", "/campaigns.json"])
async def campaigns_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Open campaigns, a page at a time."""
    asked = request.query_params
    size = _whole(asked.get("count"), PER_PAGE, MOST_PER_PAGE)
    page = _whole(asked.get("page"), 1, 10_000)
    query = asked.get("q", "")
    found = await finding.search(query, limit=1_000)
    last = max(1, -(-len(found) // size))
    shown = found[(page - 1) * size : page * size]
    links = {
        "self": _link(request.url.path, query, size, page),
        "first": _link(request.url.path, query, size, 1),
        "last": _link(request.url.path, query, size, last),
        "next": _link(request.url.path, query, size, page + 1) if page < last else None,
        "prev": _link(request.url.path, query, size, page - 1) if page > 1 else None,
    }
    return _json(msgspec.json.encode({"links": links, "data": [petitions.summary(one) for one in shown]}))


@get("/trending.json")
async def trending_json() -> Response[bytes]:
    """The campaigns most signed in the last hour."""
    data = [
        {
            "type": "petition",
            "id": row["id"],
            "attributes": {"action": row["title"], "signature_count": row["lately"]},
            "links": {"self": f"{settings.base_url}/campaigns/{row['slug']}.json"},
        }
        for row in await finding.trending()
    ]
    return _json(msgspec.json.encode({"links": {"self": f"{settings.base_url}/trending.json"}, "data": data}))


@get("/petitions/{file:str}")
async def petition_json(file: FromPath[str]) -> Response[bytes]:
    """``/petitions/7.json``: one campaign by its number."""
    if not file.endswith(".json"):
        raise Missing("There is nothing at this address.")
    campaign = await _campaign(file.removesuffix(".json"))
    return _json(msgspec.json.encode(await petitions.one(campaign, f"/petitions/{file}")))


@get("/campaigns/{slug:str}/updates.atom")
async def updates_atom(slug: FromPath[str]) -> Response[str]:
    """The campaign's news for feed readers."""
    feed = await feeds.updates(await _campaign(slug))
    return Response(feed, media_type="application/atom+xml", headers=OPEN)


@get("/api/postcodes/{postcode:str}")
async def postcode_json(postcode: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """A postcode as postcodes.io answers it; 429 for whoever asks a great deal too often."""
    if not await postcodes.may_ask(limits.visitor(request)):
        return Response(TOO_MANY, status_code=429, media_type="application/json", headers=LATER)
    status, content = await postcodes.answer(postcode)
    return Response(content, status_code=status, media_type="application/json", headers=FOR_AN_HOUR)


async def campaign_json(slug: str) -> Response[bytes]:
    """``/campaigns/{slug}.json``; the page of the same name hands it over to us."""
    campaign = await _campaign(slug)
    return _json(msgspec.json.encode(await petitions.one(campaign, f"/campaigns/{slug}.json")))


async def _campaign(name: str) -> Campaign:
    """A campaign by slug, or by its number."""
    if not re.fullmatch("[0-9]{1,9}", name):
        return await finding.by_slug(name)
    found = await Campaign.objects().where(Campaign.id == int(name)).first()
    if found is None or not found.is_public:
        raise finding.CampaignMissing("There is no campaign with that number.")
    return found


def _whole(text: str | None, default: int, most: int) -> int:
    return min(max(int(text), 1), most) if text and re.fullmatch("[0-9]{1,8}", text) else default


def _link(path: str, query: str, size: int, page: int) -> str:
    asked = {
        **({"q": query} if query else {}),
        **({"count": str(size)} if size != PER_PAGE else {}),
        **({"page": str(page)} if page > 1 else {}),
    }
    return f"{settings.base_url}{path}" + (f"?{urlencode(asked)}" if asked else "")


router = Router(
    path="/",
    route_handlers=[count_json, campaigns_json, trending_json, petition_json, updates_atom, postcode_json],
)
