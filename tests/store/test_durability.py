"""What has been acknowledged is there, however the writer ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from extractor.store import documents, events, records
from extractor.store.blobs import Blobs
from extractor.store.database import Database

WRITER = """
import sys
from pathlib import Path
from extractor.store import documents, events, records
from extractor.store.blobs import Blobs
from extractor.store.database import Database
from tests.store import samples

url, folder = sys.argv[1:]
database, blobs = Database(url), Blobs(Path(folder))
number = 0
while True:
    sha256 = blobs.put(str(number).encode())
    with database.write() as connection:
        row = documents.insert(connection, sha256=sha256, name="a", size=1, uploaded_by="li")[0]
    for _ in range(20):
        number += 1
        with database.write() as connection:
            event = samples.event(connection, row.id, number)
            data = {"seq": event.seq}
            records.put(connection, row.id, [records.RecordRow("r1", 1.0, "approved", data, event.seq)])
        print(row.id, event.seq, event.hash, flush=True)
"""


def test_kill_9_of_a_writer_loses_nothing_acknowledged(database: Database, url: str, tmp_path: Path) -> None:
    for enough in (7, 45, 90):
        command = [sys.executable, "-c", WRITER, url, str(tmp_path / f"blobs{enough}")]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:
            assert writer.stdout is not None
            told = [writer.stdout.readline().split() for _ in range(enough)]
            writer.send_signal(signal.SIGKILL)
            told += [line.split() for line in writer.stdout if line.endswith("\n")]
        assert writer.returncode == -signal.SIGKILL
        assert len(told) >= enough
        blobs = Blobs(tmp_path / f"blobs{enough}")
        with database.read() as connection:
            log = {
                document_id: {event.seq: event.hash for event in events.after(connection, document_id)}
                for document_id, _, _ in told
            }
            assert all(log[document_id][int(seq)] == digest for document_id, seq, digest in told)
            for document_id in log:
                assert events.verify(connection, document_id)
                row = documents.get(connection, document_id)
                assert row is not None
                blobs.read(row.sha256)
                (record,) = records.load(connection, document_id)  # the copy and the log end at the same event
                assert record.version == row.seq == max(log[document_id])
        with database.write() as connection:
            for document_id in log:
                documents.delete(connection, document_id)
