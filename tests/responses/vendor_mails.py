"""Mail as different senders shape it, written by hand after each vendor's habits."""

import base64
from email.header import Header

MP = "Harriet Vale MP <harriet.vale.mp@example.org>"
DISCLAIMER = (
    "UK Parliament Disclaimer: this e-mail is confidential to the intended recipient. If you have received "
    "it in error, please notify the sender and delete it from your system. Any unauthorised use, disclosure, "
    "or copying is not permitted. This e-mail address is not secure, is not encrypted and should not be used "
    "for sensitive data."
)
ANSWER = """Dear Amina,

Thank you for writing to me about reporting centres in Bury. I have raised it with the
Minister, and will vote for the amendment on Tuesday.

Yours sincerely,
Harriet Vale MP"""
ACKNOWLEDGEMENT = """Thank you for contacting the office of Harriet Vale MP.

This is an automated response to confirm that your e-mail has been received. We aim to respond to
constituents within 15 working days, but we receive a large volume of e-mails.

Please ensure that you have included your full name and postal address: there is a strict parliamentary
protocol that MPs act only for their own constituents.
"""


def mail(
    to: str,
    text: str = ANSWER,
    *,
    sender: str = MP,
    subject: str = "Re: Reporting centres",
    message_id: str | None = "<reply-1@parliament.example.org>",
    headers: str = "",
    charset: str = "utf-8",
) -> bytes:
    """One plain message; ``headers`` are further lines, each with its end."""
    name = f"Message-ID: {message_id}\n" if message_id else ""
    head = (
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: Tue, 3 Nov 2026 10:31:00 +0000\n{name}"
        f"MIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n"
    )
    return (head + headers + "\n").encode() + text.encode(charset, "replace")


def multipart(to: str, kind: str, parts: list[str | bytes], headers: str = "", sender: str = MP) -> bytes:
    """A message of parts; each part brings its own headers and an empty line."""
    head = (
        f"From: {sender}\nTo: {to}\nSubject: Re: Reporting centres\nMessage-ID: <parts@example.org>\n"
        f'MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary="=_b"\n{headers}\n'
    ).encode()
    pieces = [part.encode() if isinstance(part, str) else part for part in parts]
    return head + b"".join(b"--=_b\n" + piece + b"\n" for piece in pieces) + b"--=_b--\n"


def exchange_bounce(
    to: str,
    status: str = "5.1.10",
    diagnostic: str = "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound",
    action: str = "failed",
    returned: str = "<letter@letters.example.org>",
) -> bytes:
    """A non-delivery report as Exchange Online writes it."""
    return _report(
        to,
        sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@parliament.example.org>",
        subject="Undeliverable: Reporting centres",
        words="Your message to harriet.vale.mp@example.org couldn't be delivered.",
        fields=(
            "Reporting-MTA: dns;AB1PR05MB1234.eurprd05.prod.example.org\n"
            "Received-From-MTA: dns;mail.letters.example.org\n"
            "Arrival-Date: Tue, 3 Nov 2026 10:30:00 +0000\n\n"
            f"Final-Recipient: rfc822;harriet.vale.mp@example.org\nAction: {action}\nStatus: {status}\n"
            f"Diagnostic-Code: {diagnostic}\n"
        ),
        original=f"message/rfc822\n\nFrom: Amina <x@example.org>\nMessage-ID: {returned}\n\nDear Harriet",
        headers="Auto-Submitted: auto-replied\nX-MS-Exchange-Message-Is-Ndr: \n",
    )


