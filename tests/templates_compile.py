"""Compiles every template of the house, so that a misspelt tag is found before a page is asked for."""

import sys
from pathlib import Path

import django

HOUSE = Path(__file__).resolve().parents[1] / "src" / "honrai"


def main() -> int:
    """Print every template that does not compile; 1 where there is one."""
    django.setup()
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    failed = 0
    for folder in sorted(HOUSE.rglob("templates")):
        for path in sorted(folder.rglob("*.html")):
            try:
                get_template(str(path.relative_to(folder)))
            except TemplateSyntaxError as error:
                failed += 1
                print(f"{path}: {error}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
