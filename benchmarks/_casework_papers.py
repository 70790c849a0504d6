"""Papers and submissions for `benchmarks.casework`: PDFs of so many pages, and an application with three attachments."""

import time
from io import BytesIO
from typing import Any


def sheet(pages: int) -> bytes:
    """Return a PDF of so many pages with some bytes on each, as a scanner makes it."""
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    out = BytesIO()
    document.save(out)
    return out.getvalue() + b"%" * 300_000


def papers(people: Any, count: int, pages: int) -> list[int]:
    """Store so many papers of so many pages; call inside `in_city`."""
    from honrai.platform.files import api as files
    from honrai.platform.organisations.testing import NOW

    content = sheet(pages)
    made = (
        files.store(content, name=f"paper{n}.pdf", limits=files.ATTACHMENTS, who=people.clerk.who, now=NOW)
        for n in range(count)
    )
    return [one.id for one in made]


def submit(people: Any, count: int) -> list[float]:
    """Apply with three attachments so often; return the seconds of each last button, which opens the case."""
    from honrai.cases.testing import APPLICANT, VALUES
    from honrai.intake import api as intake
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW

    found, content, kinds = [], sheet(2), ("insurance", "identity", "proxy")
    for number in range(count):
        token = f"bench-{time.time_ns()}-{number}"
        with in_city(1):
            made = intake.start(procedure="kodomo-iryo", channel="web", token=token, who=APPLICANT, now=NOW)
            intake.save(application=made, values=VALUES, now=NOW)
            for kind in kinds:
                intake.attach(application=made, kind=kind, content=content, name="page.pdf", who=APPLICANT, now=NOW)
        started = time.perf_counter()
        with in_city(1):
            intake.submit(application=made, who=APPLICANT, now=NOW)
        found.append(time.perf_counter() - started)
    return found
