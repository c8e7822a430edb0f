-- Server groups. `uuid` is the id that clients know, `project` and `user` are numbers of the tables
-- `project` and `name`. `max_per_host` is how many servers may be on one host, if that was asked for.
-- Who is in a group is in the details of servers, as `group`.
CREATE TABLE server_group (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    project INTEGER NOT NULL,
    user INTEGER NOT NULL,
    name TEXT NOT NULL,
    policy TEXT NOT NULL,
    max_per_host INTEGER,
    created_us INTEGER NOT NULL
) STRICT;
