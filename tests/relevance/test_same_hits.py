"""An index that romanises only what is not Latin finds what one finds that romanises everything, in the same order.

`mapping_7.json` is the mapping as it was before (docs/adr/0034-romanising.md). Both indexes hold the same listings, and
are asked the same.
"""

import json
import random
from collections.abc import Container, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opensearchpy import OpenSearch

from config.settings import settings_from
from directory.search import engine as search_engine
from directory.search.find import find_providers
from directory.search.mapping import build_index_body
from directory.search.request import SearchRequest, Sort
from directory.search.words import parse_words
from directory.vocabulary.codes import load_codes
from geodata.text import latin_words
from indexers.documents import Document, build_body
from indexers.romanising import romaniser
from indexers.writer import BulkWriter
from tests.relevance.conftest import listing
from tests.worlds.engines import EngineUrls

FORMER = Path(__file__).parent / "mapping_7.json"
NAMES = (
    # Latin, with and without accents, apostrophes, marks of their own, ligatures, digits, letters beyond Latin-1.
    "Kenyatta National Hospital", "Clinique Bwamandakaya", "Hôpital Saint-Étienne de l'Espérance", "O’Brannigan Dental",
    "Clínica São José", "Unidade de Saúde da Família", "Krankenhaus Großhadern", "Szpital Świętego Łukasza",
    "Bệnh viện Đa khoa Hồng Ngọc", "İstanbul Şişli Hastanesi", "Œuvre médicale Ærø", "Nemocnice Žižkov 3000",
    "Te Hōpua Hauora", "Hawaiʻi Pacific Health", "Cle\u0301mentine Cafe\u0301", "PHARMACIE DU MARCHÉ", "Ωmega-3 Clinic",
    "Dr. D'Angelo & Søn", "Ŋaliema ɛfiaseɛ Clinic", "ＦＵＬＬ Ｗｉｄｔｈ Clinic", "ﬁrst ﬂoor", "Clinic №5",
    "A1 Medical 24/7",
    # Every other script that the languages of the directory are written in, and some that it meets.
    "مستشفى الشفاء", "عيادة القُرْطُبِيّ", "الزهراوي", "داروخانه پارس", "مركز ۲۴ الطبي", "ہسپتال لاہور",
    "Больница Подорожник", "Лікарня ім. Св. П'ятниці", "Ђурђевдан Клиника", "Аптека №36,6", "Ασκληπιός Κλινική",
    "上海协和医院", "北京大学第三医院", "台大醫院", "あさひ病院", "カタカナ・クリニック", "サン歯科医院",
    "세브란스병원", "서울대학교병원", "โรงพยาบาลบำรุงราษฎร์", "अपोलो अस्पताल", "অ্যাপোলো হাসপাতাল", "அப்பல்லோ மருத்துவமனை",
    "ஸ்ரீ ராமச்சந்திரா", "മെഡിക്കൽ കോളേജ്", "ಆಸ್ಪತ್ರೆ", "ఆసుపత్రి", "ગુજરાત હોસ્પિટલ", "ਹਸਪਤਾਲ", "රෝහල", "ဆေးရုံ",
    "មន្ទីរពេទ្យ", "ໂຮງໝໍ", "ቅዱስ ጳውሎስ ሆስፒታል", "בית חולים הדסה", "Հիվանդանոց", "საავადმყოფო", "ⵜⴰⵙⵎⴹⵉ", "སྨན་ཁང",
    # Two scripts in one name, also in one word.
    "مستشفى Shifa الشفاء", "協和 Xiehe 医院", "Клиника Medsi", "Hospital 세브란스 Severance", "МРТ24", "Центрmed",
    "αβγ-clinic",
)  # fmt: skip
_LETTERS = "".join(NAMES) + "'’-. 0aé\u0301\u0345ʻǅǆ"


class Pair:
    """The same listings in an index of the former mapping, and in one of ours."""

    def __init__(self, engines: EngineUrls, alias: str) -> None:
        self.engines = engines
        self.client: OpenSearch = search_engine.connect(engines.opensearch_url)
        self.aliases = (f"{alias}-former", f"{alias}-ours")
        bodies = (json.loads(FORMER.read_text()), build_index_body(shards=1, replicas=0))
        for each, body in zip(self.aliases, bodies, strict=True):
            self.client.indices.create(index=f"{each}-1", body=body | {"aliases": {each: {}}})
        self.romanise = romaniser(self.client, self.aliases[1])
        for each, body, latin in zip(self.aliases, bodies, ({}, self.romanise(NAMES)), strict=True):
            written = documents(latin, body["mappings"]["properties"])
            assert BulkWriter(self.client).write(each, written) == []
            self.client.indices.refresh(index=each)

    def found(self, asked: list[str]) -> list[list[list[int]]]:
        """For both, the ids that each of these words finds by relevance, best first."""
        return [self._found(alias, asked) for alias in self.aliases]

    def _found(self, alias: str, asked: list[str]) -> list[list[int]]:
        with settings_from({"OPENSEARCH_URL": self.engines.opensearch_url, "INDEX_PREFIX": alias}):
            codes = load_codes()
            requests = [
                SearchRequest(parse_words(words, codes), sort=Sort.relevance, facets=(), limit=100) for words in asked
            ]
            return [[hit.shown["id"] for hit in find_providers(request).hits] for request in requests]

    def lengths(self) -> list[list[Any]]:
        """How many words each listing's names count in both."""
        body = {"size": 1000, "sort": ["id"], "docvalue_fields": ["name.length"], "_source": False}
        answers = [self.client.search(index=alias, body=body)["hits"]["hits"] for alias in self.aliases]
        return [[hit.get("fields") for hit in hits] for hits in answers]

    def analyzed(self, analyzer: str, text: str) -> list[list[tuple[str, int]]]:
        """The words that both make of a text, with their positions."""
        return [self._analyzed(alias, analyzer, text) for alias in self.aliases]

    def analyzed_by_ours(self, analyzer: str, text: str) -> list[Any]:
        """The same of ours; of `counted`, how many."""
        words = self._analyzed(self.aliases[1], analyzer, text)
        return [len(words)] if analyzer == "counted" else words

    def _analyzed(self, alias: str, analyzer: str, text: str) -> list[tuple[str, int]]:
        body = {"analyzer": analyzer, "text": text}
        tokens = self.client.indices.analyze(index=alias, body=body)["tokens"]
        return [(token["token"], token["position"]) for token in tokens]


