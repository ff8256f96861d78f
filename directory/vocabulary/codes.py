"""Codes: the types, specialties and networks of config/codes/, their labels, and what everyday words mean by them."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, product
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rapidfuzz import fuzz, process

from config.languages import LANGUAGES
from config.settings import CODES_DIR
from directory.errors import DirectoryError
from directory.vocabulary.code_words import CodeKey, Concept, Term, WordIndex
from geodata.text import fold

__all__ = ["Code", "Codes", "Completion", "Concept", "InvalidCodes", "UnknownCode", "load_codes"]

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_FIELDS = frozenset({"group", "kind", "codes", *LANGUAGES})


class InvalidCodes(RuntimeError):
    """A file of config/codes/ breaks a rule; the message names the file or the words and the rule."""


class UnknownCode(DirectoryError):
    """No type, or no specialty, has this code or goes by these words; `nearest` are words that do."""

    def __init__(self, kind: str, words: str, nearest: Iterable[str]) -> None:
        self.kind = kind
        self.words = words
        self.nearest = tuple(nearest)
        guess = f"; did you mean {' or '.join(map(repr, self.nearest))}?" if self.nearest else ""
        super().__init__(f"unknown {kind} {words!r}{guess}")


@dataclass(frozen=True, slots=True)
class Code:
    """One type, specialty or network, with its names in the four languages."""

    kind: str  # "type", "specialty" or "network"
    code: str
    labels: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)  # networks only
    group: str | None = None  # types: a heading; specialties: the file they stand in
    provider_kind: str | None = None  # types: "organisation" or "practitioner", where an import says neither
    nucc: str | None = None  # NUCC Health Care Provider Taxonomy
    snomed: str | None = None  # SNOMED CT concept id

    def label(self, lang: str) -> str:
        """The name in this language, in English where there is none; `lang` may have a region ("fr-CH")."""
        return self.labels.get(lang.partition("-")[0].lower()) or self.labels["en"]

    def description(self, lang: str) -> str:
        """The sentence that explains a network, in English where there is none; empty for other kinds."""
        return self.descriptions.get(lang.partition("-")[0].lower()) or self.descriptions.get("en", "")


_OfKind = Callable[[str], Mapping[str, Code]]


@dataclass(frozen=True, slots=True)
class Completion:
    """One line of a type-ahead: a code, its label, and the synonym that matched (None: the label itself did)."""

    kind: str
    code: str
    label: str
    matched: str | None


class Codes:
    """All codes, and the index of the words that name them."""

    def __init__(
        self,
        types: dict[str, Code],
        specialties: dict[str, Code],
        networks: dict[str, Code],
        shared: Mapping[str, Mapping[str, list[str]]],
        *,
        needs: Iterable[Mapping[str, Any]] = (),
        typed: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = MappingProxyType({}),
    ) -> None:
        self.types = types
        self.specialties = specialties
        self.networks = networks
        # Needs and shared words come first: the first code of a word is the one that is meant.
        self._terms = [
            *_build_needs(needs, self._of_kind),
            *_build_shared_terms(shared, self._of_kind),
            *_build_terms(types, specialties),
            *_build_typed(typed, self._of_kind),
        ]
        self._index = WordIndex(self._terms)
        self._check_shared_words(shared)

    def parse_type(self, words: str) -> str:
        """The type that a code or everyday words in any of the four languages name; raises UnknownCode."""
        return self._parse("type", words)

    def parse_specialty(self, words: str) -> str:
        """The specialty that a code or everyday words in any of the four languages name; raises UnknownCode."""
        return self._parse("specialty", words)

    def find_concepts(self, words: str) -> list[Concept]:
        """Which runs of a free query's words name a type or a specialty; see `WordIndex.find_concepts`.

        One run may name several: "dentist" is a type and a specialty.
        """
        return self._index.find_concepts(words)

    @cached_property
    def unspaced_words(self) -> frozenset[str]:
        """The words in Han characters, which are written without spaces between them."""
        return self._index.words_of("Hani")

    def kind_words(self, type_code: str) -> tuple[str, ...]:
        """What a type is called in one word, in every language: "clinic", "clinique", "عياده"."""
        return self._index.kind_words(("type", type_code))

    def complete(self, prefix: str, lang: str, limit: int = 8) -> list[Completion]:
        """Types and specialties that `prefix` may become, best first, at most `limit`.

        Label, then synonym, then a later word of either, in the reader's language; then the same in any other.
        Among synonyms, the code with the most matching words comes first: of all that has to do with the "heart",
        cardiology.
        """
        matches: dict[CodeKey, list[tuple[int, int, str]]] = {}
        for term, whole in self._index.find_starts(prefix):
            rank = 2 if not whole else 0 if term.is_label else 1
            if term.lang != lang:
                rank = 3 if whole else 4
            matches.setdefault(term.key, []).append((rank, len(term.text), term.text))
        lines = []
        for (kind, code), ranked in matches.items():
            rank, length, text = min(ranked)
            label = self._of_kind(kind)[code].label(lang)
            line = Completion(kind, code, label, None if text == label else text)
            lines.append((rank, -len(ranked) if rank else 0, length, label, kind, line))
        return [line[-1] for line in sorted(lines, key=lambda line: line[:-1])[:limit]]

    def _parse(self, kind: str, words: str) -> str:
        plain = words.strip().lower()
        if plain in self._of_kind(kind):
            return plain
        for found_kind, code in self._index.said_by(self._index.phrase(words)):
            if found_kind == kind:
                return code
        raise UnknownCode(kind, words, self._find_nearest(kind, words))

    def _find_nearest(self, kind: str, words: str) -> list[str]:
        choices = {index: fold(term.text) for index, term in enumerate(self._terms) if term.key[0] == kind}
        nearest: dict[CodeKey, str] = {}
        for _, _, index in process.extract(fold(words), choices, scorer=fuzz.ratio, limit=20, score_cutoff=60):
            term = self._terms[index]
            nearest.setdefault(term.key, term.text)
        return list(nearest.values())[:3]

    def _of_kind(self, kind: str) -> dict[str, Code]:
        return self.types if kind == "type" else self.specialties

    def _check_shared_words(self, shared: Mapping[str, Mapping[str, list[str]]]) -> None:
        intended = {(kind, self._index.phrase(word)) for kind, words in shared.items() for word in words}
        for phrase, keys in self._index.shared().items():
            for kind in ("type", "specialty"):
                codes = [code for key_kind, code in keys if key_kind == kind]
                if len(codes) > 1 and (kind, phrase) not in intended:
                    raise InvalidCodes(
                        f"{' '.join(phrase)!r} names {len(codes)} codes of kind {kind} ({', '.join(codes)});"
                        " list it in shared.toml if that is meant"
                    )


@lru_cache(maxsize=4)
def load_codes(directory: Path = CODES_DIR) -> Codes:
    """The codes of a directory laid out as config/codes/README.md says, read once; raises InvalidCodes."""
    specialties: dict[str, Code] = {}
    for path in sorted((directory / "specialties").glob("*.toml")):
        for code in _read_codes(path, "specialty", group=path.stem):
            if code.code in specialties:
                raise InvalidCodes(f"{path.name}: {code.code} stands in {specialties[code.code].group}.toml already")
            specialties[code.code] = code
    return Codes(
        types={code.code: code for code in _read_codes(directory / "types.toml", "type")},
        specialties=specialties,
        networks={code.code: code for code in _read_codes(directory / "networks.toml", "network")},
        shared=_read_toml(directory / "shared.toml"),
        needs=_read_needs(directory / "needs.toml"),
        typed={path.stem: _read_toml(path) for path in sorted((directory / "typed").glob("*.toml"))},
    )


def _read_needs(path: Path) -> Iterable[Mapping[str, Any]]:
    """A directory of codes may do without needs."""
    return _read_toml(path)["need"] if path.exists() else ()


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidCodes(f"{path}: {error}") from error


def _read_codes(path: Path, kind: str, group: str | None = None) -> Iterator[Code]:
    for code, entry in _read_toml(path).items():
        if not _CODE.fullmatch(code):
            raise InvalidCodes(f"{path.name}: {code!r} is no code; small letters, digits and _ are allowed")
        if unknown := entry.keys() - _FIELDS:
            raise InvalidCodes(f"{path.name}: {code} has {sorted(unknown)}; allowed are {sorted(_FIELDS)}")
        if missing := [lang for lang in LANGUAGES if len(entry.get(lang, ())) < 2]:
            raise InvalidCodes(f"{path.name}: {code} needs a label and another text in {', '.join(missing)}")
        texts = {lang: tuple(entry[lang][1:]) for lang in LANGUAGES}
        foreign = entry.get("codes", {})
        yield Code(
            kind=kind,
            code=code,
            labels={lang: entry[lang][0] for lang in LANGUAGES},
            synonyms={} if kind == "network" else texts,
            descriptions={lang: texts[lang][0] for lang in LANGUAGES} if kind == "network" else {},
            group=group or entry.get("group"),
            provider_kind=entry.get("kind"),
            nucc=foreign.get("nucc"),
            snomed=foreign.get("snomed"),
        )


def _build_terms(*tables: dict[str, Code]) -> Iterator[Term]:
    for code in chain.from_iterable(table.values() for table in tables):
        key = (code.kind, code.code)
        yield Term(key, "", code.code.replace("_", " "), is_label=False)
        for lang in LANGUAGES:
            yield Term(key, lang, code.labels[lang], is_label=True)
            for synonym in code.synonyms[lang]:
                yield Term(key, lang, synonym, is_label=False)


def _build_needs(needs: Iterable[Mapping[str, Any]], of_kind: _OfKind) -> Iterator[Term]:
    for need in needs:
        ordered = [(code, also) for also, name in ((False, "codes"), (True, "also")) for code in need.get(name, ())]
        for lang, words in need.items():
            if lang in ("codes", "also"):
                continue
            for word, (named, also) in product(words, ordered):
                kind, _, code = named.partition(":")
                _check("needs.toml", word, kind, code, of_kind)
                yield Term((kind, code), lang, word, is_label=False, also=also, asked_only=True)


def _build_typed(typed: Mapping[str, Mapping[str, Mapping[str, list[str]]]], of_kind: _OfKind) -> Iterator[Term]:
    for lang, kinds in typed.items():
        for kind, entries in kinds.items():
            for code, words in entries.items():
                for word in words:
                    _check(f"typed/{lang}.toml", word, kind, code, of_kind)
                    yield Term((kind, code), lang, word, is_label=False, asked_only=True)


def _check(file: str, word: str, kind: str, code: str, of_kind: _OfKind) -> None:
    if kind not in ("type", "specialty") or code not in of_kind(kind):
        raise InvalidCodes(f"{file}: {word!r} names {code!r}, which is no {kind}")


def _build_shared_terms(shared: Mapping[str, Mapping[str, list[str]]], of_kind: _OfKind) -> Iterator[Term]:
    for kind, words in shared.items():
        for word, codes in words.items():
            for code in codes:
                _check("shared.toml", word, kind, code, of_kind)
                yield Term((kind, code), "", word, is_label=False)
