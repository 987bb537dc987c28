"""The desk's page for representatives: found, corrected, and a list read before it is applied."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

import make
from staff.visits import sign_in, token
from undersigned.kit import database as db
from undersigned.representatives import lists, loading, refreshing, seats
from undersigned.representatives.tables import Constituency, Membership, Representative
from undersigned.settings import settings

HERE = f"/staff/representatives/{make.BURY_NORTH}"
TITLES = "gss_code,constituency,name_display,name_full_title,party,email,member_id\n"
Send = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
async def send(client: httpx.AsyncClient) -> Send:
    """Owen, who edits, sends one form of Bury North's page about its first member."""
    await sign_in(client, role="editor")
    ours = await token(client)

    async def post(act: str, path: str = HERE, **typed: str) -> httpx.Response:
        return await client.post(path, data={"form_token": ours, "act": act, "member": "1"} | typed)

    return post


async def harriet() -> Representative:
    found = await Representative.objects().where(Representative.display_name == "Harriet Vale").first()
    assert found
    return found


async def acts() -> list[str]:
    return [
        row["act"]
        for row in await db.fetch("SELECT act FROM audit WHERE staff_id = '1' AND act <> 'signed in' ORDER BY id")
    ]


def correction(**typed: str) -> dict[str, str]:
    return {"contact": "email", "email": "harriet.vale.mp@example.org", "votes": "yes", "note": ""} | typed


async def some_seats() -> None:
    await make.mp()
    await make.mp("W07000112", "Ynys Môn", display_name="Siân Rowlands", party="Plaid", contact="post", email="",
                  overridden_at=datetime.now(UTC), note="On paper")  # fmt: skip
    await make.mp("E14001063", "Aldershot", display_name="Idris Cole", failing_since=datetime.now(UTC))
    await Constituency(gss_code="E14001064", name="Aldridge-Brownhills").save()
    await Constituency(gss_code="E14001065", name="Altrincham", closed_reason="There is a poll").save()
    await Constituency(gss_code="E14000001", name="Redrawn Long Ago", ends_on=date(2024, 5, 29)).save()


@pytest.mark.usefixtures("send")
async def test_seats_are_found_by_name_constituency_party_and_kind(client: httpx.AsyncClient) -> None:
    await some_seats()
    names = {"Bury North", "Ynys Môn", "Aldershot", "Aldridge-Brownhills", "Altrincham", "Redrawn Long Ago"}
    for query, expected in (
        ("", names - {"Redrawn Long Ago"}),
        ("q=bury", {"Bury North"}),
        ("q=sian+mon", {"Ynys Môn"}),
        ("q=plaid", {"Ynys Môn"}),
        ("q=w07000112", {"Ynys Môn"}),
        ("only=no_email", {"Ynys Môn"}),
        ("only=overridden", {"Ynys Môn"}),
        ("only=failing", {"Aldershot"}),
        ("only=vacant", {"Aldridge-Brownhills"}),
        ("only=closed", {"Altrincham"}),
        ("only=vacant&q=bury", set()),
    ):
        page = (await client.get(f"/staff/representatives?{query}")).text
        assert {name for name in names if f">{name}</a>" in page} == expected, query
    assert "No seat is like that." in page
    assert "Failing: mail comes back (1)" in page and "Every seat (5)" in page


@pytest.mark.usefixtures("send")
async def test_without_seats_and_past_the_last_page_it_says_so(client: httpx.AsyncClient) -> None:
    assert "No seats are known yet." in (await client.get("/staff/representatives")).text
    for number in range(51):
        await Constituency(gss_code=f"E1400{number:04}", name=f"Seat {number:02}").save()
    first = (await client.get("/staff/representatives?q=seat")).text
    assert first.count("?member=") == 0 and first.count(">Seat ") == 50 and "More seats" in first
    assert (await client.get("/staff/representatives?q=seat&page=2")).text.count(">Seat ") == 1
    assert "No seat is like that." in (await client.get("/staff/representatives?page=99999")).text


