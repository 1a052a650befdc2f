"""A real key store on a bus of its own, for tests: nothing of the user's session is touched."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROGRAMS = ("dbus-daemon", "dbus-send", "gnome-keyring-daemon")
NAME = "org.freedesktop.secrets"

# Without service folders nothing is started on demand: what is killed stays dead.
_BUS = """<busconfig><type>session</type><listen>unix:path={socket}</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""

_MUTE = f"""
import time
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
connection = open_dbus_connection()
connection.send_and_get_reply(new_method_call(bus, "RequestName", "su", ("{NAME}", 0)))
while True:
    connection.receive()
"""


def require() -> None:
    """Skip the test where the daemons are missing; fail it where they must not be."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if not missing:
        return
    text = f"not installed: {', '.join(missing)}"
    if os.environ.get("REQUIRE_SECRET_SERVICE") == "1":
        pytest.fail(text)
    pytest.skip(text)


class Session:
    """A private bus, the processes on it and the environment that leads to it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.run = home / "run"
        self.run.mkdir(mode=0o700, exist_ok=True)
        kept = ("PATH", "PYTHONPATH", "LANG", "LC_ALL")
        self.env = {name: os.environ[name] for name in kept if name in os.environ} | {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(self.run),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.run}/bus",
        }
        self._started: list[subprocess.Popen[bytes]] = []

    def start_bus(self) -> subprocess.Popen[bytes]:
        """Start the bus and wait until it listens."""
        socket = self.run / "bus"
        socket.unlink(missing_ok=True)
        configuration = self.home / "bus.conf"
        configuration.write_text(_BUS.format(socket=socket))
        bus = self._start(
            "dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile"
        )
        self._until(socket.exists)
        return bus

    def start_keyring(self, password: str | None) -> subprocess.Popen[bytes]:
        """Start gnome-keyring and wait until it owns its name; None leaves it locked."""
        unlock = [] if password is None else ["--unlock"]
        daemon = self._start(
            "gnome-keyring-daemon", "--foreground", "--components=secrets", *unlock
        )
        assert daemon.stdin is not None
        daemon.stdin.write((password or "").encode())  # a line end would belong to the password
        daemon.stdin.close()
        self._until(self._is_owned)
        return daemon

    def start_mute(self) -> subprocess.Popen[bytes]:
        """Start something that owns the key store's name and never answers."""
        mute = self._start(sys.executable, "-c", _MUTE)
        self._until(self._is_owned)
        return mute

    def stop(self) -> None:
        """End everything that was started, the newest first."""
        for process in reversed(self._started):
            process.terminate()
            process.wait(5)

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._started.append(process)
        return process

    def _is_owned(self) -> bool:
        ask = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]
        ask += ["org.freedesktop.DBus.GetNameOwner", f"string:{NAME}"]
        return subprocess.run(ask, env=self.env, capture_output=True).returncode == 0

    def _until(self, ready: Callable[[], bool]) -> None:
        end = time.monotonic() + 60
        while not ready():
            assert time.monotonic() < end, "the secret service did not start in time"
            assert self._started[-1].poll() is None, "the secret service ended at once"
            time.sleep(0.02)


@contextlib.contextmanager
def session(home: Path) -> Iterator[Session]:
    """Give a bus with nobody on it, and end whatever was started there."""
    require()
    here = Session(home)
    try:
        here.start_bus()
        yield here
    finally:
        here.stop()


@contextlib.contextmanager
def secret_service(home: Path, unlock: str | None = "test-password") -> Iterator[dict[str, str]]:
    """Give the environment of a bus with a real gnome-keyring on it.

    `unlock` None leaves it locked, and so does another password than the one of the first time.
    """
    with session(home) as here:
        here.start_keyring(unlock)
        yield here.env
