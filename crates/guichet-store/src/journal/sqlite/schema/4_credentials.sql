-- Application credentials. `credential` is the id that clients know, `user` and `project` are
-- numbers of the tables `name` and `project`, `roles` is a JSON list of names. What an earlier
-- version has of them in `kept` is moved here when the service starts that knows the users.
CREATE TABLE application_credential (
    id INTEGER PRIMARY KEY,
    credential TEXT NOT NULL UNIQUE,
    user INTEGER NOT NULL,
    project INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    roles TEXT NOT NULL,
    secret TEXT NOT NULL,
    unrestricted INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    expires_us INTEGER
) STRICT;
