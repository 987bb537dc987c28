"""Erasing a person reaches every table that knew them, and nobody else."""

from typing import Any

import httpx
import pytest

import front_door
import make
import photos
import work
from endorsements import sending
from signatures import guarded
from staff.visits import sign_in
from undersigned.campaigns import finding
from undersigned.delivery import addresses
from undersigned.events import interests
from undersigned.events.forms import InterestForm
from undersigned.kit import database as db
from undersigned.kit import mail, outbox, tokens
from undersigned.privacy import holdings
from undersigned.responses import arrival
from undersigned.signatures import discounting, lists, recounting
from undersigned.signatures.criteria import Criteria


async def every_table() -> dict[str, list[dict[str, Any]]]:
    """All rows of all our tables, but for the texts of templates: their samples are about an invented Amina."""
    rows = await db.fetch(
        """SELECT tablename FROM pg_tables
           WHERE schemaname = 'public' AND tablename NOT IN ('migration', 'letter_version')"""
    )
    return {row["tablename"]: await db.fetch(f'SELECT * FROM "{row["tablename"]}"') for row in rows}


def reply(letter_id: int, name: str) -> bytes:
    """An answer from Harriet's office that names the writer."""
    message = mail.blank(f"<reply-{letter_id}@example.org>")
    message["From"] = "Harriet Vale MP <harriet.vale.mp@example.org>"
    message["To"] = addresses.tracked(letter_id)
    message["Subject"] = "Re: A light"
    message.set_content(f"Dear {name},\n\nI have asked the council.\n\nHarriet Vale\n")
    return message.as_bytes()


async def lives_a_life(client: httpx.AsyncClient, name: str, email: str) -> None:
    """Somebody signs, confirms, endorses, writes, and gets an answer."""
    campaign = await make.campaign(interest='{"wording": "Tell me.", "regions": ["North"]}')
    await front_door.counted(client, campaign, name=name, email=email, wants_updates="yes")
    await sending.confirmed(client, campaign, photos.photo(), name=name, email=email)
    await front_door.queued(client, campaign, name=name, email=email)
    await work.settle()
    letter = await front_door.row("SELECT id FROM letter WHERE email = $1", email)
    await arrival.arrive(
        reply(letter["id"], name), "harriet.vale.mp@example.org", [addresses.tracked(letter["id"])]
    )
    await work.settle()


async def looked_for(email: str) -> None:
    """Staff have counted the signatures of one address, and once taken them out and put them back."""
    made = await discounting.count(1, Criteria(email=email), 1)
    await discounting.start(1, made, "Why", 1)
    await work.settle()
    await discounting.reverse(1, made, 1)
    await work.settle()
    await discounting.count(1, Criteria(email=email), 1)


async def test_no_table_remembers_whoever_was_erased_and_everybody_else_stays(client: httpx.AsyncClient) -> None:
    await make.mp()  # The samples of shipped letters name Amina, so it is somebody else who goes.
    await lives_a_life(client, "Nasreen Malik", "nasreen@example.org")
    await lives_a_life(client, "Owen Ellis", "owen@example.org")
    await looked_for("nasreen@example.org")
    before = await every_table()
    assert {table for table, rows in before.items() if "nasreen" in str(rows).lower()} >= {
        *("signature", "supporter", "letter", "mail", "inbound_mail", "response", "discounting", "endorsement")
    }
    answer = await client.post(f"/you/{tokens.issue('you', 1)}/erase")
    assert answer.status_code == 200
    after = await every_table()
    assert [table for table, rows in after.items() if "nasreen" in str(rows).lower()] == []
    for table, rows in before.items():
        theirs = [row for row in rows if "owen" in str(row).lower()]
        assert [row for row in after[table] if "owen" in str(row).lower()] == theirs
    assert len(after["picture"]) == 1, "It is the same as that of the other."


async def test_a_copy_holds_what_was_endorsed_and_erasing_takes_it_off_the_page_with_its_picture(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="light", title="A light")
    await front_door.counted(client, campaign)
    await sign_in(client)
    link = await sending.confirmed(client, campaign, photos.photo())
    await sending.press(client, campaign, "show")
    address = f"/you/{await a_link()}"
    assert link in (await client.get(address)).text
    (held,) = (await client.get(f"{address}.json")).json()["endorsements"]
    assert (held["quote"], held["state"], held["has_picture"]) == (sending.QUOTE, "shown", True)
    assert "shows my name" in held["wording"]
    await client.post(f"{address}/erase")
    assert "Amina" not in await sending.wall(client, campaign)
    assert await db.fetch("SELECT digest FROM picture") == []
    assert (await client.get(link)).status_code == 404