async def test_a_contact_is_set_for_good_and_written_in_the_audit(client: httpx.AsyncClient, send: Send) -> None:
    await make.mp()
    typed = correction(email="New.Address@example.org", note="Ask for Jo", votes="")
    saved = await send("correct", **typed)
    assert saved.status_code == 303
    page = (await client.get(saved.headers["location"])).text
    for words in ("No list changes it back.", "new.address@example.org", "Ask for Jo", "Takes no part",
                  "Before you set it: By e-mail", "Before you set it: Takes part",
                  "by owen@example.org"):  # fmt: skip
        assert words in page, words
    member = await harriet()
    assert member.overridden_at and not member.takes_part_in_votes
    assert await acts() == ["representative corrected"]
    await send("correct", **correction(contact="opted_out", note="Ask for Jo"))
    assert not (await seats.of(make.BURY_NORTH)).can_be_written_to
    await send("forget")
    assert (await harriet()).overridden_at is None
    assert "You have set nothing" in (await client.get(HERE)).text


async def test_a_form_saved_unread_changes_nothing(send: Send) -> None:
    await make.mp(failing_since=datetime.now(UTC))
    assert "done=nothing" in (await send("correct", **correction())).headers["location"]
    member = await harriet()
    assert member.failing_since and member.overridden_at is None
    await send("correct", **correction(note="On leave"))
    assert (await harriet()).failing_since
    assert await acts() == ["representative corrected"]


async def test_mistakes_stand_beside_their_field(send: Send) -> None:
    await make.mp()
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    for act, typed, field, words in (
        ("correct", correction(email="harriet at example"), "email", "Enter the e-mail address"),
        ("correct", correction(contact="pigeon"), "contact", "Choose how this member is reached."),
        ("correct", correction(note="x" * 501), "note", "Use at most 500 characters."),
        ("vacate", {"sure": "yes"}, "reason", "Say why, for visitors will read it."),
        ("vacate", {"sure": "yes", "reason": "x" * 61}, "reason", "Use at most 60 characters."),
        ("vacate", {"reason": "resigned"}, "sure", "Tick this if the member has gone for good."),
        ("vacate", {"reason": "resigned", "sure": "yes", "on": tomorrow}, "on", "That day has not come yet."),
        ("vacate", {"reason": "resigned", "sure": "yes", "on": "soon"}, "on", "Write the day as"),
        ("close", {}, "closed_reason", "Say why, for visitors will read it."),
    ):
        answer = await send(act, **typed)
        assert answer.status_code == 422, (act, typed)
        assert f'id="{field}-error"' in answer.text and words in answer.text, (act, typed)
    assert await acts() == []
    page = (await send("correct", **correction(email="harriet at example", votes=""))).text
    assert 'value="harriet at example"' in page and 'value="yes" checked' not in page


async def test_a_seat_is_marked_vacant_with_a_reason(client: httpx.AsyncClient, send: Send) -> None:
    await make.mp()
    gone = await send("vacate", reason="resigned", on="2026-01-05", sure="yes")
    page = (await client.get(gone.headers["location"])).text
    assert "Vacant since 5 January 2026 (resigned)." in page and "Harriet Vale sat here." in page
    assert (await seats.of(make.BURY_NORTH)).kind == "vacant"
    assert await acts() == ["seat vacated"]
    assert (await send("vacate", reason="resigned", sure="yes")).status_code == 422


async def test_an_address_that_failed_is_tried_again_and_stays_the_lists(send: Send) -> None:
    await make.mp(failing_since=datetime.now(UTC))
    assert "done=forgiven" in (await send("forgive")).headers["location"]
    member = await harriet()
    assert member.failing_since is None and member.overridden_at is None
    await Representative.update({Representative.overridden_at: datetime.now(UTC)}, force=True)
    await send("forgive")
    assert (await harriet()).overridden_at


async def test_a_seat_is_closed_with_a_reason_and_opened(client: httpx.AsyncClient, send: Send) -> None:
    await make.mp()
    await send("close", closed_reason="Parliament has been dissolved.")
    assert "Parliament has been dissolved." in (await client.get(HERE)).text
    assert (await seats.of(make.BURY_NORTH)).kind == "dissolved"
    await send("open")
    assert (await seats.of(make.BURY_NORTH)).kind == "sitting"
    assert await acts() == ["seat closed", "seat opened"]


async def test_one_members_address_never_becomes_anothers(send: Send) -> None:
    await make.mp()
    await Membership.update({Membership.ended_on: date(2026, 1, 5)}, force=True)
    await make.mp("W07000112", "Ynys Môn", display_name="Idris Cole", email="")
    await Membership.update({Membership.constituency: make.BURY_NORTH}).where(Membership.representative == 2)
    for act in ("correct", "vacate", "forget", "forgive"):
        answer = await send(act, **correction(), reason="resigned", sure="yes")
        assert answer.status_code == 422 and "has changed hands" in answer.text, act
        assert "harriet.vale.mp@example.org" not in answer.text, act
    assert await acts() == []


