"""Eurostat's hospitals of twelve countries, the pharmacies of Lombardy, and a Ukrainian chain of pharmacies."""

import re
from collections.abc import Iterable, Iterator

from demo.convert.cleaning import (
    article_first,
    coordinate,
    join_address,
    mail_address,
    phones,
    proper_case,
    tidy,
    web_address,
)
from demo.convert.form import Raw, Row, listing
from demo.convert.words import specialties_said
from geodata.text import fold

_LANGUAGES = {
    "AT": "de",
    "DE": "de",
    "EL": "el",
    "ES": "es",
    "IE": "en",
    "IT": "it",
    "NL": "nl",
    "PT": "pt",
    "SE": "sv",
}

# Site names that only say "this one" or name the health region.
_NO_SITE = re.compile(r"(haup?t)?standort|krankenhaus|klinik|(ARS|SRS) .*", re.IGNORECASE)

SPECIALTIES = {
    "IM": "internal_medicine", "AN": "anaesthesiology", "KIJU": "paediatrics", "NEU": "neurology",
    "PUL": "pulmonology",
    "NCH": "neurosurgery", "CH": "general_surgery", "HCH": "cardiac_surgery", "KJC": "paediatric_surgery",
    "ORTR": "orthopaedics", "PSY": "psychiatry", "DER": "dermatology", "PCH": "plastic_surgery",
    "TCH": "thoracic_surgery",
    "Urgência Adultos": "emergency_medicine", "Urgência Crianças e Adolescentes": "emergency_medicine",
    "Patologia Clínica": "laboratory_medicine", "Imagiologia - RX convencional": "x_ray",
    "Imagiologia - TC": "ct_scan",
    "Imagiologia - Ecografia": "ultrasound", "Angiografia Digital e RMN": "radiology", "Ortopedia": "orthopaedics",
    "Cirurgia Geral": "general_surgery", "Anestesiologia": "anaesthesiology", "Medicina Interna": "internal_medicine",
    "Pediatria": "paediatrics", "Obstetrícia": "obstetrics_gynaecology", "Cardiologia": "cardiology",
    "Unidade de Cuidados Intensivos - Adultos": "intensive_care",
    "Unidade de Cuidados Intensivos - Neonatais": "neonatology",
    "Unidade de Cuidados Intensivos - Coronários": "intensive_care",
    "Gastroenterologia (com endoscopia)": "gastroenterology",
    "Cardiologia de Intervenção": "cardiology", "Toxicologia": "toxicology",
    "Pneumologia (com endoscopia)": "pulmonology",
    "Neurocirurgia": "neurosurgery", "Cirurgia Vascular": "vascular_surgery", "Oftalmologia": "ophthalmology",
    "Otorrinolaringologia": "ent", "Cirurgia Maxilofacial": "oral_maxillofacial_surgery",
    "Cirurgia Plástica e Reconstrutiva": "plastic_surgery", "Psiquiatria": "psychiatry",
    "Cirurgia Pediátrica": "paediatric_surgery", "Cirurgia Cardiotorácica": "cardiac_surgery", "Urologia": "urology",
    "Cardiologia Pediátrica": "paediatric_cardiology", "Pedopsiquiatria": "child_psychiatry", "Neurologia": "neurology",
    "Estomatologia": "dentistry", "Oncology": "oncology", "Skin Diseases": "dermatology",
    "Obstetrics": "obstetrics_gynaecology",
    "Trauma Rehabilitation": "physical_medicine", "Thoracic Diseases": "pulmonology", "Children's": "paediatrics",
}  # fmt: skip

_KIND_WORDS = (
    (re.compile(r"psychiat|psiqui|mental health", re.IGNORECASE), "psychiatric_hospital"),
    (re.compile(r"children|kinder|infantil|paediatric", re.IGNORECASE), "childrens_hospital"),
    (re.compile(r"buitenpoli|outpatient", re.IGNORECASE), "clinic"),
    (re.compile(r"hospice", re.IGNORECASE), "hospice"),
    (re.compile(r"dental", re.IGNORECASE), "dentist"),
)


def hospital_and_site(hospital: str, site: str) -> str:
    """One name of a hospital and of its site: the fuller when one holds the other, else both."""
    hospital = re.sub(r"^(.+?)\b.*\((\1.*)\)$", r"\2", hospital)  # "SAN ONOFRE, S.L. (SAN ONOFRE)"
    if not site or _NO_SITE.fullmatch(site) or fold(site) in fold(hospital):
        return hospital
    return site if fold(hospital) in fold(site) else f"{hospital} – {site}"


