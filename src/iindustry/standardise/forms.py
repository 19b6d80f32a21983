"""What stands around a name: branch, manager, legal form, country. Tables in the order in which they are used.

Branch before form (`… จำกัด สาขา 2` would hide its form), form before country before core (LINKAGE section 4.1; T9, T11,
T19, T31, T41). Texts are already in one spelling (`spelling.CLEAN`).
Invariant: a step cuts at an end or at a bracket, never inside a name; what is left may be empty and is then no name.
"""

from __future__ import annotations

from iindustry.standardise.rewriting import Rewrite, Step

_RANK = r"(?:ว่าที่ ?)?(?:พล|พ|ร|ด|ส|จ)\. ?(?:ส\. ?)?(?:ต|ท|อ)\.(?: ?(?:ต|ท|อ)\.)?(?: ?หญิง)?|ว่าที่ร้อย(?:ตรี|โท|เอก)(?: ?หญิง)?"
TITLE = rf"(?:นางสาว|นาง|นาย|น\. ?ส\.?|นส\.|ด\. ?ช\.|ด\. ?ญ\.|เด็กชาย|เด็กหญิง|ม\. ?ล\.|ม\. ?ร\. ?ว\.|{_RANK}|mr\.?|mrs\.?|ms\.?|miss)"

NO_NAME: tuple[Step, ...] = (
    Rewrite(r"^\(?บุคคลธรรมดา.*$|^.*\( *ปกปิด.*$|^ปกปิด.*$", ""),
    Rewrite(r"^\(?(?:ไม่ระบุ|ไม่มี|ไม่ทราบ|ไม่ปรากฏ)(?:ชื่อ|ข้อมูล)?[^ ]{0,12}\)?$|^[x*. -]+$|^(?:n/a|nan|none|null)$", ""),
)
"""A masked person (T41) and words that say that there is no name."""

_THAI_WORD = "[ก-ฮเ-ไ][ก-ฮะ-ฺเ-๎]+"
_TWO_WORDS = rf"{_THAI_WORD} +(?:ณ *)?{_THAI_WORD}"
_KHUN = rf"คุณ *{_TWO_WORDS}"
COUNTRY_IN_BRACKETS = Rewrite(r" *\( *(?:ประเท[ศสษ] ?[ไใ]ทย|ไทยแลนด์|ปทท\.?|thailand|คณะบุคคล) *\) *", " ")
TAILS: tuple[Step, ...] = (
    Rewrite(rf"^({TITLE} *{_TWO_WORDS}|{_KHUN}) *\(.*\) *$", "${1}"),
    Rewrite(rf"(จำกัด.*?|หุ้นส่วน.*?|หจก.*?|บจก.*?) *\(? *โดย *(?:{TITLE}|คุณ).*$", "${1}"),
    Rewrite(rf"^(.+?) *\( *(?:โดย *)?{TITLE}[^)]*\) *$", "${1}"),
    Rewrite(rf"^(.+?) *\( *(?:โดย *)?{_KHUN} *\) *$", "${1}"),
    Rewrite(rf"^(.{{3,}}?)[ (]+โดย *(?:{TITLE}|คุณ) *[ก-ฮเ-ไ].*$", "${1}"),
    Rewrite(rf"^(.{{3,}}?)[ (]+โดย +{_TWO_WORDS}[ )]*$", "${1}"),
    Rewrite(r"^(.+?) *\( *(?:ชื่อ)?เดิม *(?:ชื่อ)? *[^)]+\)? *$", "${1}"),
    COUNTRY_IN_BRACKETS,
    Rewrite(r"^[^()บห][^()]+\( *((?:บริษัท|ห้างหุ้นส่วน|[บห]จก)[ฯ .]*[^()]{8,}?) *\)? *$", "${1}"),
    Rewrite(r"^\( *([^()]+?) *\)$", "${1}"),
    Rewrite(r"(จำกัด|จก\.)[ .,]*\(? *มหาชน *\)?", "${1}มหาชน"),
    Rewrite(r"^[ .,;:*-]+|[ ,;:*-]+$", ""),
)
"""A shop in brackets behind its owner's name, the manager's name at the end of a company's (T19), an earlier name behind this one, the country in brackets, a company in brackets behind what
its works are called, brackets around the whole, and stray signs at both ends.

`จำกัด (มหาชน)` becomes one word, so that what stands after it can be told from it.
"""

