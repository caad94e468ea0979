"""Files and disks that are not as they should be: each is said, and nothing is lost."""

import errno
import json
import os
import resource
import subprocess
from functools import partial
from pathlib import Path

import pytest
from processes import contents, finish, need_modes, obey_modes, start, state

from bibkit import files

BODY = "Deep Learning of Things That MatterAn Lu, Lei Gao, Haiyu Wang\nWe learn.\n"


@pytest.fixture
def exported(bibkit, project, page):
    """A project whose exports are there, with a key that a person chose."""
    assert bibkit("export", "--as-of", "2026").code == 0
    bib = project / "exports" / "library.bib"
    bib.write_text(bib.read_text().replace("{gao2024mobizo,", "{MyGao,"))
    assert bibkit("export", "--as-of", "2026").code == 0
    return project / "exports"


# Sources.


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("LGSep 23, 2024\n".encode("utf-16"), "bad.txt: error: is UTF-16"),
        (b"\xfe\xff\x00L", "bad.txt: error: is UTF-16"),
        (b"LGSep 23, 2024\nCaf\xe9", "bad.txt:2: error: is not UTF-8 text (byte 0xe9)"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40, "bad.txt:2: error: is not UTF-8 text (byte 0x80)"),
        (b"\xed\xa0\x80", "bad.txt:1: error: is not UTF-8 text (byte 0xed)"),
    ],
)
def test_what_is_no_text_stops_the_run_and_the_last_export_stays(bibkit, page, exported, data, said):
    before = state(exported)
    page.with_name("bad.txt").write_bytes(data)
    ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 65
    assert said in ran.err
    assert state(exported) == before


@pytest.mark.parametrize(
    ("text", "records", "said"),
    [
        ("", 0, "other.txt:1: warning: the page is empty [no-records]"),
        (" \n\t\n\n", 0, "other.txt:1: warning: the page is empty [no-records]"),
        ("h-index44\n", 0, "other.txt:1: warning: the page has no papers [no-records]"),
        ("CVMar 1, 2020\n", 0, "other.txt:1: warning: not read: nothing stands below its header"),
        (BODY, 0, "other.txt:1: warning: not read: it stands under no header line"),
        (f"CVMar 1, 2020\nLGMar 2, 2021\n{BODY}", 1, "other.txt:1: warning: not read: nothing stands below"),
        ("L\0G\0S\0e\0p\0", 0, "other.txt:1: warning: not read: it stands under no header line"),
        (f"\ufeffCVMar 1, 2020\n{BODY}", 1, ""),
        (f"CVMar 1, 2020\r\n{BODY}".replace("\n", "\r\n"), 1, ""),
        (f"CVMar 1, 2020\n{BODY}{'a' * 10_000_000}", 1, ""),
        (f"CVMar 1, 2020\n{BODY}" + "We {learn} $x$, \\foo. " * 450_000, 1, ""),
        (f"CVMar 1, 2020\n{'Learning of Words ' * 560_000}Lei Gao, An Lu\nA.\n", 0, "it has 1008"),
        ("CVMar 1, 2020\n" * 20_000, 0, "nothing stands below its header"),
        ("{" * 10_000_000, 0, "other.txt:1: warning: not read: it stands under no header line"),
    ],
    ids=["empty", "blank", "profile", "no body", "no header", "two headers", "NUL", "BOM", "CRLF",
         "10 MB of a", "10 MB of LaTeX", "10 MB of title", "headers alone", "10 MB of braces"],
)  # fmt: skip
def test_a_page_that_is_odd_costs_no_other_page(bibkit, page, text, records, said):
    page.with_name("other.txt").write_bytes(text.encode())
    ran = bibkit("export", "--as-of", "2026", "--json")
    assert ran.code == 0
    assert said in ran.err
    assert "internal error" not in ran.err
    report = json.loads(ran.out)
    assert report["records"] == 2 + records
    keys = [item["id"] for item in json.loads(Path("exports/library.json").read_text())]
    assert {"gao2024mobizo", "li2026lipoagent"} <= set(keys)
    assert len(keys) == 2 + records


def test_what_a_terminal_obeys_is_shown_and_not_sent(bibkit, page):
    page.with_name("other.txt").write_text("\x1b]0;pwned\x07 \x1b[31mred\x9b2J\x00\n")
    ran = bibkit("export", "--as-of", "2026")
    assert r"    | \x1b]0;pwned\x07 \x1b[31mred\x9b2J\x00" in ran.err
    assert "\x1b" not in ran.err


