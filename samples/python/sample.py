"""Issues, shows and revokes certificates: python3 sample.py issue PROFILE SEAT CSR-FILE | show SERIAL | revoke SERIAL REASON"""

import logging
import sys
from pathlib import Path

from digicert_one import ApiError, Cancelled, Client, Settings


def main(args):
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(message)s")
    try:
        client = Client(Settings.from_environment())
    except ValueError as error:
        return fail(error, 2)
    try:
        if len(args) == 4 and args[0] == "issue":
            print(client.issue(args[1], args[2], Path(args[3]).read_text()), end="")
        elif len(args) == 2 and args[0] == "show":
            details = client.details(args[1])
            print(details["serial_number"], details["status"])
        elif len(args) == 3 and args[0] == "revoke":
            client.revoke(args[1], args[2])
            print("revoked", args[1])
        else:
            return fail(__doc__, 2)
    except (ApiError, OSError) as error:
        return fail(error, 1)
    except (Cancelled, KeyboardInterrupt):
        return fail("cancelled", 130)
    return 0


def fail(reason, status):
    print(reason, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
