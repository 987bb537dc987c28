"""What machines and hurried offices say, in English and Welsh."""

import re


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


_REPLYING = r"^(?:(?:re|ateb|fw|fwd) ?: ?|\[[^\]]{1,40}\] ?)*"

AUTOMATIC_SUBJECT = _any_of(
    _REPLYING + r"auto(?:matic|mated|matically generated)?[ -]?(?:reply|response|acknowledge?ment|answer)\b",
    _REPLYING + r"autore(?:ply|sponse|sponder)\b",
    _REPLYING + r"out[ -]of[ -](?:the[ -])?office\b",
    _REPLYING + r"away from (?:the|my) (?:office|desk)\b",
    _REPLYING + r"(?:on (?:annual |maternity |sick )?leave|on holiday)\b",
    _REPLYING + r"(?:ateb|ymateb|neges) awtomatig\b",
    _REPLYING + r"allan o.?r swyddfa\b",
    r"\((?:out of office|automatic reply|auto-?reply)\)$",
    r"\bis (?:out of (?:the )?office|on (?:annual )?leave)\b",
)
ABSENT_SUBJECT = _any_of(
    r"out[ -]of[ -](?:the[ -])?office",
    r"allan o.?r swyddfa",
    r"\bon (?:annual |maternity |sick )?leave\b|on holiday",
    r"away from (?:the|my) (?:office|desk)",
)
ABSENT = _any_of(
    r"(?<!if i )(?<!if we )(?<!when i )\b(?:am|i.m|is|be|are) (?:currently |now |presently )?"
    r"(?:out of|away from|not in) (?:the |my )?office",
    r"\bout of (?:the )?office (?:until|from|and|with|on)\b",
    r"\bon (?:annual|maternity|paternity|parental|sick|compassionate|study) leave\b",
    r"\b(?:am|i.m|is) (?:currently |now )?(?:away|on leave|on holiday|on vacation)\b",
    r"\baway (?:until|from my desk)\b",
    r"\breturn(?:ing)? (?:to (?:the|my) office|on (?:mon|tues|wednes|thurs|fri|the|\d))",
    r"\b(?:limited|no|intermittent) access to (?:my )?e-?mails?\b",
    r"\bno longer work(?:s|ing)? (?:for|in|at)\b|\bhas left the office of\b",
    r"\ballan o.?r swyddfa\b",
    r"\bar (?:fy )?(?:ng|g)?wyliau\b",
    r"\b(?:yn )?dychwelyd (?:i.r swyddfa|ar)\b|\byn ôl yn y swyddfa\b",
)
# Each of these is said when a mail has come in and has not yet been read.
ACKNOWLEDGED = _any_of(
    r"\b(?:aim|endeavou?r|try|hope|strive) to (?:respond|reply|answer|get back)\b",
    r"\bdo (?:my|our) (?:very )?best to (?:respond|reply|answer|get back)\b",
    r"\b(?:has|have) been (?:safely )?received\b",
    r"\back?nowledge (?:receipt|that|your)|\backnowledgement of (?:receipt|your)",
    r"\bconfirm(?:ing|s)? receipt\b",
    r"\bautomat(?:ed|ic|ically generated) (?:reply|response|message|e-?mail|acknowledgement)\b",
    r"\bwill (?:respond|reply|be in touch|get back to you|be dealt with|be read)\b.{0,80}"
    r"\b(?:as soon as|shortly|in due course|as quickly as|within|when)",
    r"\bhigh(?:er)? (?:volume|number|level)s? of (?:e-?mails?|correspondence|letters|casework|enquiries)\b",
    r"\b(?:receive[sd]?|get) (?:a )?(?:large|huge|great|high|significant|considerable|hundreds|thousands)\b"
    r".{0,60}\b(?:e-?mails?|correspondence|letters|messages)\b",
    r"\b(?:logged|registered) (?:your|as (?:a )?case)\b|\bmember of (?:the|my|our) (?:team|staff) will\b",
    r"\bstrict parliamentary (?:protocol|convention|rule)",
    r"\bparliamentary (?:protocol|convention) (?:means|dictates)",
    r"\bif you (?:are|live)(?: not)? (?:a constituent|in (?:the|my) constituency)",
    r"\bnot (?:one of )?my constituents?\b",
    r"\bplease (?:do not|don.t) reply to this (?:e-?mail|message)\b",
    r"\bif (?:your (?:matter|enquiry|query|e-?mail) is|it is) urgent\b",
    r"\b(?:wedi derbyn|cydnabod) eich (?:e-?bost|neges|llythyr|gohebiaeth)\b|\bderbyniwyd eich\b",
    r"\b(?:anelu|ceisio|ymdrechu) (?:at )?(?:i )?(?:ymateb|ateb)\b|\banelwn at (?:ymateb|ateb)",
    r"\b(?:byddwn|byddaf|bydd)\b.{0,60}\b(?:ymateb|ateb|cysylltu)\b.{0,60}\b(?:cyn gynted|maes o law|o fewn)",
    r"\bcynnwys eich (?:enw|cyfeiriad)\b",
)
# An office's standing note asks for these; but so does a person who has begun to help.
ADDRESS_WANTED = _any_of(
    r"\b(?:include|provide|supply|confirm)(?:d|s|ing)?\b.{0,60}\b(?:postal |home |full )?address\b",
    r"\bfull (?:name and )?(?:postal )?address\b|\bname, address and postcode\b",
)
RETURNED_SUBJECT = _any_of(
    r"^undeliver(?:able|ed)\b",
    r"^(?:mail )?deliver(?:y|y status) (?:notification|failure|failed|has failed)",
    r"^delivery status notification",
    r"^mail delivery (?:failed|failure|system|subsystem|problem)",
    r"^(?:returned mail|failure notice|non-?delivery|undelivered mail)",
    r"^message (?:could not|not) be delivered",
    r"^(?:nid oedd modd danfon|methwyd danfon|heb ei ddanfon)",
)
DELAYED_SUBJECT = _any_of(
    r"\bdelay(?:ed)?\b", r"\bwarning: (?:could not send|message)", r"\bstill being retried\b"
)
DAEMON = _any_of(r"^(?:mailer-daemon|postmaster|mail-daemon|mdaemon|microsoftexchange\w*|bounces?)(?:[@+-]|$)")
MAILBOX_FULL = _any_of(
    r"\b(?:mailbox|inbox)\b.{0,30}\bfull\b",
    r"\bover ?quota\b",
    r"\bquota (?:is )?exceeded\b",
    r"\bexceeded .{0,40}quota",
)


def count(pattern: re.Pattern[str], text: str) -> int:
    """How many different things of this sort ``text`` says."""
    return len({match.group().lower() for match in pattern.finditer(" ".join(text.split()))})
