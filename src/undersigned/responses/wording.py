"""What each kind of response is called in front of people."""

KIND_WORDS = {
    "answer": "A reply",
    "form_reply": "A standard reply",
    "acknowledgement": "An acknowledgement",
    "out_of_office": "Out of office",
    "bounce": "It bounced",
    "delayed": "Delayed, still being tried",
    "receipt": "A receipt",
    "challenge": "A filter asks for proof",
    "spam": "Junk",
}
KIND_HEADINGS = {
    "answer": "Answers",
    "form_reply": "Standard replies",
    "acknowledgement": "Acknowledgements",
    "out_of_office": "Out of office",
    "bounce": "Bounces",
    "delayed": "Notices of delay",
    "receipt": "Receipts",
    "challenge": "Filters that ask for proof",
    "spam": "Junk",
}
"""The same for many of a kind, above their number."""
DETAIL_WORDS = {
    "address_wanted": "asks for the writer’s address",
    "not_their_mp": "says that they are not the writer’s MP",
    "dissolved": "says that there is no MP at the moment",
    "holding": "has asked somebody, and promises to write again",
    "attached": "the answer is in the attached document",
    "permanent": "for good",
    "temporary": "it may pass",
    "mailbox_full": "the mailbox is full",
    "delayed": "",
}
"""What is said besides, where we could tell."""
