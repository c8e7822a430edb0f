"""What a run of tempest came to: counts, each failure, each skip with its reason."""

import collections
import sys

import subunit
import testtools


class Summary(testtools.StreamResult):
    def __init__(self):
        super().__init__()
        self.status_of = {}
        self.reasons = collections.defaultdict(str)

    def status(self, test_id=None, test_status=None, file_name=None, file_bytes=None, **_):
        if test_id is None:
            return
        if test_status not in (None, "exists", "inprogress"):
            self.status_of[test_id] = test_status
        if file_name in ("reason", "traceback") and file_bytes:
            self.reasons[test_id] += bytes(file_bytes).decode(errors="replace")


def main():
    path, expected_path, *flags = sys.argv[1:]
    with open(path, "rb") as stream:
        result = Summary()
        subunit.ByteStreamToStreamResult(stream, non_subunit_name="stdout").run(result)
    with open(expected_path) as lines:
        expected = {line.split("#")[0].strip() for line in lines} - {""}
    by_status = collections.Counter(result.status_of.values())
    failed = sorted(id for id, status in result.status_of.items() if status == "fail")
    short = lambda id: id.split("[")[0]
    skips = collections.Counter(
        result.reasons[id].strip().split("\n")[-1]
        for id, status in result.status_of.items() if status == "skip"
    )
    for reason, count in skips.most_common():
        print(f"skipped {count:3}: {reason}")
    unexpected = [id for id in failed if short(id) not in expected]
    for id in unexpected:
        last = [line for line in result.reasons[id].strip().split("\n") if line.strip()][-3:]
        print(f"FAILED {short(id)}\n    " + "\n    ".join(last))
    passed = {short(id) for id, status in result.status_of.items() if status == "success"}
    mended = sorted(expected & passed) if "--some" not in flags else []
    for id in mended:
        print(f"passes now, so it is to be taken out of expected-failures: {id}")
    print(
        f"{by_status['success']} passed, {len(failed)} failed of which "
        f"{len(failed) - len(unexpected)} are expected, {by_status['skip']} skipped"
    )
    sys.exit(1 if unexpected or mended or not passed else 0)


main()
