"""The privacy clock keeps its promises, and the counts stay as they are."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

import front_door
import make
from signatures import guarded
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import days
from undersigned.letters.tables import Letter
from undersigned.privacy import forgetting
from undersigned.responses import arrival
from undersigned.responses.tables import InboundMail, Response
from undersigned.signatures import recounting
from undersigned.signatures.criteria import Criteria
from undersigned.signatures.tables import Discounting, Tally
from undersigned.supporters import consents

NOW = datetime.now(UTC)


async def one(sql: str, *values: object) -> dict[str, Any]:
    row = await db.fetch_one(sql, *values)
    assert row is not None
    return row


async def answered(letter: Letter) -> None:
    """The office has answered a letter, and its mail is still here."""
    inbound = await arrival.arrive(b"From: harriet@example.org\n\nDear Amina\n", "harriet@example.org", ["x@y.z"])
    await InboundMail.update({InboundMail.sorted_at: NOW}).where(InboundMail.id == inbound)
    await Response(
        letter=letter.id,
        inbound=inbound,
        message_id="<one@example.org>",
        kind="answer",
        confidence=90,
        matched_by="token",
        text="Dear Amina",
        received_at=NOW,
    ).save()


async def test_the_text_of_a_letter_and_of_its_answer_goes_after_28_days_and_not_before(database: None) -> None:
    old = await make.letter(sent_at=NOW - timedelta(days=28, minutes=1))
    young = await make.letter(sent_at=NOW - timedelta(days=27, hours=23))
    await answered(old)
    assert await forgetting.scrub_letters() == 1
    assert await forgetting.scrub_letters() == 0
    row = await one("SELECT * FROM letter WHERE id = $1", old.id)
    assert (row["state"], json.loads(row["paragraphs"]), row["address"]) == ("scrubbed", [], "")
    assert (await one("SELECT text FROM response"))["text"] == ""
    assert (await one("SELECT raw FROM inbound_mail"))["raw"] == b""
    assert (await one("SELECT state FROM letter WHERE id = $1", young.id))["state"] == "sent"


async def test_a_letter_that_was_never_confirmed_is_deleted_after_seven_days(database: None) -> None:
    for state in ("draft", "waiting"):
        await make.letter(
            state=state, created_at=NOW - timedelta(days=7, minutes=1), confirmed_at=None, sent_at=None
        )
    kept = await make.letter(state="waiting", created_at=NOW - timedelta(days=6), confirmed_at=None, sent_at=None)
    assert await forgetting.drop_unfinished_letters() == 2
    assert [row["id"] for row in await db.fetch("SELECT id FROM letter")] == [kept.id]


async def signed(campaign: Campaign) -> None:
    """Amina has signed and is known as a supporter."""
    wording = await consents.wording_id("I agree.")
    await db.execute(
        """INSERT INTO signature (campaign, wording, name, name_key, email, email_key, slot, postcode, country,
               constituency, match, data_release, words, organisation, shows_name, wants_updates, source, mails,
               created_at, confirmed_at, number, discounted_why)
           VALUES ($1, $2, 'Amina Rahman', 'amina rahman', 'amina@example.org', 'amina@example.org', 1, 'BL9 0SW',
               'GB', 'E14001144', 'exact', 'demo', 'It is dark', '', true, true, '', 1, now(), now(), 1, '')""",
        campaign.id,
        wording,
    )
    await db.execute(
        """INSERT INTO supporter (email, email_key, created_at)
           VALUES ('amina@example.org', 'amina@example.org', now()) ON CONFLICT DO NOTHING"""
    )
    await db.execute(
        """INSERT INTO consent (supporter, campaign_id, purpose, wording, given_at)
           SELECT id, $1, 'sign', $2, now() FROM supporter""",
        campaign.id,
        wording,
    )


async def test_who_signed_is_forgotten_when_retention_ends_and_the_count_stays(database: None) -> None:
    past = await make.campaign(
        state="closed", closes_at=NOW - timedelta(days=32), retention_months=1, signature_count=1
    )
    await signed(past)
    assert await forgetting.anonymise() == 1
    assert await forgetting.anonymise() == 0
    row = await one("SELECT * FROM signature")
    assert "amina" not in str(row).lower()
    assert (row["constituency"], row["number"], row["confirmed_at"] is not None) == ("E14001144", 1, True)
    assert (await one("SELECT signature_count FROM campaign"))["signature_count"] == 1
    assert await db.fetch("SELECT * FROM supporter") == []


async def test_a_supporter_whom_another_campaign_still_knows_stays(database: None) -> None:
    past = await make.campaign(state="closed", closes_at=NOW - timedelta(days=32), retention_months=1)
    await signed(past)
    await signed(await make.campaign())
    assert await forgetting.anonymise() == 1
    assert len(await db.fetch("SELECT * FROM supporter")) == 1


async def test_sent_mail_is_dropped_after_28_days(database: None) -> None:
    for ago in (29, 27):
        await db.execute(
            """INSERT INTO mail (kind, about, recipient, message_id,
                   created_at, due_at, attempts, last_answer, sent_at)
               VALUES ('confirmation', 1, 'a@example.org', '<m>', now(), now(), 1, '', $1)""",
            NOW - timedelta(days=ago),
        )
    assert await forgetting.drop_old_mail() == 1
    assert len(await db.fetch("SELECT * FROM mail")) == 1


async def test_retention_runs_from_the_last_day_whatever_the_state_says(database: None) -> None:
    await signed(await make.campaign(state="open", closes_at=NOW - timedelta(days=32), retention_months=1))
    await signed(await make.campaign(state="open", closes_at=NOW - timedelta(days=27), retention_months=1))
    await signed(await make.campaign(state="archived", closes_at=None, retention_months=1))
    assert await forgetting.anonymise() == 1
    rows = await db.fetch("SELECT email FROM signature ORDER BY campaign")
    assert [row["email"] for row in rows] == ["", "amina@example.org", "amina@example.org"]


async def test_the_names_of_a_pledge_go_in_time_after_its_deadline(database: None) -> None:
    for ago in (40, 27):
        deadline = days.today() - timedelta(days=ago)
        await signed(await make.campaign(kind="pledge", pledge_deadline=deadline, retention_months=1))
    late = {"closes_at": NOW + timedelta(days=90), "pledge_deadline": days.today() - timedelta(days=40)}
    await signed(await make.campaign(kind="pledge", retention_months=1, **late))
    await signed(await make.campaign(retention_months=1, **late))
    assert await forgetting.anonymise() == 2
    rows = await db.fetch("SELECT email FROM signature ORDER BY campaign")
    assert [row["email"] for row in rows] == ["", "amina@example.org", "", "amina@example.org"]


async def test_who_registered_an_interest_is_deleted_when_retention_ends(database: None) -> None:
    for ago in (32, 27):
        campaign = await make.campaign(closes_at=NOW - timedelta(days=ago), retention_months=1)
        await db.execute(
            """INSERT INTO interest (campaign, name, email, email_key, region, wording, created_at)
               VALUES ($1, 'Amina', 'amina@example.org', 'amina@example.org', 'North', 'Tell me.', now())""",
            campaign.id,
        )
    assert await forgetting.anonymise() == 1
    assert [row["campaign"] for row in await db.fetch("SELECT campaign FROM interest")] == [campaign.id]


async def test_the_writer_of_a_letter_that_failed_is_forgotten_too(database: None) -> None:
    past = await make.campaign(closes_at=NOW - timedelta(days=400))
    await make.letter(campaign=past, state="failed", sent_at=None, ended_at=NOW - timedelta(days=399))
    await forgetting.keep_promises()
    assert "amina" not in str(await one("SELECT * FROM letter")).lower()


async def test_whom_a_discounting_looked_for_is_forgotten_30_days_after_it_ended(database: None) -> None:
    campaign = await make.campaign()
    personal = {"name": "rahman", "email": "a@example.org", "ip": "203.0.113.7/32", "postcode": "BL9"}
    told = json.dumps(personal | {"country": "GB"})
    for state, ago in (("done", 31), ("reversed", 31), ("cancelled", 29), ("running", 99), ("counted", 31)):
        at = NOW - timedelta(days=ago)
        ended = None if state in {"running", "counted"} else at
        made = Discounting(
            campaign=campaign.id, criteria=told, why="Why", state=state, staff_id=1, created_at=at, ended_at=ended
        )
        await made.save()
    assert await forgetting.forget_criteria() == 3
    assert await forgetting.forget_criteria() == 0
    rows = await db.fetch("SELECT state, criteria FROM discounting ORDER BY id")
    left = {row["state"]: Criteria.model_validate_json(row["criteria"]) for row in rows}
    assert set(left) == {"done", "reversed", "cancelled", "running"}
    assert left["done"] == left["reversed"] == Criteria(country="GB", forgotten=True)
    assert left["cancelled"] == left["running"] == Criteria(**personal, country="GB")


async def test_where_somebody_signed_from_is_forgotten_after_30_days(database: None) -> None:
    for ago in (30, 29):
        await signed(await make.campaign())
        await db.execute(
            "UPDATE signature SET ip = '203.0.113.7', created_at = $1 WHERE ip = ''",
            NOW - timedelta(days=ago, minutes=1),
        )
    assert (await forgetting.keep_promises())["addresses"] == 1
    assert (await forgetting.keep_promises())["addresses"] == 0
    rows = await db.fetch("SELECT ip FROM signature ORDER BY id")
    assert [row["ip"] for row in rows] == ["", "203.0.113.7"]


async def test_after_retention_no_page_or_row_knows_who_signed_and_every_total_stays(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="light", retention_months=2, closes_at=NOW + timedelta(days=1))
    await make.mp()
    for number in range(Tally.FEWEST_SHOWN):
        told = {
            "name": f"Amina {'abcde'[number]}",
            "email": f"amina{number}@example.org",
            "organisation": "Amina’s",
        }
        await front_door.counted(
            client, campaign, **told, words="It is dark.", shows_name="yes", wants_updates="yes"
        )
    await db.execute("UPDATE signature SET ip = '203.0.113.7', words_state = 'shown'")
    before = await areas(client)
    assert "Amina" in (await client.get("/campaigns/light")).text
    long_ago = "interval '100 days'"
    await db.execute(f"UPDATE campaign SET closes_at = closes_at - {long_ago}, state = 'closed'")
    await db.execute(f"UPDATE signature SET created_at = created_at - {long_ago}")
    await db.execute(f"UPDATE mail SET sent_at = sent_at - {long_ago}")
    await forgetting.keep_promises()
    front_door.a_second_passes()
    for page in (
        "/campaigns/light",
        "/campaigns/light/words",
        "/campaigns/light/dashboard",
        "/campaigns/light.json",
    ):
        assert "amina" not in (await client.get(page)).text.lower(), page
    for table in ("signature", "supporter", "consent", "mail"):
        rows = str(await db.fetch(f"SELECT * FROM {table}")).lower()
        assert not [trace for trace in ("amina", "203.0.113.7", "bl9", "it is dark") if trace in rows], table
    assert await areas(client) == before
    counted = (await recounting.recount(campaign.id)).drift
    assert {row["kind"] for row in counted} <= {"created"}


async def areas(client: httpx.AsyncClient) -> list[Any]:
    """What everybody is told of the areas that signers live in, and of how many they are."""
    told = (await client.get("/campaigns/light.json")).json()["data"]["attributes"]
    assert told["signatures_by_constituency"] and told["signature_count"] == Tally.FEWEST_SHOWN
    return [told["signatures_by_constituency"], told["signatures_by_country"], told["signature_count"]]


async def test_who_is_listed_is_forgotten_in_time(client: httpx.AsyncClient) -> None:
    over = await make.campaign(closes_at=NOW - timedelta(days=32), retention_months=1)
    going_on = await make.campaign(slug="light")
    for kind, value, campaign, ago in (
        ("ip", "203.0.113.7", None, 31),
        ("ip", "203.0.113.0/24", going_on, 29),
        ("email", "amina@example.org", over, 31),
        ("email", "amina@example.org", going_on, 400),
        ("email", "yusuf@example.org", None, 366),
        ("email", "tom@example.org", None, 364),
        ("domain", "doorstep-firm.co.uk", None, 366),
    ):
        await guarded.listed(kind, value, "block", campaign)
        await db.execute(
            "UPDATE listed SET created_at = $1, why = 'Amina' WHERE why = ''", NOW - timedelta(days=ago)
        )
    await forgetting.keep_promises()
    left = await db.fetch("SELECT value, why, campaign FROM listed ORDER BY id")
    assert [(row["value"], row["why"]) for row in left] == [
        ("203.0.113.0/24", "Amina"),
        ("amina@example.org", ""),
        ("tom@example.org", "Amina"),
        ("doorstep-firm.co.uk", ""),
    ]
    acts = await db.fetch(
        "SELECT about, staff_id, before::text AS before FROM audit WHERE act = 'list entry expired'"
    )
    assert sorted(row["about"] for row in acts) == [f"list entry {n}" for n in (1, 3, 5)]
    assert {row["staff_id"] for row in acts} == {"clock"} and "amina" not in str(acts)
    assert await forgetting.forget_lists() == 0
