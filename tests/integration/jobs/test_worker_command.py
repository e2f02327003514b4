import os
import subprocess
import sys


def test_a_worker_on_an_index_of_one_process_says_so(tmp_path):
    environment = os.environ | {"DESKSIDE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", "from server.cli import main; main()", "worker"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "DESKSIDE_CHROMA_URL" in ended.stderr
