"""What a member of staff may do, and the token that proves a form came from our own page."""

import hashlib
import hmac

from undersigned.kit import tokens
from undersigned.kit.errors import Refused
from undersigned.settings import settings
from undersigned.staff.tables import Staff

ROLES = ("owner", "editor", "moderator", "viewer")
MAY = {
    "switch delivery": {"owner"},
    "place mail": {"owner", "editor", "moderator"},
    "read letters": {"owner", "editor", "moderator"},
    "release letters": {"owner", "editor"},
    "correct representatives": {"owner", "editor"},
    "pause signing": {"owner", "editor", "moderator"},
    "guard signing": {"owner", "editor", "moderator"},
    "discount signatures": {"owner", "editor", "moderator"},
    "mend totals": {"owner", "editor"},
    "run gatherings": {"owner", "editor", "moderator"},
    "count paper": {"owner", "editor"},
    "keep centres": {"owner", "editor", "moderator"},
    "mail news": {"owner", "editor"},
    "moderate endorsements": {"owner", "editor", "moderator"},
    "moderate words": {"owner", "editor", "moderator"},
    "edit letters": {"owner", "editor"},
}


class NotAllowed(Refused):
    """Somebody is signed in, but may not do this."""


class FormNotOurs(NotAllowed):
    """The form did not come from a page that we made for this session."""


def form_token(session: str) -> str:
    """The hidden field of every desk form: bound to one session, worthless in any other."""
    body = b"desk form\0" + tokens.digest(session).encode()
    return hmac.new(settings.key(), body, hashlib.sha256).hexdigest()[:32]


def check_form(session: str, given: str) -> None:
    """Raises FormNotOurs unless ``given`` is the token of this session."""
    if not hmac.compare_digest(form_token(session).encode(), given.encode()):
        raise FormNotOurs(
            "This form did not come from a page of yours, or you have signed in again since. "
            "Go back, load the page afresh and try once more."
        )


def may(staff: Staff, act: str | None) -> bool:
    """Whether the role of ``staff`` may do ``act``, a key of MAY; anybody may do None."""
    return act is None or staff.role in MAY[act]


def check_may(staff: Staff, act: str | None) -> None:
    """Raises NotAllowed unless the role of ``staff`` may do ``act``, as :func:`may` says."""
    if not may(staff, act):
        raise NotAllowed(f"Your role ({staff.role}) does not let you {act}. {_who_may(act)} can.")


def _who_may(act: str | None) -> str:
    """“An owner or an editor”: the roles that may do ``act``, the highest first."""
    roles = [f"{'an' if role[0] in 'eo' else 'a'} {role}" for role in ROLES if act in MAY and role in MAY[act]]
    words = " or ".join([", ".join(roles[:-1]), roles[-1]] if len(roles) > 1 else roles)
    return words[0].upper() + words[1:]
