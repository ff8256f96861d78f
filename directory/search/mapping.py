"""The index: its analysis and its fields. `indexers/` writes what this module describes, `query` reads it.

The mapping is closed (`dynamic: strict`): a field that nobody declared cannot slip in.
"""

from typing import Any

# Raised with every change of the mapping or of what a document holds: `status` then says that a rebuild is due.
MAPPING_VERSION = 11

# Apostrophes as people type them.
_APOSTROPHES = "'’ʼ`´"
# Letters that writers of Arabic exchange freely, and marks that they leave out (the same folding as geodata.text).
_ARABIC = {
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىیېے", "ي"),
    **dict.fromkeys("ةہھە", "ه"),
    "ک": "ك",
    **dict.fromkeys(map(chr, (0x640, *range(0x64B, 0x653))), ""),
}

# Letters that ICU's transliteration leaves as they are, but for accents, which `icu_folding` takes away all the same:
# it is not asked about them (docs/adr/0034-romanising.md).
_LATIN_ALREADY = "\\u0000-\\u024F\\u1E00-\\u1EFF"

# "Chifa" and Shifa; "Qods", "Casr" and Kasr; "Gamal", "Djamal" and Jamal; "Ridha" and Rida; "Pasha" and Basha. What is
# one letter in Arabic stays two here, or a short name would have none left to be told by.
_SOUNDS: dict[str, Any] = {
    f"sounds_{letters}": {"type": "pattern_replace", "pattern": pattern, "replacement": letters}
    for letters, pattern in {
        "w": "^ou(?=[aeiou])",
        "sh": "[st]?ch",
        "s": "c(?=[eiy])",
        "k": "ck|[qc]",
        "gh": "dj|j|g(?!h)",
        "d": "dh",
        "t": "th",
        "f": "ph|v",
        "b": "p",
    }.items()
}

_FILTERS: dict[str, Any] = {
    "latin": {
        "type": "icu_transform",
        "id": f"[^{_LATIN_ALREADY}]; Any-Latin; NFD; [:Nonspacing Mark:] Remove; NFC",
    },
    # 北京 becomes "bei jing" in one token; who types Beijing must find it. Also drops ʿ and ʾ of Arabic.
    "one_word": {"type": "pattern_replace", "pattern": "[^\\p{L}\\p{N}']+", "replacement": ""},
    # "O'Brien" is found as o, brien and obrien; "L'Hôpital" as hopital.
    "apostrophe_parts": {
        "type": "word_delimiter",
        "catenate_all": True,
        "split_on_case_change": False,
        "split_on_numerics": False,
        "stem_english_possessive": False,
    },
    "prefixes": {"type": "edge_ngram", "min_gram": 1, "max_gram": 12},
    "first_twelve": {"type": "truncate", "length": 12},
    # Every run of letters of a word up to eight, so that a part is one exact term. Runs of three alone are smaller, but
    # the engine takes the runs of one word for synonyms: any of them would match, and a search for 대학교 found half
    # the index.
    "parts": {"type": "ngram", "min_gram": 3, "max_gram": 8},
    "first_eight": {"type": "truncate", "length": 8},
    # Arabic is written without its short vowels: الشفاء is "alshfa" by letters, and "Al Shifa" on the door.
    # Before the letters of the sun people write what they hear: Ech-Chifa, Errahma, As-Salam, Ennour.
    "no_article": {
        "type": "pattern_replace",
        "pattern": "^(?:[aeiou]l|[aeiou](?=([tdrzsn])\\1|s?sh|c?ch))(?=.{3})",
        "replacement": "",
    },
    # One letter for what ears hear alike.
    **_SOUNDS,
    # A vowel at the beginning is ʿayn as often as not: عبد is "bd" by letters.
    "no_vowels": {"type": "pattern_replace", "pattern": "[aeiou']|(?<=.)[yw]|h$", "replacement": ""},
    "no_doubles": {"type": "pattern_replace", "pattern": "(.)\\1+", "replacement": "$1"},
    # "Aga Khan Hospital" is written Agakhan too, and "xieheyiyuan" is 协和医院: each two and three words as one.
    "joined": {
        "type": "shingle",
        "min_shingle_size": 2,
        "max_shingle_size": 3,
        "output_unigrams": False,
        "token_separator": "",
    },
    "three_or_more": {"type": "length", "min": 3},
    "two": {"type": "length", "min": 2, "max": 2},
    "once": {"type": "unique"},
}


