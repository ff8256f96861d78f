"""What the pages of imports say of fields, values and warnings in the reader's language."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from directory.imports.header import FIELDS
from directory.imports.reasons import Reason, find_problem, find_reasons
from directory.pages.staff.frame import moment, reader_language
from directory.vocabulary.codes import load_codes
from directory.wording import formats
from directory.wording.catalogue import has_phrase, phrase
from directory.wording.payment import settlement_label

# Facts of a listing whose names are not those of the file's columns.
_COLUMN_OF = {"phones": "phone", "names": "name_local", "lat,lon": "lat_lon", "lon,lat": "lon_lat"}
_SETTINGS = ("outpatient", "inpatient")


def import_words() -> dict[str, Any]:
    """For the context of templates."""
    lang = reader_language()
    return {
        "field_label": partial(field_label, lang),
        "fields": [(field, field_label(lang, field)) for field in FIELDS],
        "value": partial(readable, lang),
        "warning": partial(warning_label, lang),
        "why": partial(why, lang),
        "problem": partial(problem, lang),
        "columns_label": partial(columns_label, lang),
        "cell": partial(_cell, lang),
        "moment": partial(moment, lang=lang),
        "number": partial(formats.number, lang),
        "size_of": partial(_size, lang),
    }


def field_label(lang: str, name: str) -> str:
    """What a column, a fact, or a term of an agreement (`worldwide.tariff`) is called."""
    network, dot, term = name.rpartition(".")
    word = _COLUMN_OF.get(term, term)
    label = phrase(lang, f"imports.field_{word}") if has_phrase(f"imports.field_{word}") else word.replace("_", " ")
    return f"{_code_label(lang, 'networks', network)}: {label}" if dot else label


def warning_label(lang: str, kind: str) -> str:
    """What was noticed."""
    if kind.startswith("dropped_date_in_"):
        return phrase(lang, "imports.warning_dropped_date")
    dropped = kind.removeprefix("dropped_")
    key = f"imports.warning_{kind}" if dropped == kind else f"imports.warning_dropped_{dropped}"
    return phrase(lang, key) if has_phrase(key) else f"{phrase(lang, 'imports.warning_other')}: {kind}"


def why(lang: str, sentence: str) -> list[str]:
    """Why a row was set aside: a line for each of its faults."""
    return [_say_reason(lang, reason) for reason in find_reasons(sentence)]


def problem(lang: str, sentence: str) -> str:
    """Why nothing of a file was imported."""
    reason = find_problem(sentence)
    values = dict(reason.values)
    if "reason" in values:
        values["reason"] = "; ".join(why(lang, values["reason"]))
    return phrase(lang, f"imports.why_{reason.code}", **values)


def columns_label(lang: str, columns: str) -> str:
    """The columns that a row was set aside for."""
    return ", ".join(field_label(lang, column) for column in columns.split("; ") if column)


def _say_reason(lang: str, reason: Reason) -> str:
    values = dict(reason.values)
    near = values.pop("near", None)
    if "network" in values:
        values["network"] = _code_label(lang, "networks", values["network"])
    said = phrase(lang, f"imports.why_{reason.code}", **values)
    if near:
        said += f" ({phrase(lang, 'imports.why_near', near=near)})"
    return f"{field_label(lang, reason.column)}: {said}" if reason.column else said


def readable(lang: str, field: str, value: Any) -> str:
    """A value of a fact, as one line."""
    if value is None or value in ("", []):
        return phrase(lang, "imports.nothing")
    if isinstance(value, bool):
        return phrase(lang, "imports.yes" if value else "imports.no")
    if isinstance(value, list):
        return "; ".join(readable(lang, field, each) for each in value)
    if isinstance(value, Mapping):
        return str(value["text"]) if "text" in value else _agreement(lang, value)
    if field.rpartition(".")[2] in _SETTINGS:
        return settlement_label(f"{field.rpartition('.')[2]}:{value}", lang)
    kind = {"type": "types", "specialties": "specialties"}.get(field)
    return _code_label(lang, kind, str(value)) if kind else str(value)


def _cell(lang: str, kind: str, cell: str) -> str:
    """What a warning is about; of a field that somebody set, its name before what the file says."""
    name, colon, said = cell.partition(": ")
    return f"{field_label(lang, name)}: {said}" if kind == "kept" and colon else cell


def _size(lang: str, size: int) -> str:
    """Bytes, in the unit that shows two or three digits."""
    if size < 1 << 20:
        return phrase(lang, "imports.kilobytes", size=max(1, round(size / 1024)))
    return phrase(lang, "imports.megabytes", size=round(size / (1 << 20), 1))


def _agreement(lang: str, terms: Mapping[str, Any]) -> str:
    said = [settlement_label(f"{setting}:{terms[setting]}", lang) for setting in _SETTINGS if terms.get(setting)]
    if terms.get("tariff"):
        said.append(field_label(lang, "tariff"))
    if terms.get("notice_days") is not None:
        said.append(f"{field_label(lang, 'notice_days')} {terms['notice_days']}")
    said += [f"{field_label(lang, f'effective_{end}')} {terms[end]}" for end in ("from", "to") if terms.get(end)]
    return f"{_code_label(lang, 'networks', terms['network'])}: {', '.join(said)}"


def _code_label(lang: str, kind: str, code: str) -> str:
    known = getattr(load_codes(), kind).get(code)
    return known.label(lang) if known else code
