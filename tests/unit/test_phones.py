"""Telephone numbers as provider files have them, each country's way, and what is said of those that are none."""

import random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.listings.phones import parse_phones


@pytest.mark.parametrize(
    ("cell", "country", "numbers"),
    [
        ("+254 20 366 2000", "KE", ["+254203662000"]),
        ("020 366 2000", "KE", ["+254203662000"]),
        ("01 42 34 56 78; 06 12 34 56 78", "FR", ["+33142345678", "+33612345678"]),
        ("01 42 34 56 78, 01 42 34 56 78", "FR", ["+33142345678"]),
        ("+41 22 791 21 11", "FR", ["+41227912111"]),
        ("01 45 67 89 00", "FR", ["+33145678900"]),
        ("٠١٠٠ ٦١٢ ٣٤٥٦", "EG", ["+201006123456"]),
        ("011-223−7800", "JP", ["+81112237800"]),
        ("\u202a+254 722 123456\u202c", "KE", ["+254722123456"]),
        ("+44 (0)20 7946 0018", "GB", ["+442079460018"]),
        ("+39 06 1234567", "IT", ["+39061234567"]),
        ("254722123456", "KE", ["+254722123456"]),
        ("030/1234567-0", "DE", ["+493012345670"]),
        ("+0722 123456", "KE", ["+254722123456"]),
        ("1-800-FLOWERS", "US", ["+18003569377"]),
        ("", "FR", []),
    ],
)
def test_number_is_read_as_its_country_writes_it(cell: str, country: str, numbers: list[str]) -> None:
    assert parse_phones(cell, country) == (tuple(numbers), (), ())


@pytest.mark.parametrize(
    ("cell", "country", "numbers"),
    [
        ("(021) 5523507 / (021)  5512948 / (021) 5513709", "ID", ["+62215523507", "+62215512948", "+62215513709"]),
        ("0722 123456 or 0733 654321", "KE", ["+254722123456", "+254733654321"]),
        ("01 42 34 56 78 ou 06 12 34 56 78", "FR", ["+33142345678", "+33612345678"]),
        ("91 123 45 67 o 91 123 45 68", "ES", ["+34911234567", "+34911234568"]),
        ("91 123 45 67 y 91 123 45 68", "ES", ["+34911234567", "+34911234568"]),
        ("٠١٠٠ ٦١٢ ٣٤٥٦ أو ٠١٠٠ ٦١٢ ٣٤٥٧", "EG", ["+201006123456", "+201006123457"]),
        ("01 42 34 56 78 & 06 12 34 56 78", "FR", ["+33142345678", "+33612345678"]),
        ("0722123456 0733654321", "KE", ["+254722123456", "+254733654321"]),
        ("01 42 34 56 78 06 12 34 56 78", "FR", ["+33142345678", "+33612345678"]),
        ("0722123456\n0733654321", "KE", ["+254722123456", "+254733654321"]),
        ("0722123456|0733654321", "KE", ["+254722123456", "+254733654321"]),
        ("0722123456-0733654321", "KE", ["+254722123456", "+254733654321"]),
        ("0722123456/0733654321", "KE", ["+254722123456", "+254733654321"]),
        ("+254722123456+254733654321", "KE", ["+254722123456", "+254733654321"]),
        ("030/1234567-0 / 030/7654321", "DE", ["+493012345670", "+49307654321"]),
        ("8 (495) 123-45-67, 8 (495) 123-45-68", "RU", ["+74951234567", "+74951234568"]),
        ("020 2722160/61", "KE", ["+254202722160", "+254202722161"]),
        ("0795-7332856/7341101", "CN", ["+867957332856", "+867957341101"]),
        ("(021) 5523507, 5512948", "ID", ["+62215523507", "+62215512948"]),
        ("01 42 34 56 78 / 42 34 56 79", "FR", ["+33142345678", "+33142345679"]),
        ("+254 20 2722160 / 1 / 2", "KE", ["+254202722160", "+254202722161", "+254202722162"]),
    ],
)
def test_several_numbers_of_a_cell_are_all_read(cell: str, country: str, numbers: list[str]) -> None:
    assert parse_phones(cell, country) == (tuple(numbers), (), ())


@pytest.mark.parametrize(
    ("cell", "country", "numbers", "faxes"),
    [
        ("Tel: 020 2722160 Fax: 020 2723450", "KE", ["+254202722160"], ["+254202723450"]),
        ("Tél. 01 42 34 56 78 / Télécopie 01 42 34 56 79", "FR", ["+33142345678"], ["+33142345679"]),
        ("Teléfono: 91 123 45 67, Fax: 91 123 45 68", "ES", ["+34911234567"], ["+34911234568"]),
        ("هاتف: 0100 612 3456 فاكس: 02 25240250", "EG", ["+201006123456"], ["+20225240250"]),
        ("020 2723450 (Fax), 020 2722160 (Tel)", "KE", ["+254202722160"], ["+254202723450"]),
        ("020 2722160 Fax", "KE", [], ["+254202722160"]),
        ("Tel/Fax: 020 2722160", "KE", ["+254202722160"], []),
        ("Mob. 0722-123456, Tel. (020) 272-2160", "KE", ["+254722123456", "+254202722160"], []),
        ("Tel 1: 0722123456, Tel 2: 0733654321", "KE", ["+254722123456", "+254733654321"], []),
        ("Cel: 300 123 4567 / Fijo: 601 234 5678", "CO", ["+573001234567", "+576012345678"], []),
        ("Reception 020 2722160 Emergency 0722 123456", "KE", ["+254202722160", "+254722123456"], []),
        ("0800 723 253 (toll free)", "KE", ["+254800723253"], []),
    ],
)
def test_words_beside_numbers_are_no_part_of_them_and_a_fax_is_no_phone(
    cell: str, country: str, numbers: list[str], faxes: list[str]
) -> None:
    assert parse_phones(cell, country) == (tuple(numbers), (), tuple(faxes))


