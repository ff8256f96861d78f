"""Runs the migrations: one transaction, and one process at a time (an advisory lock)."""

from alembic import context
from sqlalchemy import create_engine, text

from directory.models import Base

# Any number that no other lock uses; two services that start together must not migrate twice.
MIGRATION_LOCK = 7_315_201


def include_name(name: str | None, type_: str, parent_names: object) -> bool:
    """Only our own tables are compared with the models: PostGIS brings some of its own."""
    return type_ != "table" or name in Base.metadata.tables


def run() -> None:
    """Migrate on the address that `directory.db.migration_config` gave."""
    address = context.config.get_main_option("sqlalchemy.url")
    if address is None:
        raise RuntimeError("directory.db.migration_config gives the address; run `provider-directory db upgrade`")
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        context.configure(connection=connection, target_metadata=Base.metadata, include_name=include_name)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
