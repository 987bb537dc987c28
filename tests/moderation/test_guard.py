"""The guard at the desk: raising it, seeing where signatures come from, and the lists of always and never."""

from datetime import timedelta

import httpx
import pytest

import front_door
import make
from signatures import guarded
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.settings import settings

HOME = "203.0.113.7"


@pytest.fixture(autouse=True)
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "trusted_proxies", "127.0.0.1")


async def press(client: httpx.AsyncClient, campaign: Campaign, path: str = "", **typed: str) -> httpx.Response:
    """Send one of the page's forms, and answer the page that is shown then."""
    typed["form_token"] = await token(client)
    address = f"/staff/campaigns/{campaign.slug}/guard{path}"
    return await client.post(address, data=typed, follow_redirects=True)


async def page_of(client: httpx.AsyncClient, campaign: Campaign) -> str:
    answer = await client.get(f"/staff/campaigns/{campaign.slug}/guard")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


async def audited() -> list[tuple[str, str, str]]:
    """What the audit says: act, about, and everything else in it."""
    rows = await db.fetch("SELECT * FROM audit WHERE act NOT LIKE 'sign%' ORDER BY id")
    return [(row["act"], row["about"], f"{row['before']} {row['after']}") for row in rows]


async def test_staff_raise_the_guard_and_lower_it_and_both_are_written_down(client: httpx.AsyncClient) -> None:
    await sign_in(client, "moderator")
    campaign = await make.campaign(slug="light")
    raised = await press(client, campaign, guard="raised")
    assert "The guard is raised." in raised.text
    front_door.a_second_passes()
    assert 'name="proof"' in (await client.get("/campaigns/light")).text
    assert "It is raised:" in (await client.get("/staff/campaigns/light/signing")).text
    await press(client, campaign, guard="raised")
    await press(client, campaign, guard="normal")
    front_door.a_second_passes()
    assert 'name="proof"' not in (await client.get("/campaigns/light")).text
    assert [act for act, *_ in await audited() if act.startswith("guard")] == ["guard raised", "guard normal"]