_HEAD_OFFICE = r"^(.+?)(?:[ (,-]*(?:สำนักงานแห่งใหญ่|สำนักงานใหญ่|สนญ\.?|head ?office|headquarters?)[ )]*)+$"
_BRANCH_NUMBER = (
    r"^(.+?)[ (,-]*(?:สาขา *(?:แห่งที่|ลำดับที่|เลขที่|ที่)?|branch *(?:no\.?|number)?) *[.:]? *0*([0-9]{1,5})[ )]*(.*)$"
)
_PLANT_NUMBER = r"^(.+?)[ (,-]*(?:โรงงาน *(?:แห่งที่|ลำดับที่|ที่)?|plant|factory) *(?:no\.?)? *0*([0-9]{1,3})[ )]*$"
_BRANCH_NAME = r"^(.+?) *\( *สาขา *([^()0-9]{2,40}) *\) *(.*)$"
_UNIT_BEFORE = r"^([^ ].*?) +(บริษัท +[^ ].* จำกัด.*)$"
_UNIT_AFTER = r"^((?:บริษัท|บจก|บมจ|บจ|บ\.).+?(?: จำกัด|จำกัดมหาชน))[ (,-]+(?:สาขา|โรงงาน)? *([^ ()][^()]{0,60})\)?$"
_UNIT_AFTER_EN = r"^(.+(?:co\.?,? ?ltd\.?|company limited|limited)) +(?:\( *)?branch *([^()0-9]{2,40}?)[ )]*$"
BRANCHES: tuple[tuple[str, int, str], ...] = (
    (_HEAD_OFFICE, 0, "0"), (_BRANCH_NUMBER, 2, ""), (_PLANT_NUMBER, 2, "f"), (_BRANCH_NAME, 2, ""), (_UNIT_AFTER, 2, ""),
    (_UNIT_BEFORE, 1, ""), (_UNIT_AFTER_EN, 2, ""),
)  # fmt: skip
"""Pattern, group that names the branch (0: none), what stands before it."""

CUT_BRANCH: tuple[Step, ...] = (
    Rewrite(_HEAD_OFFICE, "${1}"),
    Rewrite(_BRANCH_NUMBER, "${1} ${3}"),
    Rewrite(_PLANT_NUMBER, "${1}"),
    Rewrite(_BRANCH_NAME, "${1} ${3}"),
    Rewrite(_UNIT_AFTER, "${1}"),
    Rewrite(_UNIT_BEFORE, "${2}"),
    Rewrite(_UNIT_AFTER_EN, "${1}"),
    Rewrite(r"^([^()]*[ก-ฮ][^()]*?) *\( *[a-z][a-z0-9 .,&-]{3,}\) *$", "${1}"),
    Rewrite("^ +| +$", ""),
)
BRANCH_OF_BARE = r"^(.+?)[ (-]+สาขา *([^() 0-9][^()]{1,40})\)?$"
"""A named branch behind a name without a legal form: looked for when the form is gone."""
OPEN_AT_THE_END = ("none", "shop", "lp", "op")
"""Forms that have no word at their end: behind one that has (`… สาขาชลบุรี จำกัด`) a branch belongs to the name."""
MAY_CLOSE = ("co", "plc")
CLOSED = r"(?:จำกัด|จก\.?|มหาชน|l[it]+d\.?|limited|inc\.?|corp\.?|plc\.?|[ (][บห]จก\.?)[ .)]*$"
"""Forms that may have a word at their end, and that word: `บจก. … สาขาชลบุรี` has none."""
CUT_BRANCH_OF_BARE: tuple[Step, ...] = (Rewrite(BRANCH_OF_BARE, "${1}"),)

