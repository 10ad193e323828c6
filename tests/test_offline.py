"""No test, and no Python process that a test starts, reaches beyond this machine."""

import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest

# Reserved for documentation: there is nothing at these addresses, were they tried.
AWAY = ("192.0.2.1", "2001:db8::1", "example.invalid")


@pytest.mark.parametrize("host", AWAY)
def test_other_machines_are_out_of_reach(host: str) -> None:
    with pytest.raises(RuntimeError, match="may not use the network"):
        socket.create_connection((host, 80), timeout=1)


def test_datagrams_and_connections_without_a_look_up_are_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        with pytest.raises(RuntimeError, match="may not use the network"):
            sending.sendto(b"", (AWAY[0], 53))
        with pytest.raises(RuntimeError, match="may not use the network"):
            sending.connect((AWAY[0], 53))


def test_processes_that_tests_start_are_kept_off_the_network_too() -> None:
    program = f"import socket; socket.create_connection(({AWAY[0]!r}, 80), timeout=1)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "may not use the network" in done.stderr


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_on_this_machine_can_be_reached(host: str) -> None:
    with HTTPServer(("127.0.0.1", 0), _Hello) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with urlopen(f"http://{host}:{server.server_port}", timeout=20) as answer:
            assert answer.read() == b"hello"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets here")
def test_unix_sockets_can_be_reached(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen(1)
        client.connect(str(tmp_path / "s"))