async def test_erasing_undoes_no_block_and_leaves_no_address_in_it(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await sign_in(client)
    for _ in range(2):
        await guarded.listed("email", "amina@example.org", "block")
        await db.execute("UPDATE listed SET why = 'Amina asked us.' WHERE value = 'amina@example.org'")
        await front_door.sign(client, campaign, email="Amina+again@example.org")
        await work.settle()
        lists.shelf.forget()
        assert (await client.post(f"/you/{await a_link()}/erase")).status_code == 200
        assert "amina" not in str(await db.fetch("SELECT * FROM listed")).lower()
        assert len(await db.fetch("SELECT id FROM listed")) == 1
    lists.shelf.forget()
    await front_door.sign(client, campaign)
    await front_door.sign(client, campaign, email="owen@example.org")
    assert await guarded.became() == {"blocked": 1, "": 1}
    page = (await client.get(f"/staff/campaigns/{campaign.slug}/guard")).text
    assert "A mailbox that was erased" in page and "sha256" not in page


async def a_link() -> str:
    """The way to the page of whoever signed last."""
    newest = await front_door.row("SELECT max(id) AS id FROM signature")
    return tokens.issue("you", newest["id"])


async def test_who_was_always_let_in_sees_that_in_their_copy_and_it_goes_with_them(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(title="A light")
    await front_door.counted(client, campaign)
    await guarded.listed("email", "amina@example.org", "allow", campaign)
    await guarded.listed("email", "amina@example.org", "block")
    copy = (await client.get(f"/you/{await a_link()}.json")).json()
    assert [(entry["verdict"], entry["campaign_title"]) for entry in copy["lists"]] == [("allow", "A light")]
    await client.post(f"/you/{await a_link()}/erase")
    assert [row["verdict"] for row in await db.fetch("SELECT verdict FROM listed")] == ["block"]


@pytest.mark.parametrize("goes_back", [False, True])
async def test_a_discounting_under_way_forgets_whoever_is_erased_and_means_nobody_else(
    client: httpx.AsyncClient, goes_back: bool
) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign)
    await front_door.counted(client, campaign, email="owen@example.org", name="Owen Ellis")
    made = await discounting.count(1, Criteria(email="amina@example.org", country="GB"), 1)
    await discounting.start(1, made, "Why", 1)
    if goes_back:
        await work.settle()
        await discounting.reverse(1, made, 1)
    await holdings.erase("amina@example.org")
    assert "amina" not in str(await db.fetch("SELECT * FROM discounting"))
    await work.settle()
    row = await front_door.row("SELECT state, ended_at IS NOT NULL AS ended FROM discounting")
    assert row == {"state": "reversed" if goes_back else "done", "ended": True}
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 1
    assert (await recounting.recount(campaign.id)).drift == []


async def test_totals_fall_by_the_erased_and_by_no_more(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign)
    await front_door.counted(client, campaign, name="Yusuf Rahman")
    await front_door.counted(client, campaign, email="owen@example.org", name="Owen Ellis")
    await client.post(f"/you/{tokens.issue('you', 1)}/erase")
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 1
    tallies = await db.fetch("SELECT kind, sum(total) AS n FROM tally GROUP BY kind")
    assert {row["kind"]: row["n"] for row in tallies} == dict.fromkeys(
        ["country", "constituency", "confirmed", "source", "created", "came"], 1
    )


async def test_after_erasing_every_old_link_says_that_there_is_nothing(client: httpx.AsyncClient) -> None:
    await make.mp()
    await lives_a_life(client, "Amina Rahman", "amina@example.org")
    you, letter = tokens.issue("you", 1), tokens.issue("letter", 1)
    await client.post(f"/you/{you}/erase")
    for path in (f"/you/{you}", f"/you/{you}.json", f"/letters/{letter}", f"/letters/{letter}.pdf"):
        answer = await client.get(path)
        assert answer.status_code == 404
        assert "amina" not in answer.text.lower()
    assert (await client.post(f"/you/{you}/erase")).status_code == 404


async def test_whoever_was_erased_may_sign_again_as_a_new_person(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign)
    await client.post(f"/you/{tokens.issue('you', 1)}/erase")
    page = await front_door.counted(client, campaign)
    assert "You are number 2" in page.text


async def test_owed_mail_goes_with_the_person(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign)
    await front_door.sign(client, await make.campaign(), email="amina+other@example.org")
    await client.post(f"/you/{tokens.issue('you', 1)}/erase")
    before = len(work.inbox())
    await work.settle()
    assert len(work.inbox()) == before


async def test_a_letter_under_another_address_outlives_the_signature_it_followed_from(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign)
    letter = await make.letter(campaign=campaign, email="yusuf@example.org", signature=1)
    await client.post(f"/you/{tokens.issue('you', 1)}/erase")
    kept = await front_door.row("SELECT id, signature FROM letter")
    assert (kept["id"], kept["signature"]) == (letter.id, None)


async def test_mail_to_an_address_that_only_registered_an_interest_goes_too(database: None) -> None:
    campaign = await make.campaign(interest='{"wording": "Tell me.", "regions": ["North"]}')
    form = InterestForm(name="Amina Rahman", email="amina@example.org", region="North")
    await interests.register(await finding.by_slug(campaign.slug), form)
    await outbox.owe("confirmation", 1, "amina@example.org")
    await outbox.owe("confirmation", 2, "owen@example.org")
    await holdings.erase("amina@example.org")
    assert await db.fetch("SELECT recipient FROM mail") == [{"recipient": "owen@example.org"}]
    assert await db.fetch("SELECT id FROM interest") == []


async def test_no_row_goes_in_silence_with_another(database: None) -> None:
    cascading = await db.fetch(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype NOT IN ('r', 'n')"
    )
    assert cascading == []
