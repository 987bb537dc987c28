"""The same work as a plain Django program does it: a form, a model, a transaction a request, a template.

Started by gunicorn with two processes and a connection kept to PostgreSQL in each. There is no middleware but
the one that says how long an answer is, no session and no debugging: nothing that a request could do without.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings

_URL = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    DEBUG=False,
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _URL.path.lstrip("/"),
            "USER": _URL.username or "",
            "PASSWORD": _URL.password or "",
            "HOST": _URL.hostname or parse_qs(_URL.query)["host"][0],
            "PORT": _URL.port or "",
            "CONN_MAX_AGE": None,
        }
    },
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [os.environ["PAGES"], Path(__file__).parent],
        }
    ],
    USE_TZ=True,
    USE_I18N=False,
    LOGGING_CONFIG=None,
)
django.setup()

from django import forms  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import IntegrityError, models, transaction  # noqa: E402
from django.db.models import F, Q  # noqa: E402
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.shortcuts import get_object_or_404, redirect, render  # noqa: E402
from django.urls import path  # noqa: E402

from bench.peers import given  # noqa: E402


class Campaign(models.Model):
    """What is asked."""

    slug = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    ask = models.CharField(max_length=150)
    summary = models.TextField()
    organiser = models.CharField(max_length=120)
    is_open = models.BooleanField(default=True)
    signature_count = models.IntegerField(default=0)

    class Meta:
        app_label = "peer"
        db_table = "campaign"


class Signature(models.Model):
    """A name under a campaign; counted from ``confirmed_at``."""

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, db_column="campaign")
    number = models.IntegerField(null=True)
    name = models.CharField(max_length=100)
    email = models.CharField(max_length=254)
    postcode = models.CharField(max_length=10)
    country = models.CharField(max_length=2)
    constituency = models.CharField(max_length=9)
    words = models.TextField()
    organisation = models.CharField(max_length=160)
    shows_name = models.BooleanField()
    wants_updates = models.BooleanField()
    source = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "peer"
        db_table = "signature"


class Tally(models.Model):
    """One total under a campaign."""

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, db_column="campaign")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=20)
    total = models.BigIntegerField()

    class Meta:
        app_label = "peer"
        db_table = "tally"


class Mail(models.Model):
    """An e-mail that is owed."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    about = models.BigIntegerField()
    recipient = models.CharField(max_length=254)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "peer"
        db_table = "mail"


class SignForm(forms.Form):
    """What people type when they sign."""

    name = forms.CharField(max_length=100)
    email = forms.EmailField(max_length=254)
    country = forms.ChoiceField(choices=given.COUNTRIES)
    postcode = forms.RegexField(given.POSTCODE, max_length=10)
    words = forms.CharField(max_length=1000, required=False)
    organisation = forms.CharField(max_length=160, required=False)
    shows_name = forms.BooleanField(required=False)
    wants_updates = forms.BooleanField(required=False)
    source = forms.RegexField(r"^[A-Za-z0-9_-]*$", max_length=60, required=False)


def livez(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok")


def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """The signature and the mail owed for it, in one transaction; then on to the next page."""
    campaign = get_object_or_404(Campaign, slug=slug)
    form = SignForm(request.POST)
    if not form.is_valid():
        return JsonResponse(form.errors, status=422)
    with suppress(IntegrityError):  # Signing twice shows the same page.
        _write(campaign, form.cleaned_data)
    return redirect_to(f"/campaigns/{slug}/check-your-inbox")


def redirect_to(address: str) -> HttpResponse:
    """See other: the form was taken."""
    answer = redirect(address)
    answer.status_code = 303
    return answer


def _write(campaign: Campaign, typed: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    place = given.constituency(typed["postcode"])
    with transaction.atomic():
        signature = Signature.objects.create(campaign=campaign, constituency=place, created_at=now, **typed)
        Mail.objects.create(kind="confirmation", about=signature.id, recipient=signature.email, created_at=now)


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Count a signature once, with every total that it stands in."""
    row = given.row_of(token)
    if row is None:
        raise Http404
    with transaction.atomic():
        signature = get_object_or_404(Signature.objects.select_for_update(), id=row)
        campaign = Campaign.objects.select_for_update().get(id=signature.campaign_id)
        if signature.confirmed_at is None:
            _count(signature, campaign)
    return render(request, "confirmed.html", {"campaign": campaign, "number": signature.number})


def _count(signature: Signature, campaign: Campaign) -> None:
    """The campaign is locked, so that its count is the number to give and no total appears twice."""
    campaign.signature_count += 1
    campaign.save(update_fields=["signature_count"])
    signature.number, signature.confirmed_at = campaign.signature_count, datetime.now(UTC)
    signature.save(update_fields=["number", "confirmed_at"])
    keys = {
        "country": signature.country,
        "constituency": signature.constituency,
        "confirmed": f"{signature.confirmed_at:%Y-%m-%dT%H}",
    }
    wanted = Q()
    for kind, key in keys.items():
        wanted |= Q(kind=kind, key=key)
    totals = Tally.objects.filter(wanted, campaign=campaign)
    if totals.update(total=F("total") + 1) < len(keys):
        known = set(totals.values_list("kind", flat=True))
        fresh = [Tally(campaign=campaign, kind=kind, key=key, total=1) for kind, key in keys.items()]
        Tally.objects.bulk_create([tally for tally in fresh if tally.kind not in known])


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The campaign's page."""
    return render(request, "page.html", {"campaign": get_object_or_404(Campaign, slug=slug)})


def count_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The count alone."""
    return JsonResponse({"signature_count": get_object_or_404(Campaign, slug=slug).signature_count})


urlpatterns = [
    path("livez", livez),
    path("campaigns/<slug:slug>", page),
    path("campaigns/<slug:slug>/count.json", count_json),
    path("campaigns/<slug:slug>/sign", sign),
    path("confirm/<str:token>", confirm),
]
application = get_wsgi_application()
