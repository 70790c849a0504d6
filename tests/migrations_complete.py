"""Fails where a model has changed and its migration is missing; needs no database."""

import sys

import django


def main() -> int:
    """Print the missing migrations; 1 where there are any."""
    django.setup()
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.utils.translation import deactivate_all

    deactivate_all()  # names are compared as written, as makemigrations does

    loader = MigrationLoader(None)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("honrai.")}
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = {app: made for app, made in detector.changes(graph=loader.graph).items() if app in ours}
    for app, made in changes.items():
        print(f"{app}: " + "; ".join(operation.describe() for migration in made for operation in migration.operations))
    return int(bool(changes))


if __name__ == "__main__":
    sys.exit(main())
