"""Hospitals of the United States and their territories, health units of five Brazilian states."""

import re
from collections.abc import Iterable, Iterator

from demo.convert.cleaning import article_first, coordinate, join_address, phones, proper_case, tidy, web_address
from demo.convert.form import Raw, Row, listing, stable_id
from demo.convert.words import specialties_said, type_said

_TERRITORIES = {"USA": "US", "PRI": "PR", "GUM": "GU", "VIR": "VI", "PLW": "PW", "ASM": "AS", "MNP": "MP"}

HIFLD_TYPES = {
    "PSYCHIATRIC": "psychiatric_hospital",
    "CHILDREN": "childrens_hospital",
    "REHABILITATION": "rehabilitation_centre",
}

HIFLD_SPECIALTIES = {
    "PSYCHIATRIC": ("psychiatry",),
    "REHABILITATION": ("physical_medicine",),
    "CHILDREN": ("paediatrics",),
    "WOMEN": ("obstetrics_gynaecology",),
    "GENERAL ACUTE CARE": ("internal_medicine", "general_surgery", "emergency_medicine"),
    "CRITICAL ACCESS": ("general_practice", "emergency_medicine"),
}

# (west, south, east, north) of each state, degrees, with a quarter of a degree to spare. A geocoder sent
# a "Rua Projetada" of Acre to São Paulo: such a point is worth less than the city's.
_STATES = {
    "AC": ("Acre", (-74.25, -11.4, -66.35, -6.85)),
    "AM": ("Amazonas", (-74.05, -10.05, -55.85, 2.5)),
    "DF": ("Distrito Federal", (-48.55, -16.3, -47.05, -15.25)),
    "ES": ("Espírito Santo", (-42.15, -21.55, -39.4, -17.65)),
    "RJ": ("Rio de Janeiro", (-45.15, -23.6, -40.7, -20.5)),
}

# The register is written without accents; these are the words that nearly every name is made of.
_ACCENTS = {
    "Saude": "Saúde", "Familia": "Família", "Basica": "Básica", "Clinica": "Clínica", "Estrategia": "Estratégia",
    "Sao": "São", "Joao": "João", "Jose": "José", "Policlinica": "Policlínica", "Sanitaria": "Sanitária",
    "Antonio": "Antônio",
    "Conceicao": "Conceição", "Municipio": "Município", "Ambulatorio": "Ambulatório", "Modulo": "Módulo",
    "Agua": "Água",
    "Comunitario": "Comunitário", "Brasilia": "Brasília", "Niteroi": "Niterói", "Vitoria": "Vitória",
    "Macae": "Macaé",
    "Goncalo": "Gonçalo", "Patricio": "Patrício", "Estacio": "Estácio", "Sebastiao": "Sebastião",
    "Assuncao": "Assunção",
    "Petropolis": "Petrópolis", "Teresopolis": "Teresópolis", "Medico": "Médico", "Odontologico": "Odontológico",
    "Avancado": "Avançado", "Atencao": "Atenção", "Primaria": "Primária", "Indigena": "Indígena",
    "Estacao": "Estação",
    "Fluvial": "Fluvial", "Igarape": "Igarapé", "Iguacu": "Iguaçu", "Itaborai": "Itaboraí", "Mage": "Magé",
}  # fmt: skip


NEW_YORK_TYPES = {"Off-Campus Emergency Department": "hospital", "Hospice": "hospice"}
_LEGAL_FORM = re.compile(r",? (INC|LLC|L\.L\.C|PC|LTD)\.?$", re.IGNORECASE)


def convert_new_york(rows: Iterable[Raw]) -> Iterator[Row]:
    """Clinics of New York City by the state's register; its hospitals are in HIFLD's list."""
    for raw in rows:
        name = proper_case(_LEGAL_FORM.sub("", tidy(raw["Facility Name"])))
        kind = NEW_YORK_TYPES.get(raw["Description"]) or type_said(name, "clinic")
        yield listing(
            external_id=raw["Facility ID"],
            name=name,
            name_lang="en",
            type=kind,
            specialties=list(specialties_said(name)),
            country="US",
            address=join_address(raw["Facility Address 1"], raw["Facility Address 2"]),
            postal_code=tidy(raw["Facility Zip Code"]),
            city=tidy(raw["Facility City"]),
            region="New York",
            phone=phones(raw["Facility Phone Number"]),
            website=web_address(raw["Facility Website"].split("#")[0]),
            lat=coordinate(raw["Facility Latitude"]),
            lon=coordinate(raw["Facility Longitude"]),
        )


def _accented(text: str) -> str:
    return re.sub(r"[A-Za-z]+", lambda word: _ACCENTS.get(word[0], word[0]), proper_case(text))


def convert_hifld(rows: Iterable[Raw]) -> Iterator[Row]:
    """Hospitals that are open; NOT AVAILABLE and -999 stand for nothing, territories have codes of their own."""
    for raw in rows:
        if raw["STATUS"] != "OPEN":
            continue
        name = article_first(proper_case(raw["NAME"]))
        industry = raw["NAICS_DESC"].partition("(")[0]  # "SPECIALTY (EXCEPT PSYCHIATRIC ...) HOSPITALS"
        yield listing(
            external_id=raw["ID"],
            name=name,
            name_lang="en",
            type=HIFLD_TYPES.get(raw["TYPE"], "hospital"),
            specialties=[*HIFLD_SPECIALTIES.get(raw["TYPE"], ()), *specialties_said(f"{name} {industry}")],
            address=proper_case(raw["ADDRESS"]),
            postal_code=raw["ZIP"],
            city=proper_case(raw["CITY"]),
            region=raw["STATE"],
            country=_TERRITORIES[raw["COUNTRY"]],
            phone=phones(tidy(raw["TELEPHONE"])),
            website=web_address(raw["WEBSITE"]),
            lat=coordinate(raw["LATITUDE"]),
            lon=coordinate(raw["LONGITUDE"]),
        )


def convert_brazil(rows: Iterable[Raw]) -> Iterator[Row]:
    """Primary care of the public service; a point outside the address's state is left out."""
    for raw in rows:
        name = _accented(raw["NOME"])
        state, (west, south, east, north) = _STATES[raw["UF"]]
        lat, lon = coordinate(raw["LATITUDE"]), coordinate(raw["LONGITUDE"])
        if not (lat and lon and south <= float(lat) <= north and west <= float(lon) <= east):
            lat = lon = ""
        registered = raw["CO_CNES"] != "0"
        yield listing(
            external_id=raw["CO_CNES"]
            if registered
            else stable_id(raw["UF"], raw["MUNICIPIO"], raw["NOME"], raw["LOGRADOURO"]),
            name=name,
            name_lang="pt",
            type=type_said(name, "health_centre"),
            specialties=["general_practice", *specialties_said(name)],
            address=join_address(f"{_accented(raw['LOGRADOURO'])} {tidy(raw['NUMERO'])}", _accented(raw["BAIRRO"])),
            postal_code=raw["CEP"] if len(raw["CEP"]) == 9 else "",
            city=_accented(raw["MUNICIPIO"]),
            region=state,
            country="BR",
            lat=lat,
            lon=lon,
        )
