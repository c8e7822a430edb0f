-- Key pairs: public keys, never private ones. `uuid` is the row's own id, `user` is a number of the
-- table `name`, `kind` is `ssh` or `x509`.
CREATE TABLE key_pair (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    user INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    public_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_us INTEGER NOT NULL
) STRICT;
