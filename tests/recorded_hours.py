"""Real hours of usage, served on a socket the way the platform pages them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

FILE = Path(__file__).resolve().parents[1] / (
    "../shared/data/recorded/nbbaier_openai-cost-cli_results.json"
)
WIDTHS = {"1m": 60, "1h": 3600, "1d": 86400}
MOST = {"1m": 1440, "1h": 168, "1d": 31}
COUNTED = "/v1/organization/usage/completions"


@contextmanager
def recorded_hours() -> Iterator[str]:
    """Serve them until the context ends; gives the base URL. Only completions were used."""
    hours = {hour["start_time"]: hour["results"] for hour in json.loads(FILE.read_text())}

    class Platform(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            split = urlsplit(self.path)
            asked = {name: values[-1] for name, values in parse_qs(split.query).items()}
            counted = hours if split.path == COUNTED else {}
            body = json.dumps(_page(counted, asked)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def _page(hours: dict[int, list[Any]], asked: dict[str, str]) -> dict[str, Any]:
    """Return a page of buckets, the empty ones included, whose results are not added up."""
    width = asked.get("bucket_width", "1d")
    step, limit = WIDTHS[width], min(int(asked.get("limit", 7)), MOST[width])
    start, end = int(asked["start_time"]), int(asked["end_time"])
    starts = list(range(start - start % step, end, step))
    first = int(asked.get("page", 0))
    shown = starts[first : first + limit]
    more = first + limit < len(starts)
    buckets = [
        {
            "object": "bucket",
            "start_time": max(at, start),
            "end_time": min(at + step, end),
            "results": [row for hour in hours if at <= hour < at + step for row in hours[hour]],
        }
        for at in shown
    ]
    token = str(first + limit) if more else None
    return {"object": "page", "data": buckets, "has_more": more, "next_page": token}