async def test_a_form_without_a_choice_is_told_so(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    for typed in ({}, {"guard": "fierce"}):
        answer = await press(client, campaign, **typed)
        assert answer.status_code == 422 and "Choose how closely to look." in answer.text
    answer = await press(client, campaign, "/lists", value="example.org")
    assert answer.status_code == 422
    assert "Choose what it is." in answer.text and "Choose whether to block or to allow." in answer.text


async def test_a_viewer_sees_no_addresses_and_turns_nothing(client: httpx.AsyncClient) -> None:
    await sign_in(client, "viewer")
    campaign = await make.campaign()
    assert (await client.get(f"/staff/campaigns/{campaign.slug}/guard")).status_code == 403
    assert (await press(client, campaign, guard="raised")).status_code == 403
    assert (await press(client, campaign, "/lists", kind="ip", value=HOME, verdict="block")).status_code == 403
    assert (await front_door.row("SELECT guard FROM campaign"))["guard"] == "normal"


async def test_a_campaign_that_nobody_has_signed_says_so_in_every_list(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    page = await page_of(client, await make.campaign())
    for words in (
        "Every signature counts.",
        "Nothing was noticed.",
        "Nobody has signed.",
        "No address is known",
        "Nobody is listed",
    ):
        assert words in page


async def test_addresses_and_domains_are_shown_by_how_much_they_signed_lately(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign, other = await make.campaign(), await make.campaign()
    await guarded.crowd(client, campaign, 3, email="s{}@doorstep-firm.co.uk")
    await guarded.crowd(client, campaign, 2, ip="2001:db8:0:7::{}", email="t{}@gmail.com")
    await guarded.sign(client, other, "198.51.100.9", email="owen@bury-firm.co.uk")
    await front_door.confirm(client, "s1@doorstep-firm.co.uk")
    page = await page_of(client, campaign)
    row = '<th scope="row">{}</th> <td data-label="Last hour" class="figure">{}</td> '
    row += '<td data-label="24 hours" class="figure">{}</td> '
    row += '<td data-label="Confirmed" class="figure">{}</td> <td data-label="Not counted" class="figure">{}</td>'
    for told in (
        (HOME, 3, 3, 1, 0),
        ("doorstep-firm.co.uk", 3, 3, 1, 0),
        ("2001:db8:0:7::/64", 2, 2, 0, 0),
        ("gmail.com", 2, 2, 0, 0),
    ):
        assert page.count(row.format(*told)) == 1, told
    assert "198.51.100.9" not in page and "bury-firm" not in page
    await db.execute("UPDATE signature SET created_at = created_at - interval '2 hours'")
    assert (await page_of(client, campaign)).count(row.format(HOME, 0, 3, 1, 0)) == 1
    await db.execute("UPDATE signature SET created_at = created_at - $1::interval", timedelta(days=1))
    assert HOME not in await page_of(client, campaign)


async def test_what_is_not_counted_and_what_was_noticed_is_said_in_words(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(guard="raised")
    await guarded.crowd(client, campaign, 18)
    await guarded.sign(client, campaign, "198.51.100.9", email="amina@mailinator.com", website="x")
    page = await page_of(client, campaign)
    for words, number in (
        ("A burst from one address", 2),
        ("Filled in a field that people never see", 1),
        ("Without proof of work while the guard was raised", 19),
        ("From a mailbox that is thrown away", 1),
    ):
        assert f'<th scope="row">{words}</th><td class="figure">{number}</td>' in page


async def test_an_address_is_blocked_from_where_it_is_seen_and_let_in_again(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign, other = await make.campaign(), await make.campaign()
    await guarded.sign(client, campaign, HOME, email="before@gmail.com")
    page = await press(client, campaign, "/lists", kind="ip", value=HOME, verdict="block")
    assert "Blocked. It works within five seconds" in page.text
    assert "This campaign" in page.text and "by Owen" in page.text
    for where in (campaign, other):
        await guarded.sign(client, where, HOME, email="amina@gmail.com")
    entry = await front_door.row("SELECT id, campaign FROM listed")
    assert entry["campaign"] == campaign.id
    await press(client, campaign, f"/lists/{entry['id']}")
    await guarded.sign(client, campaign, HOME, email="after@gmail.com")
    assert await guarded.became() == {"": 3, "blocked": 1}
    assert "Nobody is listed" in await page_of(client, campaign)


async def test_the_audit_names_the_entry_and_nobody_s_address(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    for kind, value in (("email", "amina@example.org"), ("ip", HOME), ("domain", "doorstep-firm.co.uk")):
        typed = {"kind": kind, "value": value, "verdict": "block", "why": "Amina asked us to."}
        await press(client, campaign, "/lists", **typed)
    await press(client, campaign, "/lists/1")
    acts = [one for one in await audited() if one[0].startswith("list")]
    assert [(act, about) for act, about, _ in acts] == [
        *(("list entry made", f"list entry {n}") for n in (1, 2, 3)),
        ("list entry removed", "list entry 1"),
    ]
    assert '"kind": "email"' in acts[3][2]
    for secret in ("amina", HOME, "doorstep", "Amina"):
        assert secret not in str(acts)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("ip", " 203.0.113.7 ", "203.0.113.7"),
        ("ip", "203.0.113.7/24", "203.0.113.0/24"),
        ("ip", "2001:DB8::7", "2001:db8::7"),
        ("ip", "::ffff:203.0.113.7", "203.0.113.7"),
        ("domain", "@Doorstep-Firm.CO.UK", "doorstep-firm.co.uk"),
        ("domain", "*.example", "*.example"),
        ("email", "Wom.Boid+x@googlemail.com", "womboid@gmail.com"),
    ],
)
async def test_what_is_listed_is_kept_in_its_one_spelling(
    client: httpx.AsyncClient, kind: str, typed: str, kept: str
) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    for verdict in ("block", "allow"):
        answer = await press(client, campaign, "/lists", kind=kind, value=typed, verdict=verdict, everywhere="yes")
        assert answer.status_code == 200
    entry = await front_door.row("SELECT campaign, value, verdict FROM listed")
    assert entry == {"campaign": None, "value": kept, "verdict": "allow"}
    assert "Every campaign" in await page_of(client, campaign)


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        ("ip", "nonsense", "Enter an address such as"),
        ("ip", "", "Enter an address such as"),
        ("ip", "0.0.0.0/0", "Enter a smaller network"),
        ("ip", "::/0", "Enter a smaller network"),
        ("ip", "127.0.0.1", "everybody may stand behind it"),
        ("ip", "10.1.0.0/16", "everybody may stand behind it"),
        ("ip", "::ffff:10.1.0.7", "everybody may stand behind it"),
        ("ip", "::/64", "everybody may stand behind it"),
        ("ip", "172.15.0.0/15", "Enter a smaller network"),
        ("ip", "192.160.0.0/12", "Enter a smaller network"),
        ("ip", "2001:db8::/32", "Enter a smaller network"),
        ("domain", "not a domain", "Enter a domain such as"),
        ("domain", "*.*", "Enter a domain such as"),
        ("domain", "gmail.com", "Too many people write from this domain"),
        ("domain", "*.plus.com", "Too many people write from this domain"),
        ("domain", "com", "Too many people write from this domain"),
        ("domain", "*.com", "Too many people write from this domain"),
        ("domain", "*.co.uk", "Too many people write from this domain"),
        ("domain", "*.UK", "Too many people write from this domain"),
        ("email", "amina", "Enter an e-mail address"),
    ],
)
async def test_what_would_list_nobody_or_everybody_is_refused(
    client: httpx.AsyncClient, kind: str, typed: str, told: str
) -> None:
    await sign_in(client)
    answer = await press(client, await make.campaign(), "/lists", kind=kind, value=typed, verdict="block")
    assert answer.status_code == 422
    assert answer.text.count(told) == 2
    assert await db.fetch("SELECT * FROM listed") == []


async def test_whoever_sees_addresses_is_written_down_and_nobody_s_address_is(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(slug="light")
    await page_of(client, campaign)
    assert await audited() == [], "There was nothing to see."
    await guarded.sign(client, campaign, HOME)
    await page_of(client, campaign)
    await db.execute("UPDATE signature SET ip = ''")
    await guarded.listed("email", "amina@example.org", "block")
    await page_of(client, campaign)
    assert await audited() == [("addresses read", "campaign light", "None None")] * 2


async def test_the_desk_says_how_many_are_counted_from_one_address(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    page = await page_of(client, await make.campaign())
    assert "from one address 100 at once" in page and "only 16 at once instead of 100." in page


async def test_an_entry_of_another_campaign_is_not_taken_off_from_here(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign, other = await make.campaign(), await make.campaign()
    await guarded.listed("ip", HOME, "block", other)
    assert (await press(client, campaign, "/lists/1")).status_code == 404
    assert len(await db.fetch("SELECT * FROM listed")) == 1
    assert HOME not in await page_of(client, campaign)
