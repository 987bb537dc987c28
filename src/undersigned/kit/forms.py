"""Read a posted form, or name each mistake."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from litestar import Request
from litestar.datastructures import UploadFile
from pydantic import BaseModel, ValidationError

from undersigned.kit.errors import Refused

Model = TypeVar("Model", bound=BaseModel)
LONGEST_FIELD = 25_000


@dataclass
class Form:
    """What was typed and what is wrong with it: everything a page needs to show a form again."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


class Mistakes(Refused):
    """The form has mistakes; ``form`` holds what was typed and a sentence for each field."""

    def __init__(self, form: Form) -> None:
        super().__init__("There is a problem with this form.")
        self.form = form


async def typed(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The fields of a posted form as text, trimmed; of a repeated field the last, of a file nothing."""
    try:
        posted = await request.form()
    except ValueError as error:
        raise Refused("The form could not be read. Please try again.") from error
    return {name: _clean(value) for name, value in posted.items() if isinstance(value, str)}


async def verbatim(request: Request[Any, Any, Any]) -> dict[str, str]:
    """As :func:`typed`, for long texts where white space counts: nothing is trimmed or cut.

    Browsers end every line of a text area with CR LF, as HTML says; here it is LF again.
    """
    try:
        posted = await request.form()
    except ValueError as error:
        raise Refused("The form could not be read. Please try again.") from error
    return {name: value.replace("\r\n", "\n") for name, value in posted.items() if isinstance(value, str)}


async def uploaded(request: Request[Any, Any, Any], name: str) -> bytes:
    """The content of a file that was sent along; nothing when there is none."""
    try:
        file = (await request.form()).get(name)
    except ValueError as error:
        raise Refused("The form could not be read. Please try again.") from error
    return await file.read() if isinstance(file, UploadFile) else b""


async def files(request: Request[Any, Any, Any], name: str) -> list[tuple[str, bytes]]:
    """Every file that was sent along under ``name``, with what its owner calls it."""
    try:
        sent = (await request.form()).getall(name, [])
    except ValueError as error:
        raise Refused("The form could not be read. Please try again.") from error
    return [(file.filename, await file.read()) for file in sent if isinstance(file, UploadFile)]


def _clean(text: str) -> str:
    """PostgreSQL keeps no NUL; nobody typed one on purpose."""
    return text.replace("\0", "").strip()[:LONGEST_FIELD]


def read(model: type[Model], values: Mapping[str, Any]) -> Model:
    """``values`` as ``model``. Raises Mistakes with one sentence a field, in the order of the model."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as wrong:
        errors: dict[str, str] = {}
        for mistake in wrong.errors():
            name = str(mistake["loc"][0]) if mistake["loc"] else "form"
            errors.setdefault(name, _sentence(model, name, dict(mistake)))
        ordered = {name: errors[name] for name in [*model.model_fields, "form"] if name in errors}
        typed_values = {name: value for name, value in values.items() if isinstance(value, str)}
        raise Mistakes(Form(typed_values, ordered)) from wrong


def saying(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``parse`` as a validator: what it refuses becomes the sentence beside the field."""

    def validate(value: Any) -> Any:
        try:
            return parse(value)
        except Refused as refusal:
            raise ValueError(str(refusal)) from refusal

    return validate


def _sentence(model: type[BaseModel], name: str, mistake: dict[str, Any]) -> str:
    """Our own sentence when the validator raised one, else the field's ``missing`` or ``long`` words."""
    if mistake["type"] == "value_error":
        return str(mistake["ctx"]["error"])
    extra = model.model_fields[name].json_schema_extra if name in model.model_fields else None
    words = extra if isinstance(extra, dict) else {}
    kind = "long" if mistake["type"] == "string_too_long" else "missing"
    return str(words.get(kind) or words.get("missing") or "Check this answer.")
