"""Facilities of OpenStreetMap: six sets with the same tags under differing column names (licence: ODbL)."""

import re
from collections.abc import Iterable, Iterator

from demo.convert.cleaning import (
    coordinate,
    join_address,
    phones,
    proper_case,
    split_scripts,
    tidy,
    web_address,
    without_lost_letters,
)
from demo.convert.form import Raw, Row, listing, opening_hours, stable_id
from demo.convert.words import specialties_said, type_said
from geodata.text import script_of

_ISO3 = {
    "DZA": "DZ", "NGA": "NG", "MAR": "MA", "COD": "CD", "CIV": "CI", "CMR": "CM",
    "KEN": "KE", "GHA": "GH", "SEN": "SN", "EGY": "EG", "AGO": "AO",
}  # fmt: skip
# The language of a name in Latin letters; where two are usual (CM), none is claimed.
_LATIN_LANGUAGE = {
    "DZ": "fr", "MA": "fr", "CD": "fr", "CI": "fr", "SN": "fr", "AO": "pt", "NG": "en", "KE": "en", "GH": "en",
}  # fmt: skip

TYPES = {
    "pharmacy": "pharmacy",
    "dispensory": "pharmacy",
    "hospital": "hospital",
    "clinic": "clinic",
    "doctors": "clinic",  # what is left of them carries the name of an establishment, not of a person
    "doctor": "clinic",
    "centre": "health_centre",
    "dentist": "dentist",
    "laboratory": "laboratory",
    "optometrist": "optician",
    "physiotherapist": "physiotherapist",
    "birthing_center": "maternity",
    "blood_donation": "blood_bank",
    "rehabilitation": "rehabilitation_centre",
    "nursing_home": "nursing_home",
}

# `healthcare:speciality` as mappers write it, folded; what is not here is not a specialty (or not readable).
SPECIALTIES = {
    "general": "general_practice", "community": "general_practice", "primary care": "general_practice",
    "medecine generale": "general_practice", "urgent care": "emergency_medicine", "emergency": "emergency_medicine",
    "emergency medicine": "emergency_medicine", "trauma": "emergency_medicine",
    "paediatrics": "paediatrics", "pediatrics": "paediatrics", "infant": "paediatrics",
    "gynaecology": "obstetrics_gynaecology", "ginecologia": "obstetrics_gynaecology",
    "abortion": "obstetrics_gynaecology",
    "obstetrics": "obstetrics_gynaecology", "obstetricia": "obstetrics_gynaecology",
    "maternity": "obstetrics_gynaecology",
    "servicos de parto": "obstetrics_gynaecology",
    "consultas pre natais": "obstetrics_gynaecology", "midwifery": "midwifery",
    "fertility": "fertility", "family planning": "family_planning", "planeamento familiar": "family_planning",
    "cardiology": "cardiology", "ecg": "cardiac_testing", "cardiac surgery": "cardiac_surgery",
    "cardiothoracic surgery": "cardiac_surgery", "surgery": "general_surgery", "general surgery": "general_surgery",
    "chirugie generale": "general_surgery", "laparoscopic surgery": "general_surgery",
    "vascular suregery": "vascular_surgery", "paediatric surgery": "paediatric_surgery",
    "transplant": "transplant_surgery",
    "ophthalmology": "ophthalmology", "ophtalmology": "ophthalmology", "eyes": "ophthalmology",
    "optometry": "optometry", "opticien": "optometry", "radiology": "radiology", "xray": "x_ray",
    "diagnostic radiology": "radiology", "echography": "ultrasound", "echographie": "ultrasound",
    "radiotherapy": "radiation_oncology", "psychiatry": "psychiatry", "psychiatre": "psychiatry",
    "child psychiatry": "child_psychiatry", "dentist": "dentistry", "dentistry": "dentistry",
    "orthodontics": "orthodontics", "prosthodontics": "prosthodontics", "implantology": "dental_implants",
    "paroddontologie": "periodontics", "parodontie": "periodontics",
    "dental oral maxillo facial surgery": "oral_maxillofacial_surgery", "internal": "internal_medicine",
    "internal medicine": "internal_medicine", "internist": "internal_medicine",
    "endocrinology": "endocrinology", "endocrinologie diabetologie": "endocrinology", "dermatology": "dermatology",
    "urology": "urology", "urologie": "urology", "neurology": "neurology", "neurosurgery": "neurosurgery",
    "orthopaedics": "orthopaedics", "orthopedics": "orthopaedics", "orthopaedic": "orthopaedics",
    "pulmonology": "pulmonology", "chest": "pulmonology", "pneumo phtisiologue": "pulmonology",
    "tuberculose": "tuberculosis_care",
    "nephrology": "nephrology", "nephrologie": "nephrology", "hemodialyse": "dialysis",
    "oncology": "oncology", "breast cancer": "oncology", "pathology": "pathology", "clinical pathology": "pathology",
    "biology": "laboratory_medicine", "laboratorio": "laboratory_medicine", "analyse de sang": "laboratory_medicine",
    "physiotherapy": "physiotherapy", "kinesitherapie": "physiotherapy", "physiatry": "physical_medicine",
    "rehabilitation": "physical_medicine", "rehabiliation": "physical_medicine", "reducation": "physical_medicine",
    "otolaryngology": "ent", "otorhinolaryngology": "ent", "ent": "ent",
    "chiropractic": "chiropractic", "osteopathy": "osteopathy", "acupuncture": "acupuncture",
    "haematology": "haematology", "blood": "haematology", "gastroenterology": "gastroenterology",
    "hepato gastroenterologie": "gastroenterology", "maladie digestif": "gastroenterology",
    "des voies digestive": "gastroenterology", "infectious diseases": "infectious_diseases",
    "fever": "infectious_diseases", "anaesthetics": "anaesthesiology", "anaesthesiology": "anaesthesiology",
    "rheumatology": "rheumatology", "rhumatologue": "rheumatology", "allergology": "allergy_immunology",
    "intensive": "intensive_care",
    "orthophonist": "speech_therapy", "sleep": "sleep_medicine", "vaccination": "vaccination",
}  # fmt: skip

