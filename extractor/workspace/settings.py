"""What an administrator can set, with the defaults; in the database key by key, so that all servers heed it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from sqlalchemy import Connection

from extractor.store import events
from extractor.store import settings as store
from extractor.workspace.errors import SettingRefused

_SECRET = frozenset({"webhook_secret"})


class Settings(BaseModel):
    """``webhook_url``: where approved exports are posted, None for nowhere; ``webhook_secret`` signs them.

    ``retention_days``: documents that nothing has changed for so long are deleted; None keeps them.
    ``time_limit`` in seconds and ``memory_limit_mb`` end an extraction that takes more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    two_person_approval: bool = False
    webhook_url: Annotated[str, Field(max_length=2000, pattern=r"^https?://[^\s/]+(/\S*)?$")] | None = None
    webhook_secret: Annotated[str, Field(min_length=8, max_length=200)] | None = None
    max_upload_mb: Annotated[int, Field(ge=1, le=2000)] = 100
    max_pages: Annotated[int, Field(ge=1, le=100_000)] = 3000
    retention_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    time_limit: Annotated[float, Field(gt=0, le=86_400)] = 600.0
    memory_limit_mb: Annotated[int, Field(ge=100, le=1_000_000)] = 3000

    def shown(self) -> dict[str, JsonValue]:
        """As JSON for the administrator; of a secret only whether there is one."""
        values = self.model_dump(mode="json")
        return {key: (values[key] is not None) if key in _SECRET else values[key] for key in values}


def load(connection: Connection) -> Settings:
    """What was set, and the defaults of the rest."""
    kept = store.load(connection)
    return Settings.model_validate({key: kept[key] for key in Settings.model_fields if key in kept})


def change(connection: Connection, values: dict[str, Any], actor: str) -> Settings:
    """Sets those named and leaves the others. Raises ``SettingRefused``."""
    unknown = sorted(values.keys() - Settings.model_fields.keys())
    if unknown:
        raise SettingRefused("unknown_setting", f"没有这项设置：{unknown[0][:80]} / no such setting: {unknown[0][:80]}")
    before = load(connection)
    try:
        after = Settings.model_validate(before.model_dump() | values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise SettingRefused(
            "bad_value", f"{name}：这个值不合规定 / not a value for {name}: {first['msg'][:160]}"
        ) from None
    differing = [key for key in Settings.model_fields if getattr(before, key) != getattr(after, key)]
    if differing:
        for key in differing:
            store.put(connection, key, getattr(after, key))
        old, new = before.shown(), after.shown()
        detail: dict[str, JsonValue] = {key: {"before": old[key], "after": new[key]} for key in differing}
        events.audit(connection, actor, "settings", "workspace", detail)
    return after
