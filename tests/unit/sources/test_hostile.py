"""Hostile archives and workbooks: each trick is stopped by its own check, in a process that has nothing to lose."""

from __future__ import annotations

import gzip
import io
import json
import os
import select
import struct
import sys
import zipfile
from subprocess import PIPE, run

import biff
import pytest

from iindustry.kernel.errors import Rejected
from iindustry.sources import child, containers, limited, raw
from iindustry.sources.contracts import contract_of

BOOK = {"[Content_Types].xml": "x", "xl/workbook.xml": "x"}


def zipped(*members, change=None, packing=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = packing
            if change:
                change(entry)
            archive.writestr(entry, content)
    return out.getvalue()


def link(entry):
    entry.external_attr = 0o120777 << 16


def with_local(content, offset, new):
    """An archive whose first local header says something else than its directory."""
    return content[:offset] + new + content[offset + len(new) :]


def encrypted():
    content = bytearray(zipped(("a.csv", "x")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


def duplicate():
    """Two entries of one name; written by hand, because the library warns of them."""
    content = zipped(("a.csv", "1"), ("b.csv", "2"))
    return content.replace(b"b.csv", b"A.csv")


def overlapping():
    """Two directory entries over one member: small when packed, endless when unpacked."""
    content = zipped(("a.csv", "x" * 3000), ("b.csv", "y"), packing=zipfile.ZIP_STORED)
    start = content.rindex(b"PK\x01\x02")
    return content[: start + 20] + struct.pack("<II", 3000, 3000) + content[start + 28 :]


PLAIN = zipped(("a.csv", "x" * 50), packing=zipfile.ZIP_STORED)
TRICKS = [
    ("too many entries", zipped(*((f"{n}.csv", "") for n in range(1001))), "archive-too-many-entries"),
    ("ratio", zipped(("a.csv", b"0" * 3_000_000)), "archive-too-large"),
    ("ratio of a gz", gzip.compress(b"0" * 3_000_000), "archive-too-large"),
    ("nested zip", zipped(("a.zip", zipped(("b.csv", "x")))), "archive-nested"),
    ("nested gz", zipped(("a.gz", gzip.compress(b"x"))), "file-type-unknown"),
    ("upwards", zipped(("../a.csv", "x")), "archive-unsafe-name"),
    ("absolute", zipped(("/etc/a.csv", "x")), "archive-unsafe-name"),
    ("drive", zipped(("c:\\a.csv", "x")), "archive-unsafe-name"),
    ("backslash upwards", zipped(("a\\..\\..\\b.csv", "x")), "archive-unsafe-name"),
    ("link", zipped(("a.csv", "/etc/passwd"), change=link), "archive-unsafe-name"),
    ("duplicate name", duplicate(), "archive-duplicate-name"),
    ("password", encrypted(), "archive-encrypted"),
    ("macro", zipped(*BOOK.items(), ("xl/vbaProject.bin", "x")), "sheet-has-macro"),
    ("macro in capitals", zipped(*BOOK.items(), ("XL/VBAPROJECT.BIN", "x")), "sheet-has-macro"),
    ("external link", zipped(*BOOK.items(), ("xl/externalLinks/externalLink1.xml", "x")), "sheet-has-external-link"),
    ("overlapping members", overlapping(), "archive-headers-differ"),
    ("another name beside the member", with_local(PLAIN, 30, b"b.csv"), "archive-headers-differ"),
    ("another size beside the member", with_local(PLAIN, 22, struct.pack("<I", 9)), "archive-headers-differ"),
    ("another method beside the member", with_local(PLAIN, 8, struct.pack("<H", 8)), "archive-headers-differ"),
    ("another checksum beside the member", with_local(PLAIN, 14, b"\1\2\3\4"), "archive-headers-differ"),
    ("wrong checksum in both", PLAIN.replace(b"x" * 50, b"y" * 50), "archive-broken"),
    ("cut off", zipped(("a.csv", os.urandom(5000)))[:2000], "archive-broken"),
    ("cut off gz", gzip.compress(os.urandom(5000))[:2000], "archive-broken"),
]


@pytest.mark.parametrize(("what", "content", "code"), TRICKS, ids=[one[0] for one in TRICKS])
def test_each_trick_of_an_archive_is_refused_with_its_code(tmp_path, what, content, code):
    path = tmp_path / "sent"
    path.write_bytes(content)
    before = set(tmp_path.iterdir())
    with pytest.raises(Rejected) as refusal, raw.as_text(path, "sent", within=tmp_path):
        pass
    assert refusal.value.code == code
    assert set(tmp_path.iterdir()) == before, "nothing unpacked is left behind"


def test_a_plain_archive_passes_every_check(tmp_path):
    path = tmp_path / "sent"
    streamed = io.BytesIO()
    with zipfile.ZipFile(streamed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("เดือน.csv", "w") as member:
        member.write("เลขทะเบียน,ชื่อนิติบุคคล\n1,ก\n".encode())
    for content in (PLAIN, streamed.getvalue(), zipped(("โฟลเดอร์/ก.csv", "a,b\n1,2\n"))):
        path.write_bytes(content)
        with raw.as_text(path, "sent.zip") as text:
            assert text.kind == "utf-8"


def test_the_gz_is_counted_while_it_streams_because_its_size_may_lie(tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "MOST_TEXT", 1_000_000)
    path = tmp_path / "sent.gz"
    path.write_bytes(gzip.compress(os.urandom(1_500_000)))
    with pytest.raises(Rejected, match="archive-too-large"):
        containers.opened(path, "sent.gz", tmp_path)
    assert (tmp_path / "member").stat().st_size <= 1_000_000


CHILD = """
import json, os, resource, socket, sys
from iindustry.sources import child
child.limit("xlsx")
has_left = child.leave_network()
def says(act):
    try:
        act()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"
def call():
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=2).close()
def fill():
    with open(sys.argv[2], "wb") as out:
        out.truncate(child.OUT_BYTES + 1)
print(json.dumps({
    "left": has_left, "call": says(call), "fill": says(fill), "memory": says(lambda: bytearray(3 << 30)),
    "files": says(lambda: [open("/dev/null") for _ in range(100)]), "environment": sorted(os.environ),
    "cpu": resource.getrlimit(resource.RLIMIT_CPU)[1], "core": resource.getrlimit(resource.RLIMIT_CORE)[1],
}))
"""


def test_the_child_has_no_network_little_memory_and_an_empty_environment(tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = run(
            [sys.executable, "-c", CHILD, str(port), str(tmp_path / "out")], env=limited._ENVIRONMENT, stdout=PIPE,
            check=True, timeout=60,
        )  # fmt: skip
    said = json.loads(done.stdout)
    assert said["left"] == limited.is_cut_off()
    assert said["call"] == ("OSError" if said["left"] else "done")
    assert (said["fill"], said["memory"], said["files"]) == ("OSError", "MemoryError", "OSError")
    assert set(said["environment"]) <= {*limited._ENVIRONMENT, "LC_CTYPE"}
    assert (said["cpu"], said["core"]) == (child.CPU_SECONDS, 0)


def test_at_the_wall_clock_the_whole_group_is_ended(tmp_path, monkeypatch):
    """A child that waits for ever, with a process of its own beside it."""
    pid = tmp_path / "pid"
    script = tmp_path / "reader"
    script.write_text(f"#!/bin/sh\nsleep 1000 &\necho $! > {pid}\nwait\n")
    script.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(script))
    with pytest.raises(Rejected, match="sheet-too-slow"):
        limited.read_sheet(tmp_path / "in", tmp_path / "out", containers.Kind.XLSX, seconds=1)
    try:
        beside = os.pidfd_open(int(pid.read_text()))
    except ProcessLookupError:
        return
    with os.fdopen(beside) as handle:
        assert select.select([handle], [], [], 10)[0], "it was ended with its group"


def test_an_old_workbook_in_the_thai_code_page_is_read_and_lost_zeros_are_found(tmp_path):
    path = tmp_path / "sent.xls"
    rows = [["รายชื่อ"], ["เลขทะเบียน", "ชื่อนิติบุคคล", "ทุนจดทะเบียน (บาท)"], [105553000121.0, "บริษัท น้ำใส จำกัด", 1000.5]]
    path.write_bytes(biff.workbook(rows))
    table = raw.read(path, "sent.xls", contract_of("dbd"))
    assert (table.encoding, table.match.header_row) == ("xls", 2)
    row = table.frame.select("juristic_id", "name", "capital_satang").row(0)
    assert row == ("105553000121", "บริษัท น้ำใส จำกัด", "1000.5")
    from datetime import date

    from iindustry.sources.rows import sort_out

    result = sort_out(table.frame, table.match.layout, today=date(2026, 11, 22), tag=str)
    assert result.accepted["record_key"].to_list() == ["0105553000121"]
