# From nothing to three supervised hosts, each with an account of its own; every
# process is killed once; all comes to all.
# once
. "$T/services.sh"
services='dfserve dfretry dfexpire dfverify'

say() {
  echo "--- $1"
}
# The process of each service, and of its log, with its name: all that run.
pids() {
  for s in service?/*; do
    svstat "$s" "$s/log" |
      sed -n 's|^service\([^:]*\): up (pid \([0-9]*\)).*|\1 \2|p'
  done
}
all_up() {
  [ "$(pids | wc -l)" = $((3 * 2 * $(echo "$services" | wc -w))) ]
}
all_new() {
  all_up && ! pids | grep -qxFf was
}
down() {
  [ -z "$(pids)" ]
}
everywhere() {
  for n in 1 2 3; do
    until_true has "$n" "$1" "$2" && echo "host $n has $2"
  done
}

say 'three hosts'
hosts_conf
echo $?
scan 1 2 3
until_true all_up && echo 'all services are up'
for n in 1 2 3; do
  until_true listens "$n"
done
list 2 3
head -c 300000 /dev/urandom >first
push 1 -k first <first
echo $?
everywhere first first

say 'each process is killed, and comes again'
pids >was
# shellcheck disable=SC2046
kill -KILL $(cut -d ' ' -f 2 was)
until_true all_new && echo 'all are new ones'
for n in 1 2 3; do
  until_true listens "$n"
done
head -c 300000 /dev/urandom >second
push 1 -k second <second
echo $?
everywhere second second
everywhere first first

say 'nothing belongs to anybody else, and nobody complained'
for n in 1 2 3; do
  find "s$n/" ! -user "$(account $n)"
  find h$n/*/log/main ! -user "$logger"
  find h$n/*/log/main/trouble -type f -name '[@c]*' -exec cat {} +
  cat h$n/dfserve/log/main/[@c]* | grep -c 'dfserve: stored'
done
cat svscan.log

say 'all is taken down'
scan_end
until_true down && echo 'all is down'
wait
