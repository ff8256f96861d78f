"""Names of countries as the United Nations, the World Bank, ISO 3166 and states themselves write them."""

import pytest

from geodata.countries import DATA, load_countries
from geodata.country_names import read_country

UN_NAMES = [line.split("\t") for line in (DATA / "un_names.tsv").read_text(encoding="utf-8").splitlines()]
WORLD_BANK = {
    "Bahamas, The": "BS", "Brunei Darussalam": "BN", "Cabo Verde": "CV", "Congo, Dem. Rep.": "CD", "Congo, Rep.": "CG",
    "Cote d'Ivoire": "CI", "Curacao": "CW", "Czechia": "CZ", "Egypt, Arab Rep.": "EG", "Eswatini": "SZ",
    "Gambia, The": "GM", "Hong Kong SAR, China": "HK", "Iran, Islamic Rep.": "IR", "Korea, Dem. People's Rep.": "KP",
    "Korea, Rep.": "KR", "Kyrgyz Republic": "KG", "Lao PDR": "LA", "Macao SAR, China": "MO",
    "Micronesia, Fed. Sts.": "FM",
    "Moldova": "MD", "North Macedonia": "MK", "Puerto Rico (US)": "PR", "Russian Federation": "RU",
    "Sint Maarten (Dutch part)": "SX", "Slovak Republic": "SK", "Somalia, Fed. Rep.": "SO", "St. Kitts and Nevis": "KN",
    "St. Lucia": "LC", "St. Martin (French part)": "MF", "St. Vincent and the Grenadines": "VC",
    "Syrian Arab Republic": "SY", "Turkiye": "TR", "Venezuela, RB": "VE", "Viet Nam": "VN",
    "Virgin Islands (U.S.)": "VI",
    "West Bank and Gaza": "PS", "Yemen, Rep.": "YE",
}  # fmt: skip


def test_every_name_and_number_of_the_united_nations_is_read() -> None:
    assert len({code for code, _ in UN_NAMES}) > 240
    assert [(code, name) for code, name in UN_NAMES if read_country(name) != code] == []


@pytest.mark.parametrize(("name", "code"), WORLD_BANK.items(), ids=WORLD_BANK.keys())
def test_name_of_the_world_bank_is_read(name: str, code: str) -> None:
    assert read_country(name) == code


@pytest.mark.parametrize(
    "form", ["{name} ({code})", "{name} [{alpha3}]", "{code} - {name}", "{alpha3}: {name}", "({code}) {name}"]
)
def test_code_beside_the_name_is_passed_over_where_they_agree(form: str) -> None:
    wrong = [
        said
        for country in load_countries().values()
        for name in country.names.values()
        if read_country(said := form.format(name=name, code=country.code, alpha3=country.alpha3)) != country.code
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Republic of Kenya", "KE"),
        ("Kenya, Republic of", "KE"),
        ("Royaume du Maroc", "MA"),
        ("République du Sénégal", "SN"),
        ("República de Colombia", "CO"),
        ("مملكة البحرين", "BH"),
        ("جمهورية العراق", "IQ"),
        ("المملكة المغربية", "MA"),
        ("Bolivia (Plurinational State of)", "BO"),
        ("Bolivia, Estado Plurinacional de", "BO"),
        ("République de Corée", "KR"),
        ("Republic of Congo", "CG"),
        ("Congo, Democratic Republic of the", "CD"),
        ("People's Republic of China", "CN"),
        ("Korea (North)", "KP"),
        ("Réunion (France)", "RE"),
        ("France - Réunion", "RE"),
        ("Swaziland / Eswatini", "SZ"),
        ("Viet Nam (VN)", "VN"),
        ("404", "KE"),
    ],
)
def test_country_is_read_as_states_and_lists_write_it(words: str, code: str) -> None:
    assert read_country(words) == code


@pytest.mark.parametrize(
    "words",
    ["", "-", "the", "Republic", "Islamic Republic of", "Atlantis", "Atlantis (KE)", "Kenya (UG)", "Kenya / Uganda"],
)
def test_words_that_name_no_country_or_two_are_refused(words: str) -> None:
    assert read_country(words) is None
