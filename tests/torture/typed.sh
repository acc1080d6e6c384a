# The examples of dataflow(7) as they stand in its source, typed on three hosts
# and a client: network namespaces of the addresses 10.0.0.1 to 10.0.0.4, each
# with its own /etc and /srv. As root.
[ "$(id -u)" = 0 ] || { echo 'needs root' && exit 1; }
here=$PWD

# The script runs itself, first in a namespace that has a bridge only.
case ${1-} in
  '')
    exec unshare -mn --propagation private sh "$T/torture/typed.sh" bridge
    ;;
  node) # NUMBER COMMAND: runs it there
    mkdir -p "$here/$2/etc" "$here/$2/srv"
    cp -a /etc/. "$here/$2/etc/"
    mount --bind "$here/$2/etc" /etc
    mount --bind "$here/$2/srv" /srv
    until ip link show e0 >/dev/null 2>&1; do
      timeout 0.05 tail -f /dev/null
    done
    ip link set lo up
    ip addr add "10.0.0.$2/24" dev e0
    ip link set e0 up
    cd "$here/$2" || exit
    exec sh -c "$3"
    ;;
esac

# block WORD: the commands of the example that has this word.
awk '/^\.Sh EXAMPLES/ { on = 1 } /^\.Sh SEE/ { on = 0 }
  on && /^\.Ed/ { n++; in_it = 0 } in_it { print n + 1 "\t" $0 }
  on && /^\.Bd -literal/ { in_it = 1 }' "$T/../man/dataflow.7" |
  sed 's/\\(aq/'"'"'/g; s/\\e/\\/g' >examples
block() {
  n=$(grep -F -- "$1" examples | head -n 1 | cut -f 1)
  [ -n "$n" ] || { echo "no example has $1" >&2 && exit 1; }
  sed -n "s/^$n	//p" examples
}

pids=
end() {
  # shellcheck disable=SC2086
  kill $pids 2>/dev/null
}
trap end EXIT

ip link add br0 type bridge
ip link set br0 up
{
  block useradd
  block 'busybox httpd'
  echo wait
} >host
head -c 5000000 /dev/urandom >uploadfile.dat
mkdir 4
cp uploadfile.dat 4
{
  echo 'set -euo pipefail'
  echo 'until curl -s -o /dev/null http://10.0.0.3/; do :; done'
  echo 'until curl -s -o /dev/null http://10.0.0.2/; do :; done'
  echo 'until tcpclient 10.0.0.1 17478 true; do :; done'
  block 'pushdf -k backups/monday'
  block etc.tar
  for key in backups=2Fmonday etc.tar; do
    echo "until curl -sfo /dev/null http://10.0.0.3/dfstor/key/$key; do :; done"
  done
  block 'cmp - uploadfile.dat'
  block 'cmp monday'
  block tuesday.ticket
  block .pending
} >client
mkfifo hold
for n in 1 2 3 4; do
  script=host
  [ "$n" != 4 ] || script=client
  timeout 100 unshare -mn --propagation private sh "$T/torture/typed.sh" node \
    "$n" "echo \$\$ >pid; exec bash -e ../$script" >"$n.out" 2>&1 &
  pids="$pids $!"
  last=$!
  # The pid within unshare is that of timeout's child.
  until child=$(pgrep -P "$last") && [ -n "$child" ] &&
    [ "$(readlink "/proc/$child/ns/net")" != "$(readlink /proc/$$/ns/net)" ]
  do :; done
  ip link add "v$n" type veth peer name e0 netns "$child"
  ip link set "v$n" master br0 up
done
wait "$last"
status=$?
cat client 4.out
exit "$status"
