# What ./demo and ./verify share: the machine is checked, packages come, Maven builds, nothing stays silent.
# Sourced by both with $top set to the top of the repository. Bash.

installed_list="$top/target/installed-packages"

# refuse SENTENCE: ends the script with one sentence.
refuse() {
    echo "$1" >&2
    exit 1
}

# require_machine NAME: root, on Debian.
require_machine() {
    [ "$(id -u)" = 0 ] || refuse "$1 needs root, since its hosts are network namespaces: run it as root, or with sudo."
    [ -f /etc/debian_version ] && command -v apt-get >/dev/null \
        || refuse "$1 runs on Debian, since it installs PostgreSQL and etcd by apt-get: this is another system."
}

# The newest JDK from 21 up that the machine has, as $jdk.
require_jdk() {
    local home major best=0
    jdk=
    for home in "${JAVA_HOME:-/nowhere}" /usr/lib/jvm/* /opt/*; do
        [ -x "$home/bin/javac" ] && [ -x "$home/bin/jlink" ] || continue
        major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null)
        if [ "${major:-0}" -ge 21 ] && [ "$major" -gt "$best" ]; then best=$major jdk=$home; fi
    done
    [ -n "$jdk" ] && return
    cat >&2 <<'LINES'
A JDK from 21 up is needed and was not found in /usr/lib/jvm. These lines install one:
    apt-get install -y openjdk-21-jdk-headless          # Debian 13
or, on Debian 12:
    apt-get install -y curl gpg
    curl -fsSL https://packages.adoptium.net/artifactory/api/gpg/key/public | gpg --dearmor -o /usr/share/keyrings/adoptium.gpg
    echo "deb [signed-by=/usr/share/keyrings/adoptium.gpg] https://packages.adoptium.net/artifactory/deb bookworm main" >/etc/apt/sources.list.d/adoptium.list
    apt-get update && apt-get install -y temurin-25-jdk
LINES
    exit 1
}

# watched LABEL LOG COMMAND...: runs it with its output in LOG, and says how far it is: every 4 s when there is news, else
# every 20 s.
watched() {
    local label=$1 log=$2 started=$SECONDS shown=$SECONDS status=0 said= words
    shift 2
    echo "$label ..."
    "$@" >"$log" 2>&1 </dev/null &
    watched_pid=$!
    while kill -0 "$watched_pid" 2>/dev/null; do
        if [ $((SECONDS - shown)) -ge 4 ]; then
            words=$(last_words "$log")
            if [ "$words" != "$said" ] || [ $((SECONDS - shown)) -ge 20 ]; then
                shown=$SECONDS said=$words
                echo "  $((SECONDS - started)) s  $words"
            fi
        fi
        sleep 0.2
    done
    wait "$watched_pid" || status=$?
    watched_pid=
    [ $status = 0 ] || return $status
    echo "  done in $((SECONDS - started)) s"
}

# The last line of a log that says something, cut to fit.
last_words() {
    grep -v -E '^(\[INFO\])?[[:space:]-]*$' "$1" 2>/dev/null | tail -n 1 | sed 's/^\[INFO\] *//' | cut -c 1-100
}

# The child that Ctrl-C has to end. Maven's own children end with it.
end_watched() {
    [ -z "${watched_pid:-}" ] || kill "$watched_pid" 2>/dev/null || true
}

# install_packages PACKAGE...: those that are missing, without starting a service.
install_packages() {
    local package missing=()
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    if [ ${#missing[@]} = 0 ]; then
        echo "Nothing to install: all packages are there."
        return
    fi
    echo "To be installed by apt-get, without starting any service: ${missing[*]}"
    mkdir -p "$top/target"
    local before after log="$top/target/apt.log"
    before=$(dpkg-query -W -f '${binary:Package} ${db:Status-Abbrev}\n' | grep ' ii' | sort)
    local policy=/usr/sbin/policy-rc.d ours=
    if [ ! -e $policy ]; then
        # Asked by every package before it starts its service; 101 is "no".
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod 755 $policy
        ours=yes
        trap 'rm -f /usr/sbin/policy-rc.d; end_watched' EXIT
    fi
    local status=0
    watched "Reading the package lists" "$log" apt-get update || true
    watched "Installing" "$log" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${missing[@]}" || status=$?
    if [ -n "$ours" ]; then
        rm -f $policy
        trap end_watched EXIT
    fi
    if [ $status != 0 ]; then
        tail -n 15 "$log" >&2
        refuse "cannot install ${missing[*]}: see $log"
    fi
    after=$(dpkg-query -W -f '${binary:Package} ${db:Status-Abbrev}\n' | grep ' ii' | sort)
    comm -13 <(echo "$before") <(echo "$after") | cut -d ' ' -f 1 >>"$installed_list"
}

# How to undo install_packages, if it ever did something here.
say_how_to_remove() {
    if [ -s "$installed_list" ]; then
        echo "To remove what was installed:"
        echo "  apt-get purge $(sort -u "$installed_list" | tr '\n' ' ')"
    fi
}

# maven LABEL LOG ARGUMENTS...
maven() {
    local label=$1 log=$2 status=0
    shift 2
    mkdir -p "$top/target"
    # Without any java on the path Maven itself needs one.
    command -v java >/dev/null || export JAVA_HOME=$jdk
    (umask 022 && cd "$top" && watched "$label" "$log" mvn -B -ntp "$@") || status=$?
    return $status
}
