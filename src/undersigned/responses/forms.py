"""What writers say about what came back."""

from typing import Literal

from pydantic import BaseModel, Field, field_validator

LONGEST = 20_000


class TellForm(BaseModel):
    """An answer that came another way, in the writer's own copy."""

    kind: Literal["answer", "acknowledgement"] = Field(
        json_schema_extra={"missing": "Say whether it is a real answer or only an acknowledgement."}
    )
    came_by: Literal["email", "post", "phone", "person"] = Field(json_schema_extra={"missing": "Say how it came."})
    text: str = Field(
        default="", max_length=LONGEST, json_schema_extra={"long": "That is too long. Add it as a file instead."}
    )
    may_show: bool = False

    model_config = {"extra": "ignore"}

    @field_validator("may_show", mode="before")
    @classmethod
    def only_a_tick_is_a_yes(cls, value: object) -> bool:
        """A consent is given by a deed (UK GDPR, article 4)."""
        return value == "yes"
