# What dataflow(7) tells the owner of a host to do is done as it stands there, on
# three hosts and a fourth, with other addresses, paths and accounts only.
. "$T/services.sh"
services='dfserve dfretry dfexpire dfverify'
mkdir -p prefix/bin
PATH=$PWD/prefix/bin:$PATH

say() {
  echo "--- $1"
}
# recipe N PAGE SECTION [COUNT]: runs what the page shows in this section (the
# COUNTth piece) on host N.
recipe() {
  sed -n "/^\.S[hs] $3\$/,/^\.S[hs] /{/^\.Bd -literal/,/^\.Ed/p}" "$T/../man/$2" |
    awk -v count="${4:-1}" '/^\.Bd/ { n++; next } /^\.Ed/ { next } n == count' |
    sed "s/\\\\(aq/'/g; s/\\\\e/\\\\/g" |
    sed "s|dataflow 0 17478|dataflow 127.0.0.$1 17478|
      s|10\.0\.0\.|127.0.0.|g; s|17478|$port|g; s|/etc/dataflow|$PWD/h$1|g
      s|/etc/service|$PWD/service$1|g; s|/srv/dataflow/dfstor|$PWD/s$1|g
      s|/srv/|$PWD/|g; s|setuidgid dataflow|setuidgid $(account "$1")|
      s|-u dataflow|-u $(account "$1")|; /^useradd/d
      s|^dfserve-conf dataflow dataflog|dfserve-conf $(account "$1") $logger|
      s|^make\$|make -s|; s|^make install|make -s -C $T/.. install PREFIX=$PWD/prefix|" >commands
  [ -s commands ] || echo "no such recipe: $3"
  sh -e commands
  echo $?
}
put() {
  head -c 30000 /dev/urandom >"$2"
  push "$1" -k "$2" <"$2" || echo 'not pushed'
}
everywhere() {
  name=$1
  shift
  for n; do
    until_true has "$n" "$name" "$name" && echo "host $n has $name"
  done
}
web() {
  mkdir -p "h$1"
  tcpserver -RHl0 "127.0.0.$1" "$web" busybox httpd -i -h "$PWD/h$1/root" &
  servers="${servers:-} $!"
}
# owes N TARGET: that is in the status of host N.
owes() {
  jq -e --arg t "127.0.0.$2:$port" '.pending[] | select(.target == $t and .tries > 0)' \
    "s$1/status.json" >/dev/null
}
owes_nothing() {
  ! owes "$@"
}

{
hosts_conf
web=$(free_port)
DFURL=http://%h:$web/
export DFURL
for n in 1 2 3; do
  web $n
done
scan 1 2 3
for n in 1 2 3; do
  until_true listens "$n"
done
list 2 3
put 1 first
put 1 second
everywhere first 1 2 3
everywhere second 1 2 3

say 'sizing: four files for a chunk with a key, two for one without'
push 3 <first
echo nothing | REPLICATE_FN='' push 3
files() {
  find s3/md5 s3/key s3/head ! -type d | wc -l
}
ten_files() {
  [ "$(files)" = 10 ]
}
until_true ten_files && echo '2 * 4 + 2'

say 'disk full'
sed -i 's/^  dfserve$/  dfserve -s 1000T/' h3/dfserve/run
svc -t service3/dfserve
until_true sh -c "grep -l . /proc/[0-9]*/cmdline | xargs grep -sq 1000T"
put 1 third
everywhere third 1 2
until_true owes 2 3 && echo 'host 2 owes host 3 something'
recipe 3 dataflow.7 'Disk full' 1 | sed 's/"at":"[^"]*"/"at":T/; s/"md5":"[^"]*"/"md5":M/'
sed -i 's/ -s 1000T//' h3/dfserve/run
svc -t service3/dfserve
until_true listens 3
recipe 2 dataflow.7 'Disk full' 2
everywhere third 3

say 'adding a host'
mkdir service4
recipe 4 dfserve-conf.8 EXAMPLES
web 4
scan 4
until_true listens 4
until_true test -e s4/status.json
recipe 1 dataflow.7 'Adding a host'
everywhere first 4
everywhere third 4

say 'replacing a dead host'
svc -dx service3/* service3/*/log
rm service3/*
until_true sh -c '! svok h3/dfserve'
put 1 fourth
everywhere fourth 1 2
until_true owes 2 3 && echo 'host 2 owes host 3 something'
mv h3 dead
mv s3 dead
recipe 3 dfserve-conf.8 EXAMPLES
until_true listens 3
until_true test -e s3/status.json
recipe 1 dataflow.7 'Replacing a dead host' 1
everywhere first 3
everywhere third 3
say 'a host that does not come back'
list 2 4
svc -d service4/dfserve
until_true sh -c "svstat service4/dfserve | grep -q ': down'"
put 1 fifth
everywhere fifth 1 2
until_true owes 2 4 && echo 'host 2 owes host 4 something'
# The page gives up what 10.0.0.3 is owed; here it is 10.0.0.4.
recipe 2 dataflow.7 'Replacing a dead host' 2 >out 2>&1
sed 's/127\.0\.0\.3/127.0.0.4/' commands | sh -e 2>&1 |
  sed "s/ [0-9]* / PID /; s/:$port / /"
until_true owes_nothing 2 4 && echo 'host 2 owes host 4 nothing'
svc -u service4/dfserve

say 'moving a store'
list 2 3
put 1 sixth
recipe 2 dataflow.7 'Moving a store'
[ "$(readlink h2/root)" = "$PWD/moved" ] && echo 'it is elsewhere'
mv s2 s2.gone
ln -s moved s2
until_true listens 2
put 1 seventh
everywhere sixth 1 2 3
everywhere seventh 1 2 3
everywhere first 2

say 'upgrading, while a push goes on'
mkfifo slow
push 1 -k eighth <slow &
push=$!
exec 9>slow
head -c 200000 /dev/urandom | tee eighth >&9
receiving() {
  [ -n "$(find s1/.df/stream -name '[0-9]*' -size +100k)" ]
}
until_true receiving
recipe 1 dataflow.7 Upgrading
upgraded() {
  pid=$(svstat "service1/$1" | sed -n 's/.*(pid \([0-9]*\)).*/\1/p')
  [ "$(readlink "/proc/$pid/exe")" = "$PWD/prefix/bin/$1" ]
}
until_true upgraded dfretry && echo 'dfretry is the new one'
echo end | tee -a eighth >&9
exec 9>&-
wait "$push"
echo $?
put 1 ninth
everywhere eighth 1 2 3
everywhere ninth 1 2 3

} >out.all 2>&1
# shellcheck disable=SC2086
kill $servers
scan_end
wait
cat out.all
diff -u "$T/torture/recipes.exp" out.all
