"""Words of a rule's form: operators, answers to a missing fact, what an owner is told, groups; each code of the language has its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.programmes.facts import Words
from iindustry.programmes.tree import Op

if TYPE_CHECKING:
    from collections.abc import Mapping

OP_WORDS: Mapping[Op, Words] = {
    Op.EQ: Words("เท่ากับ", "is"),
    Op.NE: Words("ไม่เท่ากับ", "is not"),
    Op.IN: Words("เป็นหนึ่งใน", "is one of"),
    Op.NOT_IN: Words("ไม่เป็นหนึ่งใน", "is none of"),
    Op.KNOWN: Words("มีข้อมูล", "is known"),
    Op.LT: Words("น้อยกว่า", "is below"),
    Op.LE: Words("ไม่เกิน", "is at most"),
    Op.GT: Words("มากกว่า", "is above"),
    Op.GE: Words("ตั้งแต่", "is at least"),
    Op.BETWEEN: Words("อยู่ระหว่าง", "is between"),
    Op.PREFIX: Words("ขึ้นต้นด้วย", "begins with"),
    Op.HAS_ANY: Words("มีอย่างน้อยหนึ่งใน", "has any of"),
    Op.HAS_ALL: Words("มีครบทุก", "has all of"),
    Op.WITHIN_DAYS: Words("ภายในกี่วันที่ผ่านมา", "is within the last days"),
}
MISSING_WORDS: Mapping[str, Words] = {
    "ask": Words("ถาม (ยังไม่ทราบ)", "ask (unknown)"),
    "fail": Words("ถือว่าไม่ผ่าน", "not met"),
    "assume": Words("ใช้ค่าที่กำหนดแทน (แก้ในข้อความ)", "assume another value (edit the text)"),
}
DISCLOSE_WORDS: Mapping[str, Words] = {
    "": Words("ตามข้อมูล", "as the fact says"),
    "full": Words("บอกค่าและเกณฑ์", "value and threshold are told"),
    "answer": Words("บอกเพียงผ่านหรือไม่ผ่าน", "only met or not met is told"),
}
MUTABILITY_WORDS: Mapping[str, Words] = {
    "": Words("ตามข้อมูล", "as the fact says"),
    "fixed": Words("เปลี่ยนไม่ได้", "cannot change"),
    "time": Words("เปลี่ยนตามเวลา", "time changes it"),
    "action": Words("ลงมือแก้ได้", "an act changes it"),
    "data": Words("ขาดข้อมูล", "a paper or consent gives it"),
}
GROUP_WORDS: Mapping[str, Words] = {
    "all": Words("ต้องครบทุกข้อ", "all of these"),
    "any": Words("ข้อใดข้อหนึ่ง", "any of these"),
    "at_least": Words("อย่างน้อยตามจำนวน", "at least so many of these"),
    "not": Words("ต้องไม่เป็นดังนี้", "none of this"),
    "some": Words("มีสถานประกอบการที่", "an establishment where"),
}
