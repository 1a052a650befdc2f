from __future__ import annotations

from datetime import UTC, datetime

from oai_tui.core.errors import PlatformDown
from oai_tui.core.keys import Project
from oai_tui.services.inventory.gaps import Gaps

DOWN = PlatformDown("The platform failed.")
AT = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)


def told(*names: str, shown_of: datetime | None = None) -> tuple[str, ...]:
    gaps = Gaps()
    for name in names:
        gaps.of_project("keys", Project(f"proj_{name}", name), DOWN, shown_of)
    return gaps.sentences()


def test_few_projects_are_named_and_many_counted() -> None:
    assert told() == ()
    assert told("web") == ("The keys of web could not be read: The platform failed.",)
    assert told("web", "lab")[0].startswith("The keys of web and lab could")
    assert told("web", "lab", "x")[0].startswith("The keys of web, lab and 1 more project could")
    assert told("web", "lab", "x", "y")[0].startswith("The keys of web, lab and 2 more projects")
    assert told("")[0].startswith("The keys of proj_ could")


def test_the_age_of_what_is_shown_instead() -> None:
    assert told("web", shown_of=AT)[0].endswith("They are shown as of 22 Nov 09:05 UTC.")


def test_other_reasons_are_other_sentences() -> None:
    gaps = Gaps()
    web = Project("p", "web")
    gaps.of_project("keys", web, DOWN, None)
    gaps.of_project("service accounts", web, DOWN, None)
    gaps.of_project("keys", web, PlatformDown("Overloaded."), None)
    gaps.add("The members", DOWN, None)
    gaps.tell("Something else.")
    assert len(gaps.sentences()) == 5
    assert gaps.sentences()[0] == "The members could not be read: The platform failed."
