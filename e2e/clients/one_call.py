"""One call of the SDK, for browser tests: `one_call.py import ID NICK` or `one_call.py read ID TAG...`; prints the answer in JSON."""

import json
import sys

from sdk import client

admin = client()
what, user, *rest = sys.argv[1:]
if what == "import":
    answer = admin.im_open_login_svc.account_import(user, nick=rest[0])
else:
    answer = admin.profile.portrait_get([user], rest)
print(json.dumps(answer))