def gmail_bounce(to: str, returned: str = "<letter@letters.example.org>") -> bytes:
    """A non-delivery report as Gmail writes it: an icon beside the words."""
    return _report(
        to,
        sender="Mail Delivery Subsystem <mailer-daemon@googlemail.example.org>",
        subject="Delivery Status Notification (Failure)",
        words="Address not found. Your message wasn't delivered to harriet.vale.mp@example.org.",
        fields=(
            "Reporting-MTA: dns; googlemail.example.org\nReceived-From-MTA: dns; mail.letters.example.org\n"
            "Arrival-Date: Tue, 03 Nov 2026 02:30:00 -0800 (PST)\n\n"
            "Final-Recipient: rfc822; harriet.vale.mp@example.org\nAction: failed\nStatus: 5.1.1\n"
            "Remote-MTA: dns; mx.example.org\n"
            "Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.\n"
            "Last-Attempt-Date: Tue, 03 Nov 2026 02:30:01 -0800 (PST)\n"
        ),
        original=f"message/rfc822\n\nMessage-ID: {returned}\nFrom: Amina <x@example.org>\n\nDear Harriet",
        headers="Auto-Submitted: auto-replied\nX-Failed-Recipients: harriet.vale.mp@example.org\n",
    )


def postfix_bounce(to: str, status: str = "5.2.2", action: str = "failed", returned: str = "<a@b>") -> bytes:
    """A report as Postfix writes it: headers of the original only; *delayed* has the same shape."""
    return _report(
        to,
        sender="MAILER-DAEMON@mail.example.org (Mail Delivery System)",
        subject="Delayed Mail (still being retried)"
        if action == "delayed"
        else "Undelivered Mail Returned to Sender",
        words="This is the mail system at host mail.example.org.",
        fields=(
            "Reporting-MTA: dns; mail.example.org\nX-Postfix-Queue-ID: 4BXYZ\n"
            "X-Postfix-Sender: rfc822; someone@letters.example.org\n\n"
            "Final-Recipient: rfc822; harriet.vale.mp@example.org\n"
            "Original-Recipient: rfc822;harriet.vale.mp@example.org\n"
            f"Action: {action}\nStatus: {status}\nRemote-MTA: dns; mx.example.org\n"
            "Diagnostic-Code: smtp; the server answered\n"
        ),
        original=f"text/rfc822-headers\n\nReturn-Path: <x@example.org>\nMessage-ID: {returned}\n",
        headers="Auto-Submitted: auto-replied\n",
    )


def prose_bounce(to: str) -> bytes:
    """A report that only people were meant to read, as qmail writes it."""
    return mail(
        to,
        "Hi. This is the qmail-send program at mx.example.org.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<harriet.vale.mp@example.org>:\n"
        "192.0.2.7 does not like recipient.\nRemote host said: 550 5.1.1 User unknown\nGiving up.\n",
        sender="MAILER-DAEMON@mx.example.org",
        subject="failure notice",
        headers="Return-Path: <>\n",
    )


def _report(to: str, *, sender: str, subject: str, words: str, fields: str, original: str, headers: str) -> bytes:
    return (
        f"Return-Path: <>\nFrom: {sender}\nTo: {to}\nSubject: {subject}\n{headers}"
        "Message-ID: <report@example.org>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_r"\n\n'
        f"--=_r\nContent-Type: text/plain; charset=us-ascii\n\n{words}\n\n"
        f"--=_r\nContent-Type: message/delivery-status\n\n{fields}\n"
        f"--=_r\nContent-Type: {original}\n\n--=_r--\n"
    ).encode()


def read_receipt(to: str) -> bytes:
    """A disposition notification as Outlook sends when a mail is opened."""
    return (
        f"From: {MP}\nTo: {to}\nSubject: Read: Reporting centres\nMessage-ID: <read@example.org>\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="=_r"\n\n'
        "--=_r\nContent-Type: text/plain\n\nYour message was read on Tuesday.\n"
        "--=_r\nContent-Type: message/disposition-notification\n\n"
        "Final-Recipient: RFC822; harriet.vale.mp@example.org\n"
        "Disposition: automatic-action/MDN-sent-automatically; displayed\n\n--=_r--\n"
    ).encode()


