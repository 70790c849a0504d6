"""Codes with check digits: every published vector, and no slip of one digit passes where the arithmetic can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.kernel import check_digits
from honrai.kernel.digit_code import fold_digits
from honrai.kernel.errors import Invalid
from honrai.kernel.medical_codes import (
    InsurerNumber,
    MedicalInstitutionCode,
    PublicPayerNumber,
    RecipientNumber,
    kind_name,
)
from honrai.kernel.public_codes import CorporateNumber, MunicipalityCode, ResidentCode

CORPORATE = ["7000012050002", "8700110005901", "8000020130001", "3000020132209", "4011001098993"]
MUNICIPALITIES = [
    "130001", "132209", "010006", "131016", "271004", "431001", "041009", "131105", "132012", "132021",
    "132039", "132047", "132055", "132063", "132071", "132080", "132098", "132101", "132110", "132128",
    "132136", "132144", "132152", "132187", "132195", "132217", "132225", "132233", "132241", "132250",
    "132276", "132284", "132292",
]  # fmt: skip
RESIDENTS = ["24727059608", "24846016224", "12345678903"]
INSURERS = ["33120015", "01130012", "138016", "01430016", "39430012", "06130017"]
PAYERS = ["54016027", "80430010", "90430018"]
INSTITUTIONS = ["0110113719", "4310123452"]


def bodies(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (kind, value)
        for kind, values in (
            (CorporateNumber, CORPORATE),
            (MunicipalityCode, MUNICIPALITIES),
            (ResidentCode, RESIDENTS),
            (InsurerNumber, INSURERS),
            (PublicPayerNumber, PAYERS),
            (MedicalInstitutionCode, INSTITUTIONS),
        )
        for value in values
    ],
)
def test_published_numbers_are_read_and_their_slips_refused(kind, value):
    assert str(kind.parse(value)) == value
    assert kind.is_valid(value)
    check = 0 if kind is CorporateNumber else -1
    for wrong in set("0123456789") - {value[check]}:
        slipped = wrong + value[1:] if check == 0 else value[:-1] + wrong
        assert not kind.is_valid(slipped)


@pytest.mark.parametrize("value", ["06130012", "01430015"])
def test_numbers_known_to_be_wrong_are_refused(value):
    with pytest.raises(Invalid) as raised:
        InsurerNumber.parse(value)
    assert raised.value.code == "insurer-number-check"
    assert value[-1] not in raised.value.message


@given(bodies(11), st.integers(0, 10), st.integers(1, 9))
def test_modulo_11_tells_a_slip_unless_the_check_digit_is_shared_by_two_remainders(body, place, slip):
    check = check_digits.mod11_weights_2_to_7(body)
    slipped = body[:place] + str((int(body[place]) + slip) % 10) + body[place + 1 :]
    if check != 0:
        assert check_digits.mod11_weights_2_to_7(slipped) != check


@given(bodies(9), st.integers(0, 8), st.integers(1, 9))
def test_modulo_10_tells_every_slip_of_one_digit(body, place, slip):
    slipped = body[:place] + str((int(body[place]) + slip) % 10) + body[place + 1 :]
    assert check_digits.mod10_weights_2_1(slipped) != check_digits.mod10_weights_2_1(body)
    assert check_digits.mod10_weights_3_1(slipped) != check_digits.mod10_weights_3_1(body)


@given(bodies(12))
def test_a_corporate_number_never_begins_with_zero(body):
    check = check_digits.mod9_weights_1_2(body)
    assert 1 <= check <= 9
    assert CorporateNumber.is_valid(f"{check}{body}")


def test_leading_zeros_do_not_change_the_check():
    assert InsurerNumber.parse("00138016") == InsurerNumber.parse("  138016") == InsurerNumber("138016")
    assert InsurerNumber("138016").padded == "  138016"


def test_parts_of_the_numbers():
    society = InsurerNumber("06130017")
    assert (society.kind, society.prefecture, kind_name(society.kind)) == ("06", "13", "健康保険組合")
    assert (InsurerNumber("138016").kind, InsurerNumber("138016").prefecture) == ("", "13")
    payer = PublicPayerNumber("80430010")
    assert (payer.kind, payer.prefecture, kind_name(payer.kind)) == ("80", "43", "")
    clinic = MedicalInstitutionCode.of("0123452", prefecture="43", point_table="1")
    assert (clinic.value, clinic.prefecture, clinic.point_table, clinic.short) == ("4310123452", "43", "1", "0123452")
    city = MunicipalityCode("431001")
    assert (city.prefecture, city.without_check) == ("43", "43100")


def test_a_municipality_without_its_check_digit_gets_it():
    assert all(MunicipalityCode.parse(code[:5]) == MunicipalityCode(code) for code in MUNICIPALITIES)


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (lambda: CorporateNumber.parse("700001205000"), "corporate-number-digits"),
        (lambda: MunicipalityCode.parse("480002"), "municipality-code-prefecture"),
        (lambda: InsurerNumber.parse("0199001"), "insurer-number-digits"),
        (lambda: PublicPayerNumber.parse("54996027"), "public-payer-number-prefecture"),
        (lambda: MedicalInstitutionCode.parse("4390123452"), "medical-institution-code-table"),
        (lambda: MedicalInstitutionCode.of("123", prefecture="43", point_table="1"), "medical-institution-code-digits"),
        (lambda: RecipientNumber.parse("12345678"), "recipient-number-digits"),
        (lambda: RecipientNumber.parse(""), "recipient-number-digits"),
        (lambda: ResidentCode.parse("2472705960x"), "resident-code-digits"),
    ],
)
def test_refusals_are_told_apart(read, code):
    with pytest.raises(Invalid) as raised:
        read()
    assert raised.value.code == code
    assert raised.value.message.endswith("。")


def test_a_recipient_number_of_a_local_scheme_only_warns():
    assert RecipientNumber.parse("1234566").warning is None
    assert RecipientNumber.parse("0001230").warning is None
    local = RecipientNumber.parse("12345")
    assert local.value == "0012345"
    assert "受給者証" in (local.warning or "")


@pytest.mark.parametrize(
    ("typed", "folded"), [("１３２２０９", "132209"), ("7000-0120-50002", "7000012050002"), (" 13 2209 ", "132209")]
)
def test_numbers_in_any_width(typed, folded):
    assert fold_digits(typed) == folded


def test_digits_of_other_scripts_are_not_digits_here():
    assert not MunicipalityCode.is_valid("13220٩")
    assert not MunicipalityCode.is_valid("13220²")
