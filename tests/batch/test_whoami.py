from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from extractor.batch.whoami import my_name


def test_a_run_in_another_container_of_the_same_name_may_live():
    apart = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]
    if shutil.which("unshare") is None or subprocess.run([*apart, "true"], capture_output=True).returncode:
        pytest.skip("this system makes no process namespaces")
    code = f"from extractor.batch.whoami import is_dead; print(is_dead({my_name()!r}))"
    done = subprocess.run([*apart, sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
