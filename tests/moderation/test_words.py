"""What signers wrote is read by a person before anybody else sees it, and shown only to whom they let it be."""

import json
import re

import httpx
import pytest

import front_door
import make
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.privacy import holdings

WORDS = "It is dark at that stop."


async def wrote(client: httpx.AsyncClient, campaign: Campaign, who: str = "Amina", **typed: str) -> None:
    """Somebody signs with words of their own, lets them be shown, and confirms."""
    told = {"name": f"{who} Rahman", "email": f"{who.lower()}@example.org", "words": WORDS, "shows_name": "yes"}
    await front_door.counted(client, campaign, **(told | typed))


async def queue(client: httpx.AsyncClient, campaign: Campaign, state: str = "waiting", page: int = 1) -> str:
    return (await client.get(f"/staff/campaigns/{campaign.slug}/words?state={state}&page={page}")).text


def boxes(page: str) -> dict[str, str]:
    """The boxes of a page, as a browser would send them when all are ticked."""
    return dict(re.findall(r'name="(chosen-\d+)" type="checkbox" value="(\w+)"', page))


async def press(client: httpx.AsyncClient, campaign: Campaign, act: str, ticked: dict[str, str]) -> httpx.Response:
    typed = {"form_token": await token(client), "act": act, "state": "waiting"} | ticked
    return await client.post(f"/staff/campaigns/{campaign.slug}/words", data=typed)


async def public(client: httpx.AsyncClient, campaign: Campaign) -> str:
    front_door.a_second_passes()
    return (await client.get(f"/campaigns/{campaign.slug}")).text


async def test_words_wait_are_read_and_are_shown_with_a_first_name(client: httpx.AsyncClient) -> None:
    await make.mp()
    await sign_in(client)
    campaign = await make.campaign()
    await wrote(client, campaign)
    assert WORDS not in await public(client, campaign)
    desk = await queue(client, campaign)
    assert WORDS in desk
    answer = await press(client, campaign, "show", boxes(desk))
    assert answer.status_code == 303
    assert "1 is shown now" in (await client.get(answer.headers["location"])).text
    page = await public(client, campaign)
    assert WORDS in page and "Amina, Bury North" in page and "Rahman" not in page
    assert "Nothing waits." in await queue(client, campaign)
    assert WORDS in await queue(client, campaign, "shown")


