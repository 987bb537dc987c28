"""Every job, for ``dramatiq undersigned.worker``."""

from undersigned import logs
from undersigned.centres import checking
from undersigned.delivery import jobs as delivery_jobs
from undersigned.delivery import telling
from undersigned.endorsements import deciding, endorsing
from undersigned.events import writing
from undersigned.kit import outbox
from undersigned.kit.broker import broker
from undersigned.letters import confirming
from undersigned.news import updates
from undersigned.representatives import refreshing
from undersigned.responses import following_up
from undersigned.responses import jobs as responses_jobs
from undersigned.signatures import confirmation, mailing, pledging, recounting, reminding, resolving, walking
from undersigned.staff import signing_in
from undersigned.stances import inviting, quoting

logs.set_up()
__all__ = [
    "broker",
    "checking",
    "confirmation",
    "confirming",
    "deciding",
    "delivery_jobs",
    "endorsing",
    "following_up",
    "inviting",
    "mailing",
    "outbox",
    "pledging",
    "quoting",
    "recounting",
    "refreshing",
    "reminding",
    "resolving",
    "responses_jobs",
    "signing_in",
    "telling",
    "updates",
    "walking",
    "writing",
]