_LATIN = ("latin", "icu_folding", "one_word")


def _analyzer(*filters: str, of_query: bool = False) -> dict[str, Any]:
    """Words of any script as folded Latin words, then `filters`; `of_query`: of a query rather than of a name.

    In a query an elided article is a word of its own; in a name "L'Hôpital" is kept both whole and in parts.
    """
    return _words(of_query=of_query) | {"filter": [*_LATIN, *([] if of_query else ["apostrophe_parts"]), *filters]}


def _words(*, of_query: bool) -> dict[str, Any]:
    """Words as they are written."""
    return {
        "type": "custom",
        "char_filter": ["arabic_letters", "apostrophe_is_space" if of_query else "apostrophe_is_one"],
        "tokenizer": "icu_tokenizer",
    }


_CONSONANTS = ("no_article", *_SOUNDS, "no_vowels", "no_doubles")
_SKELETON = (*_CONSONANTS, "three_or_more", "once")
# الفتوح and العميد have two consonants that ears write (Foutouh, Ameed): asked where too little was found.
_PAIR = (*_CONSONANTS, "two", "once")

_ANALYSIS: dict[str, Any] = {
    "char_filter": {
        "arabic_letters": {"type": "mapping", "mappings": [f"{a} => {b}" for a, b in _ARABIC.items()]},
        "apostrophe_is_space": {"type": "mapping", "mappings": [f"{mark} => \\u0020" for mark in _APOSTROPHES]},
        "apostrophe_is_one": {"type": "mapping", "mappings": [f"{mark} => '" for mark in _APOSTROPHES[1:]]},
    },
    "filter": _FILTERS,
    "analyzer": {
        "words": _analyzer(),
        "words_asked": _analyzer(of_query=True),
        # Asked once for each name that is not Latin, before it is written (indexers/romanising.py).
        "romanised": _words(of_query=False) | {"filter": list(_LATIN)},
        # Without their folding they are as many, and counted in a third of the time.
        "counted": _words(of_query=True),
        "prefixes": _analyzer("prefixes"),
        "prefixes_asked": _analyzer("first_twelve", of_query=True),
        "parts": _analyzer("parts"),
        "parts_asked": _analyzer("first_eight", of_query=True),
        "joined": _words(of_query=False) | {"filter": [*_LATIN, "joined"]},
        "one_asked": _words(of_query=True) | {"filter": list(_LATIN)},
        "skeleton": _analyzer(*_SKELETON),
        # "Abdelrahman" is written as two words.
        "skeleton_joined": _words(of_query=False) | {"filter": [*_LATIN, "joined", *_SKELETON]},
        "skeleton_asked": _analyzer(*_SKELETON, of_query=True),
        "pair": _analyzer(*_PAIR),
        "pair_asked": _analyzer(*_PAIR, of_query=True),
    },
}

# Scores are constants (see search/words.py), so no field keeps lengths (norms) or frequencies for scoring.
_CODE = {"type": "keyword", "norms": False}
_GRAMS = {"type": "text", "norms": False, "index_options": "docs"}
_SKELETON_OF = _GRAMS | {"analyzer": "skeleton", "search_analyzer": "skeleton_asked"}

