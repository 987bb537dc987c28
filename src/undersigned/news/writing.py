"""Writing news, putting it right, and taking back what nobody has been mailed."""

from datetime import UTC, datetime
from typing import Any

from undersigned.campaigns.tables import Campaign, Chapter, Update
from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form, Mistakes
from undersigned.news import updates
from undersigned.news.forms import NewsForm
from undersigned.staff import audit


class MailedAlready(Refused):
    """It has been e-mailed, so it stays on the page."""


async def publish(campaign: Campaign, form: NewsForm, staff_id: int) -> int:
    """Put news on the campaign's page and into its feed; answers its number. Raises Mistakes."""
    await _check(campaign, form)
    async with database.transaction():
        news = Update(campaign=campaign.id, title=form.title, body=form.body, published_at=datetime.now(UTC))
        news.chapter = form.chapter
        await news.save()
        await audit.record("news published", f"update {news.id}", None, {"title": form.title}, staff_id)
    return int(news.id)


async def put_right(campaign: Campaign, update_id: int, form: NewsForm, staff_id: int) -> None:
    """Change what the page says; an e-mail that has gone stays as it was. Raises Missing or Mistakes."""
    await _check(campaign, form)
    async with database.transaction():
        news = await _held(campaign, update_id)
        before = {"title": news.title, "body": news.body}
        news.title, news.body, news.chapter = form.title, form.body, form.chapter
        await news.save()
        after = {"title": form.title, "body": form.body}
        await audit.record("news put right", f"update {update_id}", before, after, staff_id)


async def take_back(campaign: Campaign, update_id: int, staff_id: int) -> None:
    """Delete news that was not e-mailed. Raises Missing or MailedAlready."""
    async with database.transaction():
        news = await _held(campaign, update_id)
        if (await updates.one(campaign.id, update_id)).state != "unasked":
            raise MailedAlready("This has been e-mailed, so it stays. You can put it right instead.")
        before = {"title": news.title, "body": news.body}
        await news.remove()
        await audit.record("news taken back", f"update {update_id}", before, None, staff_id)


async def _held(campaign: Campaign, update_id: int) -> Update:
    await database.fetch('SELECT id FROM "update" WHERE id = $1 FOR UPDATE', update_id)
    news = await Update.objects().where(Update.id == update_id, Update.campaign == campaign.id).first()
    if news is None:
        raise Missing("There is no such news of this campaign.")
    return news


async def _check(campaign: Campaign, form: NewsForm) -> None:
    known = {one["id"] for one in await chapters(campaign)}
    if form.chapter is not None and form.chapter not in known:
        raise Mistakes(
            Form({"title": form.title, "body": form.body}, {"chapter": "Choose a chapter of this campaign."})
        )


async def chapters(campaign: Campaign) -> list[dict[str, Any]]:
    """The chapters that news can be of, by name: ``id`` and ``name``."""
    return (
        await Chapter.select(Chapter.id, Chapter.name)
        .where(Chapter.campaign == campaign.id)
        .order_by(Chapter.name)
    )
