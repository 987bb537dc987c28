"""The database keeps since when a letter is held, whoever holds it or lets it go."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T15:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the database keeps since when a letter is held"

FORWARDS = [
    "UPDATE letter SET held_at = coalesce(confirmed_at, created_at) WHERE state = 'held'",
    "CREATE INDEX letter_held ON letter (held_at) WHERE state = 'held'",
    """CREATE FUNCTION note_when_held() RETURNS trigger AS $$
    BEGIN
        IF NEW.state <> 'held' THEN
            NEW.held_at := NULL; NEW.told_at := NULL;
        ELSIF TG_OP = 'UPDATE' AND OLD.state = 'held' THEN
            NEW.held_at := coalesce(NEW.held_at, OLD.held_at); NEW.told_at := coalesce(NEW.told_at, OLD.told_at);
        ELSE
            NEW.held_at := coalesce(NEW.held_at, now());
        END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER letter_held BEFORE INSERT OR UPDATE OF state ON letter
        FOR EACH ROW EXECUTE FUNCTION note_when_held()""",
]

BACKWARDS = [
    "DROP TRIGGER letter_held ON letter",
    "DROP FUNCTION note_when_held()",
    "DROP INDEX letter_held",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="undersigned", description=DESCRIPTION)
    manager.add_raw(_run(FORWARDS))
    manager.add_raw_backwards(_run(BACKWARDS))
    return manager


def _run(statements: list[str]):
    from undersigned.kit.database import engine

    async def run() -> None:
        for statement in statements:
            await engine().run_ddl(statement)

    return run
