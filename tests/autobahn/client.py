"""The cases of the Autobahn test suite against the live socket, which says much and echoes nothing.

    export PYTHONUSERBASE=/tmp/autobahn
    python2.7 -m pip install --user autobahntestsuite
    cargo run -- demo --listen 127.0.0.1:18200
    python2.7 tests/autobahn/client.py ws://127.0.0.1:18200/api/v1/streamers/ann/live

The suite is written for servers that echo, for Python 2. So what a case waits for is looked at without the echoes, and
whatever the server tells is passed over; everything else is as the suite has it. Left out are messages above the
socket's 4 KiB (1.1.6-8, 1.2.6-8, 7.1.6, 9, 10) and compression, which is not offered (12, 13). Prints what is not as it
should be and ends with 1 then; takes about a minute.
"""

import json
import sys
import tempfile

from twisted.internet import reactor

from autobahntestsuite import fuzzing
from autobahntestsuite.case.case import Case

TOO_LONG = ["1.1.6", "1.1.7", "1.1.8", "1.2.6", "1.2.7", "1.2.8", "7.1.6", "9.*", "10.*"]
COMPRESSED = ["12.*", "13.*"]
GOOD = ["OK", "NON-STRICT", "INFORMATIONAL"]
# How long a case may go on by itself before it ends, in seconds.
QUIET = 0.3


def without_echoes(events):
    return [event for event in events if event[0] != "message"]


def compare(_, one, other):
    return without_echoes(one) == without_echoes(other)


def on_message(case, text, is_binary):
    """Is no news: what is told comes at any time."""


def build(factory, addr, build=fuzzing.FuzzingClientFactory.buildProtocol):
    """Lets a case end for which nothing but echoes would come."""
    protocol = build(factory, addr)
    begin = protocol.runCase.onOpen

    def on_open():
        begin()
        reactor.callLater(QUIET, end, protocol)

    protocol.runCase.onOpen = on_open
    return protocol


def end(protocol):
    if protocol.state == protocol.STATE_OPEN:
        protocol.runCase.finishWhenDone()


def main(url):
    Case.compare, Case.onMessage = compare, on_message
    fuzzing.FuzzingClientFactory.buildProtocol = build
    server = {"agent": "airlog", "url": url, "options": {"version": 18}}
    spec = {
        "outdir": tempfile.mkdtemp(),
        "servers": [server],
        "cases": ["*"],
        "exclude-cases": TOO_LONG + COMPRESSED,
        "exclude-agent-cases": {},
    }
    factory = fuzzing.FuzzingClientFactory(spec)
    reactor.run()
    results = factory.agents["airlog"]
    bad = 0
    for name in factory.specCases:
        result = results.get(name)
        outcome = (result["behavior"], result["behaviorClose"]) if result else ("NOT RUN", "")
        if not all(part in GOOD for part in outcome):
            bad += 1
            print("%s: %s, %s: %s" % (name, outcome[0], outcome[1], json.dumps(result and result["resultClose"])))
    print("%d cases, %d not as they should be" % (len(factory.specCases), bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
