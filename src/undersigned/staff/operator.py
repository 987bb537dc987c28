"""Whom the machine itself writes to: rehearsals, and what it finds wrong at night."""

from undersigned.kit import mail
from undersigned.settings import settings
from undersigned.staff.tables import Staff


async def address() -> str:
    """OPERATOR_EMAIL, else the first owner, else our own address."""
    return settings.operator_email or await first_owner() or mail.our_address()


async def first_owner() -> str:
    """The address of the owner who has been here longest; empty before there is one."""
    owner = (
        await Staff.objects().where(Staff.role == "owner", Staff.disabled_at.is_null()).order_by(Staff.id).first()
    )
    return str(owner.email) if owner else ""
