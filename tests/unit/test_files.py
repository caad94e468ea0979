import errno
import os
import stat
import subprocess
import sys
import threading

import pytest

from bibkit import files
from bibkit.errors import OutputError, TemporaryError, UnreadableSourceError, WriteError


def test_text_keeps_its_line_ends_and_loses_its_mark(tmp_path):
    path = tmp_path / "page.txt"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n\xc3\xa9")
    assert files.read_text(path) == "a\r\nb\rc\né"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfea\x00", "is UTF-16"),
        (b"\xfe\xff\x00a", "is UTF-16"),
        (
            b"ok\nna\xefve",
            "page.txt:2: is not UTF-8 text (byte 0xef)\nSave it as UTF-8 (from Latin-1: `iconv -f",
        ),
        (b"\xef\xbb\xbfone\ntwo\n\x80", "page.txt:3: is not UTF-8 text (byte 0x80)"),
    ],
)
def test_text_that_is_not_utf8_is_refused_with_its_place(tmp_path, data, said):
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    with pytest.raises(UnreadableSourceError) as trouble:
        files.read_text(path)
    assert said in str(trouble.value)


def test_what_cannot_be_opened_says_why(tmp_path):
    with pytest.raises(UnreadableSourceError, match="no such file"):
        files.read_text(tmp_path / "gone.txt")
    with pytest.raises(UnreadableSourceError, match="is a directory"):
        files.read_text(tmp_path)


def test_walk_is_sorted_leaves_hidden_files_out_and_survives_loops(tmp_path):
    for name in ("b.txt", "a.txt", ".hidden.txt", "sub/c.txt", ".git/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    (tmp_path / "twice").symlink_to(tmp_path / "sub")
    assert [path.relative_to(tmp_path).as_posix() for path in files.walk(tmp_path)] == [
        "a.txt",
        "b.txt",
        "sub/c.txt",
    ]


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path):
    path = tmp_path / "library.bib"
    assert files.write_text_atomic(path, "old")
    path.chmod(0o640)
    assert files.write_text_atomic(path, "new é")
    assert path.read_bytes() == "new é".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["library.bib"]


def test_the_same_text_touches_nothing(tmp_path):
    path = tmp_path / "library.bib"
    text = "x" * 3_000_000
    files.write_text_atomic(path, text)
    os.utime(path, ns=(1, 1))
    assert not files.write_text_atomic(path, text)
    assert path.stat().st_mtime_ns == 1
    assert files.write_text_atomic(path, text[:-1])
    assert files.write_text_atomic(path, text)


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.bib").write_text("old")
    link = tmp_path / "library.bib"
    link.symlink_to("real.bib")
    files.write_text_atomic(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "real.bib").read_text() == "new"


def test_nothing_is_replaced_unless_all_can_be(tmp_path):
    first, second = tmp_path / "a", tmp_path / "gone" / "b"
    first.write_text("old")
    with pytest.raises(OutputError), files.Replacement() as replacement:
        replacement.stage(first, "new")
        replacement.stage(second, "new")
    assert first.read_text() == "old"
    assert os.listdir(tmp_path) == ["a"]


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "library.bib"
    path.write_text("old")

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="no space left on the disk") as trouble:
        files.write_text_atomic(path, "new")
    assert trouble.value.exit_code == 74
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["library.bib"]


def test_a_read_only_file_is_not_replaced(tmp_path):
    path = tmp_path / "x"
    path.write_text("old")
    path.chmod(0o444)
    assert files.write_text_atomic(path, "old") is False
    with pytest.raises(OutputError, match="x: is read-only"):
        files.write_text_atomic(path, "new")
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", ["x"])


def test_a_folder_in_the_way_is_named(tmp_path):
    (tmp_path / "library.bib").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        files.write_text_atomic(tmp_path / "library.bib", "new")
    (tmp_path / "exports").touch()
    with pytest.raises(OutputError, match="is a file, not a folder"):
        files.make_folder(tmp_path / "exports")


def test_a_comparison_says_what_would_change_and_writes_nothing(tmp_path):
    same, other, absent = (tmp_path / name for name in ("same", "other", "absent"))
    same.write_text("text")
    other.write_text("text, and more")
    comparison = files.Comparison()
    assert [comparison.stage(path, "text") for path in (same, other, absent)] == [False, True, True]
    assert comparison.commit() == [other, absent]
    assert not absent.exists()


def test_the_lock_waits_and_gives_up(tmp_path):
    released = threading.Event()

    def hold():
        with files.lock(tmp_path):
            held.set()
            released.wait(10)

    held = threading.Event()
    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    with pytest.raises(TemporaryError), files.lock(tmp_path, wait=0.1):
        pass
    threading.Timer(0.2, released.set).start()
    with files.lock(tmp_path, wait=10):
        pass
    holder.join()
    assert os.listdir(tmp_path) == []


def test_a_killed_process_lets_go_of_the_lock(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from bibkit import files\n"
        "with files.lock(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        with pytest.raises(TemporaryError), files.lock(tmp_path, wait=0):
            pass
        process.kill()
        process.wait()
        with files.lock(tmp_path, wait=5):
            pass


def test_a_crash_between_writing_and_renaming_leaves_the_old_file_and_the_next_run_heals(tmp_path):
    path = tmp_path / "citekeys.jsonl"
    path.write_text("old")
    code = (
        "import os, sys; from pathlib import Path; from bibkit import files\n"
        "replacement = files.Replacement()\n"
        "replacement.stage(Path(sys.argv[1]), 'new')\n"
        "os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 9
    assert path.read_text() == "old"
    files.write_text_atomic(path, "new")
    assert path.read_text() == "new"
    assert os.listdir(tmp_path) == ["citekeys.jsonl"]


@pytest.mark.parametrize(
    "data", [b"", b"\xef\xbb\xbfa\r\nb\rc\n\xff\xe9", "ä€\x00".encode(), b"\xed\xb3\xbf\xc3"]
)
def test_every_byte_of_a_file_comes_back(tmp_path, data):
    path = tmp_path / "paper.tex"
    path.write_bytes(data)
    text = files.read_text_exactly(path)
    assert files.exact_bytes(text) == data
    with files.Replacement() as outputs:
        assert not outputs.stage(path, data)
        assert outputs.stage(path, data + b"\xfe")
        assert outputs.commit() == [path]
    assert path.read_bytes() == data + b"\xfe"


def test_utf16_is_refused_where_bytes_are_edited(tmp_path):
    path = tmp_path / "paper.tex"
    path.write_bytes("x".encode("utf-16"))
    with pytest.raises(UnreadableSourceError, match="is UTF-16"):
        files.read_text_exactly(path)
