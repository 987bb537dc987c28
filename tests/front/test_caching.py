"""What caches and search engines may keep: what is the same for everybody, and never what is one person's."""

import httpx

import front_door
import make
from staff.visits import sign_in
from undersigned.kit import tokens

OPEN = "public, max-age=1, stale-while-revalidate=2, stale-if-error=5"


async def test_forms_and_pages_of_one_person_are_kept_by_no_cache_and_no_search_engine(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="light")
    await make.mp()
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    theirs = [
        await client.get("/campaigns/light/sign"),
        await client.post("/campaigns/light/sign", data={"name": "Amina"}),
        await client.get("/campaigns/light/check-your-inbox"),
        await client.get(link),
        await client.post(link),
        await client.get(link),
        await client.get("/campaigns/light/write"),
        await client.get(f"/you/{tokens.issue('you', 1)}"),
        await client.get("/staff/sign-in"),
    ]
    await sign_in(client)
    desk = ("", "/letters", "/held", "/delivery", "/campaigns/light", "/campaigns/light/recount")
    theirs += [await client.get(f"/staff{page}") for page in desk]
    assert {page.status_code for page in theirs} == {200, 422}
    for page in theirs:
        told = (page.headers["cache-control"], page.headers["x-robots-tag"], page.headers["referrer-policy"])
        assert told == ("no-store", "noindex", "no-referrer"), page.url


async def test_what_programs_read_may_be_kept_for_a_moment_and_shown_stale_while_it_is_asked_for_again(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="light")
    for path in (
        *("/campaigns/light.json", "/campaigns/light/count.json", "/campaigns.json", "/trending.json"),
        *("/petitions.json", f"/petitions/{campaign.id}.json", f"/petitions/{campaign.id}/count.json"),
    ):
        answer = await client.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == OPEN, path
        assert answer.headers["access-control-allow-origin"] == "*"
