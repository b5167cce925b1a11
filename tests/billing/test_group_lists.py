"""What people paste and upload when they rent for many settings, and what becomes of each line."""

import pytest

from billing.settings_lists import (
    BIGGEST_LIST,
    MOST_LINES,
    TEMPLATE,
    Row,
    UnreadableFileError,
    decode_list,
    read_list,
)

GOOD = "Willow Lane,Nursery,maya@willow.example"
ROW = Row(1, "Willow Lane", "nursery", "maya@willow.example")


def names(text: str) -> list[str]:
    return [row.name for row in read_list(text).rows]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "Willow Lane;Nursery;maya@willow.example",
        "Willow Lane\tNursery\tmaya@willow.example",
        "\ufeffWillow Lane, nursery , MAYA@Willow.example ,,",
        '"Willow Lane","Day nursery","maya@willow.example"\r\n\r\n;;;\n',
        "  Willow   Lane ,Nursery,<maya@willow.example>",
        "Willow Lane,Nursery,mailto:maya@willow.example",
    ],
)
def test_a_line_is_understood_however_a_spreadsheet_writes_it(text):
    assert read_list(text) == ([ROW], [], "")


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("Setting's name,Kind,Manager's e-mail", GOOD),
        ("E-mail address;Town;Type of setting;Name", "maya@willow.example;Leeds;nursery;Willow Lane"),
        ("Manager name\tSetting name\tKind\tEmail", "Maya\tWillow Lane\tNursery\tmaya@willow.example"),
        ("sep=;\nName;Kind;Email", "Willow Lane;Nursery;maya@willow.example"),
    ],
)
def test_headings_say_which_column_is_which(head, line):
    reading = read_list(f"{head}\n{line}")
    assert [row[1:] for row in reading.rows] == [ROW[1:]]
    assert reading.is_good


def test_the_template_that_is_offered_is_understood():
    assert names(TEMPLATE) == ["Willow Lane Nursery", "Harbour House, Leeds"]


def test_a_name_with_a_comma_stays_whole_in_quotation_marks_and_between_tabs():
    assert names('"Willow Lane, Leeds",Nursery,a@b.example') == ["Willow Lane, Leeds"]
    assert names("Willow Lane, Leeds\tNursery\ta@b.example") == ["Willow Lane, Leeds"]
    assert names('"The ""Old"" Mill",School,a@b.example') == ['The "Old" Mill']


def test_a_cell_with_a_line_break_is_one_setting_and_lines_count_on_as_in_an_editor():
    reading = read_list('"Willow\nLane",Nursery,a@b.example\nOak,Nursery,b@b.example\nElm,Nursery,no')
    assert [(row.line, row.name) for row in reading.rows] == [(1, "Willow Lane"), (3, "Oak")]
    assert [trouble.line for trouble in reading.troubles] == [4]


def test_a_quotation_mark_that_is_not_closed_costs_its_own_line_only():
    reading = read_list(f'"Oak,Nursery,a@b.example\n{GOOD}\nElm,Nursery,e@b.example\nAsh,School,f@b.example')
    assert [row.name for row in reading.rows] == ["Willow Lane", "Elm", "Ash"]
    assert [(trouble.line, trouble.what) for trouble in reading.troubles] == [
        (1, "its quotation marks do not match")
    ]


@pytest.mark.parametrize(
    ("line", "what", "how"),
    [
        ("Oak,Nursery", "address is missing", "gets a link"),
        ("Oak,,a@b.example", "kind of setting is missing", "Write Nursery"),
        ("Oak,Crèche,a@b.example", "“Crèche” is no kind", "Service for families"),
        (",Nursery,a@b.example", "name is missing", "in this order"),
        ("--,Nursery,a@b.example", "name is missing", "in this order"),
        ("Oak,Nursery,a at b.example", "is not an e-mail address", "manager@"),
        ("Oak,Nursery,Leeds,a@b.example", "it has 4 parts", "quotation marks"),
        ("x" * 121 + ",Nursery,a@b.example", "too long", "120"),
        ("WILLOW  lane,School,other@b.example", "is in line 1 already", "add the place"),
    ],
)
def test_a_bad_line_says_what_is_wrong_and_how_to_mend_it_and_the_good_ones_stay(line, what, how):
    reading = read_list(f"{GOOD}\n{line}\nElm,School,elm@b.example")
    assert [row.name for row in reading.rows] == ["Willow Lane", "Elm"]
    (trouble,) = reading.troubles
    assert trouble.line == 2
    assert what in trouble.what
    assert how in trouble.how


def test_the_same_manager_may_look_after_several_settings():
    assert len(names("Oak,Nursery,a@b.example\nElm,Nursery,a@b.example")) == 2


def test_columns_without_a_needed_one_are_refused_with_the_name_of_it():
    assert "kind of setting" in read_list("Name,Email\nOak,a@b.example").refusal


@pytest.mark.parametrize("text", ["", "  \n;;\n", "Name,Kind,Email\n"])
def test_an_empty_list_asks_for_a_setting(text):
    assert "at least one" in read_list(text).refusal


def test_more_settings_than_one_order_takes_are_refused_with_their_number():
    lines = [f"Setting {number},Nursery,a{number}@b.example" for number in range(MOST_LINES + 1)]
    assert read_list("\n".join(lines[:-1])).is_good
    assert f"These are {MOST_LINES + 1} settings" in read_list("\n".join(lines)).refusal


def test_a_list_beyond_all_measure_is_not_read():
    assert "too long" in read_list("x" * (BIGGEST_LIST + 1)).refusal


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_whatever_excel_saves(encoding):
    text = "École du Parc;Children’s home;é@b.example".replace("é@", "e@")
    reading = read_list(decode_list(text.encode(encoding)))
    assert [row[1:3] for row in reading.rows] == [("École du Parc", "childrens_home")]


@pytest.mark.parametrize("raw", [b"PK\x03\x04 a workbook", b"\xd0\xcf\x11\xe0 an old one", b"a\x00b"])
def test_a_file_that_is_no_list_says_what_to_do(raw):
    with pytest.raises(UnreadableFileError, match="CSV"):
        decode_list(raw)
