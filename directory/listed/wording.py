"""What stands above a list and over its columns, in the reader's language."""

from dataclasses import dataclass
from datetime import date

from config.languages import LANGUAGES
from directory.listed.stamp import Stamp
from directory.vocabulary.codes import load_codes
from directory.wording import formats
from directory.wording.catalogue import phrase
from geodata.countries import country_name
from geodata.gazetteer import get_gazetteer


@dataclass(frozen=True, slots=True)
class Heads:
    """A list's title, its legend, its stamp and its columns."""

    title: str
    legend: tuple[str, str, str]
    stamped: tuple[str, ...]
    columns: tuple[str, ...]
    right_to_left: bool

    @property
    def above(self) -> tuple[str, ...]:
        """All that is read before the first row."""
        legend = (f"{number} = {said}" for number, said in enumerate(self.legend, 1))
        return (self.title, *self.stamped, *legend)


def build_heads(stamp: Stamp, lang: str, address: str) -> Heads:
    """The words of a list. `address`: of the page that checks its code."""
    return Heads(
        title=title_of(stamp, lang),
        legend=legend_of(lang),
        stamped=(
            phrase(lang, "list.as_of", day=day_of(stamp.day, lang), rows=rows_of(stamp.state.rows, lang)),
            phrase(lang, "list.check_at", address=address),
        ),
        columns=(phrase(lang, "list.name"), phrase(lang, "list.address"), phrase(lang, "list.place"), "1", "2", "3"),
        right_to_left=LANGUAGES[lang].direction == "rtl",
    )


def title_of(stamp: Stamp, lang: str) -> str:
    """Whose list it is: of a city or a country, and of which networks."""
    wanted = stamp.wanted
    where = country_name(wanted.country, lang)
    if wanted.place is not None and (place := get_gazetteer().place(wanted.place)):
        where = f"{place.name_in(lang)}, {where}"
    title = phrase(lang, "list.title", place=where)
    networks = [load_codes().networks[code].label(lang) for code in wanted.networks if code in load_codes().networks]
    return f"{title} – {', '.join(networks)}" if networks else title


def legend_of(lang: str) -> tuple[str, str, str]:
    """What the three columns say."""
    return phrase(lang, "list.consultations"), phrase(lang, "list.stays"), phrase(lang, "list.tariff")


def rows_of(rows: int, lang: str) -> str:
    """ "1,234 providers"."""
    return phrase(lang, "members.found", count=rows)


def day_of(day: date, lang: str) -> str:
    """The day of a list."""
    return formats.date(lang, day)
