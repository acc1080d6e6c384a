# Sourced by tests of what dfserve-conf makes: three hosts, 127.0.0.1 to .3, all
# on one port. Host N has the store sN/, its services are in hN/, linked into
# serviceN/. As root, each host has an account of its own.

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

# A port that is free on all of 127.0.0.1 to .4, and that no client is given.
free_port() {
  python3 - <<'E2'
import random, socket
while True:
    port = random.randrange(10000, 32000)
    try:
        for n in range(1, 5):
            with socket.socket() as s:
                s.bind(("127.0.0.%d" % n, port))
    except OSError:
        continue
    print(port)
    break
E2
}

# Who is who. Others than root can be only themselves: there the programs that
# change to an account leave that out.
if [ "$(id -u)" = 0 ]; then
  accounts='daemon games backup lp'
  logger=nobody
else
  logger=$(id -un)
  accounts="$logger $logger $logger $logger"
  mkdir stand-in
  printf '#!/bin/sh\nshift\nunset UID GID\nexec "$@"\n' >stand-in/setuidgid
  cp stand-in/setuidgid stand-in/envuidgid
  chmod 755 stand-in/*
  PATH=$PWD/stand-in:$PATH
fi
account() {
  # shellcheck disable=SC2086
  set -- "$1" $accounts
  shift "$1"
  echo "$1"
}

# The three hosts let each other, and this machine, in.
hosts_conf() {
  port=$(free_port)
  for n in 1 2 3; do
    dfserve-conf "$(account $n)" "$logger" "$PWD/h$n" "127.0.0.$n" "$port" \
      "$PWD/s$n" || return
    echo 127.:allow >>"h$n/rules/clients"
    echo 127.0.0.1-4:allow >>"h$n/rules/targets"
    make -s -C "h$n/rules" || return
    mkdir "service$n"
    for s in $services; do
      ln -s "../h$n/$s" "service$n/$s"
    done
  done
}

# scan N...: svscan takes care of the services of these hosts.
scan() {
  for n; do
    svscan "service$n" 2>>svscan.log &
    scans="${scans:-} $!"
  done
}

# The end of all services.
scan_end() {
  # shellcheck disable=SC2086
  kill $scans
  svc -dx service?/* service?/*/log
}

# list N...: makes list.dat, a set for each host.
list() {
  for n; do
    echo "127.0.0.$n:$port"
    echo TARGET
  done | sed '$d' | genrep >list.dat
}

# push N ARGUMENT...
push() {
  to=$1
  shift
  REPLICATE_FN=$PWD/list.dat tcpclient -RHl0 "127.0.0.$to" "$port" pushdf "$@"
}

# has N FILE KEY: the index of host N has it under that key, the data are right.
has() {
  m=$(md5sum <"$2" | cut -d ' ' -f 1)
  jq -e --arg m "$m" --arg k "$3" \
    '.chunks[] | select(.md5 == $m) | .keys | index($k)' "s$1/index.json" \
    >/dev/null && cmp -s "$2" "s$1/key/$3"
}

# Somebody listens on host N.
listens() {
  grep -q " 0${1}00007F:$(printf %04X "$port") 00000000:0000 0A " /proc/net/tcp
}
