"""A real Postfix of the tests' own: on a free loopback port, with its queue, log and configuration in a scratch folder.
It takes mail for anyone and throws it away. Needs root (Postfix changes users) and the package; else there is none."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAM = Path("/usr/sbin/postfix")
_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
mail_owner = postfix
myhostname = relay.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
default_transport = discard
alias_maps =
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions =
  check_recipient_access inline:{{ {{nobody@example.org = 550 5.1.1 nobody}}, {{full@example.org = 450 4.2.2 full}} }},
  permit_mynetworks, reject
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
error unix - - n - - error
discard unix - - n - - discard
postlog unix-dgram n - n - 1 postlogd
"""


def available() -> bool:
    return _PROGRAM.exists() and os.geteuid() == 0


@contextmanager
def running(folder: Path) -> Iterator[tuple[int, Path]]:
    """Its port and its log."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = int(door.getsockname()[1])
    for name in ("config", "queue", "data"):
        (folder / name).mkdir(parents=True)
    for parent in (folder, *folder.parents[:3]):
        if parent.stat().st_uid == os.geteuid() and parent != Path("/tmp"):
            parent.chmod(0o755)
    shutil.chown(folder / "data", "postfix")
    (folder / "config/main.cf").write_text(_MAIN.format(folder=folder))
    (folder / "config/master.cf").write_text(_MASTER.format(port=port))
    control = [str(_PROGRAM), "-c", str(folder / "config")]
    subprocess.run([*control, "start"], check=True, capture_output=True)
    try:
        _wait(port)
        yield port, folder / "mail.log"
    finally:
        subprocess.run([*control, "abort"], check=False, capture_output=True)


def _wait(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("Postfix did not start")
