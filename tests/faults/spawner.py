"""Starts `bilan gateway` and `bilan ingest` as processes of their own, in a moment: everything is imported once, then forked.

Reads lines ``gateway|ingest FOLDER`` and answers with the process id; ends with its input.
"""

from __future__ import annotations

import os
import signal
import sys

from bilan.telemetry.gateway.command import gateway
from bilan.telemetry.ingest.command import ingest

COMMANDS = {"gateway": gateway, "ingest": ingest}


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        name, folder = line.split()
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            with open(f"{folder}/{name}.log", "ab") as log:  # noqa: PTH123
                os.dup2(log.fileno(), 1)
                os.dup2(log.fileno(), 2)
            COMMANDS[name].main(["--city", folder])
        print(child, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
