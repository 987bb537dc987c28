"""Whatever somebody types goes from the form to the e-mail and the PDF as the text it is, or is refused.

Never executed, never a second header, never a message or a page that cannot be read.
"""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import front_door
import make
import paper
import work
from undersigned.campaigns.tables import Campaign
from undersigned.delivery import by_email, switch
from undersigned.kit import fonts, tokens
from undersigned.kit.outbox import new_message_id
from undersigned.letters import merging, sheet
from undersigned.letters.tables import Letter
from undersigned.representatives.tables import Representative

pytestmark = pytest.mark.usefixtures("migrated")
HEADERS = {
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Message-ID",
    "Date",
    "User-Agent",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "X-Undersigned-Rehearsal",
    "Delivered-To",
    "Return-Path",
}
WORDS = {
    "braces": "{{ supporter.email }} {{ 7 * 7 }} {{",
    "Jinja": "{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}{# gone #}",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)> &amp; </section>",
    "Markdown": "**not bold** _nor this_ # nor a heading [nor](https://example.org) - nor a list",
    "RTL override": "I owe \u202e0001£\u202c and \u2067this\u2069 too.",
    "emoji": "It is dark 😀👍🏽 there, 👩\u200d👧.",
    "no space": "a" * 18_000,
    "NUL": "It is\0 dark\0 there.",
    "line ends": "It is dark.\r\nBcc: all@example.org\r\n\r\nSubject: Free pills",
    "mail marks": "From here on\r\n.\r\nQUIT\r\n--boundary--\r\n=3D=20",
    "separators": "One\u2028two\u2029three\x0bfour\x0cfive\x85six",
    "Zalgo": "d\u0335\u0321a\u0334\u0322r\u0337\u0323k",
}


def typed_lines(words: str) -> list[str]:
    """What must arrive of what was typed."""
    return [line.strip() for line in merging.clean(words).splitlines() if line.strip()]


async def sent(client: httpx.AsyncClient, campaign: Campaign, **typed: str) -> EmailMessage:
    """The message that left, in rehearsal."""
    await front_door.queued(client, campaign, **typed)
    await work.settle()
    (message,) = work.inbox("operator@example.org")
    return message


def is_whole(message: EmailMessage) -> None:
    """One message with our headers, each once, and a body that can be read."""
    names = list(message)
    assert set(names) <= HEADERS
    assert len(names) == len(set(names))
    assert message.defects == []
    assert not message.is_multipart()
    assert "\n" not in str(message["Subject"])


@pytest.mark.parametrize("kind", WORDS)
async def test_own_words_arrive_as_text_by_mail_and_on_paper(client: httpx.AsyncClient, kind: str) -> None:
    await make.mp()
    message = await sent(client, await make.campaign(), prompt_why=WORDS[kind])
    is_whole(message)
    body = work.text_of(message)
    letter = await Letter.whole(1)
    assert letter is not None
    own = [part["text"] for part in letter.parts if part["own"]]
    assert own == typed_lines(WORDS[kind])
    assert all(line in body for line in own)
    page = await client.get(f"/letters/{tokens.issue('letter', 1)}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text and "<img src=x" not in page.text
    answer = await client.get(f"/letters/{tokens.issue('letter', 1)}.pdf")
    assert answer.status_code == 200
    printed = paper.plain(paper.text(answer.content))
    shown = "".join(line.text for line in sheet.of(letter).on_paper().paragraphs if line.own)
    if kind == "no space":
        assert printed.count("a") >= 18_000, "a page ends in the middle of it"
    elif kind != "Zalgo":  # Marks above and below a letter may be read back in another order.
        assert paper.plain("".join(filter(fonts.has_shape, shown))) in printed


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "Amina\r\nBcc: all@example.org", "Enter your name without web addresses or symbols."),
        ("name", "Amina \u202enamhaR", "Enter your name without web addresses or symbols."),
        ("name", "=cmd|' /C calc'!A0", "Enter your name as you would sign it."),
        ("name", "A" * 101, "Names have at most 100 characters here."),
        ("email", "amina@example.org\r\nBcc: all@example.org", 'id="email-error"'),
        ("address", "x" * 400, "Enter your address as it would stand on an envelope."),
        ("prompt_why", "a" * 20_001, "at most 20,000 characters"),
    ],
)
async def test_what_cannot_be_sent_is_refused_in_a_sentence_beside_its_field(
    client: httpx.AsyncClient, field: str, value: str, sentence: str
) -> None:
    await make.mp()
    answer = await front_door.write(client, await make.campaign(), **{field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'id="{field}-error"' in answer.text
    assert await Letter.count() == 0


async def test_a_name_over_two_lines_is_one_name(client: httpx.AsyncClient) -> None:
    await make.mp()
    message = await sent(client, await make.campaign(), name="Amina\r\n\tBcc Rahman\0")
    is_whole(message)
    assert message["From"].addresses[0].display_name == "Amina Bcc Rahman"
    assert work.text_of(message).count("Amina Bcc Rahman") == 1


async def test_an_address_is_as_many_lines_as_were_typed_and_none_of_them_turns_round(
    client: httpx.AsyncClient,
) -> None:
    await make.mp()
    await sent(client, await make.campaign(), address="12 \u202eClough Bank\r\nBury\0\r\n{{ date }}")
    letter = await Letter.whole(1)
    assert letter is not None
    assert sheet.of(letter).sender == ("12 Clough Bank", "Bury", "{{ date }}", "BL9 0SW")


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("A light\r\nBcc: all@example.org", "A light Bcc: all@example.org"),
        ("{{ supporter.email }}{% raw %}", "{{ supporter.email }}{% raw %}"),
        ("\u202eA light\u202c\u2028today", "A light today"),
        ("<b>A light</b>", "<b>A light</b>"),
        ("😀 light " * 12, ("😀 light " * 12).strip()),
    ],
)
async def test_a_name_of_a_place_or_a_campaign_is_one_line_of_text(
    client: httpx.AsyncClient, title: str, subject: str
) -> None:
    await make.mp(constituency=title)
    campaign = await make.campaign(title=title, letter="general")
    message = await sent(client, campaign)
    is_whole(message)
    letter = await Letter.whole(1)
    assert letter is not None
    assert f"about {subject}." in letter.parts[0]["text"]
    assert message["Subject"] == f"[Rehearsal] A request from a constituent in {subject}"


