"""Links that cannot be guessed, and can expire."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from undersigned.kit import tokens
from undersigned.settings import settings


@pytest.mark.parametrize("row_id", [0, 1, 4_183, 2**62])
def test_a_token_opens_its_row_and_fits_in_an_address(row_id: int) -> None:
    token = tokens.issue("confirm", row_id)
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", token)
    assert tokens.read("confirm", token) == row_id


def test_a_token_is_for_one_purpose() -> None:
    with pytest.raises(tokens.TokenUnknown):
        tokens.read("you", tokens.issue("confirm", 1))


def test_one_changed_character_makes_it_a_strangers() -> None:
    token = tokens.issue("confirm", 1)
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(tokens.TokenUnknown):
            tokens.read("confirm", token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("token", ["", "=", "x", "💥", "a" * 31, "a" * 33, "a" * 10_000, "\0"])
def test_what_is_no_token_is_unknown(token: str) -> None:
    with pytest.raises(tokens.TokenUnknown):
        tokens.read("confirm", token)


def test_an_expired_token_still_says_what_it_opened() -> None:
    token = tokens.issue("confirm", 7, timedelta(days=30))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=29, hours=23), tick=False):
        assert tokens.read("confirm", token) == 7
    with time_machine.travel(datetime.now(UTC) + timedelta(days=30, hours=1), tick=False):
        with pytest.raises(tokens.TokenExpired) as expired:
            tokens.read("confirm", token)
        assert expired.value.row_id == 7


def test_without_a_span_it_lasts() -> None:
    token = tokens.issue("you", 7)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=4_000), tick=False):
        assert tokens.read("you", token) == 7


def test_another_installation_does_not_know_it(monkeypatch: pytest.MonkeyPatch) -> None:
    token, address = tokens.issue("confirm", 1), tokens.address_token("letter-address", 1)
    monkeypatch.setattr(settings, "secret_key", "another installation's own secret")
    with pytest.raises(tokens.TokenUnknown):
        tokens.read("confirm", token)
    assert tokens.read_address_token("letter-address", address) is None


@pytest.mark.parametrize("row_id", [0, 1, 2**40 - 1])
def test_an_address_token_survives_whatever_case_a_mail_server_makes_of_it(row_id: int) -> None:
    token = tokens.address_token("letter-address", row_id)
    assert re.fullmatch(r"[a-z2-7]{24}", token)
    for spelling in (token, token.upper(), token.title()):
        assert tokens.read_address_token("letter-address", spelling) == row_id


@pytest.mark.parametrize("token", ["", "a", "💥", "1" * 24, "a" * 24, "a" * 25])
def test_what_is_no_address_token_opens_nothing(token: str) -> None:
    assert tokens.read_address_token("letter-address", token) is None
    assert tokens.read_address_token("other", tokens.address_token("letter-address", 1)) is None
