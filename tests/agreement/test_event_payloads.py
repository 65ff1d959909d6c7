"""What arrives of the payloads that MF709 reports, at a server on the loopback address."""

import datetime
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from metaflow.integrations import ArgoEvent

from lint_rules.rules.events.mf709_event_payload import EventPayload
from lint_rules.testing import diagnose

pytestmark = pytest.mark.process
TOP = "import datetime\n\nfrom metaflow.integrations import ArgoEvent\n\n"


@pytest.fixture(scope="module")
def webhook():
    """A server, with a list of the payloads that arrive."""
    arrived = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            arrived.append(json.loads(body)["payload"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Write nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", arrived
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("given", "is_lost"),
    [
        ("{'at': datetime.datetime.now()}", True),
        ("{'at': [datetime.date(2024, 1, 1)]}", True),
        ("{'years': {2023, 2024}}", True),
        ("{'raw': b'bytes'}", True),
        ("{('a', 'b'): 1}", True),
        ("{'a': lambda: 1}", True),
        ("['a']", True),
        ("'text'", True),
        ("{'a': [1, None, {'b': True}]}", False),
        ("{'at': datetime.datetime.now().isoformat()}", False),
    ],
)
def test_what_no_json_holds_is_not_published(given, is_lost, webhook):
    url, arrived = webhook
    arrived.clear()
    ArgoEvent("papers", url=url).publish(eval(given, {"datetime": datetime}))
    found = diagnose(EventPayload, f"{TOP}ArgoEvent('papers').publish({given})\n")
    assert (not arrived, bool(found)) == (is_lost, is_lost)


@pytest.mark.parametrize("given", ["{'a': 1}", "[1, 2]", "(1, 2)", "'text'", "3", "1.5"])
def test_added_containers_arrive_as_pythons_text(given, webhook):
    url, arrived = webhook
    arrived.clear()
    value = eval(given)
    ArgoEvent("papers", url=url).add_to_payload("value", value).publish()
    text = arrived[0]["value"]
    is_changed = text != value and text != json.dumps(value)
    code = f"{TOP}ArgoEvent('papers').add_to_payload('value', {given}).publish()\n"
    # A list of numbers looks the same in JSON, but one of texts does not.
    is_reported = bool(diagnose(EventPayload, code))
    assert is_reported == isinstance(value, dict | list | tuple)
    assert is_reported or not is_changed
