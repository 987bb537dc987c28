"""The link in the e-mail: looking changes nothing, the button counts, and every bad link says what to do."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

import front_door
import make
import work
from signatures import guarded
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.kit.redis_client import client as redis_client
from undersigned.signatures import confirmation


async def count() -> int:
    """The campaign's count in the record."""
    return int((await front_door.row("SELECT signature_count AS n FROM campaign"))["n"])


async def test_looking_never_confirms_and_the_button_does(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await make.mp()
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    for _ in range(3):
        page = await client.get(link)
        assert page.status_code == 200
        assert f'action="{link}" method="post"' in page.text
        assert page.headers["cache-control"] == "no-store"
    assert await count() == 0
    answer = await client.post(link)
    assert "You are number 1" in answer.text
    assert "Harriet Vale MP" in answer.text
    assert await count() == 1


async def test_pressing_twice_shows_the_same_number_and_counts_once(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    pages = [await client.post(link) for _ in range(3)]
    assert [("You are number 1" in page.text, page.status_code) for page in pages] == [(True, 200)] * 3
    assert {page.headers["cache-control"] for page in pages} == {"no-store"}
    assert await count() == 1


async def test_a_link_names_nobody_until_its_button_is_pressed(client: httpx.AsyncClient) -> None:
    await front_door.sign(client, await make.campaign())
    page = await client.get(await front_door.mailed_link("amina@example.org"))
    assert "Count my signature" in page.text
    assert given_away(page.text) == []


async def test_a_used_link_that_is_passed_on_shows_a_blank_form_and_a_number_and_nothing_of_its_owner(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="light")
    await make.mp()
    full = await front_door.counted(client, campaign, words="It is dark.", organisation="Bury Choir")
    assert {"Harriet Vale", "/you/", "/write?from="} <= set(given_away(full.text))
    link = await front_door.mailed_link("amina@example.org")
    page = await client.get(link)
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert "This signature is counted: number 1" in page.text
    assert given_away(page.text) == []
    assert 'action="/campaigns/light/sign"' in page.text
    assert re.findall(r'name="(?:name|email|postcode)"[^>]* value=', page.text) == []
    assert f'action="{link}" method="post"' in page.text and "It was me: go on" in page.text
    assert "Harriet Vale" in (await client.post(link)).text
    await front_door.counted(client, campaign, name="Yusuf Rahman", email="yusuf@example.org")
    assert await count() == 2
    assert "number 1" in (await client.get(link)).text


async def test_an_hour_later_a_used_link_opens_nothing_and_mails_its_owner_their_page(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="light")
    await make.mp()
    await front_door.counted(client, campaign, words="It is dark.", organisation="Bury Choir")
    link = await front_door.mailed_link("amina@example.org")
    await db.execute("UPDATE signature SET confirmed_at = confirmed_at - interval '61 minutes'")
    for page in (await client.get(link), await client.post(link)):
        assert "This signature is counted: number 1" in page.text
        assert given_away(page.text) == []
        assert f'action="{link}/again" method="post"' in page.text
    for _ in range(5):
        asked = await client.post(f"{link}/again")
        assert asked.status_code == 200 and given_away(asked.text) == []
    own = await front_door.mailed_link("amina@example.org", "/you/")
    assert "Amina Rahman" in (await client.get(own)).text
    assert len(work.inbox("amina@example.org")) == 5
    assert await count() == 1


async def test_a_used_link_of_a_campaign_that_has_closed_says_so_in_place_of_the_form(
    client: httpx.AsyncClient,
) -> None:
    await front_door.counted(client, await make.campaign())
    link = await front_door.mailed_link("amina@example.org")
    await db.execute("UPDATE campaign SET closes_at = now() - interval '40 hours', state = 'closed'")
    page = await client.get(link)
    assert "number 1" in page.text and "Closed on" in page.text and "/sign" not in page.text
    assert "You are number 1" in (await client.post(link)).text


async def test_a_used_link_says_the_same_of_a_name_that_we_do_not_count(client: httpx.AsyncClient) -> None:
    await guarded.listed("domain", "example.org", "block")
    await front_door.counted(client, await make.campaign())
    assert await count() == 0
    page = await client.get(await front_door.mailed_link("amina@example.org"))
    assert "This signature is counted: number 1" in page.text


def given_away(page: str) -> list[str]:
    """What only its owner should learn from a link."""
    theirs = ("Amina", "amina", "BL9", "Bury", "Harriet Vale", "It is dark.", "/you/", "/write?from=")
    return [told for told in theirs if told in page]


async def test_the_page_knows_each_kind_of_seat(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    jersey = await front_door.counted(client, campaign, postcode="JE2 3XP", email="je@example.org")
    assert "parliaments of their own" in jersey.text
    unknown = await front_door.counted(client, campaign, postcode="ZE3 9ZZ", email="ze@example.org")
    assert "Your signature counts all the same." in unknown.text


async def test_html_in_a_name_is_escaped_wherever_it_is_shown(client: httpx.AsyncClient) -> None:
    await front_door.sign(client, await make.campaign(), name="Amina <i>Rahman</i>")
    page = await client.get(await front_door.mailed_link("amina@example.org", "/you/"))
    assert "Amina &lt;i&gt;Rahman" in page.text and "<i>" not in page.text


@pytest.mark.parametrize("token", ["nonsense", "%F0%9F%92%A5", "a" * 32, "a" * 5_000, "..%2f..", "%00"])
async def test_a_foreign_token_gets_a_page_that_says_so(client: httpx.AsyncClient, token: str) -> None:
    for answer in (await client.get(f"/confirm/{token}"), await client.post(f"/confirm/{token}")):
        assert answer.status_code == 404
        assert "We cannot find that page" in answer.text or "This link does not work" in answer.text


async def test_a_token_for_something_else_does_not_confirm(client: httpx.AsyncClient) -> None:
    await front_door.sign(client, await make.campaign())
    for purpose in ("you", "carry", "letter", "draft"):
        answer = await client.post(f"/confirm/{tokens.issue(purpose, 1)}")
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
        assert "new link" in answer.text
    assert await count() == 0


async def test_an_expired_link_offers_a_new_one_that_works(client: httpx.AsyncClient) -> None:
    await front_door.sign(client, await make.campaign())
    link = await front_door.mailed_link("amina@example.org")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31), tick=True):
        for answer in (await client.get(link), await client.post(link)):
            assert answer.status_code == 410
            assert "This link has expired" in answer.text
            assert f'action="{link}/again"' in answer.text
        again = await client.post(f"{link}/again")
        assert again.status_code == 200
        assert await count() == 0
        await front_door.time_passes()
        fresh = await front_door.mailed_link("amina@example.org")
        assert fresh != link
        assert "You are number 1" in (await client.post(fresh)).text


async def test_asking_again_and_again_sends_five_mails_at_most_and_always_says_the_same(
    client: httpx.AsyncClient,
) -> None:
    await front_door.sign(client, await make.campaign())
    expired = tokens.issue(confirmation.PURPOSE, 1, timedelta(seconds=-1))
    nobody = tokens.issue(confirmation.PURPOSE, 999, timedelta(seconds=-1))
    pages = set()
    for link in [expired] * 9 + [nobody]:
        # To the limits it is another visitor each time.
        redis_client().flushdb()
        pages.add((await client.post(f"/confirm/{link}/again")).content)
    await work.settle()
    assert len(pages) == 1
    assert len(work.inbox()) == 5


async def test_the_link_of_an_erased_signature_says_that_it_is_gone(client: httpx.AsyncClient) -> None:
    await front_door.sign(client, await make.campaign())
    link = await front_door.mailed_link("amina@example.org")
    await db.execute("DELETE FROM signature")
    for answer in (await client.get(link), await client.post(link)):
        assert answer.status_code == 410
        assert "has been removed" in answer.text


async def test_a_name_that_was_taken_off_before_the_button_is_not_counted(client: httpx.AsyncClient) -> None:
    await front_door.sign(client, await make.campaign())
    link = await front_door.mailed_link("amina@example.org")
    await client.post(f"/you/{tokens.issue('you', 1)}/withdraw", data={"signature": "1"})
    answer = await client.post(link)
    assert answer.status_code == 410
    assert await count() == 0
    assert (await client.get(link)).status_code == 410


async def test_a_link_counts_for_a_day_after_the_campaign_has_closed(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    await db.execute("UPDATE campaign SET closes_at = now() - interval '23 hours'")
    assert "You are number 1" in (await client.post(link)).text


async def test_a_link_no_longer_counts_after_the_day_of_grace(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    await db.execute("UPDATE campaign SET closes_at = now() - interval '25 hours', state = 'closed'")
    answer = await client.post(link)
    assert answer.status_code == 410
    assert "This link came too late to count" in answer.text and "Links that we had mailed" in answer.text
    assert "came too late" in (await client.get(link)).text
    assert await count() == 0


async def test_confirming_makes_a_supporter_with_what_they_agreed_to(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign, wants_updates="yes")
    await front_door.counted(client, campaign, name="Yusuf Rahman")
    supporter = await front_door.row("SELECT * FROM supporter")
    assert supporter["email_key"] == "amina@example.org"
    given = await db.fetch(
        "SELECT purpose, text FROM consent JOIN wording ON wording.id = consent.wording ORDER BY consent.id"
    )
    assert [row["purpose"] for row in given] == ["sign", "updates", "sign"]
    assert given[0]["text"] == campaign.consent_wording


async def test_what_is_kept_of_the_tick_box_is_what_stood_beside_it(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    form = await client.get(f"/campaigns/{campaign.slug}/sign")
    await front_door.counted(client, campaign, wants_updates="yes")
    kept = await front_door.row(
        "SELECT text FROM consent JOIN wording ON wording.id = consent.wording WHERE purpose = 'updates'"
    )
    assert f'for="wants_updates">{kept["text"]}</label>' in form.text
