"""The picture that a link shows in messages: the ask, the number, and how near the next step is."""

import asyncio
import io

from PIL import Image, ImageDraw

from undersigned.campaigns import goals
from undersigned.campaigns.tables import Campaign
from undersigned.posters import colours
from undersigned.posters import type as typed
from undersigned.settings import settings

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
ASK_SIZES = (150, 124, 108, 92, 84, 76, 68, 60, 54, 48, 42)
LEADING, TOP, ROOM, ROOM_WITHOUT_NUMBER = 1.12, 140, 300, 420
LARGEST = 250_000


async def drawn(campaign: Campaign) -> bytes:
    """A PNG of 1200 by 630 pixels and less than 250 KB, drawn in a thread."""
    return await asyncio.to_thread(draw, campaign)


def draw(campaign: Campaign) -> bytes:
    """As :func:`drawn`, here and now: it takes tens of milliseconds."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), colours.PAPER)
    pen = ImageDraw.Draw(picture)
    seal = colours.seal(campaign.theme)
    _head(pen, campaign, seal)
    _ask(pen, campaign)
    if campaign.kind != "action":
        _number(pen, campaign, seal)
    file = io.BytesIO()
    picture.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        file, "PNG", optimize=True
    )
    return file.getvalue()


def _head(pen: ImageDraw.ImageDraw, campaign: Campaign, seal: str) -> None:
    end = typed.write(pen, (MARGIN, 96), settings.site_name, typed.SERIF_ITALIC, 46, colours.INK)
    _stroke(pen, MARGIN, 112, end, seal)
    if campaign.hashtag:
        mark = f"#{campaign.hashtag.lstrip('#')}"
        at = WIDTH - MARGIN - typed.length(mark, typed.SANS, 32)
        typed.write(pen, (at, 94), mark, typed.SANS, 32, seal)


def _stroke(pen: ImageDraw.ImageDraw, left: float, y: float, right: float, colour: str) -> None:
    """The hand-drawn line under the wordmark, thick in the middle."""
    width = right - left
    middle = [(left + width * t / 20, y + 4 * ((t / 10 - 1) ** 2)) for t in range(21)]
    pen.line(middle, fill=colour, width=5, joint="curve")


def _ask(pen: ImageDraw.ImageDraw, campaign: Campaign) -> None:
    room = ROOM_WITHOUT_NUMBER if campaign.kind == "action" else ROOM
    size, lines = typed.fitted(campaign.ask, typed.SERIF, ASK_SIZES, WIDTH - 2 * MARGIN, room, LEADING)
    y = TOP + size
    for line in lines:
        typed.write(pen, (MARGIN, y), line, typed.SERIF, size, colours.INK)
        y += round(size * LEADING)


def _number(pen: ImageDraw.ImageDraw, campaign: Campaign, seal: str) -> None:
    many = campaign.signature_count
    done = "pledged" if campaign.kind == "pledge" else "signed"
    base = HEIGHT - 92
    if many:
        end = typed.write(pen, (MARGIN, base), f"{many:,}", typed.SERIF, 76, seal)
        people = "person has" if many == 1 else "people have"
        typed.write(pen, (end + 18, base), f"{people} {done}", typed.SANS, 34, colours.SOFT)
    else:
        typed.write(pen, (MARGIN, base), "Yours would be the first name.", typed.SANS, 38, colours.SOFT)
    goal = goals.next_goal(many, campaign.goal, campaign.pledge_target)
    top, whole = HEIGHT - 56, WIDTH - 2 * MARGIN
    pen.rectangle((MARGIN, top, MARGIN + whole, top + 10), fill=colours.RULE)
    pen.rectangle((MARGIN, top, MARGIN + whole * goals.percent(many, goal) // 100, top + 10), fill=seal)
