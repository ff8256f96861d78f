"""Which phrases the code and its templates ask for: keys that nobody asks for, and asked keys that are none.

A key is asked for whole (`t("sign_in.title")`, or a key in a table of keys), or put together: `f"members.sort_{sort}"`
and `"members.sort_" ~ sort` ask for every key that reads so, as long as what stands for `sort` is a word of the code.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from config.languages import SOURCE
from config.settings import PROJECT_ROOT
from directory.wording.checking import Fault

# What finds a phrase by its first or second argument that is a text: `phrase(lang, key)`, `words.t(key)`, `said(key)`.
_ASKING = frozenset(("phrase", "markup", "t", "has_phrase"))
_SOURCES = tuple(PROJECT_ROOT / name for name in ("directory", "config"))
_SUFFIXES = frozenset((".py", ".html", ".toml"))
_KEY = re.compile(r"[a-z_]+(?:\.[\w-]+)+")
# The same, with stars for what is filled in.
_MADE = re.compile(r"[a-z_]+\.[\w*.-]*[\w*]")
_WORD = re.compile(r"\w+")
_HYPHENED = re.compile(r"\w+(?:-\w+)+")
# A text of a template, and what it is put together with: `"members.pay_" ~ way ~ "_text"`.
_PART = r"""(?:"[^"{}\n]*"|'[^'{}\n]*'|[\w.]+(?:\[[^\]]*\])?)"""
_IN_TEMPLATE = re.compile(rf"(?P<asked>\bt\(\s*)?(?P<parts>{_PART}(?:\s*~\s*{_PART})*)")


@dataclass(frozen=True, slots=True)
class Asking:
    """A key, or the pattern of keys, that a place asks for; `sure` where it is certainly no other text."""

    key: str
    pattern: re.Pattern[str] | None
    where: str
    sure: bool

    def asks_for(self, key: str, words: frozenset[str]) -> bool:
        """Whether it may be this key; what is filled into a pattern must be a word that the code knows."""
        if self.pattern is None:
            return self.key == key
        match = self.pattern.fullmatch(key)
        return match is not None and all(part in words for part in match.groups())


@dataclass(frozen=True, slots=True)
class Uses:
    """Everything that is asked for, and every word of the code: names, and what stands in its texts."""

    askings: tuple[Asking, ...]
    words: frozenset[str]


def find_uses(folders: Iterable[Path] = _SOURCES) -> Uses:
    """Read the code and the templates of these folders."""
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in _SUFFIXES]
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    askings = [each for file, text in texts.items() for each in _asked_in(file, text)]
    words = (word for text in texts.values() for pattern in (_WORD, _HYPHENED) for word in pattern.findall(text))
    return Uses(tuple(askings), frozenset(words))


def check_uses(keys: Iterable[str], uses: Uses) -> Iterator[Fault]:
    """Every key that nobody asks for, and every one that is asked for and is none."""
    known = dict.fromkeys(keys)
    plain = {each.key for each in uses.askings if each.pattern is None}
    patterns = [each for each in uses.askings if each.pattern]
    for key in known:
        if key not in plain and not any(each.asks_for(key, uses.words) for each in patterns):
            yield Fault(SOURCE, key, "is asked for by nobody: take it out of every language")
    for each in uses.askings:
        if each.sure and not any(each.asks_for(key, uses.words) for key in known):
            yield Fault(SOURCE, each.key, f"is asked for in {each.where}, and is no phrase")


def _asked_in(file: Path, text: str) -> Iterator[Asking]:
    where = str(file.relative_to(PROJECT_ROOT)) if file.is_relative_to(PROJECT_ROOT) else file.name
    if file.suffix == ".py":
        yield from _asked_in_python(ast.parse(text), where)
    elif file.suffix == ".html":
        yield from _asked_in_template(text, where)


def _asked_in_python(tree: ast.AST, where: str) -> Iterator[Asking]:
    sure = {id(given) for call in ast.walk(tree) if isinstance(call, ast.Call) for given in _keys_given(call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _KEY.fullmatch(node.value):
            yield Asking(node.value, None, f"{where}:{node.lineno}", id(node) in sure)
        elif isinstance(node, ast.JoinedStr) and (key := _joined(node)):
            yield Asking(key, _pattern(key), f"{where}:{node.lineno}", id(node) in sure)


def _keys_given(call: ast.Call) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in _ASKING:
        texts = [given for given in call.args[:2] if isinstance(given, ast.Constant | ast.JoinedStr)]
        yield from texts[-1:]


def _joined(node: ast.JoinedStr) -> str | None:
    """`f"members.sort_{sort}"` as `members.sort_*`; None where it cannot be a key."""
    parts = (part.value if isinstance(part, ast.Constant) else "*" for part in node.values)
    text = "".join(map(str, parts))
    return text if _MADE.fullmatch(text) else None


def _asked_in_template(text: str, where: str) -> Iterator[Asking]:
    for match in _IN_TEMPLATE.finditer(text):
        parts = re.findall(_PART, match["parts"])
        key = "".join(part[1:-1] if part[0] in "\"'" else "*" for part in parts)
        if _MADE.fullmatch(key):
            line = text.count("\n", 0, match.start()) + 1
            yield Asking(key, _pattern(key), f"{where}:{line}", bool(match["asked"]))


def _pattern(key: str) -> re.Pattern[str] | None:
    return re.compile("(.+)".join(map(re.escape, key.split("*")))) if "*" in key else None
