"""Where something is, as people paste it: coordinates, plus codes, links of maps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.pasted import NoWhere, parse_pasted
from geodata.plus_codes import find_plus_code, read_plus_code
from geodata.points import Point

NAIROBI = Point(lon=36.8219, lat=-1.2921)


def near(point: Point, lat: float, lon: float, by: float = 1e-6) -> bool:
    return abs(point.lat - lat) <= by and abs(point.lon - lon) <= by


# Of the specification's own test data, decoding.csv: code, and the middle of its area.
@pytest.mark.parametrize(
    ("code", "lat", "lon"),
    [
        ("7FG49Q00+", 20.375, 2.775),
        ("7FG49QCJ+2V", 20.3700625, 2.7821875),
        ("7FG49QCJ+2VX", 20.3701125, 2.782234375),
        ("7FG49QCJ+2VXGJ", 20.3701135, 2.78223535156),
        ("8FVC2222+22", 47.0000625, 8.0000625),
        ("4VCPPQGP+Q9", -41.2730625, 174.7859375),
        ("62G20000+", 0.5, -179.5),
        ("22220000+", -89.5, -179.5),
    ],
)
def test_a_whole_plus_code_is_read_as_the_specification_reads_it(code: str, lat: float, lon: float) -> None:
    assert find_plus_code(code) == code
    point = read_plus_code(code)
    assert point
    assert near(point, lat, lon)


# shortCodeTests.csv: whole code, reference, short code.
@pytest.mark.parametrize(
    ("whole", "lat", "lon", "short"),
    [
        ("9C3W9QCJ+2VX", 51.3701125, -1.217765625, "+2VX"),
        ("9C3W9QCJ+2VX", 51.3708675, -1.217765625, "CJ+2VX"),
        ("9C3W9QCJ+2VX", 51.3693575, -1.217765625, "CJ+2VX"),
        ("9C3W9QCJ+2VX", 51.3852125, -1.217765625, "9QCJ+2VX"),
        ("8FJFW222+", 42.899, 9.012, "22+"),
        ("796RXG22+", 14.95125, -23.5001, "22+"),
    ],
)
def test_a_short_plus_code_is_found_around_a_place(whole: str, lat: float, lon: float, short: str) -> None:
    expected, found = read_plus_code(whole), read_plus_code(short, Point(lon=lon, lat=lat))
    assert expected
    assert found
    assert near(found, expected.lat, expected.lon)


def test_a_short_plus_code_with_words_is_read_near_the_city_and_nowhere_without_one() -> None:
    point = parse_pasted("PR6C+RR Nairobi", NAIROBI)
    assert near(point, NAIROBI.lat, NAIROBI.lon, by=0.5)
    with pytest.raises(NoWhere):
        parse_pasted("PR6C+RR Nairobi")


@pytest.mark.parametrize(
    "text", ["WC2222+22", "2+22", "22222222", "AB22222+22", "7FG49Q0J+", "XX000000+", "7FG49Q00+2V"]
)
def test_what_only_looks_like_a_plus_code_is_none(text: str) -> None:
    with pytest.raises(NoWhere):
        parse_pasted(text)


@pytest.mark.parametrize(
    "text",
    [
        "-1.2921, 36.8219",
        "-1.2921 36.8219",
        "1.2921 S 36.8219 E",
        "1°17'31.56\"S 36°49'18.84\"E",
        "https://www.google.com/maps/place/Mercy/@-1.3,36.9,17z/data=!3m1!4b1!4m6!3m5!1s0x0:0x0!8m2!3d-1.2921!4d36.8219!16s",
        "https://www.google.com/maps/@-1.2921,36.8219,15z?entry=ttu",
        "https://maps.google.com/?q=-1.2921,36.8219",
        "https://www.google.com/maps/search/?api=1&query=-1.2921%2C36.8219",
        "https://www.google.com/maps/search/-1.2921,+36.8219?entry=tts",
        "https://www.google.co.ke/maps/place/-1.2921,36.8219",
        "https://www.google.com/maps/dir/?api=1&destination=-1.2921,36.8219",
        "https://www.openstreetmap.org/#map=17/-1.2921/36.8219",
        "https://www.openstreetmap.org/?mlat=-1.2921&mlon=36.8219#map=12/0/0",
        "https://www.openstreetmap.org/node/1#map=19/-1.2921/36.8219&layers=N",
        "https://maps.apple.com/?ll=-1.2921,36.8219&q=Mercy%20Clinic",
        "https://maps.apple.com/place?coordinate=-1.2921,36.8219&name=Mercy",
        "https://www.bing.com/maps?cp=-1.2921~36.8219&lvl=16",
        "geo:-1.2921,36.8219?z=17",
        "geo:-1.2921,36.8219;u=35",
        "geo:0,0?q=-1.2921,36.8219(Mercy+Clinic)",
    ],
)
def test_what_people_copy_from_maps_names_its_point(text: str) -> None:
    assert near(parse_pasted(f"  {text} "), NAIROBI.lat, NAIROBI.lon)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nairobi",
        "https://maps.app.goo.gl/abc",
        "https://example.com",
        "geo:",
        "95.0, 36.8",
        "0.0, 0.0",
        "http://[",
        "1",
    ],
)
def test_what_names_no_point_is_refused(text: str) -> None:
    with pytest.raises(NoWhere):
        parse_pasted(text)


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    try:
        point = parse_pasted(text, NAIROBI)
    except NoWhere:
        return
    assert abs(point.lat) <= 90
    assert abs(point.lon) <= 180


@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
def test_degrees_with_a_point_come_back_as_they_are(lat: float, lon: float) -> None:
    lat, lon = round(lat, 6), round(lon, 6)
    if lat == int(lat) or lon == int(lon):
        return
    assert near(parse_pasted(f"{lat:f}, {lon:f}"), lat, lon)
