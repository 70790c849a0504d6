"""Brings a database to the state the code expects: server up, roles, database; which migrations wait."""

from urllib.parse import quote

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from honrai.platform.db.postgres import Server
from honrai.platform.db.roles import OWNER, create_database, create_roles


def owner_url(server: Server, database: str) -> str:
    """Return the URL by which a superuser of the embedded server works as the owner role."""
    return server.url("postgres", database) + f"&options={quote(f'-c role={OWNER}')}"


def prepare_embedded(server: Server, database: str) -> None:
    """Start the embedded server and make the roles and the database where they are missing."""
    server.start()
    admin = server.url("postgres", "postgres")
    create_roles(admin)
    create_database(admin, database)


def unapplied_migrations() -> list[str]:
    """Return the names of migrations the connected database has not run yet, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
