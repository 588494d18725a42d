"""`make lock`: the locks from pyproject.toml, with hashes, without addresses.

Versions stay as they are unless `--upgrade` (`make lock UPGRADE=1`) asks for the newest allowed.
"""

from __future__ import annotations

import subprocess
import sys

from portal.make.environment import DEV_LOCK, LOCK, PYTHON
from portal.make.stamps import ROOT

COMMON = [
    *("pip", "compile", "pyproject.toml", "--quiet", "--universal"),
    *("--python-version", "3.11", "--generate-hashes"),
    *("--no-header", "--no-annotate", "--no-emit-index-url"),
]


def main() -> int:
    """Write the locks; what development and production add stays within the first."""
    common = [*COMMON, *sys.argv[1:]]
    core = [*common, "--output-file", LOCK.name]
    dev = [
        *(*common, "--group", "test", "--group", "lint"),
        *("--constraints", LOCK.name, "--output-file", DEV_LOCK.name),
    ]
    prod = [
        *(*common, "--extra", "prod"),
        *("--constraints", LOCK.name, "--output-file", "requirements-prod.lock"),
    ]
    for arguments in (core, dev, prod):
        done = subprocess.run([str(PYTHON), "-m", "uv", *arguments], cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