_TITLE = re.compile(r"\b(dr|docteur|doctor|dc|prof)\b|دكتور|الحكيم|(^|\s)د\s*[./]", re.IGNORECASE)
_ESTABLISHMENT = re.compile(r"hospital|clini|h[oô]pital|centre|memorial|pharm|مستشف", re.IGNORECASE)
_VETERINARY = re.compile(r"veterin|v[eé]t[eé]rin|بيطر|\bvet\b", re.IGNORECASE)


def _specialties(tag: str, name: str) -> list[str]:
    from_tag = [SPECIALTIES.get(" ".join(re.split(r"[_\W]+", word.lower())).strip()) for word in re.split("[;,]", tag)]
    return [code for code in from_tag if code] + list(specialties_said(name))


def _type(tags: tuple[str, ...], name: str) -> str:
    """From the name when it says more than the tag: a "doctors" named Laboratoire is a laboratory."""
    tagged = next((TYPES[tag] for tag in tags if tag in TYPES), "clinic")
    return tagged if tagged in ("pharmacy", "optician", "blood_bank") else type_said(name, tagged)


def _is_of_use(name: str) -> bool:
    """Not a person's practice (nobody's name is shown that the public does not know), not a veterinary."""
    personal = _TITLE.search(name) and not _ESTABLISHMENT.search(name)
    return len(name) > 2 and not personal and not _VETERINARY.search(name)


def _shared(name: str, tags: tuple[str, ...], speciality: str, country: str) -> Row:
    """The columns that name, tags and country give."""
    main, local = split_scripts(name)
    language = {"Arab": "ar", "Latn": _LATIN_LANGUAGE.get(country, "")}.get(script_of(main), "")
    kind = _type(tags, name)
    specialties = [] if kind in ("pharmacy", "optician", "laboratory") else _specialties(speciality, name)
    return listing(
        name=proper_case(main),
        name_local=local,
        name_lang=language,
        type=kind,
        specialties=specialties,
        country=country,
    )


def _reached(raw: Raw) -> Row:
    """Where it is and how it is reached, where a set has the tags under their plain names."""
    return listing(
        phone=phones(raw["phone"]),
        website=web_address(raw["website"]),
        hours=opening_hours(raw["opening_hours"]),
        lat=coordinate(raw["lat"]),
        lon=coordinate(raw["lon"]),
    )


def convert_africa(rows: Iterable[Raw]) -> Iterator[Row]:
    """healthsites.io, eleven countries; several Arabic and French names share one field."""
    for raw in rows:
        name = without_lost_letters(raw["name"])
        if not _is_of_use(name) or raw["operational_status"] in ("closed", "non_operational"):
            continue
        tags = (raw["healthcare"].strip('"').split(";")[0], raw["amenity"])
        if raw["amenity"] in ("pharmacy", "hospital"):
            tags = tags[::-1]
        yield (
            listing(external_id=f"{raw['osm_type']}-{raw['osm_id']}")
            | _shared(name, tags, raw["speciality"], _ISO3[raw["iso3c"]])
            | listing(
                address=tidy(raw["addr_full"]),
                phone=phones(raw["contact_number"]),
                website=web_address(raw["url"]),
                lat=coordinate(raw["lat"]),
                lon=coordinate(raw["lon"]),
                hours=opening_hours(raw["opening_hours"]),
            )
        )


