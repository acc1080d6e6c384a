# What dfserve-conf makes runs under s6 and under runit as it does under svscan: a
# push goes to all three hosts, before and after every process was killed.
. "$T/services.sh"
services='dfserve dfretry dfexpire dfverify'
bad=0

# The processes that work in a store.
workers() {
  ls -l /proc/[0-9]*/cwd 2>/dev/null |
    sed -n "s|.*/proc/\([0-9]*\)/cwd -> $PWD/s[123]\$|\1|p"
}
all_new() {
  [ -n "$(workers)" ] && ! workers | grep -qxFf was
}
all_gone() {
  [ -z "$(workers)" ]
}
everywhere() {
  for n in 1 2 3; do
    until_true has "$n" "$1" "$1" || bad=1
  done
}

for scanner in s6-svscan runsvdir; do
  echo "== $scanner"
  mkdir "$scanner" && cd "$scanner" || exit
  hosts_conf || exit
  scans=
  for n in 1 2 3; do
    "$scanner" "service$n" >>scan.log 2>&1 &
    scans="$scans $!"
  done
  list 2 3
  for file in first second; do
    for n in 1 2 3; do
      until_true listens "$n" || bad=1
    done
    head -c 100000 /dev/urandom >"$file"
    push 1 -k "$file" <"$file" || bad=1
    everywhere "$file"
    echo "$file is everywhere"
    workers >was
    # shellcheck disable=SC2046
    kill -KILL $(cat was)
    until_true all_new || bad=1
  done
  grep -h 'dfserve: stored' h?/dfserve/log/main/[@c]* | wc -l
  case $scanner in
    s6-svscan)
      for n in 1 2 3; do
        s6-svscanctl -t "service$n"
      done
      ;;
    # shellcheck disable=SC2086
    runsvdir) kill -HUP $scans ;;
  esac
  # shellcheck disable=SC2086
  wait $scans
  until_true all_gone || bad=1
  cd ..
done
exit "$bad"
