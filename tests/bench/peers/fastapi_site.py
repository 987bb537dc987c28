"""The same work as a plain FastAPI program does it: a form model, SQLAlchemy's session a request, a Jinja page.

Started by uvicorn with two processes, asyncpg beneath, and nothing logged for a request.
"""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Form, HTTPException
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel, EmailStr, Field, field_validator
from sqlalchemy import BigInteger, ForeignKey, select
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bench.peers import given

engine = create_async_engine(
    os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"), pool_size=10, max_overflow=0
)
sessions = async_sessionmaker(engine, expire_on_commit=False)
pages = Environment(
    loader=FileSystemLoader([os.environ["PAGES"], Path(__file__).parent]), autoescape=True, auto_reload=False
)
app = FastAPI(openapi_url=None)
Moment = Annotated[datetime, mapped_column(TIMESTAMP(timezone=True))]
_COUNTRIES = {code for code, _ in given.COUNTRIES}


class Base(DeclarativeBase):
    """What every table here is."""


class Campaign(Base):
    """What is asked."""

    __tablename__ = "campaign"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    title: Mapped[str]
    ask: Mapped[str]
    summary: Mapped[str]
    organiser: Mapped[str]
    is_open: Mapped[bool]
    signature_count: Mapped[int]


class Signature(Base):
    """A name under a campaign; counted from ``confirmed_at``."""

    __tablename__ = "signature"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    campaign: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int | None]
    name: Mapped[str]
    email: Mapped[str]
    postcode: Mapped[str]
    country: Mapped[str]
    constituency: Mapped[str]
    words: Mapped[str]
    organisation: Mapped[str]
    shows_name: Mapped[bool]
    wants_updates: Mapped[bool]
    source: Mapped[str]
    created_at: Mapped[Moment]
    confirmed_at: Mapped[Moment | None]


class Tally(Base):
    """One total under a campaign."""

    __tablename__ = "tally"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    campaign: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[str]
    key: Mapped[str]
    total: Mapped[int] = mapped_column(BigInteger)


class Mail(Base):
    """An e-mail that is owed."""

    __tablename__ = "mail"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str]
    about: Mapped[int] = mapped_column(BigInteger)
    recipient: Mapped[str]
    created_at: Mapped[Moment]
    sent_at: Mapped[Moment | None]


class SignForm(BaseModel):
    """What people type when they sign."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    email: EmailStr
    country: str
    postcode: Annotated[str, Field(pattern=given.POSTCODE, max_length=10)]
    words: Annotated[str, Field(max_length=1000)] = ""
    organisation: Annotated[str, Field(max_length=160)] = ""
    shows_name: bool = False
    wants_updates: bool = False
    source: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,60}$")] = ""

    @field_validator("country")
    @classmethod
    def known_country(cls, value: str) -> str:
        if value not in _COUNTRIES:
            raise ValueError("Choose the country you live in.")
        return value


async def session() -> AsyncIterator[AsyncSession]:
    """A session for one request."""
    async with sessions() as one:
        yield one


Session = Annotated[AsyncSession, Depends(session)]


@app.get("/livez")
async def livez() -> PlainTextResponse:
    """This process answers."""
    return PlainTextResponse("ok")


@app.post("/campaigns/{slug}/sign")
async def sign(slug: str, form: Annotated[SignForm, Form()], session: Session) -> RedirectResponse:
    """The signature and the mail owed for it, in one transaction; then on to the next page."""
    campaign = await _campaign(slug, session)
    now = datetime.now(UTC)
    place = given.constituency(form.postcode)
    signature = Signature(campaign=campaign.id, constituency=place, created_at=now, **form.model_dump())
    session.add(signature)
    try:
        await session.flush()
        session.add(Mail(kind="confirmation", about=signature.id, recipient=signature.email, created_at=now))
        await session.commit()
    except IntegrityError:
        await session.rollback()  # Signing twice shows the same page.
    return RedirectResponse(f"/campaigns/{slug}/check-your-inbox", status_code=303)


@app.post("/confirm/{token}")
async def confirm(token: str, session: Session) -> HTMLResponse:
    """Count a signature once, with every total that it stands in."""
    row = given.row_of(token)
    signature = await session.get(Signature, row, with_for_update=True) if row else None
    if signature is None:
        raise HTTPException(404)
    campaign = await session.get_one(Campaign, signature.campaign, with_for_update=True)
    if signature.confirmed_at is None:
        await _count(signature, campaign, session)
    await session.commit()
    html = pages.get_template("confirmed.html").render(campaign=campaign, number=signature.number)
    return HTMLResponse(html)


async def _count(signature: Signature, campaign: Campaign, session: AsyncSession) -> None:
    """The campaign is locked, so that its count is the number to give."""
    campaign.signature_count += 1
    signature.number, signature.confirmed_at = campaign.signature_count, datetime.now(UTC)
    keys = {
        "country": signature.country,
        "constituency": signature.constituency,
        "confirmed": f"{signature.confirmed_at:%Y-%m-%dT%H}",
    }
    rows = [{"campaign": campaign.id, "kind": kind, "key": key, "total": 1} for kind, key in keys.items()]
    upsert = insert(Tally).values(rows)
    await session.execute(
        upsert.on_conflict_do_update(
            index_elements=["campaign", "kind", "key"],
            set_={"total": Tally.total + upsert.excluded.total},
        )
    )


@app.get("/campaigns/{slug}")
async def page(slug: str, session: Session) -> HTMLResponse:
    """The campaign's page."""
    campaign = await _campaign(slug, session)
    return HTMLResponse(pages.get_template("page.html").render(campaign=campaign))


@app.get("/campaigns/{slug}/count.json")
async def count_json(slug: str, session: Session) -> dict[str, int]:
    """The count alone."""
    return {"signature_count": (await _campaign(slug, session)).signature_count}


async def _campaign(slug: str, session: AsyncSession) -> Campaign:
    found = await session.scalar(select(Campaign).where(Campaign.slug == slug))
    if found is None:
        raise HTTPException(404)
    return found
