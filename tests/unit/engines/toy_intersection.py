"""The library of private checks as far as it is used, with numbers where it has points of a curve: for any machine.

Nobody's secret would be safe with it. The same tests run against the library itself where it is installed.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Self

PRIME = 2**521 - 1


def blinded(element: bytes, key: int) -> bytes:
    number = int.from_bytes(element)
    if not 1 < number < PRIME:
        raise RuntimeError("no element of the group")
    return pow(number, key, PRIME).to_bytes(66)


def hashed(value: str) -> bytes:
    digest = hashlib.sha512(value.encode()).digest()
    return (int.from_bytes(digest) + 2).to_bytes(66)


class Message:
    """Elements as JSON, in place of a protocol buffer."""

    def __init__(self, elements: Sequence[bytes] = (), reveal: bool = False) -> None:
        self.encrypted_elements, self.reveal = list(elements), reveal

    def SerializeToString(self) -> bytes:
        return json.dumps([self.reveal, [each.hex() for each in self.encrypted_elements]]).encode()

    def ParseFromString(self, content: bytes) -> None:
        self.reveal, elements = json.loads(content)
        self.encrypted_elements = [bytes.fromhex(each) for each in elements]


class Side:
    def __init__(self, reveal: bool, key: int) -> None:
        self.reveal, self.key = reveal, key

    @classmethod
    def CreateWithNewKey(cls, reveal: bool) -> Self:
        return cls(reveal, secrets.randbits(256) * 2 + 3)

    @classmethod
    def CreateFromKey(cls, key: bytes, reveal: bool) -> Self:
        return cls(reveal, int.from_bytes(key))

    def GetPrivateKeyBytes(self) -> bytes:
        return self.key.to_bytes(40)


class Client(Side):
    def CreateRequest(self, values: Sequence[str]) -> Message:
        return Message([blinded(hashed(each), self.key) for each in values], self.reveal)

    def GetIntersection(self, setup: Message, response: Message) -> list[int]:
        # Instead of taking the key off what came back, put it on what the other side has: the same equality.
        theirs = {blinded(each, self.key) for each in setup.encrypted_elements}
        return [place for place, each in enumerate(response.encrypted_elements) if each in theirs]

    def GetIntersectionSize(self, setup: Message, response: Message) -> int:
        return len(self.GetIntersection(setup, response))


class Server(Side):
    def CreateSetupMessage(self, _rate: float, _asked: int, values: Sequence[str], _kind: Any) -> Message:
        return Message(sorted(blinded(hashed(each), self.key) for each in values))

    def ProcessRequest(self, request: Message) -> Message:
        if request.reveal != self.reveal:
            raise RuntimeError("reveal")
        answered = [blinded(each, self.key) for each in request.encrypted_elements]
        return Message(answered if self.reveal else sorted(answered))


TOY = SimpleNamespace(
    client=Client,
    server=Server,
    Request=Message,
    Response=Message,
    ServerSetup=Message,
    DataStructure=SimpleNamespace(RAW="raw"),
)
