"""Proof of work: a small sum that a browser does while its owner types, so that a thousand forms cost something.

The challenge is that of ALTCHA 1: which number up to ``maxnumber``, put after the salt, has this SHA-256? The
answer comes as base64 of ``{"algorithm", "challenge", "number", "salt", "signature"}``. Only those that are spent
are remembered.
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Literal

from altcha import v1 as altcha
from pydantic import BaseModel

from undersigned.kit import limits, tokens
from undersigned.settings import settings
from undersigned.signatures.wishes import Wish

LASTS = timedelta(hours=1)
HARDEST = 30_000
"""The largest answer. Half of it is tried on average: about a second on a cheap phone, a fifth on a desk."""


class Proof(BaseModel):
    """An answer as a browser sends it."""

    algorithm: Literal["SHA-256"]
    challenge: str
    number: int
    salt: str
    signature: str


def challenge(campaign_id: int) -> dict[str, object]:
    """A fresh sum, good for an hour and for one signature of this campaign."""
    made = altcha.create_challenge(
        altcha.ChallengeOptions(
            max_number=HARDEST,
            hmac_key=_key(),
            expires=datetime.now(UTC) + LASTS,
            params={"campaign": str(campaign_id)},
        )
    )
    return {
        "algorithm": made.algorithm,
        "challenge": made.challenge,
        "maxnumber": made.max_number,
        "salt": made.salt,
        "signature": made.signature,
    }


def read(text: str, campaign_id: int) -> str:
    """The challenge that ``text`` answers, or nothing when it is wrong, too late or for another campaign."""
    try:
        proof = Proof.model_validate_json(base64.b64decode(text, validate=True))
    except ValueError:
        return ""
    payload = altcha.Payload(**proof.model_dump())
    right, _ = altcha.verify_solution(payload, _key())
    meant = altcha.extract_params(payload.to_dict()).get("campaign") == [str(campaign_id)]
    return proof.challenge if right and meant else ""


async def spend(wishes: list[Wish]) -> list[bool]:
    """Whether each wish brought the proof that its campaign asks for; without a raised guard none is asked for.

    A proof is spent on the first person who brings it. The same person may bring it twice: a form is sent again by
    an impatient thumb, and a batch that failed is judged again.
    """
    brought = [read(wish.form.proof, wish.campaign_id) if wish.raised else "" for wish in wishes]
    claims = [(f"proof:{what}", _who(wish)) for what, wish in zip(brought, wishes, strict=True) if what]
    spent = iter(await limits.claim(claims, int(LASTS.total_seconds())))
    return [not wish.raised or bool(what and next(spent)) for what, wish in zip(brought, wishes, strict=True)]


def _who(wish: Wish) -> str:
    return tokens.digest("\n".join(map(str, wish.person)))


def _key() -> bytes:
    return hmac.new(settings.key(), b"proof of work", hashlib.sha256).digest()
