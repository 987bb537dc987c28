"""A campaign's news as an Atom feed (RFC 4287)."""

from feedgenerator import Atom1Feed

from undersigned.campaigns.tables import Campaign, Update
from undersigned.kit.pages import markdown
from undersigned.settings import settings


async def updates(campaign: Campaign) -> str:
    """The newest twenty updates of ``campaign`` and its chapters, newest first."""
    page = f"{settings.base_url}/campaigns/{campaign.slug}"
    feed = Atom1Feed(
        title=campaign.title,
        link=page,
        description=campaign.ask,
        author_name=campaign.organiser,
        feed_url=f"{page}/updates.atom",
        language=campaign.language,
    )
    news = (
        await Update.objects()
        .where(Update.campaign == campaign.id)
        .order_by(Update.published_at, ascending=False)
        .limit(20)
    )
    for update in news:
        feed.add_item(
            title=update.title,
            link=f"{page}#update-{update.id}",
            description=str(markdown(update.body)),
            pubdate=update.published_at,
            updateddate=update.published_at,
            unique_id=f"{page}#update-{update.id}",
        )
    return str(feed.writeString("utf-8"))
