"""Handing a new key to a command of the settings, on its standard input and nowhere else."""

from __future__ import annotations

import array
import asyncio
import contextlib
import os
import re
import select
import shutil
import signal
from asyncio.subprocess import Process
from pathlib import Path

from oai_tui.core.delivery import Command, DeliveryFailed
from oai_tui.core.errors import WrongInput
from oai_tui.core.redaction import without_value
from oai_tui.core.secret import Secret
from oai_tui.core.text import clean, without_keys

WITHHELD = ("OPENAI_ADMIN_KEY", "OPENAI_API_KEY")
"""Variables a command does not get: they may hold the key that is being replaced, or ours."""

MOST_OUTPUT = 64 * 1024
"""Bytes of what a command says that are kept; the rest is read and let go."""

SHOWN_LINES = 3
"""Lines of what a command says that are in its receipt."""

MOST_LINES = 20
"""Lines that are kept when it fails: its first ones, and from there on its last."""

LONGEST_LINE = 160

_SHELL = "/bin/sh"
_COLORS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_TRY_AGAIN = "The key is still here: correct the command and deliver it again."


def check_command(name: str, command: Command) -> None:
    """Raise WrongInput when the program of a command is not there or cannot be run."""
    program = _words(command)[0]
    if shutil.which(program) is None:
        raise WrongInput(
            f"The command {name} cannot be run: there is no program {clean(program, 80)}.",
            f"Correct [commands.{name}] in the settings.",
        )


async def hand_over(name: str, command: Command, secret: Secret) -> str:
    """Run a command with the key and a line end on its standard input; return what became of it.

    The first line is `NAME: exit 0`, the next ones are the first the command said. Raises
    DeliveryFailed when it cannot be started, ends otherwise, takes too long, or leaves the key
    unread. It has no terminal; taking too long and cancelling kill it with all it started.
    """
    with contextlib.ExitStack() as files:
        given = _pipe_with(secret, files)
        taken, said = os.pipe()
        files.callback(os.close, taken)
        try:
            process = await _started(name, command, _environment(secret), given, said)
        finally:
            os.close(said)
        heard = _Heard(taken)
        files.callback(heard.stop)
        is_over = await _has_ended(process, command.timeout)
        told = _lines(heard.all(), secret)
        if not is_over:
            raise DeliveryFailed(
                f"{name} had not ended after {command.timeout} s and was stopped; "
                f"whether it took the key is not known{_quoted(told)}.",
                _TRY_AGAIN,
                process.returncode,
                told,
            )
        return _outcome(name, process.returncode or 0, told, _unread(given))


async def _started(
    name: str, command: Command, environment: dict[str, str], given: int, said: int
) -> Process:
    try:
        return await asyncio.create_subprocess_exec(
            *_words(command),
            stdin=given,
            stdout=said,
            stderr=said,
            env=environment,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        why = clean(getattr(error, "strerror", None) or type(error).__name__)
        raise DeliveryFailed(f"{name} could not be started: {why}.", _TRY_AGAIN) from None


async def _has_ended(process: Process, seconds: float) -> bool:
    """Wait for a command; one that takes longer or is no longer wanted does not go on."""
    try:
        async with asyncio.timeout(seconds):
            await process.wait()
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return True


def _outcome(name: str, status: int, said: tuple[str, ...], unread: int) -> str:
    if status:
        ended = f"exit {status}" if status > 0 else f"ended by signal {-status}"
        raise DeliveryFailed(f"{name}: {ended}{_quoted(said)}.", _TRY_AGAIN, status, said)
    if unread > 1:  # the line end may be left
        raise DeliveryFailed(
            f"{name}: exit 0, but it did not read the key from its standard input{_quoted(said)}.",
            _TRY_AGAIN,
            status,
            said,
        )
    return "\n".join((f"{name}: exit 0", *said[:SHOWN_LINES]))


class _Heard:
    """What comes out of a pipe, as much of it as is kept."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._kept = bytearray()
        os.set_blocking(descriptor, False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(descriptor, self._take)

    def all(self) -> bytes:
        """Return what is kept, with what is in the pipe by now."""
        # Bounded: something it started may go on talking for ever.
        for _ in range(64):
            if not self._take():
                break
        return bytes(self._kept)

    def stop(self) -> None:
        """Listen no more."""
        self._loop.remove_reader(self._descriptor)

    def _take(self) -> bool:
        try:
            part = os.read(self._descriptor, 65536)
        except BlockingIOError:
            return False
        if not part:
            self.stop()
            return False
        self._kept += part[: MOST_OUTPUT - len(self._kept)]
        return True


def _words(command: Command) -> tuple[str, ...]:
    if command.shell:
        return (_SHELL, "-c", command.shell)
    program, *rest = command.run
    with contextlib.suppress(RuntimeError):
        program = str(Path(program).expanduser()) if program.startswith("~") else program
    return (program, *rest)


def _pipe_with(secret: Secret, files: contextlib.ExitStack) -> int:
    """Return the end of a pipe from which the key can be read, and after it nothing."""
    value = secret.reveal().encode() + b"\n"
    if len(value) > select.PIPE_BUF:
        raise WrongInput("This key is longer than any that is handed to a command.")
    end, start = os.pipe()
    files.callback(os.close, end)
    try:
        os.write(start, value)
    finally:
        os.close(start)
    return end


def _unread(descriptor: int) -> int:
    """Return how many bytes nobody has read, 0 where the system does not tell."""
    import fcntl
    import termios

    left = array.array("i", [0])
    try:
        fcntl.ioctl(descriptor, termios.FIONREAD, left)
    except OSError:
        return 0
    return left[0]


def _environment(secret: Secret) -> dict[str, str]:
    value = secret.reveal()
    return {
        name: text
        for name, text in os.environ.items()
        if name not in WITHHELD and value not in text
    }


def _lines(output: bytes, secret: Secret) -> tuple[str, ...]:
    """Return the first and last lines said, harmless and without any part of the key."""
    text = _COLORS.sub("", output.decode(errors="replace"))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        lines = [*lines[:SHOWN_LINES], *lines[SHOWN_LINES - MOST_LINES :]]
    harmless = "\n".join(clean(line, LONGEST_LINE) for line in lines)
    return tuple(without_keys(without_value(harmless, secret.reveal())).splitlines())


def _quoted(said: tuple[str, ...]) -> str:
    """Return the last of it: a command that fails says why at the end."""
    return f" ({said[-1].rstrip('.')})" if said else ""