def test_links_that_lead_round_or_nowhere_are_named(bibkit, project, page):
    page.with_name("round").symlink_to(page.parent)
    assert bibkit("export", "--as-of", "2026").code == 0
    page.with_name("self.txt").symlink_to("self.txt")
    page.with_name("gone.txt").symlink_to("nowhere.txt")
    ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 65
    assert "seeds/gone.txt: error: cannot be read: no such file" in ran.err
    assert "seeds/self.txt: error: cannot be read: too many levels of symbolic links" in ran.err
    (project / "loop").symlink_to("loop")
    assert bibkit("export", "loop").code == 65


def test_who_names_no_source_is_told_where_one_is_looked_for(bibkit, project):
    ran = bibkit("export")
    assert ran.code == 65
    assert (
        "seeds: error: cannot be read: no such file or directory. Sources are what PATH names, else"
        in ran.err
    )
    assert "Sources are" not in bibkit("export", "other").err
    [said] = json.loads(bibkit("export", "--json").out)["diagnostics"]
    assert (said["path"], said["line"]) == ("seeds", None)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", [("parse", "seeds"), ("formats",), ("export", "--json")])
def test_an_output_that_is_full_is_exit_74(project, page, arguments):
    with Path("/dev/full").open("wb") as full:
        code, _, err = finish(start(*arguments, cwd=project, stdout=full))
    assert code == 74
    assert b"bibkit: standard output cannot be written: no space left on device" in err
    assert b"internal" not in err


def test_a_folder_that_is_not_there_is_named(bibkit, page):
    ran = bibkit("convert", "seeds", "-o", "gone/refs.bib")
    assert ran.code == 73
    assert "gone/refs.bib: cannot be written: no such file or directory\nThere is no folder gone." in ran.err


def test_a_pipe_in_a_folder_is_left_out_and_a_pipe_that_is_named_is_read(bibkit, project, page):
    pipe = page.with_name("pipe.txt")
    os.mkfifo(pipe)
    ran = bibkit("export", "--as-of", "2026", "--json")
    assert ran.code == 0
    skipped = [one for one in json.loads(ran.out)["diagnostics"] if one["code"] == "skipped-file"]
    assert [(one["path"], one["message"]) for one in skipped] == [
        ("seeds/pipe.txt", "left out: it is a pipe or a device")
    ]
    process = start("parse", str(pipe), cwd=project)
    pipe.write_bytes(page.read_bytes())
    code, out, err = finish(process)
    assert (code, out.count(b"\n")) == (0, 2), err


def test_a_file_or_a_folder_that_may_not_be_read_is_named(project, page):
    need_modes(project)
    page.with_name("a").mkdir(mode=0)
    page.with_name("b.txt").touch(mode=0)
    code, _, err = finish(start("export", cwd=project, preexec_fn=obey_modes))
    assert code == 65
    assert b"seeds/a: error: cannot be listed: permission denied" in err
    assert b"Traceback" not in err
    assert not (project / "exports").exists()
    page.with_name("a").rmdir()
    code, _, err = finish(start("export", cwd=project, preexec_fn=obey_modes))
    assert code == 65
    assert b"seeds/b.txt: error: cannot be read: permission denied" in err
    code, _, err = finish(start("export", "--keep-going", cwd=project, preexec_fn=obey_modes))
    assert code == 65
    assert sorted(contents(project / "exports")) == [
        "citekeys.jsonl",
        "library.bib",
        "library.json",
        "library.ris",
    ]


# Outputs.


def test_a_folder_or_a_file_that_may_not_be_written_is_exit_73(project, page, exported):
    need_modes(project)
    before = state(exported)
    page.write_text(page.read_text().replace("Safer", "Better"))
    exported.chmod(0o500)
    code, _, err = finish(start("export", "--as-of", "2026", cwd=project, preexec_fn=obey_modes))
    assert code == 73, err
    assert b"permission denied" in err
    exported.chmod(0o700)
    assert state(exported) == before
    (exported / "library.ris").chmod(0)
    code, _, err = finish(start("export", "--as-of", "2026", cwd=project, preexec_fn=obey_modes))
    assert code == 73, err
    assert b"exports/library.ris: cannot be read: permission denied" in err
    assert state(exported) == before
    (project / "locked").mkdir(mode=0o500)
    code, _, err = finish(start("export", "-o", "locked/out", cwd=project, preexec_fn=obey_modes))
    assert code == 73, err
    assert b"locked/out: cannot be created: permission denied" in err


