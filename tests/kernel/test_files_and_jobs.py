"""The file store and the queue."""

import io
import json
import os
import time

import pytest
from huey.registry import Message

from forsamlingshus.kernel import files
from forsamlingshus.kernel.jobs import Jobs, JsonSerializer


def test_store_keeps_content_under_its_hash(tmp_path):
    store = files.store(tmp_path)
    key, size = store.put(io.BytesIO(b"indhold"), limit=100)
    again, _ = store.put(io.BytesIO(b"indhold"), limit=100)
    assert (key, size) == (again, 7)
    assert store.path(key).read_bytes() == b"indhold"
    assert [p.name for p in store.root.rglob("*") if p.is_file()] == [key]


def test_store_refuses_what_is_too_large_and_keeps_nothing(tmp_path):
    store = files.store(tmp_path)
    with pytest.raises(files.TooLarge):
        store.put(io.BytesIO(b"x" * 101), limit=100)
    assert [p for p in store.root.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 63, "A" * 64, "g" * 64, "a" * 65, "..", "/"])
def test_store_path_takes_nothing_but_a_key(tmp_path, key):
    with pytest.raises(ValueError):
        files.store(tmp_path).path(key)


def test_work_folder_is_gone_afterwards_whatever_happens(tmp_path):
    with pytest.raises(RuntimeError), files.work_folder(tmp_path) as folder:
        (folder / "half").write_text("x")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def left(tmp_path):
    """A data folder as a killed process leaves it: named and nameless files, old and new, halves and a work folder."""
    store = files.store(tmp_path)
    long_ago = time.time() - files.GRACE - 1
    found = {}
    for name in ("named", "nameless", "fresh"):
        found[name] = store.put(io.BytesIO(name.encode()), limit=100)[0]
        if name != "fresh":
            os.utime(store.path(found[name]), (long_ago, long_ago))
    for name in ("old", "new"):
        (store.root / f"{files.INCOMING}{name}").write_bytes(b"half")
    os.utime(store.root / f"{files.INCOMING}old", (long_ago, long_ago))
    drawing = tmp_path / "work" / f"{files.WORK}x" / ".drawing-y"
    drawing.mkdir(parents=True)
    (drawing / "0000.webp").write_bytes(b"half")
    return found


def test_sweep_removes_what_no_row_names_and_nothing_else(tmp_path, left):
    store = files.store(tmp_path)
    swept = files.sweep(None, tmp_path, [lambda _session, keys: {left["named"]} & set(keys)])
    assert swept == 3
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {
        left["named"],
        left["fresh"],
        f"{files.INCOMING}new",
    }
    assert list((tmp_path / "work").iterdir()) == []
    assert store.path(left["named"]).read_bytes() == b"named"


def test_sweep_of_an_empty_instance_finds_nothing(tmp_path):
    assert files.sweep(None, tmp_path, []) == 0


def test_serializer_writes_json_and_gives_the_message_back():
    message = Message(id="1", name="work", args=("render_deck", 7), kwargs={})
    stored = JsonSerializer().serialize(message)
    assert json.loads(stored)[0] == "1"
    assert JsonSerializer().deserialize(stored) == message


def test_queue_runs_a_job_in_its_own_thread_and_survives_one_that_fails(app, tmp_path):
    done = []

    def job(row_id):
        if row_id == 1:
            raise ZeroDivisionError
        done.append(row_id)

    queue = Jobs(app, tmp_path, {"work": job})
    queue.start()
    queue.run("work", 1)
    queue.run("work", 2)
    for _ in range(100):
        if done:
            break
        time.sleep(0.05)
    queue.stop()
    assert done == [2]


def test_queue_knows_only_the_jobs_of_the_table(app, tmp_path):
    with pytest.raises(KeyError):
        Jobs(app, tmp_path, {}, immediate=True).run("anything", 1)
