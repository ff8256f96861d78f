"""Cursors: what was put in comes out, for the same search only, and nothing else is ever read as one."""

import base64
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.agreements import AgreementFilter
from directory.search.cursor import InvalidCursor, decode_cursor, encode_cursor
from directory.search.request import Circle, Cursor, Facet, SearchRequest, Sort, Unit
from geodata.points import Bbox, Point

BY_NAME = SearchRequest(sort=Sort.name)
BY_SCORE = SearchRequest(units=(Unit("clinic"),), sort=Sort.relevance)
BY_DISTANCE = SearchRequest(circle=Circle(Point(36.8, -1.3), 25_000.0), sort=Sort.distance)

listing_ids = st.integers(1, 2**63 - 1)
standings = st.integers(0, 2_000_000)
numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(key=st.text(), listing_id=listing_ids, forgiving=st.booleans())
def test_cursor_by_name_comes_out_as_it_went_in(key: str, listing_id: int, forgiving: bool) -> None:
    cursor = Cursor((key, listing_id), forgiving)
    assert decode_cursor(BY_NAME, encode_cursor(BY_NAME, cursor)) == cursor


@given(key=numbers, standing=standings, listing_id=listing_ids, forgiving=st.booleans())
def test_cursor_by_score_comes_out_as_it_went_in(key: float, standing: int, listing_id: int, forgiving: bool) -> None:
    cursor = Cursor((key, standing, listing_id), forgiving)
    assert decode_cursor(BY_SCORE, encode_cursor(BY_SCORE, cursor)) == cursor


@given(by_city=st.integers(0, 1), key=numbers, standing=standings, listing_id=listing_ids)
@pytest.mark.parametrize("request_", [BY_DISTANCE, replace(BY_DISTANCE, sort=Sort.distance, units=(Unit("clinic"),))])
def test_cursor_by_distance_comes_out_as_it_went_in(
    request_: SearchRequest, by_city: int, key: float, standing: int, listing_id: int
) -> None:
    cursor = Cursor((by_city, key, standing, listing_id), False)
    assert decode_cursor(request_, encode_cursor(request_, cursor)) == cursor


@pytest.mark.parametrize(
    "after",
    [(0, 1.0, 5, True), (True, 1.0, 5, 4), (0, 1.0, 5.0, 4), (0, "1", 5, 4), (0, 1.0, 4), (0, 1.0, -1, 4), ("a", 4)],
    ids=repr,
)
def test_cursor_with_other_keys_than_its_order_has_is_refused(after: tuple[object, ...]) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(BY_DISTANCE, encode_cursor(BY_DISTANCE, Cursor(after, False)))


@given(key=st.text(), listing_id=listing_ids)
def test_cursor_needs_no_escaping_in_an_address(key: str, listing_id: int) -> None:
    word = encode_cursor(BY_NAME, Cursor((key, listing_id), False))
    assert word.isascii()
    assert word.replace("-", "").replace("_", "").isalnum()


@given(st.text())
def test_any_word_is_refused_and_never_breaks(word: str) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(BY_NAME, word)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | numbers | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_any_json_is_refused_and_never_breaks(value: Any) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(BY_NAME, _word(value))


@given(data=st.data())
def test_mangled_cursor_is_refused_or_read_as_one_of_the_same_search(data: st.DataObject) -> None:
    word = encode_cursor(BY_NAME, Cursor(("nairobi hospital", 4711), True))
    at = data.draw(st.integers(0, len(word) - 1))
    mangled = word[:at] + data.draw(st.text(max_size=3)) + word[at + data.draw(st.integers(1, 4)) :]
    try:
        cursor = decode_cursor(BY_NAME, mangled)
    except InvalidCursor:
        return
    [key, listing_id] = cursor.after
    assert isinstance(key, str)
    assert 0 <= listing_id < 2**63


@pytest.mark.parametrize(
    ("request_", "key"),
    [(BY_NAME, 1.5), (BY_NAME, None), (BY_SCORE, "clinic"), (BY_SCORE, True), (BY_DISTANCE, None), (BY_DISTANCE, [1])],
)
def test_sort_value_of_another_kind_is_refused(request_: SearchRequest, key: Any) -> None:
    ends = {BY_NAME: ((), (1,)), BY_SCORE: ((), (0, 1)), BY_DISTANCE: ((0,), (0, 1))}
    before, after = ends[request_]
    form, fingerprint, forgiving, *_ = _read(encode_cursor(request_, Cursor((0, 1), False)))
    with pytest.raises(InvalidCursor):
        decode_cursor(request_, _word([form, fingerprint, forgiving, *before, key, *after]))


@pytest.mark.parametrize("listing_id", [-1, 2**63, 1.0, "1", None])
def test_listing_id_that_cannot_be_is_refused(listing_id: Any) -> None:
    form, fingerprint, forgiving, key, _ = _read(encode_cursor(BY_NAME, Cursor(("a", 1), False)))
    with pytest.raises(InvalidCursor):
        decode_cursor(BY_NAME, _word([form, fingerprint, forgiving, key, listing_id]))


@pytest.mark.parametrize(
    "changed",
    [
        {"units": (Unit("clinic"),)},
        {"countries": ("KE",)},
        {"places": (184745,)},
        {"circle": Circle(Point(36.8, -1.3), 25_000.0)},
        {"bbox": Bbox(36, -2, 37, -1)},
        {"types": ("hospital",)},
        {"specialties": ("cardiology",)},
        {"languages": ("fr",)},
        {"agreement": AgreementFilter(tariff=True)},
        {"sort": Sort.relevance},
    ],
)
def test_cursor_belongs_to_one_search(changed: dict[str, Any]) -> None:
    word = encode_cursor(BY_NAME, Cursor(("a", 1), False))
    with pytest.raises(InvalidCursor, match="another search"):
        decode_cursor(replace(BY_NAME, **changed), word)


def test_page_size_and_facets_may_change_between_pages() -> None:
    cursor = Cursor(("a", 1), False)
    word = encode_cursor(BY_NAME, cursor)
    assert decode_cursor(replace(BY_NAME, limit=100, facets=(Facet.network,), cursor=cursor), word) == cursor


def _word(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


def _read(word: str) -> Any:
    return orjson.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
