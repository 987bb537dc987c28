"""What staff type to take signatures out of the count."""

from pydantic import BaseModel, Field


class StartForm(BaseModel):
    """Why signatures are taken out of the count, or put back."""

    why: str = Field(
        default="",
        min_length=1,
        max_length=200,
        validate_default=True,
        json_schema_extra={
            "missing": "Say in a sentence why. Whoever looks at this later reads it.",
            "long": "Use at most 200 characters.",
        },
    )
