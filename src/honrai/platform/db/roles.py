"""The three database roles, and the database they share.

`honrai_owner` owns the tables and migrates; it cannot log in at run time (a superuser or a migration login takes its
place by `role=honrai_owner`). `honrai_app` is what web and workers use: no ownership, row security always on,
explicit grants. `honrai_backup` reads every city, writes nothing.
"""

import psycopg
from psycopg import sql

OWNER, APP, BACKUP = "honrai_owner", "honrai_app", "honrai_backup"

_ROLES = (
    (OWNER, "NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"),
    (APP, "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"),
    (BACKUP, "LOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE"),
)


def create_roles(admin_url: str) -> None:
    """Create the three roles where they are missing; `admin_url` connects as a superuser."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for name, rights in _ROLES:
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
                admin.execute(sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(name)))
        admin.execute(sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(sql.Identifier(BACKUP)))


def create_database(admin_url: str, name: str, *, template: str = "template0") -> bool:
    """Create database `name` owned by the owner role; return False where it exists already."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
            )
        )
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        for role in (APP, BACKUP):
            admin.execute(
                sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                    sql.Identifier(name), sql.Identifier(role)
                )
            )
    return True
