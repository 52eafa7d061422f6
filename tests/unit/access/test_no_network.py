"""Tests reach this machine and nothing beyond it: what needs the network fails here, before it fails where there is none."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

ELSEWHERE = [("192.0.2.1", 443), ("203.0.113.7", 80), ("2001:db8::1", 443), ("registry.example", 443)]


@pytest.mark.parametrize("address", ELSEWHERE, ids=[host for host, _ in ELSEWHERE])
@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_an_address_elsewhere_is_refused(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as one, pytest.raises(SocketConnectBlockedError, match="A test tried to use"):
        one.settimeout(0.2)
        one.connect(address)


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_a_unix_socket_is_reached(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))
