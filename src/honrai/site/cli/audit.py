"""`honrai audit verify | export`: proves that the log of every city is whole, here or from an export."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from honrai.platform.events.rules import Finding, signing_key
from honrai.site.cli.bars import bar
from honrai.site.cli.main import CommandError
from honrai.site.config import Config, read_config

HELP = "verify the audit chain of every city, or export it for verification elsewhere"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="verify|export")
    verify = actions.add_parser("verify", help="find every edited, removed, reordered or cut entry")
    verify.add_argument("--export", type=Path, help="verify this export instead of the database")
    verify.add_argument("--city", type=int, help="one city only (its key); needed with --export")
    verify.add_argument("--heads", type=Path, help="heads kept outside the database (default: var/audit/heads.jsonl)")
    export = actions.add_parser("export", help="write a city's log as JSON lines")
    export.add_argument("--city", type=int, required=True, help="key of the city")
    export.add_argument("file", type=Path, help="file to write")


def run(options: argparse.Namespace) -> int:
    """Verify or export; verifying returns 1 where anything was found."""
    config = read_config()
    if not config.audit_key:
        raise CommandError("set HONRAI_AUDIT_KEY to the key the log was sealed with")
    if options.action == "export":
        return _export(options)
    found = list(_verify(config, options))
    for city, finding in found:
        print(f"NG  city {city}: {finding.kind}: {finding.where}")
    return 1 if found else 0


def _verify(config: Config, options: argparse.Namespace) -> Iterator[tuple[int, Finding]]:
    key = signing_key(config.audit_key).public_key()
    heads = _heads(options.heads or config.var / "audit" / "heads.jsonl")
    if options.export:
        from honrai.platform.events.offline import verify_export

        if options.city is None:
            raise CommandError("--export needs --city")
        if not options.export.is_file():
            raise CommandError(f"there is no file {options.export}")
        _setup()
        with options.export.open(encoding="utf-8") as lines:
            yield from ((options.city, f) for f in verify_export(lines, city=options.city, key=key, heads=heads))
        return
    _setup()
    from honrai.platform.cities.models import City
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.events.sealing import unsealed, verify

    wanted = City.objects.order_by("pk") if options.city is None else City.objects.filter(pk=options.city)
    for city in wanted:
        with in_city(city.pk), bar(f"city {city.pk}") as count:
            yield from ((city.pk, finding) for finding in verify(key=key, heads=heads, count=count))
            print(f"city {city.pk} {city.name}: checked; {unsealed()} entries not sealed yet")


def _export(options: argparse.Namespace) -> int:
    _setup()
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.events.sealing import export

    with in_city(options.city), options.file.open("w", encoding="utf-8") as file:
        print(f"{export(file.write)} lines written to {options.file}")
    return 0


def _heads(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _setup() -> None:
    import django

    django.setup()
