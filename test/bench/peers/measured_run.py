"""Runs a command, and writes what it took to file descriptor 3 as JSON: seconds of CPU and of wall clock, peak MiB."""

import json
import os
import sys
import time

begin = time.monotonic()
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
wall = time.monotonic() - begin
with os.fdopen(3, 'w') as report:
    json.dump({'cpu': usage.ru_utime + usage.ru_stime, 'wall': wall, 'memory': usage.ru_maxrss / 1024}, report)
sys.exit(os.waitstatus_to_exitcode(status))
