# Arguments: the folder of the programs, a port, a password, and what goes to the server as it is.
# Says its folder, and then a word for the start and for each order that it reads.
programs=$1 port=$2 password=$3
shift 3
# Only the end of its orders ends it: also where somebody stops the whole group of processes.
trap '' PIPE HUP INT TERM
cd / || exit 1
folder=$(mktemp -d /tmp/provider-postgres.XXXXXX) || exit 1
data=$folder/data log=$folder/log
server=

# A server of a test holds little and not for long: nothing is tidied up behind it, nothing is worth compiling, and nothing
# has to outlast the machine. What is answered outlasts the server: that is tested. Whoever measures says otherwise.
rise() {
    "$programs/postgres" -D "$data" -k "$folder" -p "$port" -c listen_addresses=127.0.0.1 \
        -c fsync=off -c full_page_writes=off -c shared_buffers=32MB -c autovacuum=off -c jit=off "$@" </dev/null >>"$log" 2>&1 &
    server=$!
    until sed -n 8p "$data/postmaster.pid" 2>/dev/null | grep -q ready; do
        if ! kill -0 "$server" 2>/dev/null; then
            echo "it has ended: $(tail -n 1 "$log")"
            return
        fi
        sleep 0.05
    done
    echo started
}

echo "$folder"
printf '%s\n' "$password" >"$folder/password"
if "$programs/initdb" -D "$data" -U postgres -E UTF8 --locale=C --no-sync \
    --auth-local=trust --auth-host=scram-sha-256 --pwfile="$folder/password" >"$log" 2>&1; then
    rise "$@"
    while read -r order; do
        case $order in
        fall)
            kill -QUIT "$server"
            wait "$server"
            rm -f "$data/postmaster.pid"
            echo fallen
            ;;
        rise) rise "$@" ;;
        esac
    done
    kill -INT "$server" 2>/dev/null
    wait "$server" 2>/dev/null
else
    echo "initdb: $(tail -n 1 "$log")"
fi
rm -rf "$folder"
