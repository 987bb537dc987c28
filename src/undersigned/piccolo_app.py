"""One Piccolo app: every table, one migrations/ folder."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

TABLES = [
    "undersigned.kit.outbox",
    "undersigned.staff.tables",
    "undersigned.representatives.tables",
    "undersigned.campaigns.tables",
    "undersigned.supporters.tables",
    "undersigned.signatures.tables",
    "undersigned.endorsements.tables",
    "undersigned.events.tables",
    "undersigned.centres.tables",
    "undersigned.letters.tables",
    "undersigned.delivery.tables",
    "undersigned.responses.tables",
    "undersigned.stances.tables",
    "undersigned.answers.tables",
]

APP_CONFIG = AppConfig(
    app_name="undersigned",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=table_finder(TABLES),
    migration_dependencies=[],
    commands=[],
)