_PROPERTIES: dict[str, Any] = {
    # False of a retired, merged or suspended listing: every search of members asks for true.
    "live": {"type": "boolean", "doc_values": False},
    # The tie-breaker of every order. Never asked for by value.
    "id": {"type": "long", "index": False},
    # The version of the document once more, where a comparison of the whole index reads it in seconds.
    "revision": {"type": "long", "index": False},
    # Indexed, though never asked for by value: so the first names are found without looking at all of them.
    "sort_name": {"type": "keyword", "norms": False},
    "name": {
        "type": "text",
        "analyzer": "words",
        "search_analyzer": "words_asked",
        "norms": False,
        # Positions: the whole name, typed as it is written, comes first.
        "index_options": "positions",
        # Two names of one provider are not one phrase.
        "position_increment_gap": 100,
        "fields": {
            "prefix": _GRAMS | {"analyzer": "prefixes", "search_analyzer": "prefixes_asked"},
            # Names are found by any part: "shasa" finds Kinshasa, 대학교 finds 서울대학교병원.
            "part": _GRAMS | {"analyzer": "parts", "search_analyzer": "parts_asked"},
            # Of two names that hold the words, the one that says little else is meant.
            "length": {"type": "token_count", "analyzer": "counted", "index": False},
            # Words that are written as one, and one that is written as two: asked where too little was found.
            "joined": _GRAMS | {"analyzer": "joined", "search_analyzer": "one_asked"},
            # Asked when the words are not Latin: who types الشفاء also means "Clinique El Shifa".
            "skeleton": _SKELETON_OF,
        },
    },
    # The names that are not Latin once more, asked when the words are: who types "shifa" means الشفاء too.
    "name_not_latin": _SKELETON_OF
    | {
        "fields": {
            "joined": _GRAMS | {"analyzer": "skeleton_joined", "search_analyzer": "skeleton_asked"},
            "pair": _GRAMS | {"analyzer": "pair", "search_analyzer": "pair_asked"},
        }
    },
    # The first letters of every few words in a row: who types "KNH" means Kenyatta National Hospital.
    "initials": _CODE | {"doc_values": False},
    # "dentist nairobi": the city counts as a word that was found, though it is not in the name.
    "city": _GRAMS | {"analyzer": "words", "search_analyzer": "words_asked"},
    "location": {"type": "geo_point"},
    # 1 where the point is only its city's: never nearest, and no pin (search/order.py).
    "by_city": {"type": "byte"},
    # How well it is known: what breaks ties. Indexed, so that the first are found without looking at all.
    "standing": {"type": "integer"},
    "country": _CODE,
    "place": _CODE,
    "type": _CODE,
    "specialty": _CODE,
    "language": _CODE,
    # The minutes of the week in which it is open, by the clock of its zone: what is open now is asked of both.
    "open": {"type": "integer_range", "doc_values": True},
    "zone": _CODE | {"doc_values": False},
    "network": _CODE,
    # One word for each agreement in force, e.g. "worldwide:cl1" (see search/agreements.py): what several filters
    # ask of an agreement is asked of one and the same.
    "agreement": _CODE,
    # The words that the settlement facet counts, and that a filter on one settlement asks for (also there).
    "settles": _CODE,
    # What the network team's list asks, of listings of every status (see search/curated.py).
    "status": _CODE,
    "source": _CODE,
    "owner": _CODE,
    "verified_on": {"type": "date", "format": "strict_date", "doc_values": False},
    # What an item shows; only stored.
    "shown": {"type": "object", "enabled": False},
}


def build_index_body(*, shards: int, replicas: int) -> dict[str, Any]:
    """Settings and mappings of a new index of listings, as `PUT /{index}` takes them."""
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            # The index worker refreshes as soon as an edit is in (indexers/worker.py). What a bulk change brings waits
            # longer: each refresh makes a small segment that is merged, so written, several times over. Said outright,
            # it also keeps idle shards refreshing.
            "refresh_interval": "3s",
            "max_ngram_diff": 5,
            # What is shown is two thirds of the index; 605 bytes a listing became 401, and searches no slower.
            "codec": "best_compression",
            # Neighbours lie together: what a search of a city reads and shows is in a few places of each file. A search
            # of 100 km took 6 ms instead of 10.
            "sort.field": ["country", "place"],
            "sort.order": ["asc", "asc"],
            "analysis": _ANALYSIS,
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"mapping_version": MAPPING_VERSION},
            # Only what is shown is ever read back; a listing is reindexed from PostgreSQL, never from here.
            "_source": {"includes": ["shown"]},
            "properties": _PROPERTIES,
        },
    }
