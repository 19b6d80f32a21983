"""English words that Thai names of firms are made of, as Thai writes them: `… DEVELOPMENT จำกัด` is `… ดีเวลลอปเม้นท์ จำกัด`.

One usual spelling a word: others of it differ in marks, vowels and silent letters, which the skeleton leaves out.
Whole words of three letters or more only; shorter ones are initials and are read letter by letter.
"""

from __future__ import annotations

from iindustry.standardise.rewriting import Letters, Rewrite, Step

_WORDS = """
advance แอดวานซ์|agency เอเจนซี่|agro อะโกร|air แอร์|alliance อัลไลแอนซ์|aluminium อลูมิเนียม|and แอนด์|apparel แอพพาเรล|art อาร์ต|
asia เอเชีย|asian เอเชี่ยน|asset แอสเซท|associate แอสโซซิเอท|associates แอสโซซิเอทส์|auto ออโต้|automation ออโตเมชั่น|automotive ออโตโมทีฟ|
bakery เบเกอรี่|beauty บิวตี้|best เบสท์|beverage เบฟเวอร์เรจ|bio ไบโอ|box บ็อกซ์|building บิลดิ้ง|business บิสซิเนส|car คาร์|cargo คาร์โก้|
center เซ็นเตอร์|centre เซ็นเตอร์|ceramic เซรามิค|chemical เคมีคอล|clean คลีน|clinic คลินิก|coffee คอฟฟี่|cold โคลด์|commercial คอมเมอร์เชียล|
computer คอมพิวเตอร์|concept คอนเซ็ปต์|concrete คอนกรีต|construction คอนสตรัคชั่น|consultant คอนซัลแทนท์|consulting คอนซัลติ้ง|
control คอนโทรล|corporation คอร์ปอเรชั่น|cosmetic คอสเมติก|cosmetics คอสเมติกส์|creative ครีเอทีฟ|dairy แดรี่|data ดาต้า|decor เดคคอร์|
delivery เดลิเวอรี่|dental เดนทัล|design ดีไซน์|development ดีเวลลอปเม้นท์|digital ดิจิตอล|distribution ดิสทริบิวชั่น|drink ดริ๊งค์|east อีสต์|
eastern อีสเทิร์น|education เอ็ดดูเคชั่น|electric อิเล็คทริค|electrical อิเล็คทริคอล|electronic อิเล็กทรอนิกส์|electronics อิเล็กทรอนิกส์|energy เอ็นเนอร์ยี่|
engineer เอ็นจิเนียร์|engineering เอ็นจิเนียริ่ง|enterprise เอ็นเตอร์ไพรส์|entertainment เอ็นเตอร์เทนเม้นท์|environment เอ็นไวรอนเม้นท์|
equipment อีควิปเม้นท์|estate เอสเตท|export เอ็กซ์ปอร์ต|express เอ็กซ์เพรส|factory แฟคตอรี่|family แฟมิลี่|farm ฟาร์ม|fashion แฟชั่น|film ฟิล์ม|
finance ไฟแนนซ์|first เฟิร์สท์|fishery ฟิชเชอรี่|fitness ฟิตเนส|food ฟู้ด|foods ฟู้ดส์|fresh เฟรช|fruit ฟรุ๊ต|furniture เฟอร์นิเจอร์|future ฟิวเจอร์|
garden การ์เด้น|garment การ์เม้นท์|gas แก๊ส|general เจเนอรัล|glass กลาส|global โกลบอล|gold โกลด์|golden โกลเด้น|good กู๊ด|grand แกรนด์|green กรีน|
group กรุ๊ป|health เฮลท์|healthcare เฮลท์แคร์|herb เฮิร์บ|holding โฮลดิ้ง|holdings โฮลดิ้งส์|home โฮม|hospital ฮอสพิทอล|hotel โฮเทล|
house เฮ้าส์|ice ไอซ์|import อิมปอร์ต|industrial อินดัสเทรียล|industries อินดัสทรีส์|industry อินดัสทรี|information อินฟอร์เมชั่น|innovation อินโนเวชั่น|
inter อินเตอร์|interior อินทีเรีย|international อินเตอร์เนชั่นแนล|inspection อินสเปคชั่น|intertrade อินเตอร์เทรด|investment อินเวสเม้นท์|jewelry จิวเวลรี่|
king คิง|kitchen คิทเช่น|lab แลบ|label เลเบล|land แลนด์|law ลอว์|leather เลทเธอร์|life ไลฟ์|lighting ไลท์ติ้ง|logistic โลจิสติกส์|logistics โลจิสติกส์|
machine แมชชีน|machinery แมชชีนเนอรี่|maintenance เมนเทนแนนซ์|management แมเนจเม้นท์|manufacture แมนูแฟคเจอร์|manufacturing แมนูแฟคเจอริ่ง|marine มารีน|
market มาร์เก็ต|marketing มาร์เก็ตติ้ง|mart มาร์ท|master มาสเตอร์|material แมททีเรียล|media มีเดีย|medical เมดิคอล|metal เมทัล|mining ไมนิ่ง|modern โมเดิร์น|
mold โมลด์|mould โมลด์|motor มอเตอร์|motors มอเตอร์ส|move มูฟ|network เน็ตเวิร์ค|new นิว|north นอร์ท|oil ออยล์|one วัน|online ออนไลน์|organic ออร์แกนิค|
pack แพ็ค|packaging แพคเกจจิ้ง|paint เพ้นท์|paper เปเปอร์|part พาร์ท|parts พาร์ทส์|partner พาร์ทเนอร์|partners พาร์ทเนอร์ส|pharma ฟาร์มา|place เพลส|
plan แพลน|plas พลาส|plastic พลาสติก|plastics พลาสติกส์|plus พลัส|polymer โพลิเมอร์|power พาวเวอร์|precision พรีซิชั่น|press เพรส|prime ไพรม์|print พริ้นท์|
printing พริ้นติ้ง|product โปรดักส์|production โปรดักชั่น|products โปรดักส์|professional โปรเฟสชั่นแนล|project โปรเจค|property พร็อพเพอร์ตี้|pump ปั๊ม|
quality ควอลิตี้|real เรียล|recycle รีไซเคิล|recycling รีไซคลิ่ง|research รีเสิร์ช|resort รีสอร์ท|resource รีซอร์ส|restaurant เรสเตอรองท์|rice ไรซ์|royal รอยัล|
rubber รับเบอร์|safety เซฟตี้|sale เซลล์|sales เซลส์|seafood ซีฟู้ด|security ซีเคียวริตี้|service เซอร์วิส|services เซอร์วิสเซส|ship ชิพ|shipping ชิปปิ้ง|shop ช็อป|siam สยาม|
silver ซิลเวอร์|smart สมาร์ท|soft ซอฟท์|software ซอฟต์แวร์|solar โซล่าร์|solution โซลูชั่น|solutions โซลูชั่นส์|source ซอร์ส|south เซาท์|spa สปา|special สเปเชียล|
sport สปอร์ต|sports สปอร์ต|star สตาร์|station สเตชั่น|steel สตีล|stone สโตน|storage สตอเรจ|store สโตร์|studio สตูดิโอ|sugar ชูการ์|supply ซัพพลาย|supplies ซัพพลายส์|
system ซิสเต็ม|systems ซิสเต็มส์|team ทีม|tech เทค|technic เทคนิค|technical เทคนิคอล|technology เทคโนโลยี|telecom เทเลคอม|textile เท็กซ์ไทล์|thai ไทย|
the เดอะ|tool ทูล|tools ทูลส์|top ท็อป|total โททอล|tour ทัวร์|toy ทอย|trade เทรด|trading เทรดดิ้ง|training เทรนนิ่ง|transport ทรานสปอร์ต|travel ทราเวล|
union ยูเนี่ยน|united ยูไนเต็ด|universal ยูนิเวอร์แซล|venture เวนเจอร์|village วิลเลจ|vision วิชั่น|warehouse แวร์เฮ้าส์|waste เวสท์|water วอเตอร์|wave เวฟ|web เว็บ|
wood วู้ด|work เวิร์ค|works เวิร์คส์|world เวิลด์|worldwide เวิลด์ไวด์
"""
LOANWORDS = dict(one.split(" ", 1) for one in _WORDS.replace("\n", "").split("|"))
"""English word, in small letters, to how Thai writes it."""

AS_THAI: tuple[Step, ...] = (
    Rewrite("([a-z]{3,})", "  ${1}  "),
    Letters({f"  {word}  ": thai for word, thai in LOANWORDS.items()}),
)
"""Every word stands between two spaces of its own, so that a part of a longer one is never taken for it."""
