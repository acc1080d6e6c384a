# 100 000 duties for a target that comes back: one pass of dfretry drains them in
# bounded memory. N=1000 for a try.
. "$T/hosts.sh"
trap hosts_end EXIT
: "${N:=100000}"

host 1
host 2
printf '%s\n' "$(at 2)" | genrep >list.dat
export REPLICATE_FN=$PWD/list.dat
stop 2
mkdir data
seq -f %06g 0 $((N - 1)) | split -a 6 -d -l 1 - data/
began=$(date +%s)
(cd data && find . -type f -print0 |
  tcpclient -RHl0 127.0.0.1 "$(cat ../h1.port)" pushdf -q -0) || exit
echo "$N chunks taken in $(($(date +%s) - began)) s"
# As until_true, for ten minutes.
until_long() {
  for i in 1 2 3 4 5 6 7 8 9 10; do
    until_true "$@" >/dev/null && return
  done
  echo "never true: $*"
  return 1
}
until_long jq -e ".pending[0].chunks == $N" h1/status.json >/dev/null || exit
again 2
began=$(date +%s)
cat >pass <<'E'
import resource, subprocess, sys
code = subprocess.call(["dfretry", "-1", "-x", "../targets.cdb"], cwd="h1")
kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print("one pass: exit %d, largest process %d KiB" % (code, kib))
sys.exit(code or kib >= 65536)
E
python3 pass || exit
echo "drained in $(($(date +%s) - began)) s"
until_long jq -e ".chunks == $N" h2/status.json >/dev/null || exit
jq -e '.pending == []' h1/status.json >/dev/null || exit
[ "$(find h2/md5 -type f | wc -l)" = "$N" ] || exit
echo "all there, nothing pending"
