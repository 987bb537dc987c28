"""What kind of thing came back, how sure we are, and what decided.

Headers first, then the subject, then the words: of the out-of-office notes people have collected, fewer than
half carry any header that says so.
"""

from dataclasses import dataclass
from email.message import EmailMessage

from undersigned.responses import bodies, phrases, quoting, reading, reports

ANSWER = "answer"
ACKNOWLEDGEMENT = "acknowledgement"
OUT_OF_OFFICE = "out_of_office"
BOUNCE = "bounce"
DELAYED = "delayed"
RECEIPT = "receipt"
HUMAN = {ANSWER, ACKNOWLEDGEMENT, OUT_OF_OFFICE}
SHORT = 1_200
OPENING = 600


@dataclass(frozen=True)
class Sorted:
    """``confidence`` is a percentage; ``status`` is a bounce's code (RFC 3463), empty when it gave none."""

    kind: str
    confidence: int
    evidence: str
    status: str = ""

    @property
    def may_pass(self) -> bool:
        """Whether a bounce is worth another try: a full mailbox, or a failure that calls itself temporary."""
        return self.kind == BOUNCE and (self.status == reports.FULL or self.status.startswith("4."))


def kind_of(message: EmailMessage, envelope_from: str | None = None, text: str | None = None) -> Sorted:
    """Sort one mail. ``envelope_from`` is empty for ``<>`` and None when it is not known.

    ``text`` is the sender's own words, when the caller has told them apart already.
    """
    if report := reports.report_of(message):
        return _from_report(report, 99, "delivery report")
    if reports.is_receipt(message):
        return Sorted(RECEIPT, 95, "disposition notification")
    automatic = _automatic(message, envelope_from)
    if _daemonic(message, envelope_from) and not _subject_says_automatic(message):
        report = reports.prose_report_of(message)
        if report:
            return _from_report(report, 85, "a daemon's own words")
    if text is None:
        text, _ = quoting.split(bodies.text_of(message))
    return _of_machine(message, text, automatic) if automatic else _of_person(text)


def _from_report(report: reports.Report, confidence: int, source: str) -> Sorted:
    evidence = " ".join(filter(None, (f"{source}: {report.action}", report.status, report.diagnostic)))[:200]
    if report.action == "failed":
        return Sorted(BOUNCE, confidence, evidence, report.status)
    if report.action == "delayed":
        return Sorted(DELAYED, confidence, evidence, report.status)
    return Sorted(RECEIPT, confidence, evidence, report.status)


def _daemonic(message: EmailMessage, envelope_from: str | None) -> bool:
    """Whether a mail server speaks: RFC 5321 §4.5.5 gives its reports the null path."""
    _, address = reading.sender(message)
    return _null_path(message, envelope_from) or bool(phrases.DAEMON.search(address))


def _null_path(message: EmailMessage, envelope_from: str | None) -> bool:
    return envelope_from in {"", "<>"} or reading.header(message, "Return-Path") == "<>"


def _subject_says_automatic(message: EmailMessage) -> bool:
    return bool(phrases.AUTOMATIC_SUBJECT.search(reading.header(message, "Subject")))


def _automatic(message: EmailMessage, envelope_from: str | None) -> str:
    """The first sign that no person wrote this mail just now (RFC 3834), or nothing.

    X-Auto-Response-Suppress and Precedence: bulk alone are no sign: office systems put them on everything.
    """
    submitted = reading.header(message, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return f"Auto-Submitted: {submitted}"
    for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From", "X-Mail-Autoreply"):
        if reading.header(message, name).lower() not in {"", "no"}:
            return name
    if "autorespon" in reading.header(message, "X-POST-MessageClass").lower():
        return "X-POST-MessageClass"
    if reading.header(message, "Precedence").lower() in {"auto_reply", "auto-reply"}:
        return "Precedence: auto_reply"
    if _subject_says_automatic(message):
        return "subject"
    return _weak_signs(message, envelope_from)


def _weak_signs(message: EmailMessage, envelope_from: str | None) -> str:
    """Signs that only count together, or with nobody behind the envelope."""
    if _null_path(message, envelope_from):
        return "null return path"
    bulk = reading.header(message, "Precedence").lower() in {"bulk", "junk"}
    if bulk and reading.header(message, "X-Auto-Response-Suppress"):
        return "Precedence and X-Auto-Response-Suppress"
    return ""


def _of_machine(message: EmailMessage, text: str, sign: str) -> Sorted:
    """An automatic mail: somebody is away, or the office has a standing acknowledgement."""
    away = phrases.count(phrases.ABSENT, text)
    away += 2 * bool(phrases.ABSENT_SUBJECT.search(reading.header(message, "Subject")))
    away += bool(phrases.ABSENT.search(text[:OPENING]))
    received = phrases.count(phrases.ACKNOWLEDGED, text) + bool(phrases.ADDRESS_WANTED.search(text))
    said = f"{sign}; {away} of absence, {received} of receipt"
    if received > away:
        return Sorted(ACKNOWLEDGEMENT, 95 if received > 1 else 80, said)
    if away:
        return Sorted(OUT_OF_OFFICE, 95 if away > received + 1 else 75, said)
    if sign == "Auto-Submitted: auto-generated" and len(text) > SHORT:
        return Sorted(ANSWER, 50, f"{sign}, but it is long and says neither")
    return Sorted(OUT_OF_OFFICE, 60, said)


def _of_person(text: str) -> Sorted:
    """A mail with no sign of a machine: an answer, unless it is short and says only that it came in."""
    away = phrases.count(phrases.ABSENT, text[:OPENING])
    received = phrases.count(phrases.ACKNOWLEDGED, text)
    if away and not received and len(text) < SHORT:
        return Sorted(OUT_OF_OFFICE, 65, f"words: {away} of absence")
    if received >= _enough(text):
        return Sorted(ACKNOWLEDGEMENT, 70, f"words: {received} of receipt")
    return Sorted(ANSWER, 60 if received or away else 85, f"no sign of a machine; {received} of receipt")


def _enough(text: str) -> int:
    """How many words of receipt make an acknowledgement: real answers are longer, and say one in passing."""
    if len(text) < SHORT // 2:
        return 1
    return 2 if len(text) < 2 * SHORT else 4