def convert_philippines(rows: Iterable[Raw]) -> Iterator[Row]:
    """Pharmacies, half of them branches of chains; the branch, where told, belongs to the name."""
    for raw in rows:
        name = raw["name"] or raw["official_name"] or raw["name:en"] or raw["brand"]
        name = proper_case(re.sub(r"\s*\[.*?\]", "", without_lost_letters(name)))
        if not name or raw["operational_status"] == "closed":
            continue
        branch = tidy(raw["branch"])
        if branch and branch.lower() not in name.lower():
            name = f"{name} – {branch}"
        yield listing(
            external_id=f"osm-{raw['OSM_ID']}",
            name=name,
            type="pharmacy",
            country="PH",
            address=join_address(
                raw["addr:housename"], f"{raw['addr:housenumber']} {raw['addr:street']}", raw["addr:barangay"]
            ),
            postal_code=tidy(raw["addr:postcode"]),
            city=tidy(raw["addr:city"] or raw["addr:town"] or raw["addr:municipality"]),
            region=tidy(raw["addr:province"]),
            phone=phones(";".join((raw["phone"], raw["contact:phone"], raw["mobile"], raw["contact:mobile"]))),
            website=web_address(raw["website"] or raw["contact:website"]),
            hours=opening_hours(raw["opening_hours"]),
            lat=coordinate(raw["Latitude"]),
            lon=coordinate(raw["Longitude"]),
        )


def convert_rabat(rows: Iterable[Raw]) -> Iterator[Row]:
    """Rabat and its neighbours: pharmacies, clinics, laboratories, opticians, dentists, a blood bank."""
    kind_of_file = {"opticiens2": "optometrist", "laboratories2": "laboratory", "transfusion2": "blood_donation",
                    "dentists2": "dentist", "pharmacies": "pharmacy"}  # fmt: skip
    for raw in rows:
        name = without_lost_letters(raw["name"])
        if not _is_of_use(name):
            continue
        tags = (kind_of_file.get(raw["file"], raw["healthcare"]), raw["amenity"])
        row = _shared(name, tags, raw["speciality"], "MA")
        other = tidy(without_lost_letters(raw["name:ar"] if row.get("name_lang") != "ar" else raw["name:fr"]))
        if other and script_of(other) != script_of(row["name"]):
            row["name_local"] = other
        street = split_scripts(without_lost_letters(tidy(raw["adresse"]) or tidy(raw["addr_stree"])))[0]
        yield (
            listing(external_id=stable_id(raw["file"], raw["name"], raw["lon"], raw["lat"]))
            | row
            | listing(
                address=" ".join(filter(None, (tidy(raw["housenumber"]), street))),
                postal_code=tidy(raw["postcode"]),
                city=split_scripts(without_lost_letters(raw["city"]))[0],
            )
            | _reached(raw)
        )


# A name that says no more than what it is.
_NOTHING_SAID = re.compile(
    r"(the )?(clinic|hospital|dispensary|pharmacy|pharmacie|hôpital|صيدلية|مستشفى)", re.IGNORECASE
)
_PHARMACY = re.compile(r"pharm|drug|صيدل|farma|apothe|multi|benu|lloyds|familia|officin", re.IGNORECASE)


def convert_duty_stations(rows: Iterable[Raw]) -> Iterator[Row]:
    """Cities where members serve: Amman, Brussels, Bunia, Cairo, Dakar, Hanoi, Juba, Kathmandu, Kinshasa and others."""
    for raw in rows:
        name = without_lost_letters(raw["name"])
        if not _is_of_use(name) or _NOTHING_SAID.fullmatch(name):
            continue
        row = _shared(name, (raw["healthcare"], raw["amenity"]), raw["speciality"], raw["country"])
        other = without_lost_letters(raw["name_other"])
        if row["type"] == "pharmacy" and not _PHARMACY.search(f"{name} {other}"):
            continue  # often the name of its owner and nothing else
        if other and script_of(other) != script_of(row["name"]):
            row["name_local"] = other
        yield (
            listing(external_id=stable_id(raw["set"], raw["id"], raw["name"], raw["lon"], raw["lat"]))
            | row
            | listing(
                address=" ".join(filter(None, (tidy(raw["housenumber"]), tidy(raw["street"])))),
                postal_code=tidy(raw["postcode"]),
                city=tidy(raw["city"]),
            )
            | _reached(raw)
        )


def convert_niort(rows: Iterable[Raw]) -> Iterator[Row]:
    """Niort: the source calls hearing shops and laboratories doctors, and gives outlines for points."""
    for raw in rows:
        name, tags = tidy(raw["name"]), ({"pharmacy": "pharmacy", "hospital2": "hospital"}.get(raw["file"], "doctors"),)
        if not _is_of_use(name):
            continue
        row = _shared(name, tags, "", "FR") | {"name_lang": "fr"}
        if name.startswith("Audition"):
            row["type"] = "hearing_aid_centre"
        yield (
            listing(external_id=stable_id(raw["id"], raw["name"]))
            | row
            | listing(
                address=" ".join(filter(None, (tidy(raw["housenumber"]), tidy(raw["street"])))),
                postal_code=tidy(raw["postcode"]),
                city=tidy(raw["city"]) or "Niort",
            )
            | _reached(raw)
        )
