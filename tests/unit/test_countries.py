"""Names of countries as people and files give them, and whether points lie in them."""

import pytest

from config.languages import LANGUAGES
from geodata.countries import (
    country_name,
    country_of_point,
    find_country,
    load_countries,
    position,
)
from geodata.points import Point


def test_all_countries_have_names_in_the_four_languages() -> None:
    countries = load_countries()
    assert len(countries) == 250
    assert all(country.names.keys() == set(LANGUAGES) for country in countries.values())


def test_every_name_and_code_of_a_country_finds_it() -> None:
    wrong = [
        (name, country.code)
        for country in load_countries().values()
        for name in (country.code, country.alpha3, *country.names.values(), *country.other_names)
        if find_country(name) != country.code
    ]
    # Vietnamese and Shona names that look like codes of other countries: the codes win.
    assert wrong == [("Áo", "AT"), ("Bỉ", "BE"), ("Nga", "RU")]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("ke", "KE"),
        ("KEN", "KE"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("EE. UU.", "US"),
        ("États-Unis", "US"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("Britain", "GB"),
        ("DRC", "CD"),
        ("RDC", "CD"),
        ("R.D. Congo", "CD"),
        ("Congo-Kinshasa", "CD"),
        ("congo", "CG"),
        ("Ivory Coast", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Burma", "MM"),
        ("Holland", "NL"),
        ("Swaziland", "SZ"),
        ("Cape Verde", "CV"),
        ("South Korea", "KR"),
        ("North Korea", "KP"),
        ("Korea", "KR"),
        ("UAE", "AE"),
        ("Émirats", "AE"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Czechia", "CZ"),
        ("Czech Republic", "CZ"),
        ("Deutschland", "DE"),
        ("日本", "JP"),
        ("대한민국", "KR"),
        ("Україна", "UA"),
        ("Ελλάδα", "GR"),
        ("مصر", "EG"),
        ("Trinidad and Tobago", "TT"),
        ("St Kitts & Nevis", "KN"),
        ("The Gambia", "GM"),
        ("Guinea", "GN"),
        ("Kosovo", "XK"),
    ],
)
def test_usual_names_of_countries_are_found(words: str, code: str) -> None:
    assert find_country(words) == code


@pytest.mark.parametrize("words", ["", "Atlantis", "XX", "the", "Nairobi"])
def test_words_that_are_no_country_give_none(words: str) -> None:
    assert find_country(words) is None


def test_country_name_comes_in_the_readers_language_or_english() -> None:
    assert country_name("EG", "ar") == "مصر"
    assert country_name("DE", "fr-CA") == "Allemagne"
    assert country_name("DE", "sw") == "Germany"
    with pytest.raises(KeyError):
        country_name("XX")


@pytest.mark.parametrize(
    ("code", "lon", "lat"),
    [
        ("KE", 36.82, -1.29),
        ("KE", 39.67, -4.06),  # Mombasa, on an island
        ("CD", 29.23, -1.67),  # Goma, at the border with Rwanda
        ("RW", 29.26, -1.70),
        ("FJ", 178.44, -18.14),
        ("FJ", -179.97, -16.78),  # Taveuni, beyond 180 degrees
        ("RU", 131.89, 43.12),
        ("RU", -173.2, 64.4),  # Provideniya, beyond 180 degrees
        ("US", -149.9, 61.2),
        ("US", 173.2, 52.9),  # Attu, beyond 180 degrees
        ("US", -157.86, 21.31),
        ("KI", 172.98, 1.33),
        ("KI", -157.4, 1.9),
        ("MV", 73.51, 4.18),
        ("FR", 2.35, 48.86),
        ("FR", 55.45, -20.88),
        ("RE", 55.45, -20.88),
        ("GF", -52.33, 4.92),
        ("GP", -61.53, 16.24),
        ("MQ", -61.06, 14.6),
        ("YT", 45.23, -12.78),
        ("BQ", -68.27, 12.15),
        ("SJ", 15.64, 78.22),
        ("CX", 105.68, -10.42),
        ("CC", 96.83, -12.19),
        ("TK", -172.5, -8.55),
        ("XK", 21.16, 42.66),
        ("UA", 34.1, 44.95),  # Simferopol, as in the gazetteer
        ("MA", -13.2, 27.15),  # Laayoune: files follow either side
        ("EH", -13.2, 27.15),
        ("VA", 12.453, 41.903),
        ("HK", 114.16, 22.28),
        ("AQ", 166.67, -77.85),
        ("GI", -5.35, 36.14),
        ("SG", 103.85, 1.29),
    ],
)
def test_point_of_a_country_lies_inside_it(code: str, lon: float, lat: float) -> None:
    assert position(code, Point(lon, lat)) == "inside"


def test_point_across_a_border_is_near_then_far() -> None:
    assert position("CD", Point(29.6, -1.5)) == "near"  # Ruhengeri in Rwanda, some 20 km from the border
    assert position("CD", Point(30.06, -1.95)) == "far"  # Kigali
    assert position("KE", Point(-1.29, 36.82)) == "far"  # Nairobi with its numbers swapped
    assert position("RE", Point(2.35, 48.86)) == "far"


def test_antimeridian_neighbours_are_measured_the_short_way() -> None:
    assert position("FJ", Point(-179.7, -16.4)) == "near"  # its nearest island lies on the other side
    assert position("RU", Point(-168.5, 65.8)) == "near"  # the Bering Strait
    assert position("US", Point(179.7, 51.9)) == "inside"  # off Semisopochnoi


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (36.82, -1.29, "KE"),
        (15.31, -4.33, "CD"),
        (15.25, -4.26, "CG"),
        (177.44, -17.61, "FJ"),
        (55.45, -20.88, "RE"),
        (-30.0, 0.0, None),
        (0.0, -85.0, "AQ"),
        (18.40, -33.90, "ZA"),  # the harbour of Cape Town
    ],
)
def test_country_of_a_point_is_told(lon: float, lat: float, code: str | None) -> None:
    assert country_of_point(Point(lon, lat)) == code


def test_unknown_country_has_no_position() -> None:
    with pytest.raises(KeyError):
        position("XX", Point(0, 0))
