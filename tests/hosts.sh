# Sourced by sentence tests: real hosts under tcpserver on loopback. Host N has
# the address 127.0.0.N, the store hN/, the log hN.log; hN.port is its port.
# With ip6=1 before the first of them all have ::1.

address() {
  [ -n "${ip6:-}" ] && echo ::1 || echo "127.0.0.$1"
}

# until_true COMMAND...: again and again until it succeeds, a minute at most.
until_true() {
  end=$(($(date +%s) + 60))
  until "$@" 2>/dev/null; do
    if [ "$(date +%s)" -ge "$end" ]; then
      echo "never true: $*"
      return 1
    fi
    timeout 0.03 tail -f /dev/null || :
  done
}

# host N [OPTION...]: starts it; what comes after the first word are options of
# dfserve. $wrap, if it is set, is put before dfserve.
host() {
  n=$1
  shift
  mkdir -p "h$n"
  rm -f "h$n.port"
  (
    cd "h$n" || exit 111
    # shellcheck disable=SC2086
    exec tcpserver -1RHl0 -c 200 -x ../clients.cdb "$(address "$n")" 0 \
      ${wrap:-} dfserve -x ../targets.cdb "$@" >"../h$n.port" 2>>"../h$n.log"
  ) &
  eval "server$n=$!"
  servers="${servers:-} $!"
  until_true test -s "h$n.port"
  rules
}

# stop N, again N: the host goes, and comes again on its port.
stop() {
  eval "kill \$server$1; wait \$server$1" 2>/dev/null
}
again() {
  port=$(cat "h$1.port")
  (cd "h$1" && exec tcpserver -RHl0 -x ../clients.cdb "$(address "$1")" "$port" \
    dfserve -x ../targets.cdb 2>>"../h$1.log") &
  servers="$servers $!"
  eval "server$1=$!"
}

# Allows all hosts that run as targets, on their ports.
rules() {
  echo :allow | tcprules clients.cdb clients.tmp
  for f in h*.port; do
    a=127.0.0.${f#h}
    [ -n "${ip6:-}" ] || echo "${a%.port}:allow,DFPORTS=\"$(cat "$f")\""
  done >targets
  [ -z "${ip6:-}" ] ||
    echo "::1:allow,DFPORTS=\"$(cat h*.port | paste -sd ,)\"" >targets
  tcprules targets.cdb targets.tmp <targets
}

# at N: "address:port" of host N.
at() {
  a=$(address "$1")
  [ -z "${ip6:-}" ] || a="[$a]"
  echo "$a:$(cat "h$1.port")"
}

# push N ARGUMENT...: pushdf to host N, its complaints without the address.
push() {
  to=$1
  shift
  tcpclient -RHl0 "$(address "$to")" "$(cat "h$to.port")" pushdf "$@"
}

# has N MD5: the index of host N names the chunk, and its data are right.
has() {
  grep -q "$2" "h$1/index.json" && jq -e --arg m "$2" '.chunks[] | select(.md5 == $m)' "h$1/index.json" \
    >/dev/null && [ "$(md5sum <"h$1/md5/$(echo "$2" | cut -c 1-2)/$2")" = "$2  -" ]
}

# idle N...: nothing is received, sent on or owed there, and the index says all.
idle() {
  pairs=
  for h; do
    [ -z "$(find "h$h/.df/stream" "h$h/.df/commit" -mindepth 1)" ] || return 1
    [ ! -e "h$h/status.json" ] ||
      pairs="$pairs h$h/status.json h$h/index.json"
  done
  # shellcheck disable=SC2086
  [ -z "$pairs" ] || jq -en '[inputs | [.epoch, .delta_bytes]] |
    length > 0 and length % 2 == 0 and
    all(range(0; length; 2) as $i | .[$i] == .[$i + 1]; .)' $pairs >/dev/null
}

md5() {
  md5sum "$@" | cut -d ' ' -f 1
}

# The events of a host's log, without pid, port, and time.
events() {
  sed -n 's/^\(df[a-z]*: [a-z-]*\) [0-9]* \([^ ]*\):[-0-9]* \([^ ]* [0-9]*\) [0-9]*/\1 \2 \3/p' "h$1.log"
}

hosts_end() {
  # shellcheck disable=SC2086
  [ -z "${servers:-}" ] || kill $servers 2>/dev/null
  wait
}
