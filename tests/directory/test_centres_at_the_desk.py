"""Reporting centres at the desk: put in, changed, checked, taken out."""

from datetime import timedelta

import httpx
import pytest

import make
from staff.visits import sign_in, token
from undersigned.centres.tables import Centre
from undersigned.kit import database as db
from undersigned.kit import days

HERE = "/staff/campaigns/street/centres"


async def typed(client: httpx.AsyncClient, **more: str) -> dict[str, str]:
    told = {"name": "Quern Street Library", "address": "9 Quern Street, Hertford", "postcode": "sg14 1aa"}
    return {"form_token": await token(client)} | told | more


async def put_in(client: httpx.AsyncClient, **more: str) -> Centre:
    done = await client.post(f"{HERE}/new", data=await typed(client, **more))
    assert done.status_code == 303, done.text
    found = await Centre.objects().order_by(Centre.id, ascending=False).first()
    assert found is not None
    return found


@pytest.fixture
async def desk(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The desk of a campaign with a chapter, with Owen at it."""
    await make.chapter(await make.campaign(slug="street"))
    await sign_in(client)
    return client


async def test_an_empty_directory_says_what_it_is_for(desk: httpx.AsyncClient) -> None:
    page = (await desk.get(HERE)).text
    assert "None yet. A library, a launderette" in page
    assert f"{HERE}.csv" not in page


async def test_one_that_is_put_in_stands_in_the_directory_and_in_the_audit(desk: httpx.AsyncClient) -> None:
    day = days.today() - timedelta(days=3)
    centre = await put_in(
        desk,
        area="Hertfordshire",
        chapter="bury",
        phone="01632 960101",
        textphone="18001 01632 960101",
        opening="Monday to Friday",
        languages="English, Polish",
        step_free="yes",
        about="Ask for the listening corner.",
        checked_on=f"{day:%d/%m/%Y}",
        latitude="51.796",
        longitude="-0.079",
    )
    assert (centre.postcode, centre.step_free, centre.checked_on) == ("SG14 1AA", True, day)
    assert (centre.latitude, centre.longitude) == (51.796, -0.079)
    public = (await desk.get("/centres?campaign=street&chapter=bury")).text
    for words in ("Quern Street Library", "SG14 1AA", "tel:01632960101", "18001", "Polish", "listening corner"):
        assert words in public, words
    row = await db.fetch_one("SELECT about, after FROM audit WHERE act = 'centre put in'")
    assert row is not None and row["about"] == f"street centre {centre.id}" and "Quern Street" in str(row["after"])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Say what it is called."),
        ({"address": ""}, "Say where it is"),
        ({"postcode": ""}, "Enter your postcode."),
        ({"postcode": "nowhere"}, "That is not a UK postcode"),
        ({"phone": "ask inside"}, "There is no number in it."),
        ({"step_free": "perhaps"}, "Write yes or no"),
        ({"checked_on": "lately"}, "Write the day as"),
        ({"checked_on": "2199-01-01"}, "That day is still to come."),
        ({"latitude": "51.796"}, "Give both latitude and longitude"),
        ({"latitude": "5179.6", "longitude": "0"}, "Enter degrees"),
        ({"opening": "x" * 201}, "Use fewer words here."),
    ],
)
async def test_mistakes_are_said_beside_the_field(
    desk: httpx.AsyncClient, wrong: dict[str, str], sentence: str
) -> None:
    refused = await desk.post(f"{HERE}/new", data=await typed(desk, **wrong))
    assert refused.status_code == 422 and sentence in refused.text
    assert await db.fetch("SELECT id FROM centre") == []


async def test_a_change_begins_with_what_there_was_and_the_audit_has_both(desk: httpx.AsyncClient) -> None:
    centre = await put_in(desk, chapter="bury", step_free="no")
    page = (await desk.get(f"{HERE}/{centre.id}")).text
    assert 'value="Quern Street Library"' in page
    assert '<option value="bury" selected>' in page and '<option value="no" selected>' in page
    await desk.post(f"{HERE}/{centre.id}", data=await typed(desk, opening="Thursdays"))
    row = await db.fetch_one("SELECT before, after FROM audit WHERE act = 'centre changed'")
    assert row is not None and "Thursdays" in str(row["after"]) and "Thursdays" not in str(row["before"])
    changed = await Centre.objects().get(Centre.id == centre.id)
    assert changed is not None and (changed.chapter, changed.step_free) == (None, None)


async def test_those_to_check_come_first_and_one_button_notes_that_all_is_right(desk: httpx.AsyncClient) -> None:
    await put_in(desk, name="Ashgrove", checked_on=days.today().isoformat())
    stale = await put_in(desk, name="The Old Hall", checked_on="2020-01-01")
    page = (await desk.get(HERE)).text
    assert page.index("The Old Hall") < page.index("Ashgrove")
    assert "1 has not been checked for half a year." in page
    done = await desk.post(f"{HERE}/{stale.id}/checked", data={"form_token": await token(desk)})
    page = (await desk.get(done.headers["location"])).text
    assert "It is noted as checked today." in page and "To check" not in page
    checked = await Centre.objects().get(Centre.id == stale.id)
    assert checked is not None and checked.checked_on == days.today()
    assert await db.fetch("SELECT id FROM audit WHERE act = 'centre checked'")


async def test_looking_never_checks_and_never_takes_out(desk: httpx.AsyncClient) -> None:
    centre = await put_in(desk)
    for deed in ("checked", "out"):
        assert (await desk.get(f"{HERE}/{centre.id}/{deed}")).status_code == 405
    assert await Centre.exists().where(Centre.id == centre.id, Centre.checked_on.is_null())


async def test_one_that_is_taken_out_is_gone_at_once_and_the_audit_has_what_it_said(
    desk: httpx.AsyncClient,
) -> None:
    centre = await put_in(desk)
    await desk.post(f"{HERE}/{centre.id}/out", data={"form_token": await token(desk)})
    assert "Quern Street" not in (await desk.get("/centres")).text
    row = await db.fetch_one("SELECT before FROM audit WHERE act = 'centre taken out'")
    assert row is not None and "Quern Street Library" in str(row["before"])
    assert (await desk.get(f"{HERE}/{centre.id}")).status_code == 404


async def test_the_centre_or_chapter_of_another_campaign_is_not_here(desk: httpx.AsyncClient) -> None:
    await make.chapter(await make.campaign(slug="other"), slug="leeds")
    centre = await put_in(desk)
    there = f"/staff/campaigns/other/centres/{centre.id}"
    told = await typed(desk)
    assert (await desk.get(there)).status_code == 404
    for path in (there, f"{there}/checked", f"{there}/out"):
        assert (await desk.post(path, data=told)).status_code == 404, path
    assert (await desk.post(f"{HERE}/new", data=await typed(desk, chapter="leeds"))).status_code == 404
    assert len(await db.fetch("SELECT id FROM centre")) == 1


async def test_who_may_only_look_cannot_keep_centres(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="street")
    await Centre(campaign=campaign.id, name="Ashgrove", address="1 Mill Lane", postcode="SG13 8DE").save()
    await sign_in(client, "viewer")
    for path in (HERE, f"{HERE}/new", f"{HERE}/1", f"{HERE}.csv", f"{HERE}/import"):
        assert (await client.get(path)).status_code == 403, path
    for path in (f"{HERE}/new", f"{HERE}/1", f"{HERE}/1/checked", f"{HERE}/1/out", f"{HERE}/import"):
        assert (await client.post(path, data=await typed(client))).status_code == 403, path
    assert "Reporting centres" not in (await client.get("/staff/campaigns/street")).text
