"""What kind of thing came back, how sure we are, and what decided.

Reports of mail servers first, then robots, then the signs of a machine, then the words: of the out-of-office
notes people have collected, fewer than half carry any header that says so.
"""

from dataclasses import dataclass, replace
from email.message import EmailMessage

from undersigned.responses import automatic, bodies, phrases, quoting, reading, reports, returned, robots

ANSWER = "answer"
FORM_REPLY = "form_reply"
ACKNOWLEDGEMENT = "acknowledgement"
OUT_OF_OFFICE = "out_of_office"
BOUNCE = "bounce"
DELAYED = "delayed"
RECEIPT = "receipt"
CHALLENGE = "challenge"
SPAM = "spam"
KINDS = (ANSWER, FORM_REPLY, ACKNOWLEDGEMENT, OUT_OF_OFFICE, BOUNCE, DELAYED, RECEIPT, CHALLENGE, SPAM)
HUMAN = {ANSWER, FORM_REPLY, ACKNOWLEDGEMENT, OUT_OF_OFFICE}
SURE = 70
"""Below this a person looks at it; until then it stands as sorted, and does nothing that cannot be undone."""
MOST_WEIGHED = 8_000
SHORT = 1_200
OPENING = 600


@dataclass(frozen=True)
class Sorted:
    """``confidence`` is a percentage; ``status`` is a bounce's code (RFC 3463), empty when it gave none.

    ``detail`` is permanent, temporary, mailbox_full or delayed for what mail servers report; for the rest
    address_wanted, not_their_mp, dissolved, holding (asked somebody, and will write again), attached or nothing.
    """

    kind: str
    confidence: int
    evidence: str
    status: str = ""
    detail: str = ""

    @property
    def may_pass(self) -> bool:
        """Whether a bounce is worth another try: a full mailbox, or a failure that calls itself temporary."""
        return self.kind == BOUNCE and self.detail in {returned.FULL, returned.TEMPORARY}

    @property
    def is_sure(self) -> bool:
        """Whether it needs no person to look at it."""
        return self.confidence >= SURE


def kind_of(message: EmailMessage, envelope_from: str | None = None, text: str | None = None) -> Sorted:
    """Sort one mail. ``envelope_from`` is empty for ``<>`` and None when it is not known.

    ``text`` is the sender's own words, when the caller has told them apart already.
    """
    if text is None:
        text, _ = quoting.split(bodies.text_of(message))
    text = text[:MOST_WEIGHED]
    sign = automatic.sign(message, envelope_from)
    return (
        _of_server(message, envelope_from)
        or _of_robot(message, text, sign)
        or (_of_machine(message, text, sign) if sign else _of_person(message, text))
    )


def _of_server(message: EmailMessage, envelope_from: str | None) -> Sorted | None:
    if report := reports.report_of(message):
        return _from_report(report, "delivery report")
    if reports.is_complaint(message):
        return Sorted(RECEIPT, 60, "a complaint that our letter is junk")
    report = reports.rejection_of(message) or reports.prose_report_of(message, envelope_from)
    if report:
        return _from_report(report, "a daemon's own words")
    if reports.is_receipt(message):
        return Sorted(RECEIPT, 95, "disposition notification")
    return None


def _from_report(report: reports.Report, source: str) -> Sorted:
    evidence = " ".join(filter(None, (f"{source}: {report.action}", report.status, report.diagnostic)))[:200]
    kind = {"failed": BOUNCE, "delayed": DELAYED}.get(report.action, RECEIPT)
    return Sorted(kind, report.confidence, evidence, report.status, report.sort if kind != RECEIPT else "")


def _of_robot(message: EmailMessage, text: str, sign: str) -> Sorted | None:
    """A challenge or junk. An answer in our own thread is not junk because a filter dislikes it."""
    subject = reading.header(message, "Subject")
    asked = robots.challenge_in(subject, text[:8_000])
    threaded = bool(reading.header(message, "In-Reply-To") or reading.header(message, "References"))
    meant = asked and (sign or not (threaded or phrases.has(phrases.SUBSTANCE, text)))
    if asked > 1 or meant:
        return Sorted(CHALLENGE, min(70 + 12 * asked, 97) if asked > 1 else 65, f"{asked} signs of a challenge")
    flagged, wares = robots.called_junk(message), robots.junk_in(subject, text)
    if flagged and (wares or not threaded):
        return Sorted(SPAM, 96 if wares else 75, f"{flagged}; {wares} of junk")
    if wares > 1 and not sign and not threaded and wares > phrases.count(phrases.SUBSTANCE, text):
        return Sorted(SPAM, min(60 + 10 * wares, 95), f"{wares} of junk")
    return None


@dataclass(frozen=True)
class _Words:
    """How many different things of each sort a text says."""

    away: int
    received: int
    substance: int
    dissolved: int
    stranger: int
    asks: bool

    def __str__(self) -> str:
        return f"{self.away} of absence, {self.received} of receipt, {self.substance} of substance"


