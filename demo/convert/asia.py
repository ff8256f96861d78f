"""India, China, Hong Kong, Japan and Korea; Ghana's register is here beside India's, its shape is the same."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from demo.convert.cleaning import coordinate, join_address, phones, proper_case, split_scripts, tidy
from demo.convert.form import Raw, Row, listing, stable_id
from demo.convert.words import specialties_said, type_said

_GHANA_TYPES = {
    "clinic": "clinic", "polyclinic": "clinic", "centre": "health_centre", "others": "clinic",
    "health centre": "health_centre", "chps": "health_post", "cphs": "health_post", "rch": "health_centre",
    "maternity home": "maternity", "hospital": "hospital", "district hospital": "hospital",
    "regional hospital": "hospital",
    "municipal hospital": "hospital", "metropolitan hospital": "hospital", "teaching hospital": "hospital",
    "psychiatric hospital": "hospital",
}  # fmt: skip
GHANA_TYPES = frozenset(_GHANA_TYPES.values())

# Departments as Hokkaido's register abbreviates them (内 is 内科); whole names are found without their 科.
HOKKAIDO_SPECIALTIES = {
    "内": "internal_medicine", "総合診療": "general_practice", "外": "general_surgery", "整": "orthopaedics",
    "整外": "orthopaedics",
    "整形外": "orthopaedics", "リハ": "physical_medicine", "リハビリテーション": "physical_medicine",
    "麻": "anaesthesiology",
    "消化器内": "gastroenterology", "消": "gastroenterology", "消内": "gastroenterology", "胃": "gastroenterology",
    "胃腸内": "gastroenterology", "胃内": "gastroenterology", "肝臓内": "gastroenterology",
    "内視鏡内": "endoscopy",
    "循環器内": "cardiology", "循": "cardiology", "循内": "cardiology", "心臓内": "cardiology",
    "循環器": "cardiology",
    "心臓血管内": "cardiology", "心血管内": "cardiology", "小": "paediatrics", "小児": "paediatrics",
    "精": "psychiatry",
    "神": "psychiatry", "神経精神": "psychiatry", "精神神経": "psychiatry", "精神": "psychiatry",
    "老年精神": "psychiatry",
    "心内": "psychiatry", "心療内": "psychiatry", "児童精神": "child_psychiatry",
    "小児精神": "child_psychiatry", "児童思春期精神": "child_psychiatry", "放": "radiology",
    "放射線診断": "radiology",
    "放射線": "radiology", "放射線治療": "radiation_oncology", "眼": "ophthalmology", "泌": "urology",
    "皮": "dermatology",
    "皮膚": "dermatology", "皮泌": "dermatology", "脳": "neurosurgery", "脳外": "neurosurgery",
    "脳神経外": "neurosurgery",
    "呼吸器内": "pulmonology", "呼": "pulmonology", "呼内": "pulmonology", "呼外": "thoracic_surgery",
    "呼吸器外": "thoracic_surgery", "胸部外": "thoracic_surgery", "耳": "ent", "耳鼻咽喉": "ent",
    "頭頸部外": "ent", "歯": "dentistry", "小歯": "dentistry", "歯外": "oral_maxillofacial_surgery",
    "歯科口腔外": "oral_maxillofacial_surgery",
    "矯歯": "orthodontics", "矯": "orthodontics", "神内": "neurology", "脳神経内": "neurology", "神経内": "neurology",
    "産婦": "obstetrics_gynaecology", "産": "obstetrics_gynaecology", "婦": "obstetrics_gynaecology",
    "婦人": "obstetrics_gynaecology", "リウ": "rheumatology",
    "リウマチ": "rheumatology", "消化器外": "general_surgery", "消外": "general_surgery",
    "肛門外": "colorectal_surgery",
    "肛外": "colorectal_surgery", "肛": "colorectal_surgery", "大腸外": "colorectal_surgery",
    "大腸": "colorectal_surgery", "心外": "cardiac_surgery",
    "心臓血管外": "cardiac_surgery", "心臓外": "cardiac_surgery", "循環器外": "cardiac_surgery",
    "血管外": "vascular_surgery",
    "形": "plastic_surgery", "形成外": "plastic_surgery", "形外": "plastic_surgery", "美容外": "plastic_surgery",
    "病理診断": "pathology", "病": "pathology", "腎臓内": "nephrology", "人工透析内": "dialysis",
    "人工透析": "dialysis",
    "乳腺外": "breast_surgery", "乳外": "breast_surgery", "糖尿病内": "diabetology", "糖尿病": "diabetology",
    "血液内": "haematology", "血液": "haematology", "緩和ケア内": "palliative_care", "緩和ケア": "palliative_care",
    "腫瘍内": "oncology", "腫瘍外": "oncology", "アレ": "allergy_immunology", "アレルギー": "allergy_immunology",
    "小外": "paediatric_surgery",
    "小児外": "paediatric_surgery", "救急": "emergency_medicine", "救": "emergency_medicine", "老年内": "geriatrics",
    "内分泌内": "endocrinology", "内分泌": "endocrinology", "代謝内": "endocrinology",
    "ペインクリニック内": "pain_medicine",
    "ペインクリニック": "pain_medicine", "新生児内": "neonatology",
    "新生児": "neonatology",
    "感染症内": "infectious_diseases", "臨床検査": "laboratory_medicine",
}  # fmt: skip

# Prefectures and counties that the gazetteer knows by their seat, some of them only in Latin letters.
_SEATS = {
    "兴安盟": "乌兰浩特", "锡林郭勒盟": "锡林浩特", "延边朝鲜族自治州": "延吉", "恩施土家族苗族自治州": "恩施",
    "美兰区": "海口", "楚雄彝族自治州": "楚雄", "西双版纳傣族自治州": "景洪", "大理白族自治州": "大理",
    "德宏傣族景颇族自治州": "芒市", "迪庆藏族自治州": "香格里拉", "海北藏族自治州": "西海镇", "黄南藏族自治州": "同仁",
    "果洛藏族自治州": "玛沁", "海西蒙古族藏族自治州": "德令哈", "昌吉回族自治州": "昌吉", "阿克苏地区": "阿克苏",
    "博尔塔拉蒙古自治州": "博乐", "巴音郭楞蒙古自治州": "库尔勒", "克孜勒苏柯尔克孜自治州": "阿图什",
    "喀什地区": "喀什", "和田地区": "和田", "塔城地区": "塔城", "阿勒泰地区": "阿勒泰", "阿拉善盟": "Bayan Hot",
    "大兴安岭地区": "Jiagedaqi", "红河哈尼族彝族自治州": "Mengzi", "怒江傈僳族自治州": "Liuku",
    "玉树藏族自治州": "Yushu",
    "海南藏族自治州": "Qabqa", "巩义市": "Gongyi", "汝州市": "Ruzhou", "滑县": "Daokou", "仙桃市": "Xiantao",
    "潜江市": "Qianjiang", "屯昌县": "Tuncheng", "昌江县": "Shilu", "乐东县": "Baoyou", "陵水县": "Yelin",
    "保亭县": "Baocheng", "琼中县": "Yinggen",
}  # fmt: skip

# India: (west, south, east, north), degrees. Outside it a geocoder found Milan and Indianapolis instead.
_INDIA = (68.0, 6.5, 97.5, 35.7)

# The gazetteer has no place of these names; their addresses keep them, the city is the whole of Hong Kong.
_UNKNOWN_DISTRICTS = frozenset(
    {
        "NORTH POINT",
        "SHEUNG WAN",
        "CHAI WAN",
        "NGAU TAU KOK",
        "SHEK TONG TSUI",
        "NGAU CHI WAN",
        "AP LEI CHAU",
        "LAI CHI KOK",
    }
)
_NO_CHINESE_NAME = "未有登記中文名稱"  # "no Chinese name registered"
_PERSON_ONLY = re.compile(r"dr\.?\s", re.IGNORECASE)
_HOSPITAL_WORDS = re.compile(
    r"hosp|clinic|nursing|cent|institute|care|home|research|maternity|trust|path|surg", re.IGNORECASE
)


def convert_india(rows: Iterable[Raw]) -> Iterator[Row]:
    """Hospitals: "lat, lon" in one field, the first line of an address, no city (the nearest one is taken)."""
    for raw in rows:
        name = proper_case(raw["Hospital_Name"])
        if not name or (_PERSON_ONLY.match(name) and not _HOSPITAL_WORDS.search(name)):
            continue
        lat, lon = map(coordinate, raw["Location_Coordinates"].split(","))
        west, south, east, north = _INDIA
        if not (south <= float(lat) <= north and west <= float(lon) <= east):
            continue
        yield listing(
            external_id=stable_id(*raw.values()),
            name=name,
            name_lang="en",
            type=type_said(name, "hospital"),
            country="IN",
            specialties=list(specialties_said(name)),
            address=tidy(raw["Address_Original_First_Line"]),
            lat=lat,
            lon=lon,
        )


def convert_ghana(rows: Iterable[Raw]) -> Iterator[Row]:
    """Public and private facilities; offices and training schools are no providers of care and are left out."""
    for raw in rows:
        kind = _GHANA_TYPES.get(tidy(raw["Type"]).lower())
        name = proper_case(raw["FacilityName"])
        nowhere = not (raw["Town"].strip() or coordinate(raw["Latitude"]))
        if not kind or not name or nowhere:
            continue
        yield listing(
            external_id=stable_id(*raw.values()),
            name=name,
            name_lang="en",
            type=kind,
            country="GH",
            specialties=list(specialties_said(f"{name} {raw['Type']}")),
            city=tidy(raw["Town"]),
            region=tidy(raw["Region"]),
            address=join_address(raw["Town"], f"{tidy(raw['District'])} District"),
            lat=coordinate(raw["Latitude"]),
            lon=coordinate(raw["Longitude"]),
        )


def convert_china(rows: Iterable[Raw]) -> Iterator[Row]:
    """Fever clinics of early 2020, without coordinates. Mobile phones are left out: they are people's own."""
    for raw in rows:
        name = re.sub(r"\s+", "", unicodedata.normalize("NFKC", raw["name"]))
        if not name:
            continue
        kind = type_said(name, "hospital")
        numbers = [number for number in phones(raw["tel"].replace("/", ";")) if not re.match(r"1[3-9]\d{9}", number)]
        county = tidy(raw["county"]) if raw["county"] not in (raw["city"], "市区", "市本级", "市直", "市直医院") else ""
        yield listing(
            external_id=stable_id(raw["province"], raw["city"], raw["county"], name, raw["address"]),
            name=name,
            name_lang="zh",
            type=kind if kind in ("health_centre", "clinic") else "hospital",
            specialties=["infectious_diseases", *specialties_said(name)],
            address=tidy(raw["address"]) or county or (tidy(raw["city"]) if raw["city"] in _SEATS else ""),
            city=_SEATS.get(raw["city"], tidy(raw["city"])),
            region=tidy(raw["province"]),
            country="CN",
            phone=[re.sub(r"[—－–一]", "-", number) for number in numbers],
            hours="24/7" if "24" in raw["hours"] else "",
        )


