"""Sheets that came back, counted by hand and entered in batches, each with where it comes from."""

from datetime import UTC, datetime

from undersigned.campaigns.tables import Campaign, PaperBatch
from undersigned.kit import database
from undersigned.kit.errors import Missing
from undersigned.posters.forms import BatchForm, RemoveForm
from undersigned.staff import audit


async def of(campaign: Campaign) -> list[PaperBatch]:
    """Every batch of a campaign, the newest first; those that do not count too."""
    return list(
        await PaperBatch.objects()
        .where(PaperBatch.campaign == campaign.id)
        .order_by(PaperBatch.id, ascending=False)
    )


async def add(campaign: Campaign, form: BatchForm, staff_id: int) -> None:
    """Count a batch, and write it in the audit."""
    async with database.transaction():
        batch = PaperBatch(campaign=campaign.id, label=form.label, signatures=form.signatures)
        batch.collected_on, batch.added_at = form.collected_on, datetime.now(UTC)
        await batch.save()
        after = {"label": form.label, "signatures": form.signatures, "collected_on": str(form.collected_on)}
        await audit.record("paper counted", f"{campaign.slug} batch {batch.id}", None, after, staff_id)


async def remove(campaign: Campaign, form: RemoveForm, staff_id: int) -> None:
    """Count a batch no more, and say why; twice is once. Raises Missing."""
    async with database.transaction():
        gone = await database.fetch(
            """UPDATE paper_batch SET removed_at = coalesce(removed_at, now()),
                   removed_why = CASE WHEN removed_at IS NULL THEN $3 ELSE removed_why END
               WHERE id = $1 AND campaign = $2 RETURNING label, signatures""",
            form.batch,
            campaign.id,
            form.why,
        )
        if not gone:
            raise Missing("There is no such batch.")
        await audit.record(
            "paper not counted", f"{campaign.slug} batch {form.batch}", gone[0], {"why": form.why}, staff_id
        )