def _words_of(text: str) -> _Words:
    return _Words(
        away=phrases.count(phrases.ABSENT, text),
        received=phrases.count(phrases.ACKNOWLEDGED, text),
        substance=phrases.count(phrases.SUBSTANCE, text),
        dissolved=phrases.count(phrases.DISSOLVED, text),
        stranger=phrases.count(phrases.NOT_THEIR_MP, text),
        asks=phrases.has(phrases.ADDRESS_WANTED, text),
    )


def _of_machine(message: EmailMessage, text: str, sign: str) -> Sorted:
    """An automatic mail: somebody is away, or the office has a standing acknowledgement."""
    said = _words_of(text)
    subject = reading.header(message, "Subject")
    away = said.away + 2 * bool(phrases.ABSENT_SUBJECT.search(subject))
    away += phrases.has(phrases.ABSENT, text[:OPENING])
    received = said.received + said.asks + 2 * bool(phrases.ACKNOWLEDGING_SUBJECT.search(subject))
    evidence = f"{sign}; {said}"
    if said.dissolved and said.dissolved >= received - 2:
        return Sorted(OUT_OF_OFFICE, 85, f"{evidence}; no MP", detail="dissolved")
    if sign.endswith(("auto-generated", "path")) and said.substance > received + away and len(text) > SHORT // 2:
        return Sorted(ANSWER, 55, f"{evidence}, but it says something")
    if received > away:
        return _acknowledged(said, 95 if received > away + 1 else 80, evidence)
    if away:
        return Sorted(OUT_OF_OFFICE, 95 if away > received + 1 else 75, evidence)
    if said.substance:
        return Sorted(ANSWER, 55, f"{evidence}, but it says something")
    away_then = phrases.has(phrases.WHEN, text) and not phrases.THANKS.match(text)
    return Sorted(OUT_OF_OFFICE if away_then else ACKNOWLEDGEMENT, 50, evidence)


def _acknowledged(said: _Words, confidence: int, evidence: str) -> Sorted:
    detail = "not_their_mp" if said.stranger and not said.asks else "address_wanted" if said.asks else ""
    return Sorted(ACKNOWLEDGEMENT, confidence, evidence, detail=detail)


def _of_person(message: EmailMessage, text: str) -> Sorted:
    """A mail with no sign of a machine: an answer, unless it says only that it came in, or who is away."""
    said = _words_of(text)
    if not text.strip() or text.startswith(bodies.NO_WORDS):
        return _of_attachment(message)
    if found := _of_note(message, text, said):
        return found
    return _of_answer(message, text, said)


def _of_note(message: EmailMessage, text: str, said: _Words) -> Sorted | None:
    away = phrases.count(phrases.ABSENT, text[:OPENING])
    subject = reading.header(message, "Subject")
    evidence = f"words: {said}"
    if said.dissolved and not said.substance:
        return Sorted(OUT_OF_OFFICE, 75, f"{evidence}; no MP", detail="dissolved")
    if away and not said.stranger and away >= said.received and said.substance <= away and len(text) < SHORT:
        return Sorted(OUT_OF_OFFICE, 80 if away > 1 and not said.substance else 70, evidence)
    acknowledging = bool(phrases.ACKNOWLEDGING_SUBJECT.search(subject)) and said.received > 0
    if said.received + acknowledging > said.substance and said.received >= _enough(text):
        return _acknowledged(said, 85 if said.received + acknowledging > 1 + said.substance else 72, evidence)
    if (said.asks or said.stranger) and not said.substance and len(text) < SHORT:
        return _acknowledged(said, 75, f"{evidence}; asks who is writing")
    return None


def _of_answer(message: EmailMessage, text: str, said: _Words) -> Sorted:
    evidence = f"no sign of a machine; {said}"
    detail = "holding" if phrases.has(phrases.HOLDING, text) else ""
    if robots.to_many(message):
        return Sorted(ANSWER, 55, f"{evidence}; sent to a list", detail=detail)
    return Sorted(ANSWER, _how_sure(message, text, said), evidence, detail=detail)


def _how_sure(message: EmailMessage, text: str, said: _Words) -> int:
    """Few words that take no side may be a slip from an office as well as an answer."""
    if said.received > said.substance or said.away > said.substance:
        return 60
    if said.substance:
        return 90 if said.substance > 1 else 85
    threaded = reading.header(message, "In-Reply-To") or reading.header(message, "References")
    only_thanks = phrases.THANKS.match(text) and len(text) < SHORT // 4
    return 60 if only_thanks or not threaded else 75


def _of_attachment(message: EmailMessage) -> Sorted:
    """A mail of no words: an office's letter as a PDF, or what we cannot open (winmail.dat), or a slip."""
    kinds = {part.get_content_type() for part in bodies.leaves(message)}
    if kinds & reports.LETTERS:
        return Sorted(ANSWER, 75, "no words of its own, and a document", detail="attached")
    return Sorted(ANSWER, 40, "no words of its own")


def _enough(text: str) -> int:
    """How many words of receipt make an acknowledgement: real answers are longer, and say one in passing."""
    if len(text) < SHORT // 2:
        return 1
    return 2 if len(text) < 2 * SHORT else 4


def as_form(found: Sorted, confidence: int, evidence: str) -> Sorted:
    """The same mail, known for one of many."""
    return replace(found, kind=FORM_REPLY, confidence=confidence, evidence=evidence)
