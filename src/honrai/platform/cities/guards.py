"""Puts every table under guard after each migration: row security, `(city, id)` keys and references, grants.

The guards are a state, not steps: `apply_guards` brings any database to it and may run as often as one likes. A table
that is neither city data nor on the reviewed list of `cityless.py` stops the migration.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.commands import migrate as migrate_command
from django.db import connection

from honrai.platform.cities.bulk_guards import bulk_references
from honrai.platform.cities.cityless import CITYLESS
from honrai.platform.cities.models import BulkCityModel, CityForeignKey, CityModel
from honrai.platform.db.prepare import unapplied_migrations
from honrai.platform.db.roles import APP, BACKUP

_CITY = "nullif(current_setting('honrai.city', true), '')::bigint"


class UnguardedTable(RuntimeError):
    """A table has no city and is not on the reviewed list of tables without one."""


def city_models() -> list[type[CityModel]]:
    """Return every concrete model of city data, by table name."""
    found = [m for m in apps.get_models(include_auto_created=True) if issubclass(m, CityModel) and not m._meta.proxy]
    return sorted(found, key=lambda model: model._meta.db_table)


class _CountedMigrate(migrate_command.Command):
    """Django's own command, telling how many migrations are applied, and of how many."""

    def __init__(self, count: Callable[[int, int], None]) -> None:
        super().__init__()
        self._count, self._done, self._waiting = count, 0, len(unapplied_migrations())

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        """Count what is applied."""
        self._done += action == "apply_success"
        self._count(self._done, self._waiting)


def migrate(count: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Run all migrations on the connected database (as the owner), then put every table under guard.

    Args:
        count: receives how many migrations are applied, and of how many.
    """
    call_command(_CountedMigrate(count), verbosity=0, interactive=False)
    apply_guards()


def apply_guards() -> None:
    """Bring all tables of the connected database to their guarded state (run as the owner, after migrating).

    Raises:
        UnguardedTable: a table is neither city data nor on the reviewed list.
    """
    with connection.cursor() as cursor:
        for statement in guard_statements():
            cursor.execute(statement)


def guard_statements() -> Iterator[str]:
    """Yield the SQL of the guarded state, tables first, then references, then grants."""
    models = city_models()
    pointed_at = {field.related_model for model in models for field in _references_of(model)}
    for model in models:
        yield from _row_security(model, keyed=model in pointed_at)
    for model in models:
        yield from (
            bulk_references(model, _references_of(model)) if issubclass(model, BulkCityModel) else _references(model)
        )
    yield from _own_city_only()
    yield from _grants(models)


def _references_of(model: type[CityModel]) -> list[CityForeignKey]:
    return [field for field in model._meta.local_fields if isinstance(field, CityForeignKey)]


def _row_security(model: type[CityModel], *, keyed: bool) -> Iterator[str]:
    """Yield the policy of a table, and its key `(city, id)` where another table points at it."""
    table = model._meta.db_table
    key = f"{table}_city_id_key"
    if keyed:
        yield f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{key}') THEN
                ALTER TABLE "{table}" ADD CONSTRAINT "{key}" UNIQUE (city_id, id);
            END IF;
        END $$"""
    else:
        yield f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{key}"'
    yield f"""DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE tablename = '{table}' AND policyname = 'city') THEN
            CREATE POLICY city ON "{table}" USING (city_id = {_CITY}) WITH CHECK (city_id = {_CITY});
        END IF;
    END $$"""
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY'


def _references(model: type[CityModel]) -> Iterator[str]:
    table = model._meta.db_table
    for field in _references_of(model):
        target, column = field.related_model._meta.db_table, field.column
        name = f"{table}_{column}_city_fk"[:63]
        yield f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}') THEN
                ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (city_id, "{column}")
                REFERENCES "{target}" (city_id, id) DEFERRABLE INITIALLY DEFERRED;
            END IF;
        END $$"""


def _own_city_only() -> Iterator[str]:
    """Everybody may read which cities there are; a city's row is changed only while working for it."""
    for name, rule in (("anybody_reads", "FOR SELECT USING (true)"), ("own_city", f"FOR UPDATE USING (id = {_CITY})")):
        yield f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE tablename = 'cities_city' AND policyname = '{name}') THEN
                CREATE POLICY {name} ON cities_city {rule};
            END IF;
        END $$"""
    yield "ALTER TABLE cities_city ENABLE ROW LEVEL SECURITY"


def _grants(models: list[type[CityModel]]) -> Iterator[str]:
    yield f"GRANT USAGE ON SCHEMA public TO {APP}, {BACKUP}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APP}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {BACKUP}"
    yield f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {BACKUP}"
    city_tables = {model._meta.db_table for model in models}
    for model in models:
        yield f'GRANT {model.app_grants} ON "{model._meta.db_table}" TO {APP}'
    for table in sorted(_all_tables() - city_tables):
        if table not in CITYLESS:
            raise UnguardedTable(f"{table}: make its model a CityModel, or review it into platform/cities/cityless.py")
        if CITYLESS[table].grants:
            yield f'GRANT {CITYLESS[table].grants} ON "{table}" TO {APP}'


def _all_tables() -> set[str]:
    with connection.cursor() as cursor:
        return {info.name for info in connection.introspection.get_table_list(cursor) if info.type in {"t", "p"}}
