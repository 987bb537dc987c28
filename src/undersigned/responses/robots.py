"""Mail that no office wrote: a filter that wants proof of a person, and plain junk."""

import re
from email.message import EmailMessage

from undersigned.responses import phrases, reading

# A robot between us and the reader: until a person of ours presses its link, the letter waits in its queue.
CHALLENGE = phrases.said(
    r"\b(?:prove|show|verify|confirm|verifies|confirms|ensure|check|requires)(?:ing)? (?:that )?(?:you verify "
    r")?(?:that )?"
    r"(?:you are|you.re|the sender is) (?:a |an )?(?:not a (?:robot|spammer|machine)|(?:real |live |actual "
    r")*(?:human|person)|legitimate|genuine)",
    r"\bsender verification\b|\bverif(?:y|ication of) (?:you as )?(?:the|a|your) (?:sender|e-?mail address as a)",
    r"\b(?:your|this) (?:message|e-?mail|mail) (?:to .{1,80} )?(?:is (?:being|currently)|has been|was) (?:held|"
    r"quarantined|"
    r"placed (?:in|on) (?:a )?(?:hold|quarantine|pending)|put on hold)\b.{0,160}\b(?:until|pending|unless|"
    r"confirm|verif)",
    r"\b(?:click|follow|visit|press|go to|use|reply)\b.{0,60}\b(?:link|url|here|page|button|message|"
    r"e-?mail)\b.{0,80}\b(?:to "
    r"(?:deliver|release|confirm|verify|authenticate|authori[sz]e|validate|approve|be added|complete the "
    r"verification)"
    r"|(?:by )?(?:clicking|pressing|following|visiting) (?:on )?(?:this|the) (?:link|button|page)"
    r"|so that your (?:message|e-?mail) (?:can|will) be delivered)",
    r"\b(?:added|adding|add) (?:you |yourself |your (?:e-?mail )?address )?to (?:\w+ ){0,3}(?:approved|allowed|"
    r"safe|white|"
    r"allow) ?-?(?:sender)?s? ?list",
    r"\b(?:list of (?:approved|allowed|trusted) senders|senders (?:that |whom )?i have (?:approved|allowed))\b",
    r"\b(?:boxtrapper|tmda|spam ?arrest|mailblocks|choicemail|spamblocker|active spam killer|bluebottle|"
    r"ipermitmail|"
    r"sendio|spamcease|antispamuol|captcha|vanquish|mail-?shield)\b",
    r"\bto have (?:it|your \w+) delivered\b|\banswer (?:the|this) (?:sum|question|puzzle)\b|\bonly (?:have to|"
    r"need to) do this "
    r"once\b|\be-?mail to someone who uses\b",
    r"\bto complete (?:this|the) verification\b|\bheaders of the message (?:you |sent from your address )?",
    r"\b(?:one[- ]time|first[- ]time) (?:\w+ )?(?:verification|confirmation|process|sender)",
    r"\b(?:uses|using|protected by|employs) (?:an? )?(?:challenge[-/ ]?response|anti-?spam (?:service|system) "
    r"that|"
    r"junk e-?mail (?:filter|control))",
    r"\bcliciwch .{0,60}(?:i gadarnhau|i brofi) .{0,40}(?:person|robot)",
)
_ASKS = phrases.any_of(
    r"^(?:re: ?)*(?:please )?(?:confirm|verify) (?:your )?(?:message|e-?mail|sender|delivery|that you)",
    r"\bverification (?:required|needed|request)|\baction required.{0,30}(?:deliver|verify)|\bchallenge\b",
    r"\bconfirm(?:ation)? (?:\w+ )?(?:required|needed|request).{0,40}|\bawaiting (?:your )?(?:confirmation|"
    r"verification)",
)
JUNK = phrases.said(
    r"\b(?:viagra|cialis|kamagra|casino|lottery|jackpot|sweepstake|forex|bitcoin|crypto ?currency|usdt|nft "
    r"drop)\b",
    r"\b(?:million|m) (?:us )?(?:dollars|pounds|euros|usd|gbp)\b|\b(?:next of kin|beneficiary|inheritance fund|"
    r"unclaimed)\b",
    r"\b(?:seo|backlinks?|guest post|link building|domain authority|first page of google|page one of google|web "
    r"?site "
    r"(?:re)?design)\b",
    r"\b(?:limited time offer|act now|order now|buy now|100% free|risk[- ]free|money[- ]back|special offer|% off|"
    r"best price|lowest price|affordable (?:price|rate)s?|free quote|cheap)\b",
    r"\b(?:wish|want|like) to (?:donate|transfer|invest)\b|\bmy (?:lawyer|attorney|late husband)\b|\bwidow "
    r"(?:with|of)\b|"
    r"\b(?:million|billion|\d,\d{3},\d{3})\b.{0,30}\b(?:donate|transfer|charity|fund)\b",
    r"\b(?:urgent|personal|business|quick|payday) loans?\b|\bbad credit\b|\b(?:customs|delivery|release) fee\b|"
    r"\byour parcel\b|\bdear (?:customer|sir/madam|beneficiary|account holder)\b|\b\d+ ?% interest\b|\bapply "
    r"now\b",
    r"\b(?:work from home|earn .{1,20} (?:a|per) (?:day|week|hour)|make money|passive income|investment "
    r"opportunit)",
    r"\b(?:hot singles|adult|xxx|dating site|lonely|weight loss|lose weight|male enhancement)\b",
    r"\b(?:verify your account|account (?:has been |will be )?(?:suspended|locked|limited)|unusual (?:sign-?in|"
    r"activity)|"
    r"update your (?:payment|billing)|password (?:will )?expires?)\b",
    r"\b(?:click here to (?:claim|unsubscribe|buy|win)|congratulations.{0,40}(?:won|winner|selected))\b",
    r"\b(?:outsourc\w+|lead generation|e-?mail list of|database of (?:\w+ ){0,3}(?:contacts|e-?mails)|b2b leads|"
    r"mobile app development)\b",
)


def challenge_in(subject: str, text: str) -> int:
    """How many signs there are that a robot wants proof of a person; two are plain, one may be chance."""
    found = phrases.count(CHALLENGE, text)
    return found + bool(found and (_ASKS.search(subject) or phrases.has(CHALLENGE, subject)))


def junk_in(subject: str, text: str) -> int:
    """How many of the usual wares it offers."""
    return phrases.count(JUNK, f"{subject} {text}")


def called_junk(message: EmailMessage) -> str:
    """The header in which a filter on the way called it junk, or nothing."""
    if re.match(
        r"\W{0,5}(?:re: ?)?\W{0,5}(?:possible |suspected )?spam\W{2,5}", reading.header(message, "Subject"), re.I
    ):
        return "subject"
    if reading.header(message, "X-Spam-Flag").lower() == "yes":
        return "X-Spam-Flag"
    if reading.header(message, "X-Spam-Status").lower().startswith("yes"):
        return "X-Spam-Status"
    for name in ("X-MS-Exchange-Organization-SCL", "X-Forefront-SCL"):
        level = reading.header(message, name)
        if level.isdigit() and int(level) >= 5:
            return name
    if reading.header(message, "X-Spam-Level").startswith("*****"):
        return "X-Spam-Level"
    return ""


def to_many(message: EmailMessage) -> bool:
    """Whether it went out to a list (RFC 2369, RFC 2919), as newsletters do."""
    return any(reading.header(message, name) for name in ("List-Unsubscribe", "List-Id", "X-Campaign-Id"))
