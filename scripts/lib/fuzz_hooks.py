"""What schemathesis does not send for `npm run fuzz`: addresses that are refused before an operation is found.

Their answers are those of the server, not of an operation (docs/spec/api.md, 1.1), and no document can tell of them.
"""

import re

import schemathesis

# As src/http/url-rules.ts, in values that are not escaped yet; an empty one makes two slashes.
REFUSED = re.compile(r"[/;%\\\x00-\x1f\x7f-\x9f\u2028\u2029]|^\.{0,2}$")


@schemathesis.hook
def filter_case(context, case):
    return not any(REFUSED.search(str(value)) for value in (case.path_parameters or {}).values())