def documents(latin: Mapping[str, str], fields: Container[str]) -> list[Document]:
    """Each name alone, each beside another, and cities in other scripts; names that have a Latin form in that.

    `fields`: those that the mapping has.
    """
    chance = random.Random(34)
    cities = [None, "Nairobi", "القاهرة", "Kyiv", "上海", "São Paulo"]
    alone = [listing(number, name, city=chance.choice(cities)) for number, name in enumerate(NAMES, 1)]
    pairs = [
        listing(1000 + number, *chance.sample(NAMES, 2), city=chance.choice(cities)) for number in range(2 * len(NAMES))
    ]
    bodies = {each["id"]: build_body(each, latin) for each in alone + pairs}
    return [
        Document(number, 1, orjson.dumps({name: value for name, value in body.items() if name in fields}))
        for number, body in bodies.items()
    ]


def queries() -> Iterator[str]:
    """Each name as it is, its words, how they sound, how they begin and what is within them, and a slip in each."""
    for name in NAMES:
        yield name
        yield latin_words(name)
        for word in (*name.split(), *latin_words(name).split()):
            yield from (word, word[:3], word[1:5], word[:2] + word[3:], word.upper())
    yield from ("القاهرة shifa", "clinic shanghai", "hôpital de l’espérance", "alshfa", "obrannigan")


@pytest.fixture(scope="module")
def pair(engines: EngineUrls, index_prefix: str) -> Pair:
    """Both indexes; they go with the others of this worker."""
    return Pair(engines, f"{index_prefix}-same")


def test_hits_and_their_order_are_those_of_the_former_mapping_in_every_script(pair: Pair) -> None:
    asked = sorted(set(queries()))
    assert len(asked) > 500
    former, ours = pair.found(asked)
    differing = [words for words, then, now in zip(asked, former, ours, strict=True) if then != now]
    assert differing == []
    assert sum(map(bool, former)) > len(asked) / 2


def test_names_are_as_long_as_before(pair: Pair) -> None:
    former, ours = pair.lengths()
    assert len(former) == 3 * len(NAMES)
    assert former == ours


@pytest.mark.parametrize(
    ("analyzer", "name"), [*product(("words", "words_asked", "skeleton", "skeleton_asked"), NAMES)]
)
def test_words_of_a_name_are_those_of_the_former_mapping(pair: Pair, analyzer: str, name: str) -> None:
    former, ours = pair.analyzed(analyzer, name)
    assert former == ours


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.one_of(st.sampled_from(_LETTERS), st.characters(exclude_categories=["Cs", "Cn", "Co"])), max_size=24))
def test_words_of_any_text_are_those_of_the_former_mapping(pair: Pair, text: str) -> None:
    for analyzer in ("words", "words_asked"):
        former, ours = pair.analyzed(analyzer, text)
        assert former == ours
    # Without `once`, a run of letters may come twice: in a field without frequencies that is the same.
    for analyzer in ("prefixes", "parts"):
        former, ours = pair.analyzed(analyzer, text)
        assert {word for word, _ in former} == {word for word, _ in ours}


def test_name_is_romanised_before_it_is_written(pair: Pair) -> None:
    # Characters beyond the first plane count twice in the engine's places of words.
    latin = pair.romanise(["上海协和医院", "😀", "𠮷野家", "Подорожник", "세브란스"])
    assert latin["上海协和医院"] == "shanghai xieheyiyuan"
    assert latin["Подорожник"] == "podoroznik"
    assert latin["세브란스"] == "sebeulanseu"


def test_name_whose_latin_form_has_more_than_letters_and_digits_is_left_to_the_analysers(pair: Pair) -> None:
    assert pair.romanise(["Лікарня П'ятниці", "😀上海", "!!", ""]) == {}


@pytest.mark.parametrize("analyzer", ["words", "counted", "prefixes", "parts", "skeleton"])
def test_romanised_name_has_the_words_of_the_name(pair: Pair, analyzer: str) -> None:
    for name, latin in pair.romanise(NAMES).items():
        assert pair.analyzed_by_ours(analyzer, latin) == pair.analyzed_by_ours(analyzer, name), name


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.sampled_from(_LETTERS), max_size=24), max_size=5))
def test_romanised_texts_have_the_words_of_the_texts(pair: Pair, texts: list[str]) -> None:
    for text, latin in pair.romanise(texts).items():
        for analyzer in ("words", "counted"):
            assert pair.analyzed_by_ours(analyzer, latin) == pair.analyzed_by_ours(analyzer, text)