TEXT = st.text(max_size=60) | st.sampled_from([*WORDS.values(), "A\r\nBcc: x@example.org\r\n\r\nHello"])
LINE = st.text(max_size=40) | st.sampled_from([words[:90] for words in WORDS.values()])
"""Also what no form lets through: the row may be older than the rule."""


def a_letter(name: str, subject: str, address: str, texts: list[str]) -> Letter:
    """A letter that nobody has checked."""
    return Letter(
        id=1,
        campaign=Campaign(slug="light"),
        representative=Representative(display_name="Harriet Vale", full_title="Harriet Vale MP"),
        name=name,
        email="amina@example.org",
        membership=1,
        wording=1,
        created_at=datetime.now(UTC),
        template="general",
        template_version="old",
        email_key="amina@example.org",
        constituency=make.BURY_NORTH,
        address=address,
        postcode="BL9 0SW",
        subject=subject,
        paragraphs=[{"text": text, "own": True} for text in texts],
        message_id=new_message_id(),
        sent_at=datetime.now(UTC),
    )


@given(LINE, LINE, TEXT, st.lists(TEXT, min_size=1, max_size=4))
def test_no_row_makes_a_broken_mail(name: str, subject: str, address: str, texts: list[str]) -> None:
    letter = a_letter(name, subject, address, texts)
    made = by_email.compose(letter, switch.REHEARSAL, "operator@example.org")
    read = email.message_from_bytes(made.as_bytes(), policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    is_whole(read)
    assert read["To"].addresses[0].addr_spec == "operator@example.org"
    assert len(read["From"].addresses) == len(read["Reply-To"].addresses) == 1
    assert re.sub(r"\s", "", str(read["Subject"])) == re.sub(r"\s", "", f"[Rehearsal]{merging.clean(subject)}")
    body = re.sub(r"\s", "", read.get_content())
    assert all(re.sub(r"\s", "", merging.clean(text)) in body for text in texts)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINE, LINE, TEXT, st.lists(TEXT, min_size=1, max_size=3))
async def test_no_row_makes_a_broken_pdf(name: str, subject: str, address: str, texts: list[str]) -> None:
    page = sheet.of(a_letter(name, subject, address, ["Before these words.", *texts, "After them."]))
    content = await page.as_pdf()
    words = paper.plain(paper.text(content))
    assert "Beforethesewords." in words and "Afterthem." in words
    assert all(paper.fonts(content).values())
    assert paper.reader(content).root_object["/MarkInfo"]["/Marked"]
