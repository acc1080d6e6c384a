# dfserve-conf: what it makes, and what it leaves alone.
me=$(id -un)

say() {
  echo "--- $1"
}
# conf ARGUMENT...: with this directory left out of what is said.
conf() {
  dfserve-conf "$@" 2>&1
  echo $?
}
here() {
  sed "s|$PWD|HERE|g; s/\(uidgid\|user\|to\) $me\b/\1 ME/g"
}

say 'from nothing: a directory, and a store with those above it'
conf "$me" "$me" "$PWD/conf" 127.0.0.1 17478 "$PWD/srv/www/dfstor"
find conf srv -printf "%y %m %p %l\n" | sort -k 3 | here
find conf srv ! -user "$me"
say 'durably'
ASAN_OPTIONS=detect_leaks=0 strace -qq -e trace=sync -o trace \
  dfserve-conf "$me" "$me" "$PWD/synced" 127.0.0.1 17478 "$PWD/srv/synced"
grep -c '^sync()' trace
say 'each file is short and has a comment; the arguments are in their places'
find conf/*/run conf/*/log/run conf/rules -type f -exec wc -l {} + |
  awk '$1 > 12'
grep -L '^#' conf/*/run conf/*/log/run conf/rules/*
for f in conf/README conf/*/run conf/rules/* conf/env/*; do
  grep -H '^[^#]' "$f"
done | here
for f in conf/*/log/run; do
  cmp conf/dfserve/log/run "$f"
  sh -n "$f"
done
for f in conf/*/run; do
  sh -n "$f"
done

say 'as it is, nobody is let in, and nothing is passed on'
make -s -C conf/rules
for f in clients targets; do
  TCPREMOTEIP=10.0.0.7 tcprulescheck conf/rules/$f.cdb
done
say 'the lines of the comments are good rules'
sed -i 's/^#   //' conf/rules/clients conf/rules/targets
make -s -C conf/rules
for f in clients targets; do
  for ip in 10.0.0.7 10.0.1.9 10.0.2.1; do
    TCPREMOTEIP=$ip tcprulescheck conf/rules/$f.cdb
  done
done

say 'the log patterns: trouble goes into a second log as well'
sed 's/setuidgid [^ ]* //' conf/dfserve/log/run >run
printf '%s\n' \
  'tcpserver: status: 1/100' \
  'dfserve: stored 1 10.0.0.9:40 5d41402abc4b2a76b9719d911017c592 5 3' \
  'dfserve: refused 1 10.0.0.9:40 5d41402abc4b2a76b9719d911017c592 5 3 too large' \
  'dfserve: reset 1 10.0.0.9:40 - 5 3 stream cut off' \
  'dfserve: target-refused 1 10.0.0.3:17478 - 0 0 no target rules' \
  'dfrelay: started 1 10.0.0.2:17478 - 0 0' \
  'dfrelay: delivered 1 10.0.0.2:17478 5d41402abc4b2a76b9719d911017c592 5 3' \
  'dfrelay: failed 1 10.0.0.2:17478 - 5 3 connection refused' \
  'dfretry: given-up 1 10.0.0.2:17478 - 5 3 older than -g' \
  'dfserve: warning: no landlock in this kernel' \
  'dfserve: fatal: the store may be written by others' | sh run
echo $?
sed 's/^@[0-9a-f]* //' main/trouble/current
wc -l <main/current

say 'never in place of what is there'
conf "$me" "$me" "$PWD/conf" 127.0.0.1 17478 "$PWD/other" | here
find other
say 'a store that is there is left as it is'
mkdir store
touch store/file
find store -printf '%y %m %p %i %T@\n' >was
conf "$me" "$me" "$PWD/conf2" 0 17478 "$PWD/store"
find store -printf '%y %m %p %i %T@\n' | cmp - was
readlink conf2/root | here
say 'a store that dfserve would not take'
chmod 775 store
conf "$me" "$me" "$PWD/conf3" 0 17478 "$PWD/store" | here
conf "$me" "$me" "$PWD/conf3" 0 17478 "$PWD/was" | here
conf "$me" "$me" "$PWD/conf3" 0 17478 "$PWD/was/store" | here
other=nobody
[ "$me" != nobody ] || other=daemon
chmod 755 store
conf "$other" "$me" "$PWD/conf3" 0 17478 "$PWD/store" | here |
  sed "s/$other/OTHER/"
say 'a store that cannot be made'
ln -s nowhere dangling
conf "$me" "$me" "$PWD/conf4" 0 17478 "$PWD/dangling" | here
say 'accounts that are not there'
conf no-such-user "$me" "$PWD/conf3" 0 17478 "$PWD/other"
conf "$me" no-such-user "$PWD/conf3" 0 17478 "$PWD/other"
say 'a directory that cannot be made'
conf "$me" "$me" "$PWD/none/conf" 0 17478 "$PWD/other" | here
say 'arguments'
conf "$me" "$me" "$PWD/conf3" 0 17478
conf "$me" "$me" "$PWD/conf3" 0 17478 "$PWD/other" more
conf "$me" "$me" conf3 0 17478 "$PWD/other"
conf "$me" "$me" "$PWD/conf3" 0 17478 other
conf "$me" "$me" "$PWD/conf3" 0 0 "$PWD/other"
conf "$me" "$me" "$PWD/conf3" 0 65536 "$PWD/other"
conf "$me" "$me" "$PWD/conf3" 0 17478x "$PWD/other"
conf "$me" "$me" "$PWD/conf3" '0 1' 17478 "$PWD/other"
conf "$me" "$me" "$PWD/conf3" '' 17478 "$PWD/other"
# shellcheck disable=SC2016
conf "$me" "$me" '/tmp/$(reboot)' 0 17478 "$PWD/other"
conf "$me" "-u" "$PWD/conf3" 0 17478 "$PWD/other"
long=$(printf '/%01000d' 1 2)
conf "$me" "$me" "$PWD/conf5" 0 17478 "$PWD/conf5/$long$long$long$long" |
  here | sed 's/0000*/0/g'
say 'closed descriptors'
dfserve-conf <&-
echo $?
say 'nothing of that was made'
ls -d conf3 other none 2>/dev/null