_NO_PERSON = "จำกัด|บริษัท|หุ้นส่วน|การช่าง|การค้า|เซอร์วิส|พาณิชย์|เฟอร์นิเจอร์|ก่อสร้าง|ร้าน|โรงงาน"
_NOBODY = "ภาพ|ธรรม|ค่า|วุฒิ|ประโยชน์|สมบัติ|หญิง|แม่|พ่อ|ยาย|ย่า|ปู่|ป้า|ลุง|น้า|หมอ|ครู|พระ"
"""What begins with คุณ and is a word (คุณภาพ) or what somebody is called (คุณแม่), not คุณ before a person's name."""
FORMS: tuple[tuple[str, str], ...] = (
    ("plc", r"^บมจ[. ]|^บ\. ?ม\. ?จ\.|จำกัด[ .,]*\(? *มหาชน|\( *มหาชน *\)|มหาชน ?จำกัด|public +(?:company|co\.?)|[ ,]p\.? ?c\.? ?l\.?$|[ ,]plc\.?$"),
    ("lp", r"^ห้าง ?หุ้นส่วน ?จำกัด|^ห\. ?จ\. ?ก|^หจก|^หจ[. ]|[ (]หจก\.?[ )]*$|(?:limited|ltd\.?)[ ,]*part|[ ,]l\.p\.$"),
    ("op", r"^ห้าง ?หุ้นส่วน ?สามัญ|^ห\. ?ส\. ?[นม]\.|^หส[นม]?[. ]|ordinary +part"),
    ("lp", r"^ห้าง ?หุ้นส่วน|^ห้าง ?ฯ"),
    ("jv", r"^กิจการ ?(?:ร่วมค้า|ค้าร่วม)|joint +venture|[ ,(]consortium"),
    ("coop", r"^(?:ชุมนุม)?สหกรณ์|co-?operative"),
    ("co", r"^บริษัท|^บจก|^บ\. ?จ\. ?ก|^บจ[. ]|จำกัด[ .)]*$|จก\.$| จก$|[ (]บจก\.?[ )]*$|[ ,]บริษัท$|[ ,.)]co[., ]+l[it]+d|company[ ,]+limited|[ .,)](?:ltd|inc|corp|llc)\.?$|[ ,)](?:limited|corporation|co\.)$|^บ\."),
    ("none", rf"^(?:{TITLE}|คุณ).*(?:{_NO_PERSON})|^คุณ(?:{_NOBODY})"),
    ("person", rf"^{TITLE} *{_TWO_WORDS}|^(?:mr\.?|mrs\.?|ms\.?|miss) +[^ ]+ +[^ ]+|^ว่าที่[^ ]* +[^ ]+ +[^ ]+|^{_KHUN}$"),
    ("shop", "^ร้าน|[ -]shop$"),
)  # fmt: skip
"""Legal form by the first pattern that meets; `none` where none does."""

_JOINT = r"กิจการ ?(?:ร่วมค้า|ค้าร่วม)"
_PREFIX = (
    r"บริษัท ?(?:มหาชน ?จำกัด|จำกัด ?\(? ?มหาชน ?\)?|จำกัด |ฯ)?",
    r"บ\. ?ม\. ?จ\.|บมจ[. ]",
    r"บ\. ?จ\. ?ก\.|บจก\.?|บจ[. ]",
    r"บ\.(?: ?จำกัด )?|บ ",
    r"ห้าง ?หุ้นส่วน ?(?:จำกัด|สามัญ ?นิติบุคคล|สามัญ ?จดทะเบียน|สามัญ)?|ห้าง ?ฯ|ห้าง ",
    r"ห\. ?จ\. ?ก\.|หจก\.?|หจ[. ]",
    r"ห\. ?ส\. ?[นม]\.|หส[นม]?[. ]",
    _JOINT,
)
_SUFFIX = (
    r"[ ,]*(?:จำกัด|จก\.?)[ .,]*\(? *มหาชน *\)?[ .]*$",
    r"[ ,]*\( *มหาชน *\)[ .,]*(?:จำกัด|จก\.?)?[ .]*$",
    r"[ ,]*มหาชน ?จำกัด[ .]*$",
    r"[ ,(]*จำกัด[ .,)]*(?:บริษัท|ห้างหุ้นส่วน)?$",
    r"(?: จก\.?|จก\.)[ .]*$",
    r"[ )]จำ(?:กั?)?[ .]*$",
    r"[ ,(]+(?:บจก|หจก|บมจ)\.?[ )]*$",
    r"[ ,]+(?:บริษัท|ห้างหุ้นส่วน)(?: ?จำกัด)?$",
    r"[ ,]+public +(?:company|co\.?)[ ,]*(?:limited|l[it]+d\.?)?[ .]*$",
    r"[ ,]+(?:company|co)[ .,]*(?:limited|l[it]+d)[ .]*$",
    r"[ ,]+(?:registered +)?ordinary +part(?:nership|\.)?$",
    r"[ ,]+(?:limited|ltd\.?)[ ,]+part(?:nership|\.)?[ .]*$",
    r"[ ,]+(?:limited|l[it]+d|inc|corporation|corp|plc|p\.? ?c\.? ?l|llc|l\.p|company|co)[ .]*$",
)
CUT_COUNTRY: tuple[Step, ...] = (
    Rewrite(r"([^ ง]|[^ ่]ง) *(?:ประเท[ศสษ][ไใ]ทย|ไทยแลนด์| thailand) *$", "${1}"),
    Rewrite("^ | $", ""),
)
"""The country is cut in brackets or at the end only, and not behind แห่ง: cut anywhere, `ไทยแลนด์ ฟู้ด` loses a word."""

CUT_FORM: tuple[Step, ...] = (
    Rewrite(rf"^(?:{'|'.join(_PREFIX)})[ .]*(?:{_JOINT} *)?", ""),
    Rewrite("|".join(_SUFFIX), ""),
)
CUT_PERSON: tuple[Step, ...] = (Rewrite(rf"^(?:{TITLE}|คุณ) *([^ ].*)$", "${1}"),)
