"""Staff, their sessions, and what they did."""

from piccolo.columns import JSONB, BigSerial, ForeignKey, Serial, Timestamptz, Varchar
from piccolo.table import Table


class Staff(Table):
    """Somebody who runs campaigns. ``role`` is owner, editor, moderator or viewer."""

    id = Serial(primary_key=True)
    email = Varchar(254, unique=True)
    name = Varchar(100, default="")
    role = Varchar(12, default="owner")
    created_at = Timestamptz()
    disabled_at = Timestamptz(null=True, default=None)


class SignInLink(Table):
    """A one-time link; we keep only its digest."""

    id = Serial(primary_key=True)
    staff = ForeignKey(Staff, null=False)
    digest = Varchar(64, unique=True)
    created_at = Timestamptz()
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


class Session(Table):
    """A browser that has signed in; we keep only the digest of its cookie."""

    id = Serial(primary_key=True)
    staff = ForeignKey(Staff, null=False)
    digest = Varchar(64, unique=True)
    created_at = Timestamptz()
    expires_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None)


class Audit(Table):
    """Who did what, and what it was before and after."""

    id = BigSerial(primary_key=True)
    staff_id = Varchar(12, default="")
    act = Varchar(60)
    about = Varchar(120, default="")
    before = JSONB(null=True, default=None)
    after = JSONB(null=True, default=None)
    done_at = Timestamptz()
