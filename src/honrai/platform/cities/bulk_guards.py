"""References of tables that come by the million (`BulkCityModel`): proved by triggers that run once per statement.

A foreign key looks its row up once per row written, which is a third of the time of a load. Here the city is looked up before
a statement (row security makes it the city of every row), and what the rows point to after it, each thing once; it is locked
as a foreign key locks it, never changes afterwards, and a trigger on the other side refuses to remove what is pointed at.
"""

from collections.abc import Iterable, Iterator

from honrai.platform.cities.models import CityForeignKey, CityModel

_CITY_EXISTS = """CREATE OR REPLACE FUNCTION honrai_city_exists() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT FROM cities_city WHERE id = nullif(current_setting('honrai.city', true), '')::bigint) THEN
        RAISE foreign_key_violation USING MESSAGE = 'no such city: ' || TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$"""
_NEVER_CHANGES = """CREATE OR REPLACE FUNCTION honrai_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE foreign_key_violation USING MESSAGE = 'what a row points to never changes: ' || TG_TABLE_NAME;
END $$"""


def bulk_references(model: type[CityModel], references: Iterable[CityForeignKey]) -> Iterator[str]:
    """Yield the SQL that puts the references of a table of bulk data under guard; may run as often as one likes."""
    table = model._meta.db_table
    yield _CITY_EXISTS
    yield _NEVER_CHANGES
    yield _trigger(
        "city_exists", table, "BEFORE INSERT OR UPDATE OF city_id", "FOR EACH STATEMENT", "honrai_city_exists"
    )
    for field in references:
        target, column = field.related_model._meta.db_table, field.column
        name = f"{table}_{column}_city_fk"[:63]
        yield f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"'
        yield _function(f"{name}_in", _points_to_something(table, column, target))
        new = "REFERENCING NEW TABLE AS written"
        yield _trigger(f"{name}_in", table, "AFTER INSERT", f"{new} FOR EACH STATEMENT", f"{name}_in")
        moved = _changes("city_id", column)
        yield _trigger(f"{name}_fixed", table, f'AFTER UPDATE OF city_id, "{column}"', moved, "honrai_never_changes")
        yield _function(f"{name}_kept", _still_pointed_at(table, column))
        yield _trigger(f"{name}_gone", target, "AFTER DELETE", "FOR EACH ROW", f"{name}_kept")
        yield _trigger(
            f"{name}_moved", target, "AFTER UPDATE OF city_id, id", _changes("city_id", "id"), f"{name}_kept"
        )


def _changes(*columns: str) -> str:
    found = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
    return f"FOR EACH ROW WHEN ({found})"


def _points_to_something(table: str, column: str, target: str) -> str:
    return f"""FOR pointed IN SELECT DISTINCT city_id, "{column}" AS id FROM written WHERE "{column}" IS NOT NULL LOOP
        PERFORM FROM "{target}" t WHERE t.city_id = pointed.city_id AND t.id = pointed.id FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE foreign_key_violation USING MESSAGE = '{table}.{column} points to nothing: ' || pointed.id;
        END IF;
    END LOOP;"""


def _still_pointed_at(table: str, column: str) -> str:
    return f"""IF EXISTS (SELECT FROM "{table}" r WHERE r.city_id = OLD.city_id AND r."{column}" = OLD.id) THEN
        RAISE foreign_key_violation USING MESSAGE = '{table}.{column} still points to ' || OLD.id;
    END IF;"""


def _function(name: str, body: str) -> str:
    return f"""CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE pointed record; BEGIN {body} RETURN NULL; END $$"""


def _trigger(name: str, table: str, when: str, each: str, function: str) -> str:
    return f'CREATE OR REPLACE TRIGGER "{name}" {when} ON "{table}" {each} EXECUTE FUNCTION "{function}"()'
