"""Whom the machine itself writes to: rehearsals, and what it finds wrong at night."""

from undersigned.kit import mail
from undersigned.settings import settings
from undersigned.staff.tables import Staff


async def address() -> str:
    """OPERATOR_EMAIL, else the first owner, else our own address."""
    if settings.operator_email:
        return settings.operator_email
    owner = (
        await Staff.objects().where(Staff.role == "owner", Staff.disabled_at.is_null()).order_by(Staff.id).first()
    )
    return str(owner.email) if owner else mail.our_address()