@pytest.mark.parametrize("name", ["citekeys.jsonl", "library.bib", "library.json", "library.ris"])
@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, partial(os.symlink, "/dev/zero")])
def test_what_is_no_file_is_never_waited_for_nor_replaced(bibkit, exported, page, name, make):
    page.write_text(page.read_text().replace("Safer", "Better"))
    (exported / name).unlink()
    make(exported / name)
    others = {path.name: path.read_bytes() for path in exported.iterdir() if path.name != name}
    ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 73
    assert f"exports/{name}: is a " in ran.err
    assert {path.name: path.read_bytes() for path in exported.iterdir() if path.name != name} == others


@pytest.mark.parametrize("place", ["/dev/null", "seeds/page.txt", "seeds/page.txt/below"])
def test_an_output_folder_that_is_none_is_exit_73(bibkit, page, place):
    before = page.read_bytes()
    ran = bibkit("export", "-o", place)
    assert ran.code == 73
    assert place.removesuffix("/below") in ran.err
    assert page.read_bytes() == before


@pytest.mark.parametrize("limit", [1, 500, 2_500, 5_000])
def test_a_disk_that_is_full_at_any_file_leaves_every_old_one(project, page, exported, limit):
    before = state(exported)
    page.write_text(page.read_text() + "CVMar 1, 2020\n" + BODY.replace("We learn.", "We learn. " * 400))
    process = start(
        "export",
        "--as-of",
        "2026",
        cwd=project,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    code, _, err = finish(process)
    assert code == 74, err
    assert b"The file that was there is unchanged." in err
    assert state(exported) == before


def test_a_disk_with_no_space_left_is_said(bibkit, project, page):
    disk = project / "exports"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", disk], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        ran = bibkit("export", "--as-of", "2026")
        left = os.listdir(disk)
    finally:
        subprocess.run(["umount", disk], check=True)
    assert ran.code == 74
    assert "cannot be written: no space left on the disk" in ran.err
    assert left == []


def test_an_error_of_the_disk_leaves_every_old_file(bibkit, page, exported, monkeypatch):
    page.write_text(page.read_text().replace("Safer", "Better"))
    before = state(exported)

    def broken(_handle):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 74
    assert "input/output error" in ran.err
    assert state(exported) == before


# The ledger.


def keys(exported: Path) -> list[str]:
    return [item["id"] for item in json.loads((exported / "library.json").read_text())]


def test_a_ledger_cut_off_anywhere_is_refused_or_gives_every_key_again(bibkit, exported):
    ledger = exported / "citekeys.jsonl"
    whole = ledger.read_bytes()
    files_ = contents(exported)
    wanted = keys(exported)
    for end in [*range(0, len(whole), 23), *(at + 1 for at, byte in enumerate(whole) if byte == ord("\n"))]:
        ledger.write_bytes(whole[:end])
        ran = bibkit("export", "--as-of", "2026")
        if ran.code == 65:
            assert "citekeys.jsonl" in ran.err
            assert contents(exported) == files_ | {"citekeys.jsonl": whole[:end]}
        else:
            assert ran.code == 0
            assert keys(exported) == wanted
        for name, data in files_.items():
            (exported / name).write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: data.replace(b'"key"', b'"kye"', 1), "citekeys.jsonl:1: is not a line of a ledger"),
        (lambda data: data.replace(b'"v": 1', b'"v": 9', 1), "the ledger is of version 9"),
        (lambda data: data.replace(b"\n", b"\n>>>>>>> theirs\n", 1), "citekeys.jsonl:2: git left a conflict"),
        (lambda data: data.decode().encode("utf-16"), "citekeys.jsonl: is UTF-16"),
        (lambda data: data + b"\x00" * 512, "citekeys.jsonl:3: is not a line of a ledger"),
        (lambda data: data[:40] + b"\xff" + data[40:], "citekeys.jsonl:1: is not UTF-8 text"),
    ],
    ids=["damaged", "newer", "conflict", "UTF-16", "zeros", "not UTF-8"],
)
def test_a_ledger_that_is_not_understood_is_refused(bibkit, page, exported, spoil, said):
    page.write_text(page.read_text() + "CVMar 1, 2020\n" + BODY)
    ledger = exported / "citekeys.jsonl"
    ledger.write_bytes(spoil(ledger.read_bytes()))
    before = state(exported)
    ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 65
    assert said in ran.err
    assert state(exported) == before


def test_a_ledger_that_another_process_holds_is_waited_for_and_then_exit_75(
    bibkit, exported, page, monkeypatch
):
    page.write_text(page.read_text() + "CVMar 1, 2020\n" + BODY)
    before = state(exported)
    monkeypatch.setattr(files, "lock", partial(files.lock, wait=0.2))
    with files.lock(exported):
        ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 75
    assert "another bibkit is writing there" in ran.err
    assert "Run the command again" in ran.err
    assert state(exported) == before
    assert bibkit("export", "--as-of", "2026").code == 0