def _readable(text: str) -> str:
    """Italy's rows lost their accents and signs: "CITT\ufffd" was CITTÀ, "N\ufffd 24" was N° 24; others are dropped."""
    text = re.sub(r"(?<=T)\ufffd(?!\w)", "À", re.sub(r"(?<=t)\ufffd(?!\w)", "à", text))
    return proper_case(re.sub(r"(?<=\b[nN])\ufffd", "° ", text).replace("\ufffd", ""))


def _city(text: str) -> str:
    """ "BRUXELLES-19" and "Dublin 4" are post offices, "Sonneberg, Thüringen" says the land as well."""
    city = article_first(proper_case(re.sub(r"(\s*-+|(?<=Dublin) )\d+$", "", text)))
    return city.partition(",")[0]


def convert_eurostat(rows: Iterable[Raw]) -> Iterator[Row]:
    """Hospitals; Spain, Italy and Belgium write capitals, Sweden gives the county for the city."""
    for raw in rows:
        country = {"EL": "GR"}.get(raw["cc"], raw["cc"])
        name = hospital_and_site(_readable(raw["hospital_name"]), _readable(raw["site_name"]))
        if not name:
            continue
        city = _city(raw["city"])
        in_sweden = country == "SE"
        facility = raw["facility_type"]
        listed = [SPECIALTIES[word] for word in map(tidy, re.split("[,;]", raw["list_specs"])) if word in SPECIALTIES]
        poorly_placed = raw["geo_qual"] == "3"
        yield listing(
            external_id=raw["id"],
            name=name,
            name_lang=_LANGUAGES.get(raw["cc"], ""),
            type=next((code for pattern, code in _KIND_WORDS if pattern.search(facility)), "hospital"),
            specialties=listed + list(specialties_said(f"{name} {facility}")),
            address=join_address(" ".join((_readable(raw["street"]), tidy(raw["house_number"])))),
            postal_code=tidy(raw["postcode"]),
            city="" if in_sweden else city,
            region=city if in_sweden else "",
            country=country,
            phone=phones(raw["tel"]),
            email=mail_address(raw["email"]),
            website=web_address(raw["url"]),
            lat="" if poorly_placed else coordinate(raw["lat"]),
            lon="" if poorly_placed else coordinate(raw["lon"]),
        )


def convert_lombardia(rows: Iterable[Raw]) -> Iterator[Row]:
    """Pharmacies in capitals with decimal commas; many leave the word pharmacy out of their name."""
    for raw in rows:
        name = proper_case(re.sub(r"^(FARM\.|F\b\.?)\s*", "FARMACIA ", raw["DESCRIZIONE_FARMACIA"]))
        if not name:
            continue
        city = proper_case(raw["COMUNE"])
        if name == "Farmacia":  # its owner was the rest
            name = f"Farmacia di {city}"
        yield listing(
            external_id=raw["CODICE_FARMACIA"],
            name=name if "farma" in name.lower() else f"Farmacia {name}",
            name_lang="it",
            type="pharmacy",
            address=join_address(proper_case(raw["INDIRIZZO"]), proper_case(raw["FRAZIONE"])),
            postal_code=raw["CAP"],
            city=city,
            region="Lombardia",
            country="IT",
            lat=coordinate(raw["LATITUDINE"]),
            lon=coordinate(raw["LONGITUDINE"]),
        )


def convert_ukraine(rows: Iterable[Raw]) -> Iterator[Row]:
    """Pharmacies known by their number; one has its coordinates swapped and is left so: the import mends it."""
    for raw in rows:
        if "закрит" in raw["streetname2"]:
            continue
        house = tidy(raw["streetname2"].replace("Буд", ""))
        number = tidy(raw["pharmacy_number"])
        street = tidy(raw["streetname"])
        yield listing(
            external_id=raw["id"],
            name=f"Аптека № {number}" if number else f"Аптека, {street} {house}",
            name_lang="uk",
            type="pharmacy",
            address=join_address(street, house),
            postal_code=raw["zipcode"],
            city=re.sub(r"^(м|смт|с)\.\s*", "", tidy(raw["city"])),
            country="UA",
            lat=coordinate(raw["lat"]),
            lon=coordinate(raw["lng"]),
            hours="24/7" if raw["round_the_clock"] == "true" else "",
        )