async def test_those_who_hold_a_seat_together_are_corrected_one_by_one(
    client: httpx.AsyncClient, send: Send
) -> None:
    await make.mp("W09000001", "Clwyd", chamber="senedd")
    await Constituency.update({Constituency.chamber: "senedd"}, force=True)
    second = Representative(
        display_name="Idris Cole", full_title="Idris Cole MS", contact="post", chamber="senedd"
    )
    await second.save()
    await Membership(constituency="W09000001", representative=second.id, place=2).save()
    path = "/staff/representatives/W09000001"
    assert "They hold this seat together" in (await client.get(path)).text
    saved = await send("correct", path, **correction(email="idris@example.org"), member=str(second.id))
    assert "Idris Cole is reached" in (await client.get(saved.headers["location"])).text
    assert await db.fetch("SELECT email FROM representative ORDER BY id") == [
        {"email": "harriet.vale.mp@example.org"}, {"email": "idris@example.org"}
    ]  # fmt: skip


async def test_who_may_not_correct_may_not_look(client: httpx.AsyncClient) -> None:
    await make.mp()
    await sign_in(client, role="moderator")
    ours = await token(client)
    for path in ("/staff/representatives", HERE):
        assert (await client.get(path)).status_code == 403
        assert (await client.post(path, data={"form_token": ours, "act": "open"})).status_code == 403


@pytest.mark.usefixtures("send")
async def test_a_seat_that_is_not_there_is_missing(client: httpx.AsyncClient) -> None:
    await some_seats()
    for code in ("E14009999", "E14000001", "nowhere", "x" * 300, "%F0%9F%92%8C"):
        assert (await client.get(f"/staff/representatives/{code}")).status_code == 404, code


@pytest.fixture
async def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None) -> str:
    """Harriet's seat, which staff have set, in a list of twenty new members; answers the list's number."""
    monkeypatch.setattr(settings, "var", tmp_path)
    await make.mp(overridden_at=datetime.now(UTC))
    codes = [code for code in sorted(lists.known_seats.SEATS) if code != make.BURY_NORTH][:20]
    rows = [f"{code},Seat {n},Member {n},Member {n} MP,Party,,{n}" for n, code in enumerate(codes, 1)]
    rows.append(f"{make.BURY_NORTH},Bury North,Harriet Vale,Harriet Vale MP,New Party,listed@example.org,99")
    (tmp_path / "members.csv").write_text(TITLES + "\n".join(rows))
    monkeypatch.setattr(settings, "members_url", str(tmp_path / "members.csv"))
    assert await refreshing.refresh(date(2026, 11, 21)) == "waiting"
    held = await refreshing.waiting()
    assert held
    return str(held.id)


async def test_a_list_is_read_before_it_is_applied(client: httpx.AsyncClient, waiting: str, send: Send) -> None:
    page = (await client.get("/staff/representatives")).text
    for words in ("A list waits for you", "New: 20", "Member 7 (Seat 7)", "Party changed: 1", "Kept, because"):
        assert words in page, words
    assert "The list that waits says: By e-mail: listed@example.org" in (await client.get(HERE)).text
    applied = await send("apply", "/staff/representatives", refresh=waiting)
    page = (await client.get(applied.headers["location"])).text
    assert "The list has been applied." in page and "A list waits for you" not in page
    assert (await loading.status())["sitting"] == 21
    assert (await harriet()).email == "harriet.vale.mp@example.org"
    assert await acts() == ["members applied"]
    again = await send("apply", "/staff/representatives", refresh=waiting)
    assert again.status_code == 422 and "No list of members is waiting." in again.text


async def test_a_list_is_dropped(client: httpx.AsyncClient, waiting: str, send: Send) -> None:
    dropped = await send("drop", "/staff/representatives", refresh=waiting)
    assert "The list was dropped." in (await client.get(dropped.headers["location"])).text
    assert (await loading.status())["sitting"] == 1
    assert await acts() == ["members dropped"]


async def test_a_list_that_was_not_shown_is_not_applied(waiting: str, send: Send) -> None:
    for act, refresh, words in (("apply", "999", "A newer list has come"), ("", waiting, "Choose whether")):
        answer = await send(act, "/staff/representatives", refresh=refresh)
        assert answer.status_code == 422 and words in answer.text
    assert await refreshing.waiting() and await acts() == []
