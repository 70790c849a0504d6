"""A running site with real commits, and a real browser: `site` is its address (city A at http://localhost), `page` a tab."""

import os
from collections.abc import Iterator

import pytest
from tests.browser import find_chromium

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in the thread of the test


@pytest.fixture
def site(committed, owner) -> Iterator[str]:
    """Serve the site on a free port for this test; the host name localhost leads to city A."""
    from conftest import CITY_A
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test.testcases import LiveServerThread

    owner.execute("INSERT INTO cities_cityhost (host, city_id) VALUES ('localhost', %s)", [CITY_A])
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://localhost:{server.port}"
    server.terminate()
    owner.execute("DELETE FROM cities_cityhost WHERE host = 'localhost'")


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A Chromium for the whole run; without one the journeys are skipped loudly, on CI they fail."""
    path = find_chromium()
    if path is None:
        message = "NO BROWSER: the journeys need Chromium (apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium) -> Iterator[object]:
    """A fresh tab at 1366 x 768; script errors fail the test."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="ja-JP")
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield tab
    context.close()
    assert not wrong
