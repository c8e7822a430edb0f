# What tests that run Python clients against a server on a real socket have in common, for `run` of
# each to source. It wants `root`, and sets `GUICHET_BIN`, `scratch` (removed at the end) and, once
# the server is up, `url`.

# Makes a virtual environment in $1 of what $2, a list of requirements, names.
# Exits with 75 if there are no Python packages to be had here, and so nothing was checked.
make_venv() {
    local venv=$1 requirements=$2
    # A virtual environment is good for exactly the versions that are copied into it.
    if cmp --silent "$requirements" "$venv/requirements.txt"; then
        return
    fi
    rm -rf "$venv"
    python3 -m venv "$venv"
    if ! "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"; then
        # Whether pip has packages at all tells a machine without a network from a wrong version.
        if "$venv/bin/pip" download --quiet --no-deps --dest "$venv/probe" pytest; then
            exit 1
        fi
        echo "pip has no packages to be had here" >&2
        exit 75
    fi
    cp "$requirements" "$venv/requirements.txt"
}

# Which binary is tested, and an environment that points no client elsewhere.
prepare() {
    if [ -z "${GUICHET_BIN:-}" ]; then
        (cd "$root" && cargo build --release --locked --quiet --package guichet)
        GUICHET_BIN=${CARGO_TARGET_DIR:-$root/target}/release/guichet
    fi
    GUICHET_BIN=$(realpath "$GUICHET_BIN")
    export GUICHET_BIN
    scratch=$(mktemp -d)
    server=
    trap finish EXIT
    # What is left of a user's own environment would point the clients elsewhere.
    local name
    for name in "${!OS_@}"; do unset "$name"; done
    unset GUICHET_CONFIG GUICHET_LISTEN GUICHET_WORLDS GUICHET_CONTROL_TOKEN GUICHET_URL \
        GUICHET_TLS_CERT GUICHET_TLS_KEY GUICHET_TLS_CA GUICHET_TLS_CLIENT_CA GUICHET_HTTP2
    export PYTHONDONTWRITEBYTECODE=1
}

finish() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$scratch"
}

# Starts `guichet serve` with these arguments on a free port, and waits until it listens.
start_server() {
    # With reads in the log, so that no 5xx goes unseen.
    GUICHET_LOG=info,guichet_openstack=debug "$GUICHET_BIN" serve "$@" --listen 127.0.0.1:0 \
        --write-clouds-yaml "$scratch/clouds.yaml" >"$scratch/out" 2>"$scratch/log" &
    server=$!
    for _ in $(seq 200); do
        grep --quiet "listening on" "$scratch/out" && break
        kill -0 "$server" 2>/dev/null || break
        sleep 0.05
    done
    if ! grep --quiet "listening on" "$scratch/out"; then
        echo "the server did not come up:" >&2
        cat "$scratch/log" >&2
        exit 1
    fi
    url=$(grep --only-matching 'http://[0-9.:]*' "$scratch/out" | head -n 1)
}

# Whether the server refused nothing of its own making, which is worth a line whatever tests say.
refused_nothing() {
    if grep -E 'status=5|panicked' "$scratch/log" | grep -v 'status=501'; then
        echo "the server answered 5xx, or panicked: see above" >&2
        return 1
    fi
}
