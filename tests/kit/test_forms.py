"""What arrives at a form, however it was sent, is text; what is wrong with it is named a field at a time."""

from typing import Annotated

import httpx
import pytest
from pydantic import BaseModel, BeforeValidator, Field

import make
from undersigned.kit import forms
from undersigned.kit.errors import Refused


class Refusing(Refused):
    """For a test."""


def never(value: object) -> object:
    """A parser that takes nothing."""
    raise Refusing("Not like this.")


class Model(BaseModel):
    """Three fields, in an order."""

    first: Annotated[str, BeforeValidator(forms.saying(never))] = ""
    second: str = Field(max_length=3, json_schema_extra={"long": "Three at most.", "missing": "Say it."})
    third: str


def test_each_field_has_one_sentence_in_the_order_of_the_form() -> None:
    with pytest.raises(forms.Mistakes) as mistakes:
        forms.read(Model, {"second": "four", "first": "x", "other": "kept", "list": ["not", "text"]})
    assert list(mistakes.value.form.errors.items()) == [
        ("first", "Not like this."),
        ("second", "Three at most."),
        ("third", "Check this answer."),
    ]
    assert mistakes.value.form.values == {"second": "four", "first": "x", "other": "kept"}


def test_a_missing_field_has_its_own_words() -> None:
    with pytest.raises(forms.Mistakes) as mistakes:
        forms.read(Model, {"third": "x"})
    assert mistakes.value.form.errors == {"second": "Say it."}


async def post(client: httpx.AsyncClient, content: bytes, kind: str) -> httpx.Response:
    """Send any bytes at all to the form of an open campaign."""
    campaign = await make.campaign()
    return await client.post(f"/campaigns/{campaign.slug}/sign", content=content, headers={"content-type": kind})


URLENCODED = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", URLENCODED),
        (b"", ""),
        (b"%ff%fe=%ff&name=%ED%A0%80", URLENCODED),
        (b"name=%00&words=%00%00", URLENCODED),
        (b"&&&===&name", URLENCODED),
        (b"name=A&name=B&name=" + b"C" * 200_000, URLENCODED),
        (b"{}", "application/json"),
        (b"not json", "application/json"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b"\xff\xfe", "text/plain; charset=utf-16"),
        (b"name=x", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"email[0]=a&email[1]=b", URLENCODED),
    ],
)
async def test_absurd_bodies_get_an_answer_and_never_break_us(
    client: httpx.AsyncClient, content: bytes, kind: str
) -> None:
    answer = await post(client, content, kind)
    assert 400 <= answer.status_code < 500
    assert "<h1" in answer.text


async def test_a_form_with_ten_thousand_fields_gets_an_answer(client: httpx.AsyncClient) -> None:
    answer = await post(client, b"&".join(b"f%d=x" % n for n in range(10_000)), URLENCODED)
    assert 400 <= answer.status_code < 500


async def test_more_than_a_megabyte_is_too_much(client: httpx.AsyncClient) -> None:
    answer = await post(client, b"words=" + b"x" * 1_100_000, URLENCODED)
    assert answer.status_code == 413
    assert "larger than we can take" in answer.text


async def test_of_a_file_nothing_is_taken(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    answer = await client.post(
        f"/campaigns/{campaign.slug}/sign",
        data={k: v for k, v in make.signing().items() if k != "name"},
        files={"name": ("name.txt", b"Amina Rahman")},
    )
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text


async def test_a_browser_that_sends_the_form_in_parts_is_understood(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    files = {name: (None, value) for name, value in make.signing(name="Zoë Ångström").items()}
    answer = await client.post(f"/campaigns/{campaign.slug}/sign", files=files)
    assert answer.status_code == 303
