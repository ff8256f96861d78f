"""What a facility's name and kind say, in the languages of the sources: its type and its specialties.

The words are matched in folded text (`geodata.text.fold`), the first pattern that fits gives the type and
every one that fits gives a specialty. A word's beginning is asked for where places have taught it: Denton is no
dentist, Rochester no chest clinic, and Sacred Heart treats more than hearts.
"""

import re
from functools import lru_cache

from geodata.text import fold

# Order matters: "Dental Laboratory" is a laboratory, "Maternité de l'hôpital" a maternity.
_TYPES: tuple[tuple[str, str], ...] = (
    (r"blood (bank|cent)|transfusion|تحاقن", "blood_bank"),
    (r"laborat|\blabo?s?\b|analises clin|biologie medicale|مختبر|مخبر|تحاليل|лаборатор", "laboratory"),
    (r"imag(erie|ing)|radiolog|scanner|scan cent|diagnostic cent|اشعه|للتصوير", "imaging_centre"),
    (r"dialys|dialise|renal cent|غسيل الكلي|تصفيه الدم", "dialysis_centre"),
    (r"\boptic|optiq|optik|بصريات|نظارات", "optician"),
    (r"kinesi|physioth|fisioterap", "physiotherapist"),
    (r"\bdent(al|ist|air|ar|ur)|odonto|stomatolog|اسنان|口腔", "dentist"),
    (r"hospice|palliati", "hospice"),
    (r"(psychiat|mental|behavio|psiqui|精神).*(hospit|病院|医院)|(hospit|hopita|clini).*(psychiat|mental|psiqui)|精神卫生",
     "psychiatric_hospital"),
    (r"(children|kinder|pa?ediatri).*(hospital|klinik|spital)|hopital.*(enfant|pediatri)|儿童医院|مستشفي الاطفال",
     "childrens_hospital"),
    (r"hospital|hopita|ospedale|krankenhaus|klinikum|spital|ziekenhuis|νοσοκομ|مستشف|مشف|病院|병원", "hospital"),
    (r"\bch[ur]?\b|centre hospitalier|\bhgr\b|\beph\b|\bchu\b", "hospital"),
    (r"polyclin|policlin|poliklin|متعدده الخدمات", "polyclinic"),
    (r"maternit|accouche|birthing|امومه|ولاده", "maternity"),
    (r"vaccin|immuni[sz]ation", "vaccination_centre"),
    (r"health (post|hut)|post[oe] (de )?s|cabinet (de soins|infirmier)|case de sante|dispensa"
     r"|infirm|\bps\b|\bchps\b|chips\b|salle de soins?|aid post"
     r"|قاعه (ال)?علاج|مستوصف", "health_post"),
    (r"health cent|centre de s|centro de s|\bphc\b|\bcs[iru]?\b|\bcma\b|epsp|unidade|\bub?s\b|\besf\b|\busf\b"
     r"|health care|healthcare|primary|卫生院|卫生服务|للصحه|صحي|(?<!م)صحه", "health_centre"),
    (r"clini|(centre|center|cabinet) med|medical cent|klinik|klinick|مصحه|عياد|门诊|의원", "clinic"),
    (r"pharma|farmac|chemist|drug ?store|medicine store|صيدل|аптек|药房", "pharmacy"),
)  # fmt: skip

_SPECIALTIES: tuple[tuple[str, str], ...] = (
    (r"cardio|coronar|(?<!sacred )\bheart|\bherz(zent|klin)|(?<!sacre )\bcoeur|قلب|循環器|心血管", "cardiology"),
    (
        r"pa?ediatri|pediatr|children|kinder|enfant|infantil|bambin|child health|اطفال|儿童|妇幼|παιδ|소아|어린이",
        "paediatrics",
    ),
    (
        r"gyn(a?e)?col|ginecol|\bwom[ae]n|frauen|femme|matern|obstet|accouche|birthing|geburt|ostetric|نساء|ولاد|امومه"
        r"|妇产|妇幼|산부인과|여성|μαιευτ",
        "obstetrics_gynaecology",
    ),
    (r"psychiat|psiqui|psichiatr|\bmental|behavio|精神|ψυχ|نفسي|정신", "psychiatry"),
    (r"ophtal|ophthal|oftalm|\beyes?\b|\baugen|\bvision|عيون|眼科|οφθαλμ|안과", "ophthalmology"),
    (r"\borl\b|\bent\b|otorh|otolaryng|\bear nose|\bhno\b|الحنجره|耳鼻", "ent"),
    (r"ortho?pa?ed|ortoped|traumat|bone and joint|\bspine|عظام|骨科|整形外科|정형외과", "orthopaedics"),
    (r"oncolog|cancer|krebs|tumor|اورام|肿瘤|αντικαρκιν", "oncology"),
    (r"rehab|reeduca|rieduca|reha\b|康复|リハビリ|재활", "physical_medicine"),
    (r"dialys|dialise|غسيل الكلي", "dialysis"),
    (r"nephrol|nefrol|kidney|\brenal|الكلي|신장", "nephrology"),
    (r"\bdent(al|ist|air|ar|ur)|zahn|odonto|اسنان|口腔|치과", "dentistry"),
    (r"geriatr|elderly|larga estancia|老年", "geriatrics"),
    (r"\bchest\b|pneumo|pulmo|\blung(s|en)?\b|thora[xc]|tubercul|صدر|胸科|θωρακ", "pulmonology"),
    (r"infectio|传染|fever", "infectious_diseases"),
    (r"dermat|hautklinik|جلدي|皮肤", "dermatology"),
    (r"neurolog|neuro(n|c|z)|اعصاب|脳神経|신경과", "neurology"),
    (r"surg(ery|ical)|chirurg|quirurg|جراح|(?<![形経管器])外科|(?<![형경])외과", "general_surgery"),
    (r"kinesi|physioth|fisioterap", "physiotherapy"),
    (r"diabet|سكري", "diabetology"),
    (r"(?<!ne)urolog|مسالك", "urology"),
    (r"family medicine|general practice|saude da familia|社区卫生|طب عام|generaliste", "general_practice"),
)  # fmt: skip

_TYPE_PATTERNS = [(re.compile(pattern), code) for pattern, code in _TYPES]
_SPECIALTY_PATTERNS = [(re.compile(pattern), code) for pattern, code in _SPECIALTIES]

TYPES_SAID = frozenset(code for _, code in _TYPES)
SPECIALTIES_SAID = frozenset(code for _, code in _SPECIALTIES)


@lru_cache(maxsize=4_096)
def type_said(words: str, otherwise: str) -> str:
    """The code of the type that the words name, else `otherwise`."""
    text = fold(words)
    return next((code for pattern, code in _TYPE_PATTERNS if pattern.search(text)), otherwise)


@lru_cache(maxsize=4_096)
def specialties_said(words: str) -> tuple[str, ...]:
    """The codes of the specialties that the words name, in the table's order."""
    text = fold(words)
    return tuple(code for pattern, code in _SPECIALTY_PATTERNS if pattern.search(text))