def convert_hongkong(rows: Iterable[Raw]) -> Iterator[Row]:
    """Pharmacies in English capitals and Chinese; what follows "O/B" is the company that operates one."""
    for raw in rows:
        district = raw["district"]
        yield listing(
            external_id=raw["lic"],
            name=proper_case(raw["name"].partition(" O/B ")[0]),
            name_local="" if raw["nameZh"] == _NO_CHINESE_NAME else tidy(raw["nameZh"]),
            name_lang="en",
            type="pharmacy",
            address=proper_case(raw["addr"]),
            country="HK",
            phone=phones(raw["tel"]),
            city="Hong Kong" if district in _UNKNOWN_DISTRICTS else proper_case(district),
        )


def hokkaido_specialties(services: str) -> list[str]:
    """Codes of the departments in a field such as 内|神内|小|リハビリテーション科."""
    words = re.split(r"[|，、,・\s「」（）()]+", unicodedata.normalize("NFKC", services))
    return [code for word in words if (code := HOKKAIDO_SPECIALTIES.get(word.removesuffix("科")))]


def convert_hokkaido(rows: Iterable[Raw]) -> Iterator[Row]:
    """Hospitals of Hokkaido with all their departments."""
    for raw in rows:
        address = tidy(raw["address"])
        place = re.match(r"(?:.+?郡)?(.+?[市町村])", address)
        emergency = ["emergency_medicine"] if raw["emergency"].strip() else []
        yield listing(
            external_id=raw["id"],
            name=tidy(raw["hospital_name"]),
            name_lang="ja",
            type="hospital",
            specialties=hokkaido_specialties(raw["services"]) + emergency,
            address=address,
            postal_code=tidy(raw["postal_num"]),
            city=place[1] if place else "",
            region="北海道",
            country="JP",
            phone=phones(raw["phone_number"]),
            lat=coordinate(raw["latitude"]),
            lon=coordinate(raw["longtitude"]),
        )


def convert_korea(rows: Iterable[Raw]) -> Iterator[Row]:
    """Hospitals with an emergency room; the city is the metropolis, else the second word of the address."""
    for raw in rows:
        words = raw["addr"].split()
        metropolis = bool(words) and words[0].endswith(("특별시", "광역시", "특별자치시"))
        yield listing(
            external_id=raw["hpid"],
            name=split_scripts(re.sub(r"^\((의|재|학|사|복)\)\s*", "", raw["name"]))[0],
            name_lang="ko",
            type="hospital",
            specialties=["emergency_medicine", *specialties_said(raw["name"])],
            address=tidy(raw["addr"]),
            city=words[0] if metropolis else next(iter(words[1:2]), ""),
            region=next(iter(words[:1]), ""),
            country="KR",
            phone=phones(raw["tel"]),
            lat=coordinate(raw["lat"]),
            lon=coordinate(raw["lon"]),
        )
