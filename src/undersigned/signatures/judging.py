"""Which wishes to sign are written and not counted: the visitor sees the same screens and gets the same mail."""

from dataclasses import replace

from undersigned.kit import limits
from undersigned.signatures import bursts, lists, proofs
from undersigned.signatures.wishes import Wish
from undersigned.supporters import domains

WHY = {
    "trap": "Filled in a field that people never see",
    "blocked": "On the list of those who are blocked",
    "quick": "The third or later form within an hour from one address that was sent before anybody could read it",
    "burst-ip": "A burst from one address",
    "burst-block": "A burst from one network",
    "burst-domain": "A burst from one e-mail domain",
    "burst-campaign": "More without proof of work than are taken while the guard is raised",
}
"""What staff read for each reason not to count a signature."""
FLAGS = {
    "quick": "Sent before anybody could read the form",
    "disposable": "From a mailbox that is thrown away",
    "no-proof": "Without proof of work while the guard was raised",
}
"""What staff read for each reason to look twice; they discount nothing by themselves."""


async def judge(wishes: list[Wish]) -> list[Wish]:
    """The same wishes in the same order, each with its ``why`` and its ``flags``."""
    listed = await lists.current()
    proven = await proofs.spend(wishes)
    verdicts = [listed.verdict(wish) for wish in wishes]
    judged = [_look(*one) for one in zip(wishes, verdicts, proven, strict=True)]
    turns = [
        [] if wish.why or verdict == "allow" else bursts.buckets(wish, proof)
        for wish, verdict, proof in zip(judged, verdicts, proven, strict=True)
    ]
    stopped = await limits.take(turns)
    return [replace(wish, why=by.what) if by else wish for wish, by in zip(judged, stopped, strict=True)]


def _look(wish: Wish, verdict: str, proven: bool) -> Wish:
    """What can be told from a wish by itself."""
    why = "blocked" if verdict == "block" else "trap" if wish.form.website else ""
    told = {
        "quick": bursts.is_quick(wish),
        "disposable": domains.is_disposable(wish.domain),
        "no-proof": not proven,
    }
    flags = " ".join(flag for flag, is_so in told.items() if is_so)
    return replace(wish, why=why, flags=flags) if why or flags else wish
