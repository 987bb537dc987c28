"""One mailbox is one person, however its address is spelt; and two mailboxes are two."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import front_door
import make
import work
from undersigned.kit import database as db
from undersigned.supporters import addresses, domains


async def keys() -> list[str]:
    """The mailboxes that have signed."""
    return [row["email_key"] for row in await db.fetch("SELECT email_key FROM signature ORDER BY id")]


@pytest.mark.parametrize(
    "spellings",
    [
        ("womboid@gmail.com", "WOMBOID@gmail.com", "wom.boid@gmail.com", "womboid@googlemail.com"),
        ("bob@example.org", "bob+x@example.org", "BOB+Y@example.org"),
        ("amina.rahman@proton.me", "aminarahman@pm.me", "amina-rahman@protonmail.com", "amina_rahman+x@proton.me"),
        ("amina@icloud.com", "amina@me.com", "amina+x@mac.com"),
        ("amina@fastmail.com", "petitions@amina.fastmail.com", "amina+petitions@fastmail.com"),
    ],
)
async def test_every_spelling_of_a_mailbox_is_one_signature(
    client: httpx.AsyncClient, spellings: tuple[str, ...]
) -> None:
    campaign = await make.campaign()
    for spelling in spellings:
        assert (await front_door.sign(client, campaign, email=spelling)).status_code == 303
    assert await keys() == [addresses.key(spellings[0])]


async def test_an_unconfirmed_signer_who_signs_under_an_alias_gets_a_fresh_link_and_stays_one(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    await front_door.sign(client, campaign, email="womboid@gmail.com")
    await front_door.sign(client, campaign, email="wom.boid+again@googlemail.com")
    await work.settle()
    assert len(work.inbox("womboid@gmail.com")) == 2
    assert "You are number 1" in (await front_door.confirm(client, "womboid@gmail.com")).text
    assert len(await keys()) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("amina@hotmail.com", "amina@outlook.com"),
        ("amina.rahman@icloud.com", "aminarahman@icloud.com"),
        ("amina-rahman@yahoo.co.uk", "amina@yahoo.co.uk"),
        ("post@amina.example.org", "post@owen.example.org"),
        ("amina@fastmail.com", "amina@fastmail.fm"),
    ],
)
async def test_what_a_provider_keeps_apart_is_two_signatures(
    client: httpx.AsyncClient, one: str, other: str
) -> None:
    campaign = await make.campaign()
    for email in (one, other):
        await front_door.sign(client, campaign, email=email, name=f"Amina {email[0]}")
    assert len(set(await keys())) == 2


def test_the_most_specific_rule_wins() -> None:
    told: dict[str, Any] = {
        "mailbox": [
            {"domains": ["*.example"], "ignores": "."},
            {"domains": ["*.mail.example"], "ignores": "-"},
            {"domains": ["our.mail.example"], "separators": "=", "known_as": "ours.example"},
        ]
    }
    rules = domains.read(told)

    def key(local: str, domain: str) -> str:
        return domains.most_specific(rules, domain).key(local, domain)

    assert key("a.b-c+d", "post.example") == "ab-c@post.example"
    assert key("a.b-c+d", "your.mail.example") == "a.bc@your.mail.example"
    assert key("a.b-c+d=e", "our.mail.example") == "a.b-c+d@ours.example"
    assert key("a.b-c+d", "example") == "a.b-c@example"


PLAIN = st.text("abc.+-_", min_size=1, max_size=12)
DOMAIN = st.sampled_from(
    ["gmail.com", "googlemail.com", "pm.me", "me.com", "example.org", "x.fastmail.com", "x.y.fastmail.fm", "ya.ru"]
)


@given(PLAIN, DOMAIN)
def test_a_key_is_its_own_key_and_never_loses_its_mailbox(local: str, domain: str) -> None:
    key = addresses.key(f"{local}@{domain}")
    assert addresses.key(key) == key
    assert key.rpartition("@")[0]
    assert addresses.key(f"{local}@{domain}".upper()) == key


@pytest.mark.parametrize(
    ("domain", "organisation"),
    [
        ("example.org", "example.org"),
        ("mail.shop.example.co.uk", "example.co.uk"),
        ("cs.ox.ac.uk", "ox.ac.uk"),
        ("gmp.police.uk", "gmp.police.uk"),
        ("a.b.c.example.com", "example.com"),
        ("our.onmicrosoft.com", "our.onmicrosoft.com"),
        ("localhost", "localhost"),
    ],
)
def test_sub_domains_belong_to_whoever_holds_the_name(domain: str, organisation: str) -> None:
    assert domains.organisation(domain) == organisation


def test_every_domain_that_everybody_shares_is_written_as_its_key_is() -> None:
    for domain in domains._NOBODYS | domains._EVERYBODYS:
        assert domains.is_unlimited(addresses.key(f"amina@{domain}").rpartition("@")[2]), domain
        assert not domains.is_disposable(domain), domain
