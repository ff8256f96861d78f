"""The reader's language on the public pages: its sentences as safe HTML, and how it writes numbers, days and times."""

from datetime import UTC, date, datetime
from functools import lru_cache, partial

from markupsafe import Markup

from config.languages import LANGUAGES
from directory.wording import formats
from directory.wording.catalogue import markup


def bdi(text: object) -> Markup:
    """Words of a direction of their own, set apart from the sentence around them."""
    return Markup("<bdi>{}</bdi>").format(text)


def phone_link(number: str) -> Markup:
    """A number that is dialled with a tap, written from left to right in any script."""
    return Markup('<a href="tel:{}"><bdi dir="ltr">{}</bdi></a>').format(number.replace(" ", ""), number)


class Words:
    """What templates and views say in one language: `t("members.search")`, `distance(1.4)`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction = LANGUAGES[language].direction
        self.t = partial(markup, language)
        self.number = partial(formats.number, language)
        self.distance = partial(formats.distance, language)
        self.kilometres = partial(formats.kilometres, language)
        self.time = partial(formats.time, language)
        self.weekday = partial(formats.weekday, language)

    def moment(self, at: datetime) -> str:
        """A moment in UTC, and that it is: where its reader is, only the reader knows."""
        told = at.astimezone(UTC)
        date_, time_ = formats.date(self.language, told.date()), self.time(told.hour * 60 + told.minute)
        return str(self.t("frame.moment_utc", date=date_, time=time_))

    def day(self, iso: str) -> str:
        """A calendar day given as `YYYY-MM-DD`."""
        return formats.short_date(self.language, date.fromisoformat(iso))


@lru_cache(maxsize=len(LANGUAGES))
def words_in(language: str) -> Words:
    """The words of one of LANGUAGES."""
    return Words(language)
