"""What machines, hurried offices and people with something to say write, in English and Welsh."""

import re
from functools import lru_cache


def any_of(*phrases: str) -> re.Pattern[str]:
    """One expression for many, in any case."""
    return re.compile("|".join(phrases), re.IGNORECASE)


def said(*phrases: str) -> re.Pattern[str]:
    """As :func:`any_of` for words of a mail, which :func:`count` and :func:`has` look for.

    All begin at the beginning of a word: said once for all, that makes searching five times as fast.
    """
    return re.compile(rf"\b(?=\w)(?:{'|'.join(phrases)})")


# Before what a subject says of itself: Re:, a tag in brackets, what a filter put there.
_REPLYING = r"^(?:(?:re|ateb|fw|fwd|aw|sv) ?: ?|\[[^\]]{1,40}\] ?|\*{2,}[^*]{1,40}\*{2,} ?)*"
_OUT = (
    r"(?:out[ -]of[ -](?:the[ -]|my )?office|away from (?:the |my |her |his |their )?(?:office|desk|e-?mail)"
    r"|allan o.?r swyddfa|i ffwrdd o.?r swyddfa)"
)
# Behind a Re: this is what our letter was about, parental leave for one, and not what the sender is on.
_LEAVE = (
    r"(?:(?:on|annual|maternity|paternity|parental|sick|adoption|compassionate|study) (?:annual |maternity |"
    r"paternity "
    r"|parental |sick |adoption |compassionate |study )?leave|on (?:a |my )?(?:holiday|vacation)"
    r"|ar (?:fy |ei )?(?:ng|g)?wyliau|absent du bureau|abwesenheit\w*|absence)"
)
_WHO = r"(?:i am |i.m |currently |we are |staff |[\w.' -]{2,40} is (?:currently |now )?)?"
AUTOMATIC_SUBJECT = any_of(
    _REPLYING
    + r"auto(?:matic|matically|mated|matically generated|[ -]?generated)?[ -:]{0,2}(?:e-?mail |message )?"
    r"(?:reply|response|respond|acknowledge?ment|answer|confirmation|receipt)\b",
    _REPLYING + r"auto[ -]?(?:reply|response|respond(?:er)?|ack|svar|matisch\w*)\b|" + _REPLYING + r"auto: ",
    _REPLYING + r"(?:r.ponse automatique|automatische antwort|respuesta autom.tica|risposta automatica)",
    _REPLYING + _WHO + _OUT + r"\b|^" + _WHO + _LEAVE + r"\b",
    _REPLYING
    + r"(?:vacation|holiday|away|ooo|oof|absence)(?: reply| message| notice| notification)?\b ?(?::|$|-)",
    _REPLYING + r"(?:ateb|ymateb|neges|cydnabyddiaeth|e-?bost) awtomatig\b|" + _REPLYING + r"awto-?ateb",
    _REPLYING + r"(?:an )?automat(?:ed|ic) (?:message|e-?mail|note) from\b",
    _REPLYING + r"(?:office closed|closed for (?:christmas|easter|recess)|parliamentary recess)\b",
    r"\((?:out of (?:the )?office|automatic reply|auto-?reply|away)\)$",
    r"[-–:] ?(?:out of (?:the )?office|automatic reply|auto-?reply)$",
    r"\bis (?:out of (?:the )?office|on (?:annual )?leave|away)\b",
)
ABSENT_SUBJECT = any_of(
    _OUT,
    r"^(?!(?:re|ateb|aw|sv) ?:).*" + _LEAVE,
    _REPLYING + r"(?:vacation|holiday|away|ooo|oof)\b",
    r"\bis away\b",
    r"office closed",
)
ACKNOWLEDGING_SUBJECT = any_of(
    r"acknowledge?ment\b",
    r"\bcydnabyddiaeth\b",
    _REPLYING + r"(?:thank you|thanks) for (?:your (?:e-?mail|message|enquiry|correspondence|letter)"
    r"|(?:contacting|e-?mailing|writing to|getting in touch with) [^:]{2,60}(?:mp|office|as|ms)\b)",
    _REPLYING + r"(?:we have |your (?:e-?mail|message|enquiry) has been )received\b|" + _REPLYING + r"received:",
    _REPLYING + r"diolch am (?:gysylltu|eich)",
    r"\b(?:case|ticket|enquiry|ref(?:erence)?)(?: (?:id|no\.?|number|ref))?[ :#]{0,3}\w{0,6}\d{3,}.{0,30}"
    r"(?:received|opened|created|logged|registered)\b",
)
ABSENT = said(
    r"(?<!if i )(?<!if we )(?<!when i )(?<!whilst i )(?<!while i )\b(?:am|i.m|is|be|are|was) "
    r"(?:currently |now |presently |also )?(?:out of|away from|not in|off from|back in|absent from) "
    r"(?:the |my |our )?office",
    r"\bout of (?:the )?(?:office|country) (?:until|till|from|and|with|on|starting|today|this|for)\b",
    r"\b(?:on|taking|my|annual|of) (?:annual|maternity|paternity|parental|sick|adoption|compassionate|study|"
    r"special) "
    r"leave\b",
    r"\b(?:am|i.m|is|be) (?:currently |now |presently )?(?:away|on leave|on (?:a |my )?holidays?|on vacation|"
    r"abroad"
    r"|travelling|unwell|off sick|not working)\b",
    r"\b(?:am|is|be) away (?:until|till|from|on)\b|\baway (?:until|till|from my desk)\b",
    r"\breturn(?:ing)? (?:to (?:the|my|work)(?: office| desk)?|on|from leave)(?: on)? "
    r"(?:mon|tues|wednes|thurs|fri|the|\d|january|february|march|april|may|june|july|august|sept|octo|nov|dec)",
    r"\b(?:i will|i shall|i.ll|will) (?:be back|return|be returning|not return|respond when i (?:return|am back"
    r"|get back))\b|\b(?:on|upon) my return\b|\bwhen i (?:return|am back|get back)\b|\bback (?:in|at) (?:the |"
    r"my )?"
    r"(?:office|desk) on\b",
    r"\b(?:limited|no|little|intermittent|without|sporadic|infrequent) access to (?:my |our )?(?:work "
    r")?e-?mails?\b"
    r"|\bnot (?:be )?(?:checking|monitoring|reading|able to check|have access to) (?:my |the |this )?e-?mails?\b",
    r"\bno longer (?:work|working|works|employed)(?:s|ing)?\b|\bhas left (?:the (?:office|employment) of|this)\b"
    r"|\bhave (?:now )?left (?:the|this) (?:office|organisation|role)\b",
    r"\b(?:my|this|the|our) (?:constituency |westminster |parliamentary )?offices? (?:is|are|will be) "
    r"(?:now |currently )?closed\b|\bclosed (?:for|over|during) (?:the )?(?:christmas|easter|new year|summer|bank"
    r"|weekend|recess)",
    r"\b(?:have |.ve )?(?:now )?(?:finished working|stopped working|retired|moved on|moved to (?:a|another) "
    r"(?:new )?"
    r"(?:role|job|post))\b",
    r"\b(?:i|who) (?:now |only |normally |usually )*works? (?:on |only |from )?(?:mon|tues|wednes|thurs|"
    r"fri)(?:day)?",
    r"\b(?:re-?open(?:s|ing)?|back open) (?:on|in|at|after)\b|\bmy next working day\b|\bnot (?:back|return) "
    r"until\b",
    r"\b(?:only )?work (?:mornings|afternoons|part|three|four|two|compressed)|\battending (?:a |an |the |\w+ "
    r"){0,3}"
    r"(?:conference|training|course|funeral|away ?day|event)|\bon (?:jury service|strike|secondment|a "
    r"sabbatical)\b",
    r"\boffices? (?:is|are|will be) (?:now |also |currently )?(?:shut|closed)\b|\boff work\b|\bmy departure\b",
    r"\b(?:is|am|are) no longer (?:with|at|part of|based|in (?:the|this) (?:office|role|post))\b"
    r"|\b(?:account|address|mailbox|inbox) is no longer (?:in use|monitored|active|checked)\b",
    r"\b(?:contact|ring|call|phone|e-?mail|speak to|try) [^.]{2,60}\b(?:instead|in the meantime|meanwhile|while "
    r"i.m)\b",
    r"\b(?:byddaf|rwyf|rwy.n) (?:i ffwrdd |yn )?(?:ar |yn )?(?:absenoldeb|absennol|gweithio)\b|\babsenoldeb "
    r"mamolaeth\b",
    r"\b(?:in|of) my absence\b|\bduring (?:my|this) (?:absence|leave|time|period)\b.{0,40}\b(?:contact|e-?mail|"
    r"call)\b"
    r"|\bin an emergency during my\b",
    r"\b(?:work(?:ing)? (?:part[- ]time|days are|hours are)|do not work on|my working (?:days|pattern)|"
    r"non-working day)",
    r"\ballan o.?r swyddfa\b|\bi ffwrdd o.?r (?:swyddfa|gwaith)\b|\bnid wyf yn y swyddfa\b",
    r"\bar (?:fy |ei )?(?:ng|g)?(?:wyliau|absenoldeb|gyfnod mamolaeth)\b|\bar gyfnod mamolaeth\b",
    r"\b(?:yn )?dychwelyd (?:i.r (?:swyddfa|gwaith)|ar)\b|\byn ôl (?:yn y swyddfa|wrth fy nesg|ar ddydd)\b"
    r"|\bpan fyddaf yn ôl\b|\bar gau (?:tan|dros|am)\b",
)
# There are no MPs between a dissolution and the election, and those who lost or left say so by machine.
DISSOLVED = said(
    r"\bparliament (?:has been|was|is(?: now)?|will be) (?:now )?dissolved\b|\b(?:the )?dissolution of "
    r"parliament\b",
    r"\b(?:there are|we have) (?:currently |now )?no (?:mps|members of parliament)\b",
    r"\b(?:no longer|not currently|ceased to be|am not) (?:an?|a serving|an? sitting) (?:mp|member of "
    r"parliament)\b"
    r"|\bno longer your (?:local )?(?:mp|member of parliament)\b",
    r"\bno longer the (?:mp|member of parliament)\b|\bstood down (?:as|at)\b.{0,40}\b(?:mp|election|parliament)\b",
    r"\b(?:mae.r senedd wedi.i |senedd .{0,20}wedi.i )diddymu\b",
)
NOT_THEIR_MP = said(
    r"\b(?:you are|you.re|you do|do) not (?:appear to be |seem to be |live in |a |one of )+(?:my |our )?"
    r"(?:constituents?|constituency)",
    r"\bnot (?:one of )?(?:my|our) constituents?\b|\b(?:i am|he is|she is|.{3,30} mp is) not your (?:local )?mp\b",
    r"\byour (?:own |local )?(?:mp|member of parliament) (?:is|appears to be)\b",
    r"\b(?:outside|not in|not within|falls outside) (?:my|our|the|.{3,30}) constituency\b",
    r"\b(?:need to|should|please|must) (?:contact|write to|get in touch with|e-?mail) [^.]{2,40} mp\b(?!.s)",
    r"\bnid .{0,30}(?:fy etholaeth|etholwr i)\b",
)
# Each of these is said when a mail has come in and has not yet been read.
ACKNOWLEDGED = said(
    r"\b(?:aim|endeavou?r|try|hope|strive|intend|seek)(?:s|ing)? to (?:respond|reply|answer|get back|deal|be in "
    r"touch|"
    r"provide (?:you with )?a)\b",
    r"\bdo (?:my|our|the) (?:very )?(?:best|utmost) to (?:respond|reply|answer|get back|assist|help)\b",
    r"\b(?:has|have) been (?:safely |successfully )?(?:received|logged|registered|passed (?:on )?to|forwarded "
    r"to the "
    r"(?:relevant|appropriate))\b|\b(?:has|have) (?:safely )?(?:arrived|reached)\b|\b(?:we|i) have (?:safely "
    r")?received "
    r"(?:your|it)\b|\b(?:we|i) can confirm (?:that )?(?:we|i) have received\b",
    r"\back?nowledge (?:receipt|that|your)|\backnowledge?ment of (?:receipt|your)|\backnowledg\w+ (?:that "
    r")?(?:we|i) ",
    r"\bconfirm(?:ing|s|ation of)? (?:safe )?receipt\b|\breceipt of your (?:e-?mail|message|letter|"
    r"correspondence)\b",
    r"\b(?:an |this is an |this )auto(?:mated|matic|matically generated|-generated|-?matic)?[ -]?"
    r"(?:reply|response|message|e-?mail|acknowledge?ment)\b|\bautomatically generated\b|\bauto-?(?:reply|"
    r"response)\b",
    r"\b(?:will|shall|.ll) (?:\w+ )?(?:respond|reply|be in (?:touch|contact)|get back to you|be dealt with|be read"
    r"|be passed|contact you|write (?:back )?to you|look at|consider|review|deal with)\b.{0,80}"
    r"\b(?:as soon as|shortly|soon|in due course|as quickly as|within|when|at the earliest)",
    r"\b(?:you|your e-?mail) will (?:receive|get|be answered|hear)\b.{0,60}\b(?:reply|response|soon|from|in due "
    r"course)",
    r"\b(?:high|large|huge|great|significant|considerable|increased|unprecedented|sheer|heavy|enormous)(?:er|"
    r"est)? "
    r"(?:volume|number|level|amount|quantity)s? of (?:e-?mails?|correspondence|letters|casework|enquir|messages|"
    r"mail"
    r"|emails)",
    r"\b(?:receive[sd]?|get|gets|receiving) (?:an? |up to |around |over |in excess of |many )?"
    r"(?:large|huge|great|high|significant|considerable|vast|enormous|hundreds|thousands|\d[\d,]*)"
    r".{0,60}\b(?:e-?mails?|correspondence|letters|messages|enquiries)\b",
    r"\b(?:logged|registered) (?:your|as (?:a )?case)\b|\bmember of (?:the|my|our|his|her) (?:team|staff|"
    r"office) (?:will|"
    r"shall)\b",
    r"\bstrict (?:parliamentary )?(?:protocol|convention|rule)|\bstrict(?:ly)? .{0,20}parliamentary",
    r"\bparliamentary (?:protocol|convention|rules?) (?:means?|dictates?|states?|that|prevents?|requires?)"
    r"|\bonly (?:able to |act |deal |take up |respond to |help |assist )\w* ?.{0,50}\b(?:own )?constituents\b",
    r"\bif you (?:are|live)(?: not)? (?:a |one of my |a .{2,30} )?(?:constituent|in (?:the|my))\b",
    r"\bnot (?:one of )?(?:my|our) constituents?\b",
    r"\bplease (?:do not|don.t) (?:reply|respond) to this (?:e-?mail|message|address)\b|\bthis (?:mailbox|inbox|"
    r"e-?mail "
    r"address) is (?:not monitored|unmonitored)\b",
    r"\bif (?:your (?:matter|enquiry|query|e-?mail|case|issue|message) is|it is|this is|you have an) "
    r"(?:\w+ )?(?:urgent|emergency)\b",
    r"\b(?:working|business) days\b.{0,80}\b(?:reply|respond|response|answer)\b"
    r"|\b(?:reply|respond|response|answer).{0,60}\b\d+ (?:working|business) days\b",
    r"\b(?:do|does|can|will) not (?:always )?(?:be able to )?(?:reply|respond) to (?:\w+ ){0,3}(?:campaign|mass|"
    r"round|"
    r"identical|template|petition|copied|standard)",
    r"\b(?:read|see|sees|answer|log)s? (?:and \w+ )?(?:every|each|all)(?: and every| of the)? ?(?:e-?mail|"
    r"message|letter)"
    r"|\bwill be read\b|\b(?:every|each) (?:e-?mail|message|letter) (?:is|will be) read\b",
    r"\b(?:take|takes|taking|be|is|are) (?:us |me |them )?(?:up to |a (?:little|short|good) |some |several |"
    r"slightly |a bit )"
    r"(?:\w+ )?(?:longer|while|time|days|weeks)\b|\b(?:a |send a |more )?(?:full|fuller|substantive|detailed|"
    r"proper) "
    r"(?:reply|response|answer) (?:will|as soon|shortly|in due|soon)",
    r"\b(?:got|came|come|gone|has been) through (?:safely|ok|to us)\b|\b(?:got|have) your (?:e-?mail|message|"
    r"letter)\b"
    r"|\bbefore (?:you hear|we (?:can )?(?:reply|respond|answer)|i (?:can )?(?:reply|respond|answer))",
    r"\b(?:make sure|ensure) (?:that )?(?:he|she|they|\w+) (?:sees?|reads?|gets?) (?:this|it|your)\b"
    r"|\b(?:brought|bring|draw|drawn) (?:this |it |your \w+ )?to (?:the |his |her |.{2,40}.s )?(?:mp.s "
    r")?attention\b"
    r"|\b(?:duly|your (?:comments?|views?|points?) (?:have been|are|is)) noted\b|^(?:thank you|thanks)[.!, "
    r"]+noted\b",
    r"\b(?:mailbox|inbox|account) is (?:monitored|checked|read)\b|\bcase has been (?:created|opened|logged)\b",
    r"\b\d[\d,]* (?:and|to|-|–|or more) ?\d*[\d,]* ?(?:\w+ )?(?:e-?mails|letters|messages)\b|\bprioriti[sz]e",
    r"\b(?:we.ve|we have|i.ve|i have|.{2,20} has) (?:had|seen|got|received) your (?:e-?mail|message|letter|note|"
    r"enquiry)\b"
    r"|\bcorrespondence has (?:reached|been|arrived)|\backnowledge?ment\b|\byour reference is\b",
    r"\b(?:some|several|a few|many) (?:weeks|days) before\b|\bteam will (?:review|read|look|consider|reply|"
    r"respond|be)\b"
    r"|\bit.?i?s with (?:him|her|the mp|.{2,20}) (?:for|to)\b|\bthank you for using\b|\b(?:contact|web) form\b",
    r"\bgrateful (?:to you )?for (?:your|writing|contacting|getting)|\bin line with (?:parliamentary )?convention|"
    r"(?:deal|help|assist|act) (?:only )?(?:with|for) (?:matters |cases |people )?(?:raised by|living in|who "
    r"live in)",
    r"\b(?:you will|you.ll) (?:get|have|receive) an? (?:reply|response|answer)|\bcontents? (?:of which "
    r")?(?:have|has|is|are)"
    r" (?:been )?noted\b|\bnoted (?:the|its) contents\b|\bbear with us\b|\bno need to (?:write|e-?mail) again\b"
    r"|\bdo not need to (?:write|e-?mail|resend)",
    r"\b(?:opened|created|raised|logged) (?:a )?(?:new )?(?:case|ticket|enquiry|file)\b|\bquote it if\b|\bquote "
    r"(?:this|the) "
    r"(?:reference|number)\b",
    r"\bwedi cyrraedd\b|\b(?:cewch|gewch) (?:ateb|ymateb)\b|\bcyn gynted (?:ag|â)\b",
    r"\baelod o.r tîm\b|\bcyn bo hir\b|\bmaes o law\b|\bdiwrnod gwaith\b",
    r"\b(?:case|reference|enquiry|ticket) (?:number|no\.?|reference|id)\b",
    r"\b(?:passed|pass|forwarded|forward|shown|show) (?:on |your \w+ |this |it )*to (?:the mp|him|her|the "
    r"relevant|my "
    r"colleague|our case)",
    r"\b(?:wedi derbyn|wedi cael|cydnabod) (?:eich|dy) (?:e-?bost|neges|llythyr|gohebiaeth|ymholiad)\b"
    r"|\bderbyniwyd eich\b|\b(?:neges|ateb|ymateb) awtomatig\b",
    r"\b(?:anelu|ceisio|ymdrechu|gobeithio) (?:at )?(?:i )?(?:ymateb|ateb)\b|\banelwn at (?:ymateb|ateb)"
    r"|\bein nod yw (?:ymateb|ateb)",
    r"\b(?:byddwn|byddaf|bydd|fe fyddwn|fe fyddaf)\b.{0,60}\b(?:ymateb|ateb|cysylltu|dychwelyd atoch)\b.{0,60}"
    r"\b(?:cyn gynted|maes o law|o fewn|yn fuan)",
    r"\bcynnwys eich (?:enw|cyfeiriad)\b|\b(?:nifer (?:fawr|uchel)|llawer) o (?:e-?byst|negeseuon|ohebiaeth|"
    r"lythyrau)\b",
)
# An office's standing note asks for these; but so does a person who has begun to help.
ADDRESS_WANTED = said(
    r"\b(?:include|provide|supply|confirm|send|give|let (?:me|us) (?:know|have)|need|require|forward|reply with|"
    r"have)"
    r"(?:d|s|ing)?\b.{0,60}\b(?:postal |home |full |residential )?(?:address|postcode)\b",
    r"\bfull (?:name and )?(?:postal |home )?address\b|\bname, address and postcode\b|\bwhat is your (?:full "
    r")?address\b",
    r"\bare you (?:a |one of (?:my|our) )?constituents?\b|\b(?:whether|that|if) you are (?:a |one of (?:my|our|"
    r"his|her) )"
    r"constituents?\b",
    r"\b(?:confirm|tell (?:me|us)|say) where you live\b|\belectoral (?:roll|register)\b",
    r"\beich cyfeiriad(?: llawn)?\b|\bcod post\b",
)
# What somebody writes who has looked at what was asked.
SUBSTANCE = said(
    r"\bi (?:do not |don.t |do |fully |strongly |wholeheartedly |completely |very much |cannot |can.t |could "
    r"not |will "
    r"|would |have |am |also |certainly |personally |am not |was |.m |have always |remain )*(?:agree|disagree|"
    r"support|"
    r"oppose|share|believe|vote|abstain|sign|table|back|welcome|regret|condemn|recognise|understand the|"
    r"appreciate the|"
    r"consider|think|urge|press|call(?:ed|ing)? (?:on|for)|argue|spoke|speak|met|meet with|raise|asked|wrote|"
    r"written|"
    r"committed|convinced|persuaded|in favour|against|concerned|opposed|proud|minded|sympathetic|disappointed|"
    r"sorry to "
    r"hear|pleased|delighted)(?:d|s|ed|ing)?\b",
    r"\b(?:the )?(?:government|minister|secretary of state|department|home office|treasury|council|police|prime "
    r"minister|"
    r"opposition|ministers|chancellor|home secretary|commissioner|inquiry|bill|amendment|legislation|select "
    r"committee|"
    r"local authority|trust|board) (?:has|have|is|are|will|was|were|would|does|must|should|did|agreed|told|said|"
    r"set|"
    r"replied|confirmed|announced|published|launched|introduced|committed|passed|failed)\b",
    r"\b(?:my|our|labour.s|conservative|liberal democrat|the party.s|plaid cymru.s) (?:view|position|party|stance|"
    r"colleagues|belief|policy)\b",
    r"\b(?:count on my|have my (?:full )?(?:vote|support)|my vote\b|stand(?:ing)? up for|like you,? i|i find "
    r"(?:it|this|that)|"
    r"i (?:do |can )?(?:sympathise|understand (?:how|why|your|that)|recognise|note that))\b",
    r"\bthat.?i?s why (?:\w+ )?(?:we|i|the|labour|conservatives|liberal)|\bhow i.ll vote\b|\brather not say\b|£ "
    r"?\d",
    r"\b(?:labour|the conservatives|conservatives|liberal democrats|plaid cymru|the snp|reform uk|the greens?) "
    r"(?:is|are|has|"
    r"have|will|would)\b|\b(?:successive|previous|this|our) governments?\b|\bwe.ll (?:publish|introduce|bring)",
    r"\b(?:my|our|his|her) (?:response|reply|answer) to your\b",
    r"\b(?:ni allaf|credaf|gallaf|cefnogaf|gwrthwynebaf|pleidleisiais|siaradais)\b",
    r"\b(?:reply|response|letter|answer|statement) (?:from .{2,60} )?is (?:attached|enclosed|below|on my "
    r"website)\b",
    r"\b(?:early day motion|edm \d+|westminster hall|adjournment debate|written question|second reading|"
    r"division lobby|"
    r"hansard|oral question|statutory|legislation)\b",
    r"\b(?:please find|find|i (?:attach|enclose)|see|attached is|enclosed is|have attached|am attaching|is "
    r"attached|"
    r"are attached)\b.{0,50}\b(?:attached|enclosed|copy|letter|response|reply|from the)\b",
    r"\b(?:have|i.ve|he has|she has|has) (?:now |also |today |since )?(?:written|raised|asked(?! me to)|"
    r"contacted|spoken|met|"
    r"visited|passed your (?:letter|concerns) to (?:the )?minister|taken (?:this|it|your case) up|tabled|signed|"
    r"forwarded "
    r"your (?:letter|e-?mail|concerns?) to (?:the )?(?:minister|secretary|home|department))\b",
    r"\b(?:yr wyf|rwy.?n|rwyf|dwi) (?:\w+ )?(?:cefnogi|cytuno|gwrthwynebu|credu|falch|pleidleisio|wedi)\b"
    r"|\bbyddaf yn (?:pleidleisio|cefnogi|codi)\b|\bmae.r llywodraeth\b|\bcodais\b|\bysgrifennais\b",
)
# A time that somebody names who is away, and hardly anybody who only has our letter.
WHEN = said(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may \d|june|july|august|september|"
    r"october|"
    r"november|december|christmas|easter|until|till|tomorrow|today|next week|this week|back|away|out|absence|"
    r"absent|leave"
)
THANKS = any_of(
    r"(?:\W*(?:dear|hello|hi|annwyl|helo)\b[^\n]{0,60}\n)?\W*(?:many thanks|thank you|thanks|diolch)\b"
)
HOLDING = said(
    r"\b(?:have|has|i.ve|am) (?:now |also |today )?(?:written|writing|raised (?:this|it|your)|contacted|asked|"
    r"forwarded)"
    r"\b.{0,200}\b(?:(?:let you know|be in touch|write to you again|get back to you|update you|come back to you|"
    r"share|"
    r"forward (?:it|this|their|his|her)|send you)\b.{0,80}\b(?:when|once|as soon as|hear|response|reply|receive))",
    r"\bonce i (?:have (?:received|had|heard)|receive|hear)\b.{0,80}\b(?:response|reply|answer|from|back|again|"
    r"touch)\b",
    r"\bwedi ysgrifennu at\b.{0,200}\b(?:cysylltu|rhoi gwybod)\b",
)


def count(pattern: re.Pattern[str], text: str) -> int:
    """How many different things of this sort ``text`` says."""
    return len({match.group() for match in pattern.finditer(_flat(text))})


def has(pattern: re.Pattern[str], text: str) -> bool:
    """Whether ``text`` says anything of this sort."""
    return bool(pattern.search(_flat(text)))


@lru_cache(maxsize=16)
def _flat(text: str) -> str:
    """On one line and in small letters; the same few texts are asked about many times in a row."""
    return " ".join(text.split()).lower()
