"""Every page that a person can be on: where it is, and what is typed and pressed there to see it."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, Response

CAMPAIGN = "/campaigns/our-street-too"
WORKSHOPS = "/campaigns/women-making-a-stand"
SLIP = {"name": "Amina Rahman", "email": "amina@gmial.com", "postcode": "BL9 0SW"}


@dataclass(frozen=True)
class Place:
    """``path`` may name one of the links that the walk left behind, in braces.

    What is in ``types`` goes into the fields with those ids; then the button that says ``presses`` is pressed.
    ``status`` is how the page that is then shown was answered. Pressed ``once``, the button is gone for good, and
    the page is that of afterwards.
    """

    name: str
    path: str
    types: dict[str, str] = field(default_factory=dict)
    presses: str = ""
    status: int = 200
    once: bool = False

    def show(self, page: Page, links: dict[str, str]) -> Response:
        """Go there, type and press; the answer is the last that the browser got."""
        answer = page.goto(self.path.format(**links))
        for name, text in self.types.items():
            page.locator(f"#{name}").fill(text)
        button = page.get_by_role("button", name=self.presses)
        if self.presses and not (self.once and button.count() == 0):
            with page.expect_navigation() as gone:
                button.click()
            answer = gone.value
        assert answer is not None
        assert answer.status == self.status, f"{self.name} was answered with {answer.status}."
        return answer


PUBLIC = [
    Place("home", "/"),
    Place("a search", "/?q=street"),
    Place("closed campaigns", "/?state=closed"),
    Place("our street too", CAMPAIGN),
    Place("a place to tell it", "/campaigns/a-place-to-tell-it"),
    Place("stand with the Amari", "/campaigns/stand-with-the-amari"),
    Place("women making a stand", WORKSHOPS),
    Place("Hertfordshire", f"{CAMPAIGN}/in/hertfordshire"),
    Place("Sussex", f"{CAMPAIGN}/in/sussex"),
    Place("sign", f"{CAMPAIGN}/sign"),
    Place("a slip in the address", f"{CAMPAIGN}/sign", SLIP, "Sign the pledge"),
    Place("words of signers", f"{CAMPAIGN}/words"),
    Place("no words of signers", f"{WORKSHOPS}/words"),
    Place("who stands with us", f"{CAMPAIGN}/endorsements"),
    Place("who stands with us: found", f"{CAMPAIGN}/endorsements?q=bells"),
    Place("who stands with us: nobody", f"{CAMPAIGN}/endorsements?in=sussex&q=zeppelin"),
    Place("endorse", f"{CAMPAIGN}/endorse"),
    Place("endorsement sent", f"{CAMPAIGN}/endorse/sent"),
    Place("an endorsement to confirm", "{unconfirmed endorsement}"),
    Place("an endorsement that waits", "{endorsement}"),
    Place("check your inbox", f"{CAMPAIGN}/check-your-inbox"),
    Place("confirm", "{unconfirmed}"),
    Place("a link that was used", "{confirmed}"),
    Place("confirmed", "{confirmed}", {}, "It was me: go on"),
    Place("write: where you live", f"{CAMPAIGN}/write"),
    Place("write: one of these", f"{CAMPAIGN}/write", {"postcode": "BT2 8AA"}, "Find my MP"),
    Place("write: no other MP", "{carried}", {}, "This is not my MP", status=422),
    Place("write", "{carried}"),
    Place(
        "write: a question", "{carried}", {"name": "Amina", "address": "12 Clough Bank, Bury"}, "Read it once more"
    ),
    Place("read it once more", "{review}"),
    Place("a letter to go on with", "{half-written}&saved=here"),
    Place("letter sent for its yes", "{asked}"),
    Place("letter waiting", "{waiting}"),
    Place("letter delivered", "{quiet}"),
    Place("letter answered", "{answer}"),
    Place("letter bounced", "{bounce}"),
    Place("letter answered by a machine", "{out_of_office}"),
    Place("letter held", "{held}"),
    Place("you", "{you}"),
    Place("you: put right", "{you}?done=corrected"),
    Place("no more news?", "{unsubscribe}"),
    Place("no more news", "{unsubscribe}", {}, "Send me no more news", once=True),
    Place("find your MP", "/your-mp"),
    Place("your MP", "/your-mp?postcode=BL9+0SW"),
    Place("your MP is one of these", "/your-mp?postcode=BT2+8AA"),
    Place("nobody in the seat", "/your-mp?postcode=G2+1DU"),
    Place("no seat", "/your-mp?postcode=JE2+3AB"),
    Place("your MP unknown", "/your-mp?postcode=BF1+2AU"),
    Place("centres", "/centres?campaign=our-street-too&chapter=hertfordshire&postcode=SG1+1HN"),
    Place("centres near a town", "/centres?campaign=our-street-too&postcode=Leicester"),
    Place("all centres", "/centres"),
    Place("no centres", f"/centres?campaign={WORKSHOPS.split('/')[-1]}"),
    Place("what happens when you report", "/report?campaign=our-street-too&chapter=hertfordshire"),
    Place("an event", "/events/1"),
    Place("gatherings", f"{CAMPAIGN}/events"),
    Place("gatherings near", f"{CAMPAIGN}/events?postcode=BL9+0SW"),
    Place("come to a gathering", "/events/4"),
    Place(
        "a gathering: check your inbox",
        "/events/4",
        {"name": "Amina Rahman", "email": "amina@example.org"},
        "Put me",
    ),
    Place("a gathering with mistakes", "/events/4", {"email": "nobody"}, "Put me", status=422),
    Place("figures", f"{CAMPAIGN}/dashboard"),
    Place("the map", f"{CAMPAIGN}/map?country=England&sort=name"),
    Place("what MPs answered", "/campaigns/stand-with-the-amari/answers"),
    Place("what MPs answered: nobody", "/campaigns/stand-with-the-amari/answers?of=zeppelin"),
    Place("what MPs answered: too little", f"{CAMPAIGN}/answers"),
    Place("an MP", "/representatives/1"),
    Place("an MP without letters", "/representatives/9"),
    Place("may words be shown", "{quotation}"),
    Place("words are not shown", "{quotation}", {}, "Stop showing them", once=True),
    Place("the share kit", f"{CAMPAIGN}/share"),
    Place("privacy", "/privacy"),
    Place("accessibility", "/accessibility"),
    Place("the demo's inbox", "/demo/inbox"),
    Place("a message", "{message}"),
    Place("a letter in the inbox", "{letter in the inbox}"),
    Place("staff sign in", "/staff/sign-in"),
    Place("staff sign-in link", "/staff/sign-in/a-link-to-press"),
]

GONE_WRONG = [
    Place("sign with nothing", CAMPAIGN, {}, "Sign the pledge", status=422),
    Place(
        "sign badly",
        f"{CAMPAIGN}/sign",
        {"email": "amina@homtail", "postcode": "nowhere"},
        "Sign the pledge",
        status=422,
    ),
    Place("endorse with nothing", f"{CAMPAIGN}/endorse", {}, "Send my endorsement", status=422),
    Place("an endorsement's link cut off", "/endorsements/AAAA", status=404),
    Place("no such page", "/petitons/our-street", status=404),
    Place("no such campaign", "/campaigns/no-such-street", status=404),
    Place("a search that finds nothing", "/?q=zeppelin"),
    Place("a link cut off", "/confirm/AAAA", status=404),
    Place("a link that is too old", "{expired}", status=410),
    Place("the end of news, link cut off", "/unsubscribe/AAAA", status=404),
    Place("a letter's link cut off", "/letters/AAAA", status=404),
    Place("somebody's page, link cut off", "/you/AAAA", status=404),
    Place("a new link", "{expired}", {}, "Send a new link"),
    Place("a letter that was put away", "{put away}", status=410),
    Place("write: no postcode", f"{CAMPAIGN}/write", {"postcode": "nowhere"}, "Find my MP", status=422),
    Place("write: nobody in the seat", f"{CAMPAIGN}/write", {"postcode": "G2 1DU"}, "Find my MP"),
    Place("write nothing", "{carried}", {"name": "", "address": ""}, "Read it once more", status=422),
    Place("your MP: no postcode", "/your-mp?postcode=nowhere", status=422),
    Place("centres: no postcode", "/centres?postcode=BL9+0S1", status=422),
    Place("centres: no town", "/centres?postcode=nowhere", status=422),
    Place("interest in nothing", WORKSHOPS, {}, "Register your interest", status=422),
    Place("staff sign in with nothing", "/staff/sign-in", {}, "Send me a link", status=422),
    Place("staff link used", "/staff/sign-in/a-link-to-press", {}, "Sign in", status=422),
]

DESK = [
    Place("desk", "/staff"),
    Place("desk: a campaign", "/staff/campaigns/our-street-too"),
    Place("desk: an action", "/staff/campaigns/women-making-a-stand"),
    Place("desk: signing", "/staff/campaigns/our-street-too/signing"),
    Place("desk: counted again", f"/staff{CAMPAIGN}/recount"),
    Place("desk: news", f"/staff{WORKSHOPS}/news"),
    Place("desk: write news", f"/staff{WORKSHOPS}/news/new", {"body": "We **met**."}, "Look at it first"),
    Place("desk: news without words", f"/staff{WORKSHOPS}/news/new", {}, "Publish it", status=422),
    Place("desk: one piece of news", f"/staff{WORKSHOPS}/news/10"),
    Place("desk: news before it goes", f"/staff{WORKSHOPS}/news/10/mail"),
    Place("desk: news tried", f"/staff{WORKSHOPS}/news/10/mail", {}, "Send it to me first"),
    Place("desk: news e-mailed", f"/staff{WORKSHOPS}/news/11/mail", {}, "E-mail it to", once=True),
    Place("desk: words", "/staff/campaigns/our-street-too/words"),
    Place("desk: words that are shown", "/staff/campaigns/our-street-too/words?state=shown"),
    Place("desk: no words chosen", "/staff/campaigns/our-street-too/words?state=shown", {}, "Do not show", 422),
    Place("desk: endorsements", f"/staff{CAMPAIGN}/endorsements"),
    Place("desk: endorsements that are shown", f"/staff{CAMPAIGN}/endorsements?state=shown"),
    Place("desk: endorsements that are not shown", f"/staff{CAMPAIGN}/endorsements?state=refused"),
    Place("desk: the guard", f"/staff{CAMPAIGN}/guard"),
    Place("desk: listed badly", f"/staff{CAMPAIGN}/guard", {"value": "nowhere"}, "Put on the list", status=422),
    Place("desk: how letters go", f"/staff{CAMPAIGN}/pace"),
    Place("desk: letters for paper", f"/staff{CAMPAIGN}/paper"),
    Place("desk: scan letters", "/staff/scan"),
    Place("desk: scanned badly", "/staff/scan", {"scanned": "999999"}, "Note it", status=422),
    Place("desk: no letter to post instead", f"/staff{CAMPAIGN}/paper/1/instead"),
    Place("desk: names on paper", f"/staff{CAMPAIGN}/on-paper"),
    Place("desk: no names on paper", f"/staff{CAMPAIGN}/on-paper", {}, "Count them", status=422),
    Place("desk: gatherings", f"/staff{CAMPAIGN}/events"),
    Place("desk: no gatherings", "/staff/campaigns/stand-with-the-amari/events"),
    Place("desk: a new gathering", f"/staff{CAMPAIGN}/events/new", {}, "Set it up", status=422),
    Place("desk: a gathering", f"/staff{CAMPAIGN}/events/4"),
    Place("desk: centres", f"/staff{CAMPAIGN}/centres"),
    Place("desk: no centres", f"/staff{WORKSHOPS}/centres"),
    Place("desk: a new centre", f"/staff{CAMPAIGN}/centres/new", {"latitude": "5"}, "Put it in", status=422),
    Place("desk: a centre", f"/staff{CAMPAIGN}/centres/1"),
    Place("desk: bring in centres", f"/staff{CAMPAIGN}/centres/import"),
    Place("desk: bring in no centres", f"/staff{CAMPAIGN}/centres/import", {}, "Show what would change", 422),
    Place("desk: letters", "/staff/letters"),
    Place("desk: no letters", "/staff/letters?state=settled"),
    Place("desk: held letters", "/staff/letters?state=held"),
    Place("desk: a letter", "/staff/letters/3"),
    Place("desk: held mail", "/staff/held"),
    Place("desk: replies to sort", "/staff/held/unsure"),
    Place("desk: replies", "/staff/replies?show=all&sort=oldest"),
    Place("desk: no replies", "/staff/replies?of=zeppelin"),
    Place("desk: a reply", "/staff/replies/2?sort=office"),
    Place("desk: where nobody stands", "/staff/replies/2", {}, "Note it", status=422),
    Place("desk: where MPs stand", "/staff/stances?campaign=stand-with-the-amari"),
    Place("desk: nobody stands there", f"/staff/stances?campaign={CAMPAIGN.split('/')[-1]}"),
    Place("desk: nobody to invite", "/staff/stances?campaign=our-street-too", {}, "Invite them", status=422),
    Place("desk: one held mail", "/staff/held/1"),
    Place("desk: placed badly", "/staff/held/1", {"letter": "999"}, "Place it with this letter", status=422),
    Place("desk: delivery", "/staff/delivery"),
    Place(
        "desk: delivery changed badly",
        "/staff/delivery",
        {"reason": "Amina " * 200},
        "Change where letters go",
        status=422,
    ),
    Place("desk: the count", "/staff/campaigns/our-street-too/discounting"),
    Place("desk: counted", "/staff/campaigns/our-street-too/discounting", {"name": "rahman"}, "Count them"),
    Place(
        "desk: counted badly",
        "/staff/campaigns/our-street-too/discounting",
        {"ip": "300.1", "postcode": "nowhere"},
        "Count them",
        status=422,
    ),
    Place("desk: no such letter", "/staff/letters/999", status=404),
    Place("desk: template letters", "/staff/templates"),
    Place("desk: a new letter", "/staff/templates/new"),
    Place("desk: a new letter without a title", "/staff/templates/new", {}, "Begin the letter", status=422),
    Place("desk: a letter's text", "/staff/templates/hate-crime"),
    Place("desk: a letter's text gone wrong", "/staff/templates/hate-crime", {"source": "x"}, "Save the", 422),
    Place("desk: versions of a letter", "/staff/templates/hate-crime/versions"),
    Place("desk: a version of a letter", "{version}"),
    Place("desk: a letter's settings", "/staff/templates/hate-crime/settings"),
    Place("desk: bring letters in", "/staff/templates/import"),
    Place("desk: bring nothing in", "/staff/templates/import", {}, "Show what would change", status=422),
    Place("desk: put away badly", "/staff/templates/hate-crime/settings", {}, "Put it away", status=422),
]
