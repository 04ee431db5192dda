"""The audit log: who did what, in a chain that shows when somebody has been at it.

Every entry carries the hash of the one before. The number and the hash of the newest also stand in a file of the city's data folder, which
the database cannot reach: whoever changes, removes or cuts off entries in the database, or computes the whole chain anew, is found out by
`verify`. After a cut the numbers go on where the file says they were, so that the gap stays for ever.
"""

from __future__ import annotations

from bilan.people.audit.chain import ChainState, state, verify
from bilan.people.audit.recording import record, record_once

__all__ = ["ChainState", "record", "record_once", "state", "verify"]
