"""What stands in the database and on the disk, as sums: `python -m portal.make.drill.look`."""

from __future__ import annotations

import hashlib
import json
import sys

import django


def main() -> int:
    django.setup()
    from portal.audit.models import ChainHead
    from portal.backup.databases import database
    from portal.backup.folders import files_in, folders
    from portal.backup.tables import sums

    data = database()
    with data.snapshot() as snapshot:
        tables = sums(snapshot.ask, data.kind, digests=True)
    head = ChainHead.objects.get(pk=1)
    files = {
        f"{folder.place}/{name}": hashlib.sha256((folder.root / name).read_bytes()).hexdigest()
        for folder in folders()[0]
        for name in files_in(folder.root)
    }
    told = {"tables": tables, "files": files, "head": [head.sequence, head.hash]}
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
