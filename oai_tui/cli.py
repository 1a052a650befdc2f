"""The command line: one verb, one function; everything heavy is imported late."""


def main() -> None:
    """Run the command line."""