@pytest.mark.parametrize(
    "cell",
    [
        "+1 650 253 0000 x136",
        "+1 650 253 0000 ext. 136",
        "+1 650 253 0000, ext 136",
        "(650) 253-0000 extn 136",
        "+1 650 253 0000 poste 136",
        "+1 650 253 0000 int. 136",
        "+1 650 253 0000 تحويلة ١٣٦",
        "+1 650 253 0000 #136",
        "+16502530000;ext=136",
    ],
)
def test_extension_is_kept_as_rfc_3966_writes_it(cell: str) -> None:
    assert parse_phones(cell, "US") == (("+16502530000;ext=136",), (), ())


@pytest.mark.parametrize(
    ("cell", "country", "unread"),
    [
        ("12; call the desk", "FR", ["12", "call the desk"]),
        ("Visit Website", "KE", ["Visit Website"]),
        ("020 366 2000 1", "KE", ["020 366 2000 1"]),
        ("-10789", "KR", ["10789"]),
        ("Ext 136", "US", ["136"]),
        ("0722123456, 99", "KE", []),
        ("0722123456, 12345", "KE", ["12345"]),
        ("0722123456 / 654321", "KE", ["654321"]),
    ],
)
def test_what_cannot_be_read_is_named(cell: str, country: str, unread: list[str]) -> None:
    assert parse_phones(cell, country).unread == tuple(unread)


def _examples() -> list[tuple[str, phonenumbers.PhoneNumber]]:
    found = ((region, phonenumbers.example_number(region)) for region in sorted(phonenumbers.SUPPORTED_REGIONS))
    return [(region, number) for region, number in found if number]


EXAMPLES = _examples()


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@pytest.mark.parametrize(("region", "number"), EXAMPLES, ids=[region for region, _ in EXAMPLES])
def test_two_noughts_stand_for_the_plus_in_every_country(region: str, number: phonenumbers.PhoneNumber) -> None:
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    assert parse_phones(f"00{written[1:]}", region).numbers == (_e164(number),)
    assert parse_phones(f"(00{number.country_code}) {written.partition(' ')[2]}", region).numbers == (_e164(number),)


numbers_of_the_world = st.builds(
    lambda example, extension: _e164(example[1]) + (f";ext={extension}" if extension else ""),
    st.sampled_from(EXAMPLES),
    st.one_of(st.none(), st.integers(0, 99_999)),
)


@given(st.lists(numbers_of_the_world, unique=True), st.sampled_from([";", "; ", " | ", "\n"]))
def test_list_of_numbers_as_it_is_kept_is_read_back(numbers: list[str], between: str) -> None:
    assert parse_phones(between.join(numbers), "KE") == (tuple(numbers), (), ())


@given(
    st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=4, unique_by=lambda example: _e164(example[1])),
    st.sampled_from([", ", " / ", " or ", " ou ", " o ", " y ", " و ", " & ", "; ", "\n", " ", " Tel: ", " Mob. "]),
)
def test_numbers_with_anything_between_them_are_all_read(
    examples: list[tuple[str, phonenumbers.PhoneNumber]], between: str
) -> None:
    written = [
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) for _, number in examples
    ]
    read = parse_phones(between.join(written), "KE")
    assert read == (tuple(_e164(number) for _, number in examples), (), ())


@given(
    st.text(st.sampled_from("0123456789+-/().,;:#xX|& \nTelFaxext٠١"), max_size=40), st.sampled_from(["KE", "US", "DE"])
)
def test_any_text_gives_valid_numbers_or_is_named(cell: str, country: str) -> None:
    read = parse_phones(cell, country)
    for number in read.numbers:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number))
    if sum(map(str.isdigit, cell)) > 3:
        assert read.numbers or read.unread or read.faxes


def _by_the_library(text: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_number_written_in_full_is_what_the_library_makes_of_it() -> None:
    rng = random.Random(5)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        code = phonenumbers.country_code_for_region(region)
        example = phonenumbers.example_number(region)
        assert example is not None
        whole = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        others = [f"+{code}{rng.randrange(10 ** rng.randrange(5, 12))}" for _ in range(20)]
        for text in (whole, whole[:-1], f"{whole}1", f"+{code}0{whole.removeprefix(f'+{code}')}", *others):
            by_library = _by_the_library(text, region)
            assert parse_phones(text, region).numbers == ((by_library,) if by_library else ()), text