AWAY = "I am out of the office until Monday 9 November, with limited access to e-mail.\n\nHarriet's office"


def out_of_office_styles(to: str) -> dict[str, bytes]:
    """Out-of-office notes in the shapes of seven vendors: few of them carry any header that says so."""
    return {
        "outlook": mail(
            to,
            AWAY,
            subject="Automatic reply: Reporting centres",
            headers="Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nReturn-Path: <>\n",
        ),
        "old exchange": mail(to, AWAY, subject="Out of Office AutoReply: Reporting centres"),
        "lotus": mail(
            to,
            "I will be out of the office starting 03/11/2026 and will not return until 09/11/2026.\n\n"
            "I am away on annual leave.",
            subject="Harriet Vale is out of the office (returning 09/11/2026)",
        ),
        "groupwise": mail(
            to,
            "I am currently on annual leave and will reply when I am back.",
            subject="Re: Reporting centres (Out of office)",
        ),
        "gmail": mail(
            to,
            AWAY,
            subject="Re: Reporting centres",
            headers="Auto-Submitted: auto-replied\nPrecedence: bulk\nX-Autoreply: yes\n",
        ),
        "message class": mail(to, AWAY, headers="X-POST-MessageClass: 9; Autoresponder\n"),
        "welsh": mail(
            to,
            "Rwyf ar fy ngwyliau ac allan o'r swyddfa tan ddydd Llun. Byddaf yn dychwelyd ar 9 Tachwedd.",
            subject="Ateb awtomatig: Canolfannau adrodd",
        ),
    }


def acknowledgement(to: str) -> bytes:
    """What an MP's office sends at once: the same headers as an out-of-office note, other words."""
    return mail(
        to,
        f"{ACKNOWLEDGEMENT}\n{DISCLAIMER}",
        subject="Automatic reply: Reporting centres",
        headers="Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nReturn-Path: <>\n",
    )


def welsh_acknowledgement(to: str) -> bytes:
    """Welsh in quoted-printable, with a header in encoded words."""
    text = (
        "Diolch am gysylltu =C3=A2 swyddfa Harriet Vale AS. Rydym wedi derbyn eich e-bost ac =\n"
        "fe anelwn at ymateb cyn gynted =C3=A2 phosibl. Cofiwch gynnwys eich t=C5=B7.\n"
    )
    subject = Header("Ateb awtomatig: Tŷ ŵyl", "utf-8").encode()
    return (
        f"From: =?iso-8859-1?Q?Si=E2n_Vale_AS?= <sian.vale@example.org>\nTo: {to}\nSubject: {subject}\n"
        "Message-ID: <cymraeg@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        f"Content-Transfer-Encoding: quoted-printable\n\n{text}"
    ).encode()


def html_only(to: str) -> bytes:
    """An answer with no plain part: style sheet, table, list, entity, and the letter in a blockquote."""
    html = (
        "<html><head><title>x</title><style>p {color: red}</style></head><body><p>Dear&nbsp;Amina,</p>"
        "<p>I agree &amp; will vote <b>for</b> it.<br>On Tuesday.</p><ul><li>First</li><li>Second</li></ul>"
        "<table><tr><td>Office</td><td>Bury</td></tr></table><script>alert(1)</script>"
        "<div>On 2 Nov 2026, at 09:00, Amina &lt;x@example.org&gt; wrote:</div>"
        "<blockquote><p>Dear Harriet Vale,</p><p>Please vote.</p></blockquote></body></html>"
    )
    return mail(to, html).replace(b"text/plain", b"text/html")


def attachment(name: str, kind: str = "application/pdf") -> str:
    """A part that holds a file."""
    content = base64.b64encode(b"the bytes of a file").decode()
    return (
        f'Content-Type: {kind}; name="{name}"\nContent-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{content}"
    )


def text_part(text: str, kind: str = "plain") -> str:
    """A part that holds words."""
    return f"Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}"
