# Any UCSPI client does: tcpclient, unixclient, and examples/tls, where an
# unknown certificate gets nothing in. What was sent counts when the target's
# index says so (DFURL).
# once
. "$T/services.sh"
services='dfserve dfretry'
tls=$T/../examples/tls

say() {
  echo "--- $1"
}
everywhere() {
  for n in 1 2 3; do
    until_true has "$n" "$1" "$1" && echo "host $n has $1"
  done
}
# So many deliveries so far; nothing is owed.
delivered() {
  [ "$(events | grep -c 'dfrelay: delivered')" = "$1" ] &&
    [ -z "$(find s?/.df/commit -type f)" ]
}
# The events of all hosts' dfserve, without pid, port and time.
events() {
  cat h?/dfserve/log/main/current | cut -d ' ' -f 2- |
    sed -n 's/^\(df[a-z]*: [a-z-]*\) [0-9]* \([^ ]*\):[0-9]* [^ ]* [0-9]* [0-9]*/\1 \2/p'
}
one() {
  head -c 100000 /dev/urandom >"$1"
}

say 'certificates'
mkdir ca other
(cd ca && sh "$tls/certs" host1 host2 host3 client && ls -l) |
  awk '{ print $1, $9 }'
(cd other && sh "$tls/certs" client)
for c in ca other; do
  mkdir "$c/use"
  cp ca/ca.pem "$c/use"
  cp "$c/client.pem" "$c/use/host.pem"
done

say 'three hosts as examples/tls/README has it'
hosts_conf
for n in 1 2 3; do
  mkdir "h$n/tls"
  cp "$tls/tlsclient" "$tls/server.conf" ca/ca.pem "h$n/tls"
  cp "ca/host$n.pem" "h$n/tls/host.pem"
  chmod 400 "h$n/tls/host.pem"
  chown "$(account $n)" "h$n/tls/host.pem"
  # The paths are not those of the README; nothing else is changed.
  sed -n "/^    sed -i/,/run$/s|^    ||p; /DFCLIENT$/s|^    ||p" "$tls/README" |
    sed "s|/etc/dataflow/env|$PWD/h$n/env|; s|/etc/dataflow|$PWD/h$n|g
      s|> DFCLIENT|> h$n/env/DFCLIENT|" >"setup$n"
  sed -i "s|/etc/dataflow|$PWD/h$n|; s|/usr/local/bin/dfserve|$(command -v dfserve)|" \
    "h$n/tls/server.conf"
  sh "setup$n"
  tail -n 2 "h$n/dfserve/run" | sed "s|$PWD|HERE|; s/ $port / PORT /"
  sed "s|$PWD|HERE|g" "h$n/env/DFCLIENT"
done
# Receipts are looked for at the target's own address.
web=$(free_port)
for n in 1 2 3; do
  tcpserver -RHl0 "127.0.0.$n" "$web" busybox httpd -i -h "$PWD/s$n" &
  servers="${servers:-} $!"
  echo "http://%h:$web/" >"h$n/env/DFURL"
done
scan 1 2 3
for n in 1 2 3; do
  until_true listens "$n"
done
list 2 3

say 'through TLS, to all of them, with receipts'
one tls
REPLICATE_FN=list.dat "$tls/tlsclient" ca/use 127.0.0.1 "$port" pushdf -k tls <tls
echo $?
everywhere tls
until_true delivered 2 && echo 'nothing is owed'
events | sort | uniq -c | sort -k 2 | sed 's/^ *//'

say 'a certificate of somebody else, none, and no TLS: nothing gets in'
one foreign
"$tls/tlsclient" other/use 127.0.0.1 "$port" pushdf -k foreign <foreign 2>/dev/null
sed '/^cert = /d' "$tls/tlsclient" >anonymous
perl anonymous ca/use 127.0.0.1 "$port" pushdf -k foreign <foreign 2>/dev/null
push 1 -k foreign <foreign 2>/dev/null
echo "without TLS: $?"
ended() {
  [ "$(grep -c 'tcpserver: end' h1/dfserve/log/main/current)" = "$1" ]
}
until_true ended 4 && echo 'all three have ended'
one later
REPLICATE_FN=list.dat "$tls/tlsclient" ca/use 127.0.0.1 "$port" pushdf -k later <later
everywhere later
until_true delivered 4 && echo 'nothing is owed'
jq -r '.chunks[].keys[]' s?/index.json | sort | uniq -c | sed 's/^ *//'
events | sort | uniq -c | sort -k 2 | sed 's/^ *//'
say 'a host whose certificate is of somebody else is sent nothing'
(cd other && sh "$tls/certs" fake)
mkdir fake
cp other/fake.pem fake/host.pem
cp other/ca.pem fake
sed "s|$PWD/h1/tls|$PWD/fake|" h1/tls/server.conf >fake/server.conf
tcpserver -1RHl0 127.0.0.4 "$port" sh -c \
  "stunnel fake/server.conf; echo over >>fake/over" >/dev/null 2>fake/log &
servers="$servers $!"
until_true listens 4
"$tls/tlsclient" ca/use 127.0.0.4 "$port" pushdf <foreign 2>/dev/null
until_true test -s fake/over && find s4 2>/dev/null

say 'how tlsclient fails'
"$tls/tlsclient" ca/use 127.0.0.1 "$port"
echo $?
"$tls/tlsclient" ca/use 127.0.0.1 "$port" ./no-such-program
echo $?
PATH=$PWD/empty /usr/bin/perl "$tls/tlsclient" ca/use 127.0.0.1 "$port" /bin/sh -c \
  'read -r nothing <&6; exit 3'
echo $?

say 'unixclient: pushdf under it, and as DFCLIENT'
mkdir u1 u2 bin socket
cat >bin/unixway <<'E2'
#!/bin/sh
# $1 is the host, $2 the port
socket=../socket/$1.$2
shift 2
exec unixclient "$socket" "$@"
E2
chmod 755 bin/unixway
echo ":allow" | tcprules targets.cdb targets.tmp
for n in 1 2; do
  (cd u$n && DFPORT=17478 DFCLIENT=$PWD/../bin/unixway \
    DFTARGETS=../targets.cdb exec unixserver "../socket/127.0.0.$n.17478" dfserve \
    2>../u$n.log) &
  servers="$servers $!"
done
until_true test -S socket/127.0.0.1.17478
until_true test -S socket/127.0.0.2.17478
one unix
echo 127.0.0.2:17478 | genrep >list.dat
REPLICATE_FN=list.dat unixclient socket/127.0.0.1.17478 pushdf -h 127.0.0.1 -k unix <unix
echo $?
for n in 1 2; do
  until_true cmp -s "u$n/key/unix" unix && echo "host u$n has unix"
done
until_true grep -q 'dfrelay: delivered' u1.log
sed -n 's/^\(df[a-z]*: [a-z-]*\) .*/\1/p' u1.log u2.log | sort | uniq -c |
  sed 's/^ *//'

# shellcheck disable=SC2086
kill $servers
scan_end
wait
