"""Trying a letter out on people who do not exist: the generator is the one that every letter goes through."""

import json
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.kit import forms
from undersigned.kit.errors import Refused
from undersigned.letters import composing, facts, languages, sheet, template
from undersigned.letters.forms import WriteForm
from undersigned.letters.sheet import Sheet
from undersigned.letters.tables import Letter
from undersigned.letters.template import LetterTemplate
from undersigned.representatives.seats import Seat
from undersigned.representatives.tables import Representative

OWN = "own"
HERE = Path(__file__).parent
WANTED = {
    "supporter": ("name", "address"),
    "representative": ("name", "salutation"),
    "constituency": ("name", "signatures"),
    "campaign": ("title", "signatures"),
}


class BadSample(Refused):
    """The sample does not describe somebody to try the letter on; the message says what is wrong."""


@dataclass(frozen=True)
class Person:
    """Somebody who would send the letter, and whom they would write to. ``variant`` takes its words outright."""

    key: str
    says: str
    name: str
    address: str
    postcode: str
    constituency: str
    representative: dict[str, Any]
    language: str = "en-GB"
    variant: str = ""

    @property
    def seat(self) -> Seat:
        """The seat as it would be found for their postcode."""
        mp = Representative(id=0, **self.representative)
        return Seat("sitting", self.constituency, "E14000000", mp, 0, note=mp.note)


@dataclass(frozen=True)
class Preview:
    """A letter as it would go out: the sheet that page, text and PDF are made from."""

    person: Person
    sheet: Sheet
    subject: str
    own_share: int

    @property
    def note(self) -> str:
        """What is to be said of the MP, if anything."""
        return str(self.person.representative.get("note", ""))

    @property
    def by_email(self) -> bool:
        """Whether it would go by e-mail; otherwise it is printed and posted."""
        return bool(self.person.representative["contact"] == "email")


def read(sample: str) -> dict[str, Any]:
    """The text of a ``sample.toml`` as it was meant. Raises BadSample."""
    try:
        told = tomllib.loads(sample)
    except tomllib.TOMLDecodeError as mistake:
        at = re.search(r" \(at line (\d+), column \d+\)$", str(mistake))
        line = at[1] if at else sample.rstrip().count("\n") + 1
        raise BadSample(f"Line {line}: the sample is not TOML: {str(mistake).split(' (at ')[0]}.") from mistake
    for table, names in WANTED.items():
        for name in names:
            if not isinstance(told.get(table), dict) or told[table].get(name) in (None, ""):
                raise BadSample(f"The sample lacks “{name}” under [{table}].")
    if not isinstance(told.get("prompts", {}), dict):
        raise BadSample("The answers of the sample stand under [prompts], one for each prompt.")
    return told


def people(told: dict[str, Any], chosen: LetterTemplate | None = None) -> dict[str, Person]:
    """Everybody the letter can be tried on, by key: the one of its sample, the usual ones, and one a variant."""
    own = _own(told)
    variants = chosen.variants if chosen else {}
    by_variant = [
        replace(own, key=f"variant-{name}", says=f"The words for “{name}”", variant=name) for name in variants
    ]
    return {person.key: person for person in (own, *_usual(), *by_variant)}


def _own(told: dict[str, Any]) -> Person:
    *address, postcode = str(told["supporter"]["address"]).strip().split("\n")
    full_title = str(told["representative"]["name"])
    return Person(
        key=OWN,
        says=f"The one of its sample, to {full_title}",
        name=str(told["supporter"]["name"]),
        address="\n".join(address),
        postcode=postcode,
        constituency=str(told["constituency"]["name"]),
        representative={
            "display_name": full_title.removesuffix(" MP"),
            "full_title": full_title,
            "address_as": str(told["representative"]["salutation"]).removeprefix("Dear "),
            "contact": "email",
            "email": "sample@example.org",
        },
    )


@cache
def _usual() -> tuple[Person, ...]:
    file = HERE / "people.toml"
    return tuple(Person(**told) for told in tomllib.loads(file.read_text(encoding="utf-8"))["people"])


async def preview(name: str, source: str, sample: str, person: str = OWN) -> Preview:
    """The letter that ``person`` would send; nothing of it is kept. A person nobody knows is the sample's own.

    Raises BadLetter, BadField or BadSample for whoever can put it right.
    """
    chosen, told = template.parse(name, source), read(sample)
    known = people(told, chosen)
    somebody = known.get(person, known[OWN])
    if somebody.variant:
        chosen = replace(chosen, blocks=chosen.for_variant(somebody.variant), variants={})
    form, campaign = _form(somebody, told, chosen), _campaign(name, told, somebody)
    try:
        composition = await composing.compose(
            campaign, chosen, form, somebody.seat, _figures(told, campaign, chosen)
        )
    except forms.Mistakes as mistakes:
        raise template.BadLetter(" ".join(mistakes.form.errors.values())) from mistakes
    letter = _letter(somebody, form, campaign, composition, chosen)
    return Preview(somebody, sheet.of(letter), composition.subject, composition.own_share)


def _figures(told: dict[str, Any], campaign: Campaign, chosen: LetterTemplate) -> facts.Facts:
    """How many have signed near the writer: the sample says so, for no sample has rows to count."""
    local = told["constituency"]["signatures"]
    many = f"{local:,}" if isinstance(local, int) else str(local)
    layout = languages.of(facts.language_of(campaign, chosen))
    where = str(told["constituency"]["name"])
    return {"constituency.signatures": many, "constituency.figure": layout.figure(many, where)}


def _form(person: Person, told: dict[str, Any], chosen: LetterTemplate) -> WriteForm:
    said = told.get("prompts", {})
    answers = {prompt.name: str(said[prompt.name]) for prompt in chosen.prompts if prompt.name in said}
    typed = {"name": person.name, "address": person.address, "postcode": person.postcode, "email": "x@example.org"}
    kept = [block.name for block in chosen.blocks]
    try:
        return forms.read(WriteForm, {**typed, "answers": answers, "kept_blocks": kept})
    except forms.Mistakes as mistakes:
        field, sentence = next(iter(mistakes.form.errors.items()))
        where = " The last line of the address is the postcode." if field in {"postcode", "address"} else ""
        raise BadSample(f"The {field} of the supporter in the sample: {sentence}{where}") from mistakes


def _campaign(name: str, told: dict[str, Any], person: Person) -> Campaign:
    """A campaign that is in no database."""
    signed = told["campaign"]["signatures"]
    now = datetime.now(UTC)
    return Campaign(
        id=0,
        slug="sample",
        kind="petition",
        title=str(told["campaign"]["title"]),
        letter=name,
        language=person.language,
        state="open",
        signature_count=signed if isinstance(signed, int) else 0,
        created_at=now,
        updated_at=now,
    )


def _letter(
    person: Person,
    form: WriteForm,
    campaign: Campaign,
    composition: composing.Composition,
    chosen: LetterTemplate,
) -> Letter:
    """A letter that is in no database."""
    letter = Letter(
        _ignore_missing=True,
        id=0,
        name=form.name,
        address=form.address,
        postcode=str(form.postcode),
        subject=composition.subject,
        paragraphs=json.dumps(composition.paragraphs),
        own_share=composition.own_share,
        language=facts.language_of(campaign, chosen),
        shows_qr=chosen.shows_qr,
        created_at=datetime.now(UTC),
    )
    letter.campaign, letter.representative = campaign, person.seat.mp
    return letter
