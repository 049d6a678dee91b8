"""A sealed value opens only where it was sealed, and destroying one key erases one subject's data of one class."""

from __future__ import annotations

from typing import Any

import pytest

from guiyan.platform import crypto, tenancy
from guiyan.platform.ids import new_id
from guiyan.platform.models import SubjectKey
from guiyan.platform.tenancy import directory

ID_NUMBER = "110105198705134850"


def test_a_value_comes_back_and_its_bytes_do_not_show_it(tenant: Any) -> None:
    key = crypto.subject_key(new_id(), "contract")
    sealed = crypto.seal(key, ID_NUMBER.encode(), where="person/1/id")
    assert ID_NUMBER.encode() not in sealed
    assert crypto.unseal(key, sealed, where="person/1/id") == ID_NUMBER.encode()
    assert crypto.seal(key, ID_NUMBER.encode(), where="person/1/id") != sealed, "equal values do not look equal"


def test_a_value_moved_to_another_row_does_not_open(tenant: Any) -> None:
    key = crypto.subject_key(new_id(), "contract")
    sealed = crypto.seal(key, b"x", where="person/1/id")
    with pytest.raises(crypto.Tampered):
        crypto.unseal(key, sealed, where="person/2/id")


@pytest.mark.parametrize("position", [0, 5, 20, -1])
def test_an_altered_byte_does_not_open(tenant: Any, position: int) -> None:
    key = crypto.subject_key(new_id(), "contract")
    sealed = bytearray(crypto.seal(key, b"a longer value", where="w"))
    sealed[position] ^= 1
    with pytest.raises(crypto.Tampered):
        crypto.unseal(key, bytes(sealed), where="w")


def test_each_subject_and_class_has_its_own_key(tenant: Any) -> None:
    one, other = new_id(), new_id()
    keys = {
        crypto.subject_key(one, "contract"),
        crypto.subject_key(one, "dispute"),
        crypto.subject_key(other, "contract"),
    }
    assert len(keys) == 3
    assert crypto.subject_key(one, "contract") in keys, "the key is kept"
    assert crypto.subject_keys([one, other], "contract") == {
        one: crypto.subject_key(one, "contract"),
        other: crypto.subject_key(other, "contract"),
    }


def test_the_database_alone_does_not_hold_the_key(tenant: Any) -> None:
    subject = new_id()
    key = crypto.subject_key(subject, "contract")
    wrapped = SubjectKey.objects.get(subject_id=subject).wrapped
    assert wrapped is not None
    assert key not in bytes(wrapped)


def test_a_destroyed_key_erases(tenant: Any, now: Any) -> None:
    subject = new_id()
    crypto.subject_key(subject, "contract")
    SubjectKey.objects.filter(subject_id=subject).update(wrapped=None, destroyed_at=now)
    with pytest.raises(crypto.Erased):
        crypto.subject_key(subject, "contract")
    assert crypto.subject_keys([subject], "contract") == {}


def test_blind_indexes_match_within_a_field_of_a_tenant_only(tenant: Any, django_db_blocker: Any) -> None:
    here = crypto.blind_index("mobile", "13800000000")
    assert here == crypto.blind_index("mobile", "13800000000")
    assert here != crypto.blind_index("id_document", "13800000000")
    seen: list[bytes] = []

    def elsewhere() -> None:
        from django.db import connection

        beta = directory.by_code("beta")
        assert beta is not None
        with tenancy.session(beta):
            seen.append(crypto.blind_index("mobile", "13800000000"))
        connection.close()

    import threading

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen != [here]
    assert len(seen) == 1
