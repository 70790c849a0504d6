"""A short search on every run; what longer ones found is kept in test_limits."""

from honrai.engines.feel.fuzz import fuzz


def test_texts_at_random_end_in_values_or_plain_errors() -> None:
    tried, findings = fuzz(seconds=2, seed=2026)

    assert findings == []
    assert tried > 50
