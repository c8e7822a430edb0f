-- What is kept beside the fleet: tokens, credentials.
CREATE TABLE kept (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    expires_us INTEGER,
    UNIQUE (kind, key)
) STRICT;

CREATE INDEX kept_by_expiry ON kept (expires_us) WHERE expires_us IS NOT NULL;

-- For people with a sqlite3 shell: open the file with `sqlite3 -readonly`.
CREATE VIEW active_servers AS
SELECT s.uuid, p.name AS project, s.name, s.vm_state, s.task_state, s.power_state,
    h.name AS host, f.name AS flavor, i.name AS image, s.vcpus, s.ram_mib, u.name AS created_by,
    strftime('%Y-%m-%dT%H:%M:%fZ', s.created_us / 1e6, 'unixepoch') AS created,
    strftime('%Y-%m-%dT%H:%M:%fZ', s.updated_us / 1e6, 'unixepoch') AS updated,
    s.fault_message AS fault
FROM server s
LEFT JOIN project p ON p.id = s.project
LEFT JOIN name h ON h.kind = 'host' AND h.place = s.host
LEFT JOIN name f ON f.kind = 'flavor' AND f.place = s.flavor
LEFT JOIN name i ON i.kind = 'image' AND i.place = s.image
LEFT JOIN name u ON u.kind = 'user' AND u.place = s.created_by
WHERE s.vm_state <> 'deleted';

CREATE VIEW unfinished_operations AS
SELECT s.uuid AS server, s.live_number AS number, s.live_request AS request, p.name AS project,
    s.name AS server_name, h.name AS host, s.live_action AS action, s.live_state AS state,
    s.live_attempt AS attempt, s.live_worker AS worker, s.live_turn AS turn,
    strftime('%Y-%m-%dT%H:%M:%fZ', s.live_accepted_us / 1e6, 'unixepoch') AS accepted,
    strftime('%Y-%m-%dT%H:%M:%fZ', s.live_started_us / 1e6, 'unixepoch') AS started,
    strftime('%Y-%m-%dT%H:%M:%fZ', s.live_not_before_us / 1e6, 'unixepoch') AS not_before
FROM server s
LEFT JOIN project p ON p.id = s.project
LEFT JOIN name h ON h.kind = 'host' AND h.place = s.host
WHERE s.live_number IS NOT NULL;

CREATE VIEW usage_by_project AS
SELECT name AS project, instances, instances_max, cores, cores_max, ram_mib, ram_mib_max, weight
FROM project;

CREATE VIEW failures AS
SELECT s.uuid AS server, o.number, o.request, p.name AS project, s.name AS server_name,
    h.name AS host, o.action, o.failure, s.fault_message AS last_fault, o.attempt,
    strftime('%Y-%m-%dT%H:%M:%fZ', o.accepted_us / 1e6, 'unixepoch') AS accepted,
    strftime('%Y-%m-%dT%H:%M:%fZ', o.finished_us / 1e6, 'unixepoch') AS finished
FROM operation o
JOIN server s ON s.id = o.server
LEFT JOIN project p ON p.id = s.project
LEFT JOIN name h ON h.kind = 'host' AND h.place = s.host
WHERE o.state = 'failed';
