"""What the platform, the journal, the key store and the files say of the keys of one run."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path

from oai_tui.core.base_url import BaseUrl
from oai_tui.simulator import changes
from oai_tui.simulator.model import AdminKey, Key
from oai_tui.simulator.server import Running
from tests.kills.program import Target
from tests.safe import Safe


@dataclass
class Figures:
    """What was counted: points tried, and what must never happen at any of them."""

    points: int = 0
    lost: int = 0
    unknown: int = 0
    early: int = 0
    locked_out: int = 0
    unfinished: int = 0

    def __add__(self, other: Figures) -> Figures:
        mine, theirs = asdict(self), asdict(other)
        return Figures(**{name: mine[name] + theirs[name] for name in mine})

    def words(self, what: str) -> str:
        """Return the figures as a line."""
        return (
            f"{what} at {self.points} points: {self.lost} keys lost, {self.unknown} keys unknown "
            f"to the journal, {self.early} old keys revoked before the new one was proved"
        )

    @property
    def harm(self) -> int:
        return self.lost + self.unknown + self.early + self.locked_out + self.unfinished


class Run:
    """A folder of its own, and a service account and an admin key of its own, at one platform."""

    def __init__(self, platform: Running, folder: Path) -> None:
        world = platform.world
        folder.mkdir(exist_ok=True)
        actor = next(iter(world.admin_keys.values()))
        project = next(each for each in world.projects.values() if each.archived_at is None)
        account = changes.create_account(world, actor, project, f"for {folder.name}", "member")
        key = changes.create_key(world, actor, account, "deploy", (), None)
        admin = changes.create_admin_key(world, actor, "mine", None)
        self.world = world
        self.folder = folder
        self.target = Target(platform.base_url, project.id, account.id, key.id, admin.id)
        self.files = folder / key.id
        self.files.mkdir()
        (self.files / "app.env").write_text("# ours\nOPENAI_API_KEY=old\nOTHER=1\n")
        self.before = {*world.keys, *world.admin_keys}
        origin = BaseUrl.parse(platform.base_url).origin
        if not (folder / "safe.json").exists():
            (folder / "safe.json").write_text(json.dumps({"work": (origin, admin.value)}))

    def made(self) -> list[Key | AdminKey]:
        """Return the keys made in this run, by whom else nothing is made, that live."""
        world = self.world
        found: list[Key | AdminKey] = [*world.keys.values(), *world.admin_keys.values()]
        return [key for key in found if key.id not in self.before and key.deleted_at is None]

    def at_once(self) -> Figures:
        """Count the harm there is right after the program ended, however it did."""
        return Figures(
            points=1, unknown=self._unknown(), early=self._early(), locked_out=self._locked_out()
        )

    def afterwards(self) -> Figures:
        """Count the harm there is after the next start has cleared up."""
        values = Safe(self.folder).values()
        for path in self.folder.glob("key_*/*"):
            values |= set(path.read_text().replace("=", "\n").split())
        return Figures(
            lost=sum(key.value not in values for key in self.made()),
            unknown=self._unknown(),
            early=self._early(),
            locked_out=self._locked_out(),
            unfinished=self._unfinished(),
        )

    def ends(self) -> list[str]:
        """Return how far every line of the journal came."""
        with self._journal() as journal:
            states = journal.execute("SELECT state FROM creation").fetchall()
            records = journal.execute("SELECT record FROM rotation").fetchall()
        return [*(row[0] for row in states), *(json.loads(row[0])["step"] for row in records)]

    def audited(self) -> list[str]:
        """Return what the audit log says was done to keys of this account, in order.

        The account's first key is older than the run, so that its creation is left out.
        """
        world = self.world
        ours = {key.id for key in world.keys_of_owner(self.target.account_id)}
        events = [(event.type, event.resource_id) for event in world.audit]
        first = ("api_key.created", self.target.key_id)
        return [type for type, id in events if id in ours and (type, id) != first]

    def _unknown(self) -> int:
        with self._journal() as journal:
            lines = journal.execute("SELECT nonce, key_id FROM creation").fetchall()
            records = journal.execute("SELECT record FROM rotation").fetchall()
        lines += [(each["id"], each["new_id"]) for each in (json.loads(row[0]) for row in records)]
        ids, ends = {id for _, id in lines if id}, tuple(f"-{nonce}" for nonce, _ in lines)
        return sum(key.id not in ids and not key.name.endswith(ends) for key in self.made())

    def _early(self) -> int:
        """Count old keys that went before their successor had answered and was known to."""
        world, target = self.world, self.target
        gone = [
            key.id
            for key in (world.keys[target.key_id], world.admin_keys[target.admin_id])
            if key.deleted_at is not None
        ]
        with self._journal() as journal:
            records = journal.execute("SELECT record FROM rotation").fetchall()
        known = {each["old_id"]: each for each in (json.loads(row[0]) for row in records)}
        return sum(not self._was_proved(known.get(id)) for id in gone)

    def _was_proved(self, record: dict[str, str] | None) -> bool:
        if record is None:
            return False
        world = self.world
        new = world.keys.get(record["new_id"]) or world.admin_keys.get(record["new_id"])
        is_told = (record["step"], record["doing"]) in (("waiting", "revoked"), ("revoked", None))
        return bool(new and new.deleted_at is None and new.last_used_at is not None and is_told)

    def _locked_out(self) -> int:
        """Count keys of the profile that open nothing any more."""
        _, own = Safe(self.folder).content()["work"]
        found = self.world.key_with_value(own)
        return int(found is None or not self.world.is_live(found))

    def _unfinished(self) -> int:
        with self._journal() as journal:
            (open_rotations,) = journal.execute(
                "SELECT count(*) FROM rotation WHERE NOT is_finished"
            ).fetchone()
            (open_creations,) = journal.execute(
                "SELECT count(*) FROM creation WHERE state NOT IN ('delivered', 'failed')"
            ).fetchone()
        return int(open_rotations + open_creations)

    def _journal(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "state" / "journal.sqlite3")
