"""What mail servers say when a letter does not arrive, and whether it is worth another try."""

import re

from undersigned.responses.phrases import any_of, said

PERMANENT = "permanent"
TEMPORARY = "temporary"
FULL = "mailbox_full"
DELAYED = "delayed"

SUBJECT = any_of(
    r"^\W*undeliver(?:able|ed)\b(?! promises)",
    r"^\W*(?:mail |message |e-?mail |permanent )?deliver(?:y|y status) (?:notification|failure|failed|has "
    r"failed|error|"
    r"report|problem|warning|incomplete)",
    r"^\W*delivery status notification",
    r"^\W*(?:mail|message|e-?mail) (?:delivery|system|transport)? ?(?:failed|failure|error|system|subsystem|"
    r"problem|"
    r"status|warning|undeliver)",
    r"^\W*(?:returned (?:e-?)?mail|failure notice|failure delivery|non-?delivery|failed mail|bounced mail|mail "
    r"failed)",
    r"^\W*(?:your )?(?:message|mail|e-?mail)(?: to .{1,80})? (?:could not|not|couldn.t|cannot|was not|wasn.t|"
    r"can.t) be "
    r"?(?:delivered|sent)|^\W*(?:mail|message|e-?mail) (?:not|un)(?: )?deliver(?:ed|able)",
    r"^\W*(?:nid oedd modd danfon|methwyd danfon|heb ei ddanfon|methu danfon|ni ellid danfon)",
    r"^\W*(?:unzustellbar|non remis|message non distribu|mensaje no entregado|returned to sender|rejected:|"
    r"blocked:)",
    r"^\W*\[?(?:postmaster|mailer-daemon|mdaemon)\]? (?:notify|e-?mail delivery|notification)",
    r"^\W*(?:warning|notice): .{0,80}(?:could not (?:send|be)|delay|not (?:yet )?(?:been )?deliver|unknown)",
    r"^\W*(?:delayed (?:mail|delivery)|(?:message|delivery|mail) (?:is |was |has been )?delayed)",
    r"^\W*(?:processing error|mail error|user unknown|address change|no such user|mailbox (?:full|unavailable))",
    r"\((?:delivery )?fail(?:ed|ure)\)$|\bdelivery failed\b",
)
DELAYED_SUBJECT = any_of(
    r"\bdelay(?:ed)?\b",
    r"\bwarning: (?:could not send|message)",
    r"\bstill being retried\b",
    r"\bnot yet been deliv",
)
# In the words themselves: the server is still trying.
STILL_TRYING = said(
    r"\b(?:will|shall) (?:continue|keep) (?:to (?:try|be made)|trying|retrying|to attempt|attempting)",
    r"\bdelivery attempts will continue\b|\bwill (?:be )?retr(?:y|ied) (?:until|for|over)\b|\bwill retry\b",
    r"\byou do not need to (?:resend|take any action|do anything)|\bno action is required (?:on|by|from) your",
    r"\bthis is (?:only )?a warning (?:message )?only\b|\bwarning message only\b|\bthis is an advisory-only",
    r"\b(?:hasn.t|has not) (?:yet )?been delivered yet\b|\bwill (?:keep )?try(?:ing)? (?:again )?for (?:another|"
    r"up to|\d)",
    r"\bnot (?:yet )?been delivered (?:yet|to (?:one|some|the).{0,80}after more than)|\bhas been (?:delayed|"
    r"postponed)\b",
    r"\bdelivery (?:is|was|has been) delayed\b|\bthere is a (?:temporary )?problem delivering your message\b",
    r"\bstill (?:being )?(?:queued|retried|trying)\b|\bremains? (?:on|in) the (?:mail )?queue\b",
)
FAILED = said(
    r"\b(?:could not|couldn.t|cannot|can ?not|can.t|was not|wasn.t|unable to|failed to|not able to|not) (?:be )?"
    r"(?:be )?(?:deliver|delivered|reach|reached|route|sent to|send your|complete delivery)",
    r"\bundeliver(?:able|ed)\b|\bdelivery (?:to .{1,120} )?(?:has )?(?:failed|failure|unsuccessful|was aborted|"
    r"error)\b"
    r"|\bdid not reach\b|\bdeliver(?:y|ies) .{0,60}\bfailed permanently\b",
    r"\b(?:user|mailbox|recipient|address|account|username|addressee)s?\b.{0,40}\b(?:unknown|not (?:be )?found|"
    r"does(?: not|"
    r"n.t) exist|doesn.t exist|no longer (?:active|exists|available|valid|in use|accept\w*)|unavailable|invalid|"
    r"disabled|"
    r"inactive|rejected|not (?:exist|valid|listed|recogni[sz]ed|available))",
    r"\b(?:unknown|invalid|no such|unrouteable|unroutable|bad destination|nonexistent|illegal) "
    r"(?:user|recipient|mailbox|address|host|domain|account|person|local part)\b",
    r"\b(?:permanent (?:fatal )?(?:error|failure)|fatal errors|giving up on|given up|gave up|giving up)\b",
    r"\b(?:returned|returning) (?:message |mail )?to (?:the )?sender\b|\bmessage (?:was |has been )?(?:bounced|"
    r"rejected|"
    r"refused|blocked|returned)\b|\brejected by (?:the )?(?:recipient|remote|server|mail)",
    r"\bfailed (?:recipient|address)|\brecipient.s? (?:e-?mail )?(?:address|mailbox).{0,60}(?:rejected|not "
    r"found|full)",
    r"(?:ni|nid) (?:oedd modd|ellid|oes modd) (?:ei )?d?danfon|\bmethwyd (?:â )?(?:danfon|anfon)",
    r"\b(?:retry timeout exceeded|retry time not reached|too many hops|message (?:has )?expired|undelivered for|"
    r"connection (?:timed out|refused)|host (?:or domain name )?not found|relaying denied|access denied)\b",
)
MAILBOX_FULL = any_of(
    r"\b(?:mailbox|mail ?box|inbox|mail folder|mail store|account|user.s mail\w*)\b[^.\n]{0,60}(?<!not )\bfull\b"
    r"(?! (?:name|header|address|text|detail))",
    r"\bmail ?box (?:\w+ ){0,3}exceed|\bfull mailbox\b|\bover ?quota\b|\bover (?:the |its |their |his |her "
    r")?(?:allowed |mail )?(?:quota|"
    r"storage limit)\b",
    r"\bquota (?:is |has been |was )?(?:exceeded|exhausted|reached|full)|\bdisk quota\b|\bout of (?:storage|"
    r"disk) space\b",
    r"\bexce\w+ .{0,60}\b(?:quota|storage (?:limit|allocation|allotment)|mailbox size|maximum size allowed for "
    r"(?:the )?"
    r"mailbox)\b|\b(?:mailbox|storage) (?:size )?limit (?:was |is |has been )?(?:exceeded|reached)\b",
    r"\bquota violation\b|\b(?:insufficient|not enough|no) (?:disk |mail ?box |storage |system )?(?:space|"
    r"storage)\b|\bspace not "
    r"enough\b",
    r"\b(?:blwch post|mewnflwch) (?:\w+ ){0,3}llawn\b|\bmailboxfull\b|\bno room in mailbox\b|\bquotaexceeded\b",
)
# A server that only failed to get through, for hours or days: nothing is wrong with the address.
WEARY = any_of(
    r"\bretry timeout exceeded\b|\b(?:message|delivery time|mail) (?:has )?expired\b|\bconnection (?:timed out|"
    r"refused)\b",
    r"\b(?:timed out|timeout) (?:while|waiting|after|when)\b|\bexceeded maximum delivery attempts\b|"
    r"\bmaximum.time.expired",
    r"\b(?:temporary|temporarily|transient)\b(?!.{0,60}still)|\b(?:try|trying) again later\b|\bgreylist",
    r"\b(?:unable to|could not|can ?not|failed to) (?:connect|contact|establish an? (?:smtp )?connection|reach "
    r"the (?:"
    r"(?:remote|destination) )?(?:mail ?)?(?:server|host))|\bnetwork (?:is )?(?:unreachable|error)|\bno route "
    r"to host",
    r"\bi.?wasn.t able to establish an smtp connection\b|\b(?:in the queue|been queued|queued) too long\b",
    r"\bserver (?:is )?(?:too )?busy\b|\btoo many (?:connections|messages|sessions)\b|\brate limit",
    r"\bwas aborted after [\d.]+ hours?|\bnot responding\b|\bnot found, try again\b|\bdid not respond\b",
)
FOR_GOOD = any_of(
    r"\b(?:unknown|no such|invalid|nonexistent|unrouteable|unroutable) (?:user|recipient|mailbox|address|"
    r"account|person)",
    r"\b(?:user|mailbox|recipient|address|account)s?\b.{0,30}\b(?:unknown|not found|does(?: not|n.t) exist|"
    r"disabled)\b",
)
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
# In prose a version or a part of an address looks like a status too, so it needs company or the usual shape.
_SAID = re.compile(r"\b([45])\d\d[ -]{1,2}\(?#?(\1\.\d\.\d{1,3})(?![\d.])")
_BARE = re.compile(r"(?<![\d.])([45]\.[0-7]\.\d{1,2})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.:/-])(4[25]\d|55\d)(?=[ -](?!\d))(?![\d.])")


def status_in(words: str) -> str:
    """The code (RFC 3463) that a server's words hold, or nothing."""
    if found := _SAID.search(words):
        return found.group(2)
    found = _BARE.search(words)
    return found.group(1) if found else ""


def sort_of(action: str, status: str, words: str) -> str:
    """What sort of failure it is: permanent, temporary, a full mailbox, or a notice of delay.

    The status comes first where it says enough; a code like 5.0.0 says nothing, and then the words decide.
    """
    if action == "delayed":
        return DELAYED
    if status in {"5.2.2", "4.2.2"} or MAILBOX_FULL.search(words):
        return FULL
    if status.startswith("4.") or (status == "5.4.7"):
        return TEMPORARY
    if status and not status.endswith(".0.0"):
        return PERMANENT
    return TEMPORARY if _passing(words) else PERMANENT


def _passing(words: str) -> bool:
    codes = set(REPLY_CODE.findall(words))
    if any(code.startswith("5") for code in codes) or FOR_GOOD.search(words):
        return False
    return bool(codes or WEARY.search(words))