async def test_whoever_reads_names_with_their_words_is_written_down(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(slug="light")
    await queue(client, campaign)
    read = "SELECT act, about, staff_id FROM audit WHERE act = 'words read'"
    assert await db.fetch(read) == [], "There was nobody to read of."
    await wrote(client, campaign)
    assert "Amina Rahman" in await queue(client, campaign)
    assert await db.fetch(read) == [{"act": "words read", "about": "campaign light", "staff_id": "1"}]


async def test_refused_words_stay_off_the_page_and_can_be_let_in_later(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    await wrote(client, campaign)
    await press(client, campaign, "refuse", boxes(await queue(client, campaign)))
    assert WORDS not in await public(client, campaign)
    refused = await queue(client, campaign, "refused")
    assert WORDS in refused and "Did not ask" not in refused
    await press(client, campaign, "show", boxes(refused))
    assert WORDS in await public(client, campaign)


async def test_an_organisation_is_read_first_like_words_and_two_who_sign_for_one_are_one(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    await wrote(client, campaign, words="", organisation="Clough Bank Residents")
    await wrote(client, campaign, "Yusuf", words="", organisation="clough bank residents")
    await wrote(client, campaign, "Zara", words="", organisation="A Shop", shows_name="")
    assert "Clough Bank Residents" not in await public(client, campaign)
    await press(client, campaign, "show", boxes(await queue(client, campaign)))
    page = await public(client, campaign)
    assert "Organisations that have signed" in page
    assert len(re.findall("<li>clough bank residents</li>", page, re.IGNORECASE)) == 1
    assert "A Shop" not in page


@pytest.mark.parametrize(
    "change", ["shows_name = false", "withdrawn_at = now()", "discounted_at = now()", "words_state = 'refused'"]
)
async def test_words_are_shown_only_while_their_signer_stands_by_them(
    client: httpx.AsyncClient, change: str
) -> None:
    campaign = await make.campaign()
    await wrote(client, campaign, organisation="Clough Bank Residents")
    await db.execute("UPDATE signature SET words_state = 'shown'")
    page = await public(client, campaign)
    assert WORDS in page and "Clough Bank Residents" in page
    await db.execute(f"UPDATE signature SET {change}")
    page = await public(client, campaign)
    assert WORDS not in page and "Clough Bank Residents" not in page


async def test_only_confirmed_names_are_in_the_queue_the_oldest_first_25_a_page(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    for number in range(27):
        await front_door.sign(
            client, campaign, name=f"Amina {chr(97 + number % 26)}x", email=f"a{number}@example.org",
            words=f"Words number {number}.",
        )  # fmt: skip
    assert "Nothing waits." in await queue(client, campaign)
    await db.execute("UPDATE signature SET confirmed_at = now() WHERE id < 27")
    first, second = await queue(client, campaign), await queue(client, campaign, page=2)
    assert len(boxes(first)) == 25 and first.index("Words number 0.") < first.index("Words number 24.")
    assert list(boxes(second)) == ["chosen-26"]
    assert "There is nothing on this page." in await queue(client, campaign, page=3)


async def test_words_that_were_changed_since_they_were_read_keep_waiting(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    await wrote(client, campaign)
    ticked = boxes(await queue(client, campaign))
    await holdings.withdraw(1, "amina@example.org")
    await wrote(client, campaign, words="Something nobody has read.")
    answer = await press(client, campaign, "show", ticked)
    assert "Nothing was changed" in (await client.get(answer.headers["location"])).text
    assert "Something nobody has read." not in await public(client, campaign)


async def test_the_audit_says_who_decided_and_holds_no_words(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(slug="light")
    await wrote(client, campaign)
    await press(client, campaign, "show", boxes(await queue(client, campaign)))
    row = await front_door.row("SELECT * FROM audit WHERE act = 'words shown'")
    assert (row["about"], row["staff_id"], json.loads(row["after"])) == (
        "campaign light",
        "1",
        {"signatures": [1]},
    )
    assert "dark" not in str(row)


async def test_a_button_without_a_box_or_with_another_campaigns_changes_nothing(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign, other = await make.campaign(), await make.campaign()
    await wrote(client, campaign)
    ticked = boxes(await queue(client, campaign))
    for act, boxed in (("show", {}), ("delete", ticked), ("show", {"chosen-x": "1", "chosen-": "2"})):
        refused = await press(client, campaign, act, boxed)
        assert refused.status_code == 422 and "Tick what you have read" in refused.text
    await press(client, other, "show", ticked)
    assert (await front_door.row("SELECT words_state FROM signature"))["words_state"] == "waiting"


async def test_the_desk_says_how_many_wait(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(slug="light")
    assert "to be read" not in (await client.get("/staff/campaigns/light")).text
    await wrote(client, campaign)
    await wrote(client, campaign, "Yusuf")
    for path in ("/staff/campaigns/light", "/staff/campaigns/light/signing"):
        page = re.sub(r"</?strong>|\s+", " ", (await client.get(path)).text)
        assert re.search(r"2 +wait to be read", page), path
        assert "/staff/campaigns/light/words" in page


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("editor", 200), ("moderator", 200), ("viewer", 403)]
)
async def test_who_may_read_and_decide(client: httpx.AsyncClient, role: str, status: int) -> None:
    await sign_in(client, role)
    campaign = await make.campaign()
    await wrote(client, campaign)
    answer = await client.get(f"/staff/campaigns/{campaign.slug}/words")
    assert answer.status_code == status
    assert (WORDS in answer.text) == (status == 200)
    pressed = await press(client, campaign, "show", {"chosen-1": "x"})
    assert (pressed.status_code == 403) == (status == 403)
