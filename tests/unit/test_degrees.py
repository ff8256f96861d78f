"""Coordinates as people write them: any point in any notation is that point."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.degrees import NoDegrees, parse_angle, parse_degrees, parse_pair

NORTH_SOUTH = {
    "en": ("N", "S"), "en words": ("North", "south"), "fr": ("Nord", "sud"), "es": ("norte", "Sur"),
    "ar": ("شمال", "جنوب"), "ar adverb": ("شمالاً", "جنوباً"), "ar short": ("ش", "ج"),
}  # fmt: skip
EAST_WEST = {
    "en": ("E", "W"), "en words": ("East", "west"), "fr": ("Est", "ouest"), "fr short": ("E", "O"),
    "es": ("este", "Oeste"), "ar": ("شرق", "غرب"), "ar adverb": ("شرقاً", "غرباً"), "ar short": ("ق", "غ"),
    "de": ("Ost", "West"),
}  # fmt: skip
MARKS = [("°", "'", '"'), ("º", "’", "''"), ("° ", "′ ", "″"), (" ", " ", ""), (":", ":", ""), ("d", "m", "s")]
MARKS += [(" deg ", " min ", " sec"), ("°", "´", "´´")]


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [
        ("-1.25", -1.25),
        ("45,36480718542", 45.36480718542),
        ("٣٠٫٠٤", 30.04),
        ("+36.8°", 36.8),
        ("−4.3", -4.3),
        ("7", 7),
        ("1°17'11\"S", -(1 + 17 / 60 + 11 / 3600)),
        ("38º 43' N", 38 + 43 / 60),
        ("9º 08' O", -(9 + 8 / 60)),
        ("S 1 17.183", -(1 + 17.183 / 60)),
        ("1°17'60\"S", -1.3),
        ("-1.28 S", -1.28),
        ("Lat: -1.28", -1.28),
        ("-0°30'", -0.5),
        ("30.04° شمال", 30.04),
        ("خط العرض 30.04", 30.04),
        ("49.2 с.ш.", 49.2),
    ],
)
def test_coordinate_is_read_in_each_way_of_writing_it(cell: str, degrees: float) -> None:
    assert parse_degrees(cell) == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize(
    "cell",
    ["", "N/A", "N", "1.234.567", "nan", "inf", "1,234,5", "-33.9 N", "1°75'", "1°17.5'11\"", "5 E W", "1°17' Foo"],
)
def test_what_is_no_coordinate_is_refused(cell: str) -> None:
    with pytest.raises(NoDegrees, match="decimal degrees"):
        parse_degrees(cell)


@pytest.mark.parametrize(
    ("cell", "lat", "lon"),
    [
        ("-1.2864,36.8172", -1.2864, 36.8172),
        ("-1.2864, 36.8172", -1.2864, 36.8172),
        ("-1,2864, 36,8172", -1.2864, 36.8172),
        ("-1,2864; 36,8172", -1.2864, 36.8172),
        ("-1.2864 36.8172", -1.2864, 36.8172),
        ("(-1.2864 / 36.8172)", -1.2864, 36.8172),
        ("1.5S36.5E", -1.5, 36.5),
        ("36.5 E, 1.5 S", -1.5, 36.5),
        ("1 30 00 S 36 30 00 E", -1.5, 36.5),
        ("S1 30 E36 30", -1.5, 36.5),
        ("38º 30' N 9º 30' O", 38.5, -9.5),
        ("lat: -1.28, lon: 36.8", -1.28, 36.8),
        ("POINT(36.8172 -1.2864)", -1.2864, 36.8172),
        ("30.04° شمال، 31.2° شرق", 30.04, 31.2),
        ("خط العرض 30.04، خط الطول 31.2", 30.04, 31.2),
    ],
)
def test_both_coordinates_in_one_cell_are_parted(cell: str, lat: float, lon: float) -> None:
    pair = parse_pair(cell)
    assert pair is not None
    assert [each.degrees for each in pair] == pytest.approx([lat, lon])


@pytest.mark.parametrize(
    "cell", ["", "12", "1,36", "1 36", "12 34 56", "1.2,3.4,5.6", "-1.286.400,36.817.200", "1.5N, 2.5S", "a, b"]
)
def test_cell_that_holds_no_two_coordinates_or_could_hold_several_pairs_holds_none(cell: str) -> None:
    assert parse_pair(cell) is None


def _written(degrees: float, marks: tuple[str, str, str], words: tuple[str, str], before: bool) -> str:
    whole, rest = divmod(round(abs(degrees) * 3600), 3600)
    text = f"{whole}{marks[0]}{rest // 60}{marks[1]}{rest % 60}{marks[2]}"
    word = words[degrees < 0]
    return f"{word} {text}" if before else f"{text} {word}"


styles = st.tuples(
    st.sampled_from(MARKS), st.sampled_from(sorted(NORTH_SOUTH)), st.sampled_from(sorted(EAST_WEST)), st.booleans()
)


@given(st.floats(-90, 90), st.floats(-180, 180), styles, st.sampled_from([", ", "; ", " ", "\n", " / "]))
def test_any_point_in_any_notation_is_that_point(
    lat: float, lon: float, style: tuple[tuple[str, str, str], str, str, bool], between: str
) -> None:
    marks, north_south, east_west, before = style
    cells = (
        _written(lat, marks, NORTH_SOUTH[north_south], before),
        _written(lon, marks, EAST_WEST[east_west], before),
    )
    second = 1 / 3600
    for read in (tuple(map(parse_angle, cells)), parse_pair(between.join(cells))):
        assert read is not None
        assert read[0].degrees == pytest.approx(lat, abs=second)
        assert read[1].degrees == pytest.approx(lon, abs=second)
        assert (read[0].axis, read[1].axis) == ("lat", "lon")


@given(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from([".", ",", "٫"]), st.integers(1, 7))
def test_any_point_in_decimal_degrees_is_that_point_with_any_decimal_sign(
    lat: float, lon: float, sign: str, digits: int
) -> None:
    cells = [f"{degrees:.{digits}f}".replace(".", sign) for degrees in (lat, lon)]
    for read in (list(map(parse_degrees, cells)), [each.degrees for each in parse_pair("; ".join(cells)) or ()]):
        assert read == [pytest.approx(lat, abs=0.1**digits), pytest.approx(lon, abs=0.1**digits)]


@given(st.text(max_size=60))
def test_any_text_is_a_coordinate_or_is_refused(cell: str) -> None:
    parse_pair(cell)
    try:
        degrees = parse_degrees(cell)
    except NoDegrees:
        return
    assert not math.isnan(degrees)
