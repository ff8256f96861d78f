"""Small words, in one table: those that names are written with and without, and those that only join others."""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# In names and in sentences alike, of English, French and Spanish.
_ARTICLES_AND_JOINTS = _words("the and of", "le la les des de du et", "los las y")

# What names of countries are written with and without: "Trinidad & Tobago", "The Gambia". El Salvador is not Salvador.
IN_NAMES_OF_COUNTRIES = _ARTICLES_AND_JOINTS | _words("e und i")

# What joins the words of a search, in any language whose names of houses people type: in "hospital of the nations"
# only two words are looked for.
JOINING = IN_NAMES_OF_COUNTRIES | _words(
    "a al an at for in near on to",
    "d da das del della der di die do dos el en l un una une van von",
    "في من و",
)

# What says nothing in a sentence around everyday words for types and specialties: "doctor for children near me" means
# "children's doctor". Single letters are what an apostrophe leaves behind; the A and the E of "A&E" say something.
NOISE = _ARTICLES_AND_JOINTS | _words(
    "an for in near nearby me my to with best good find",
    "un une pour pres moi chez aux au en qui",
    "el una del para cerca mi con",
    "في من و مع قرب قريب مني عند",
    "s l d n t j m c",
)
