"""After the store key was rotated rows move to it, bit by bit, and the old key can go."""

from datetime import timedelta
from pathlib import Path

import pytest

from hectograph.errors import Problem
from hectograph.newsroom import health
from hectograph.newsroom.flows import desks
from hectograph.readers import holding, intake, resealing
from hectograph.readers import vault as vaults
from hectograph.readers.intake_state import Held, Resealing
from hectograph.readers.subscriber import Subscriber
from hectograph.sealing.envelope import AT_REST, STORE, header, read_key_id
from hectograph.sealing.seal import seal
from tests.readers.conftest import NOW, Readers

LATER = NOW + timedelta(days=400)


def keys_of_rows() -> set[bytes]:
    return {read_key_id(bytes(row.sealed or b"")) for row in Subscriber.objects.exclude(sealed=None)}


def some(readers: Readers, count: int) -> list[str]:
    addresses = [f"reader{number}@example.org" for number in range(count)]
    for address in addresses:
        readers.sign_up(address)
    return addresses


def test_rows_move_to_the_new_key_and_open_to_the_same_addresses(readers: Readers) -> None:
    addresses = some(readers, 7)
    new = desks.rotate_store(readers.vault, LATER)
    while resealing.step(readers.vault, NOW, batch=3):
        pass
    assert keys_of_rows() == {new}
    opened = {readers.vault.open(bytes(row.sealed or b"")).decode() for row in Subscriber.objects.all()}
    assert opened == set(addresses)
    assert Resealing.objects.get(head=header(new, AT_REST).hex()).done == 7


def test_it_goes_on_where_a_killed_opener_left_it(readers: Readers, tmp_path: Path) -> None:
    some(readers, 5)
    new = desks.rotate_store(readers.vault, LATER)
    assert resealing.step(readers.vault, NOW, batch=2)
    assert desks.check(readers.vault, NOW)["to_reseal"] == 3
    again = vaults.load(tmp_path / "opener")  # a new process
    while resealing.step(again, NOW, batch=2):
        pass
    assert keys_of_rows() == {new}
    assert Resealing.objects.get(head=header(new, AT_REST).hex()).done == 5


def test_a_newsroom_that_never_rotated_has_nothing_to_do(readers: Readers) -> None:
    some(readers, 2)
    assert not resealing.step(readers.vault, NOW)
    assert not resealing.step(readers.vault, NOW)


def in_the_old_form(readers: Readers) -> None:
    """As a newsroom has them that was founded before rows were locked by a secret."""
    public = readers.vault.ring.current(STORE).public
    for row in Subscriber.objects.all():
        Subscriber.objects.filter(pk=row.pk).update(sealed=seal(public, readers.vault.open(bytes(row.sealed or b""))))


def test_rows_of_the_old_form_open_and_move_by_themselves(readers: Readers) -> None:
    addresses = some(readers, 5)
    assert not resealing.step(readers.vault, NOW)
    in_the_old_form(readers)
    Resealing.objects.update(head=readers.vault.ring.current(STORE).id.hex())  # as it was noted then
    opened = [readers.vault.open(bytes(row.sealed or b"")).decode() for row in Subscriber.objects.order_by("pk")]
    assert opened == addresses
    assert desks.check(readers.vault, NOW) | {"to_reseal": 5, "unopenable": 0} == desks.check(readers.vault, NOW)
    while resealing.step(readers.vault, NOW, batch=2):
        pass
    assert desks.check(readers.vault, NOW)["to_reseal"] == 0
    assert {bytes(row.sealed or b"")[2] for row in Subscriber.objects.all()} == {AT_REST}
    opened = [readers.vault.open(bytes(row.sealed or b"")).decode() for row in Subscriber.objects.order_by("pk")]
    assert opened == addresses


def test_rows_of_the_old_form_that_were_put_back_move_again(readers: Readers) -> None:
    some(readers, 3)
    in_the_old_form(readers)
    backup = list(Subscriber.objects.values_list("pk", "sealed"))
    while resealing.step(readers.vault, NOW):
        pass
    for pk, sealed in backup:
        Subscriber.objects.filter(pk=pk).update(sealed=sealed)
    Resealing.objects.all().delete()  # they stand in the same database, and go back with it
    while resealing.step(readers.vault, NOW):
        pass
    assert desks.check(readers.vault, NOW)["to_reseal"] == 0


def test_an_old_key_is_not_retired_while_rows_need_it(readers: Readers) -> None:
    some(readers, 2)
    desks.rotate_store(readers.vault, LATER)
    with pytest.raises(Problem, match="2 rows are still sealed"):
        desks.retire_store(readers.vault, NOW, destroy=True)


def test_once_rows_have_moved_the_old_key_can_be_destroyed(readers: Readers) -> None:
    some(readers, 2)
    old = readers.vault.ring.current(STORE)
    before = bytes(Subscriber.objects.first().sealed or b"")  # type: ignore[union-attr]
    desks.rotate_store(readers.vault, LATER)
    while resealing.step(readers.vault, NOW):
        pass
    assert desks.check(readers.vault, NOW)["spent_store_keys"] == 1
    assert desks.retire_store(readers.vault, NOW, destroy=True) == [old.id.hex()]
    assert desks.check(readers.vault, NOW)["spent_store_keys"] == 0
    with pytest.raises(Problem, match="is not here"):
        readers.vault.open(before)


def test_a_row_whose_key_is_lost_stays_as_it_is_and_is_told(readers: Readers) -> None:
    some(readers, 2)
    old = readers.vault.ring.current(STORE)
    desks.rotate_store(readers.vault, LATER)
    readers.vault.ring.destroy(old)
    while resealing.step(readers.vault, NOW):
        pass
    assert keys_of_rows() == {old.id}
    assert any("2 readers' rows" in found.what for found in health.examine(NOW) if not found.ok)
    assert desks.check(readers.vault, NOW)["unopenable"] == 2


def test_an_erased_reader_is_not_brought_back_by_resealing(readers: Readers) -> None:
    reader = readers.confirmed()
    desks.rotate_store(readers.vault, LATER)
    sealed = bytes(reader.sealed or b"")
    intake.erase(reader, NOW, how="operator")
    assert resealing._reseal(readers.vault, Subscriber, reader.pk, sealed) == 0
    assert readers.one().sealed is None


def test_a_running_process_finds_keys_that_another_one_made(readers: Readers, tmp_path: Path) -> None:
    running = vaults.load(tmp_path / "opener")
    desks.rotate_store(readers.vault, LATER)
    assert running.open(readers.vault.close(b"words")) == b"words"
    assert not running.ring.refresh()


def test_what_was_held_for_want_of_a_key_is_taken_in_when_the_key_is_back(readers: Readers, tmp_path: Path) -> None:
    desks_key = readers.vault.ring.current("intake")
    file = tmp_path / "opener" / "envelopes" / f"{desks_key.id.hex()}.json"
    aside = file.rename(tmp_path / "aside.json")
    sealed = readers.envelope(kind="sign-up", address="late@example.org", language="en", letter="", text="v1")
    readers.vault.ring.refresh()
    assert intake.take(readers.vault, sealed, NOW) == "key missing"
    aside.rename(file)
    assert readers.vault.ring.refresh()
    assert holding.take_held(readers.vault, NOW, others={}) == 1
    assert not Held.objects.exists()
    assert readers.one("late@example.org").state == "pending"
