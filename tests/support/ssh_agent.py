"""An ssh-agent that holds one Ed25519 key: litewitness asks for its signatures that way.

Source: https://datatracker.ietf.org/doc/draft-ietf-sshm-ssh-agent, sections 3.5, 3.6 and 5.1;
https://www.rfc-editor.org/rfc/rfc8709 for the form of key and signature.
"""

import base64
import hashlib
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ALGORITHM = b"ssh-ed25519"
REQUEST_IDENTITIES, IDENTITIES_ANSWER = 11, 12
SIGN_REQUEST, SIGN_RESPONSE = 13, 14
FAILURE = 5
MAX_MESSAGE_BYTES = 256 << 10


def ssh_string(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def key_blob(seed: bytes) -> bytes:
    public_key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return ssh_string(ALGORITHM) + ssh_string(public_key)


def fingerprint(seed: bytes) -> str:
    """What `ssh-add -l` shows: SHA-256 of the key blob, base64 without padding."""
    digest = base64.b64encode(hashlib.sha256(key_blob(seed)).digest()).decode().rstrip("=")
    return f"SHA256:{digest}"


@contextmanager
def agent(path: Path, seed: bytes) -> Iterator[Path]:
    """Serve the key on the socket ``path`` until the block ends."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while len(prefix := self.rfile.read(4)) == 4:
                length = int.from_bytes(prefix, "big")
                if length > MAX_MESSAGE_BYTES:
                    return
                self.wfile.write(ssh_string(answer(self.rfile.read(length), seed)))

    with socketserver.ThreadingUnixStreamServer(str(path), Handler) as server:
        server.daemon_threads = True
        # A client keeps its connection open for ever: its thread is not waited for.
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield path
        finally:
            server.shutdown()
            thread.join()


def answer(message: bytes, seed: bytes) -> bytes:
    blob = key_blob(seed)
    if message[:1] == bytes([REQUEST_IDENTITIES]):
        one_key = (1).to_bytes(4, "big")
        return bytes([IDENTITIES_ANSWER]) + one_key + ssh_string(blob) + ssh_string(b"witness")
    asked = bytes([SIGN_REQUEST]) + ssh_string(blob)
    if not message.startswith(asked):
        return bytes([FAILURE])
    start = len(asked) + 4
    length = int.from_bytes(message[len(asked) : start], "big")
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(message[start : start + length])
    return bytes([SIGN_RESPONSE]) + ssh_string(ssh_string(ALGORITHM) + ssh_string(signature))
