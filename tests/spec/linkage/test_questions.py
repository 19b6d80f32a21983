"""What is joined, what is kept apart, and what waits for a person. Each case is a small table an officer can read."""

from __future__ import annotations


def test_one_number_is_one_enterprise(told):
    one, waits = told("""
        dbd  | C1 | บริษัท ตัวอย่างแก้วใส จำกัด  | 1 | 100101 |
        tisi | L1 | บจก. ตัวอย่างแก้วใส        | 1 | 100201 |
        dip  | P1 |                            | 1 |        |
    """)
    assert one == [["C1", "L1", "P1"]]
    assert not waits


def test_a_factory_belongs_to_the_juristic_person_that_runs_it(told):
    one, _ = told("""
        dbd | C1 | บริษัท ตัวอย่างกระเบื้องลาย จำกัด | 2 | 100101 |
        diw | F1 | บจก.ตัวอย่างกระเบื้องลาย        |   | 100101 |
        diw | F2 | บริษัท ตัวอย่างกระเบื่องลาย จำกัด |   | 100101 |
    """)
    assert one == [["C1", "F1", "F2"]]


def test_two_companies_of_one_name_are_a_question_and_never_a_guess(told):
    one, waits = told("""
        dbd | C1 | บริษัท ตัวอย่างชื่อซ้ำกัน จำกัด | 3 | 100101 |
        dbd | C2 | บริษัท ตัวอย่าง ชื่อซ้ำกัน จำกัด | 4 | 130101 |
        diw | F1 | บริษัท ตัวอย่างชื่อซ้ำกัน จำกัด |   | 500101 |
    """)
    assert one == [["C1"], ["C2"], ["F1"]]
    assert waits == {frozenset(("C1", "F1")): "same-name", frozenset(("C2", "F1")): "same-name"}


def test_of_two_companies_of_one_name_the_one_next_door_is_meant(told):
    one, _ = told("""
        dbd | C1 | บริษัท ตัวอย่างชื่อซ้ำกัน จำกัด | 3 | 100101 |
        dbd | C2 | บริษัท ตัวอย่าง ชื่อซ้ำกัน จำกัด | 4 | 500101 |
        diw | F1 | บริษัท ตัวอย่างชื่อซ้ำกัน จำกัด |   | 100101 |
    """)
    assert one == [["C1", "F1"], ["C2"]]


def test_a_number_under_another_name_in_another_place_is_doubted(told):
    one, waits = told("""
        dbd  | C1 | บริษัท ตัวอย่างไม้อัดแผ่น จำกัด | 5 | 100101 |
        tisi | L1 | บริษัท เจ้าของอื่นโดยสิ้นเชิง จำกัด | 5 | 500101 |
    """)
    assert one == [["C1"], ["L1"]]
    assert waits == {frozenset(("C1", "L1")): "name-guard"}


def test_a_doubted_number_still_stands_in_the_way(told):
    one, _ = told("""
        dbd  | C1 | บริษัท ตัวอย่างไม้ฝาผนัง จำกัด       | 6 | 100101 |
        dbd  | C2 | บริษัท เจ้าของถูกตัวจริง จำกัด       | 7 | 500101 |
        tisi | L1 | บริษัท เจ้าของถูกตัวจริง จำกัด       | 6 | 500101 |
    """)
    assert one == [["C1"], ["C2"], ["L1"]]


def test_a_person_is_never_merged_into_a_company_by_name(told):
    one, waits = told("""
        dbd | C1 | บริษัท ตัวอย่างนามสมมติ จำกัด | 8 | 100101 |
        diw | F1 | นายตัวอย่าง นามสมมติ        |   | 100101 | 0810000001
    """)
    assert one == [["C1"], ["F1"]]
    assert waits == {frozenset(("C1", "F1")): "person"}


def test_two_factories_of_one_person_in_one_province_are_one_business(told):
    one, _ = told("""
        diw | F1 | นายตัวอย่าง นามสกุลยาวมาก |  | 100101 |
        diw | F2 | นายตัวอย่าง  นามสกุลยาวมาก |  | 100201 |
    """)
    assert one == [["F1", "F2"]]


def test_siblings_that_differ_by_a_number_are_two(told):
    one, _ = told("""
        dbd | C1 | บริษัท ตัวอย่างโซลาร์ 1 จำกัด | 9  | 100101 |
        dbd | C2 | บริษัท ตัวอย่างโซลาร์ 2 จำกัด | 10 | 100101 |
        diw | F1 | บริษัท ตัวอย่างโซลาร์ 2 จำกัด |    | 100101 |
    """)
    assert one == [["C1"], ["C2", "F1"]]


def test_a_certificate_goes_with_the_factory_it_names(told):
    one, _ = told("""
        diw   | 20109999925607 | บริษัท ตัวอย่างใบเขียว จำกัด |  | 100101 |
        green | 20109999925607 |                            |  |        |
    """)
    assert one == [["20109999925607"]]


def test_a_hidden_operator_is_no_name_and_no_link(told):
    one, _ = told("""
        diw | F1 |  |  | 100101 |
        diw | F2 |  |  | 100101 |
    """)
    assert one == [["F1"], ["F2"]]


def test_companies_that_differ_by_thailand_in_the_name_are_two(told):
    one, _ = told("""
        dbd | C1 | บริษัท ตัวอย่างชื่อสากล (ประเทศไทย) จำกัด | 11 | 100101 |
        diw | F1 | บริษัท ตัวอย่างชื่อสากล จำกัด           |    | 500101 |
        diw | F2 | บริษัท ตัวอย่างชื่อสากล (ไทยแลนด์) จำกัด |    | 100101 |
    """)
    assert one == [["C1", "F2"], ["F1"]]


def test_a_company_and_a_partnership_of_one_name_are_two(told):
    one, _ = told("""
        dbd | C1 | บริษัท ตัวอย่างรับเหมาช่วง จำกัด   | 12 | 100101 |
        diw | F1 | หจก. ตัวอย่างรับเหมาช่วง         |    | 100101 |
    """)
    assert one == [["C1"], ["F1"]]


def test_a_word_more_at_the_end_is_a_sibling_and_a_question(told):
    one, _ = told("""
        dbd | C1 | บริษัท ตัวอย่างนวัตกรรมไทย จำกัด      | 13 | 100101 |
        diw | F1 | บริษัท ตัวอย่างนวัตกรรมไทย พลัส จำกัด |    | 100101 |
    """)
    assert one == [["C1"], ["F1"]]


def test_a_latin_name_is_no_thai_name_and_its_number_is_enough(told):
    one, waits = told("""
        dbd | C1 | บริษัท ตัวอย่างดนตรี จำกัด | 14 | 100101 |
        dip | P1 | EXAMPLE MUSIC CO., LTD.  | 14 | 500101 |
    """)
    assert one == [["C1", "P1"]]
    assert not waits
