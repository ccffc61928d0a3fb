"""Names that come back: they hold no address, survive a change of case, and can't be forged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hectograph.post import verp
from hectograph.post.verp import Named

OWN = verp.key(b"a secret of the newsroom")
READER = "00112233445566778899aabbccddeeff"
numbers = st.binary(min_size=16, max_size=16).map(bytes.hex)


@given(st.integers(0, 36**12 - 1), numbers)
def test_what_is_written_is_read_back_in_any_case(edition: int, reader: str) -> None:
    path = verp.return_path(OWN, edition, reader, "bounce.example")
    name = verp.names(OWN, edition, "bounce.example", "bounce.example")(reader).message_id
    assert len(path.partition("@")[0]) <= 64
    assert verp.read(OWN, path) == verp.read(OWN, path.upper()) == verp.read(OWN, name) == Named(edition, reader)


@given(numbers)
def test_a_leave_address_names_its_reader_and_nothing_else(reader: str) -> None:
    address = verp.names(OWN, 0, "courier.example", "courier.example")(reader).leave_address
    assert verp.read_leave(OWN, f"<{address}>") == reader
    assert verp.read(OWN, address) is None


def test_a_forged_name_names_nobody() -> None:
    path = verp.return_path(OWN, 7, READER, "bounce.example")
    other = verp.return_path(verp.key(b"another newsroom"), 7, READER, "bounce.example")
    assert verp.read(OWN, other) is None
    for place in range(2, path.index("@")):
        changed = path[:place] + ("a" if path[place] != "a" else "b") + path[place + 1 :]
        assert verp.read(OWN, changed) is None, place


def test_names_are_written_as_they_always_were() -> None:
    """Mails of years ago lie in mailboxes: what bounces, complains or leaves by them must still be ours."""
    assert verp.names(OWN, 77, "c.example", "b.example")(READER) == (
        "b+25.aaisem2ekvthpcezvk54zxpo74.ej7sa45kebrogk75@b.example",
        "<e.25.aaisem2ekvthpcezvk54zxpo74.ujod7ym2irsbrzae@c.example>",
        "leave+aaisem2ekvthpcezvk54zxpo74.4seju6aedxfojz5m@c.example",
    )


def test_a_message_id_can_not_be_turned_into_a_return_path() -> None:
    name = verp.names(OWN, 7, "bounce.example", "bounce.example")(READER).message_id
    assert verp.read(OWN, "b+" + name.strip("<>").removeprefix("e.")) is None


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert verp.read(OWN, text) is None
    assert verp.read_leave(OWN, text) is None


@pytest.mark.parametrize("edition", [-1, 36**12])
def test_a_number_out_of_range_is_refused(edition: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        verp.return_path(OWN, edition, READER, "bounce.example")
