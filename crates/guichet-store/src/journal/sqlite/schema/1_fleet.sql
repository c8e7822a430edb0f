-- Times are microseconds since 1970. `project`, `host`, `flavor`, `image` and `created_by` are
-- numbers in the tables `project` and `name`, which are only ever added to.

-- Anything there is one of.
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value ANY
) STRICT;

CREATE TABLE project (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    instances_max INTEGER,
    cores_max INTEGER,
    ram_mib_max INTEGER,
    weight INTEGER NOT NULL,
    instances INTEGER NOT NULL DEFAULT 0,
    cores INTEGER NOT NULL DEFAULT 0,
    ram_mib INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What the numbers of hosts, flavors, images, networks and users mean.
CREATE TABLE name (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (kind, place),
    UNIQUE (kind, name)
) STRICT;

-- id: the server's slot, plus 1. live_*: the operation that is queued or running.
CREATE TABLE server (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL,
    project INTEGER NOT NULL,
    name TEXT NOT NULL,
    flavor INTEGER NOT NULL,
    image INTEGER NOT NULL,
    host INTEGER,
    vcpus INTEGER NOT NULL,
    ram_mib INTEGER NOT NULL,
    vm_state TEXT NOT NULL,
    task_state TEXT,
    power_state TEXT NOT NULL,
    touched INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    operations INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    launched_us INTEGER,
    created_by INTEGER NOT NULL,
    details TEXT,
    fault_kind TEXT,
    fault_message TEXT,
    fault_us INTEGER,
    live_number INTEGER,
    live_request TEXT,
    live_client INTEGER,
    live_action TEXT,
    live_state TEXT,
    live_attempt INTEGER,
    live_worker INTEGER,
    live_accepted_us INTEGER,
    live_started_us INTEGER,
    live_not_before_us INTEGER,
    live_turn INTEGER
) STRICT;

-- Operations that are over. id: 32 * slot + number % 32, so a server's 33rd takes the place of
-- its first.
CREATE TABLE operation (
    id INTEGER PRIMARY KEY,
    server INTEGER NOT NULL,
    number INTEGER NOT NULL,
    request TEXT NOT NULL,
    client INTEGER NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    worker INTEGER NOT NULL,
    accepted_us INTEGER NOT NULL,
    started_us INTEGER,
    finished_us INTEGER NOT NULL,
    failure TEXT
) STRICT;

-- Idempotency keys, oldest first, with the answer given under each.
CREATE TABLE request_key (
    id INTEGER PRIMARY KEY,
    project INTEGER NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    answer TEXT NOT NULL,
    expires_us INTEGER NOT NULL
) STRICT;
