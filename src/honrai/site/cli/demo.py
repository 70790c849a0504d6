"""`honrai demo`: loads the made-up city."""

import argparse
import json

from honrai.site.cli.bars import bar
from honrai.site.cli.main import CommandError
from honrai.site.config import Config, read_config

HELP = "load the made-up demo city"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--once", action="store_true", help="do nothing where the demo city is there already")
    parser.add_argument("--residents", type=int, default=2_000, help="made-up residents to take in (default 2,000)")


def run(options: argparse.Namespace) -> int:
    """Load the demo city; production refuses."""
    config = read_config()
    if config.mode == "production":
        raise CommandError("demo data does not belong in production")
    import django

    django.setup()
    from honrai.site.demo.load import load

    with bar("demo") as count:
        loaded = load(config, once=options.once, say=print, count=count)
    if loaded and options.residents:
        _take_in(config, options.residents)
        _begin_work(options.residents)
    return 0


def _begin_work(residents: int) -> None:
    """Let applications come in and people work on them, so that every screen has something to show."""
    from honrai.platform import clock
    from honrai.platform.cities.models import City
    from honrai.site.cli.worker import drain
    from honrai.site.demo.city import CITY_CODE
    from honrai.site.demo.work import begin_work

    city = City.objects.values_list("pk", flat=True).get(code=CITY_CODE)
    with bar("work") as count:
        print(f"{begin_work(city, residents, clock.now(), drain, count)}件の申請が届き、仕事が始まりました")


def _take_in(config: Config, count: int) -> None:
    """Take made-up residents in, say what changed, and leave a child to apply for in `var/demo-example.json`."""
    from honrai.platform import clock
    from honrai.platform.cities.models import City
    from honrai.platform.cities.tenancy import in_city
    from honrai.site.demo.city import CITY_CODE
    from honrai.site.demo.people import example_child, take_in_residents

    city = City.objects.values_list("pk", flat=True).get(code=CITY_CODE)
    with in_city(city), bar("residents"):
        for layout, counts in take_in_residents(city, count, now=clock.now()).items():
            print(f"{layout}: new {counts.new:,}, changed {counts.changed:,}, gone {counts.gone:,}")
    example = json.dumps(example_child(count, clock.today()), ensure_ascii=False)
    (config.var / "demo-example.json").write_text(example, encoding="utf-8")
