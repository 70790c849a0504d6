"""`python -m honrai.site.cli` is `honrai`."""

from honrai.site.cli.main import main

raise SystemExit(main())
