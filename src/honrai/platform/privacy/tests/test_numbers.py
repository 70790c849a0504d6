"""A likely 個人番号 is refused wherever it stands in a value; other twelve digits pass; the message never repeats it."""

import pytest

from honrai.kernel.personal_number import has_personal_number_check
from honrai.platform.errors import Invalid
from honrai.platform.privacy.api import check_no_personal_number, mask, screen

# Made here from a running figure: no number is written down.
FITS = next(n for n in (f"{i:012}" for i in range(900000000000, 900000000100)) if has_personal_number_check(n))
FITS_NOT = f"{(int(FITS) + 1):012}"


@pytest.mark.parametrize(
    "value", [FITS, f"番号は{FITS}です", [f"{FITS}"], [{"note": f"x {FITS}"}], f"個人番号 {FITS_NOT}"]
)
def test_a_likely_number_is_refused_and_not_repeated(value):
    with pytest.raises(Invalid, match="「備考」に個人番号") as told:
        check_no_personal_number({"note": value}, {"note": "備考"})
    assert FITS not in str(told.value)
    assert FITS_NOT not in str(told.value)


@pytest.mark.parametrize("value", [FITS_NOT, f"運転免許証 {FITS}", "096-000-0000", "", None, True, 5, ["a"], {"b": 1}])
def test_everything_else_passes(value):
    check_no_personal_number({"note": value})


def test_masking_leaves_the_rest():
    assert mask(f"A {FITS} B") == "A " + "＊" * 12 + " B"
    assert not screen(mask(f"個人番号 {FITS}"))
