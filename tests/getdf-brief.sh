# getdf in every build: a part of what getdf.sh, getdf-slow.sh try in one.
. "$T/hosts.sh"
trap hosts_end EXIT

seq 500000 | head -c 2000000 >data
host 1
push 1 -k a/b -S -h 127.0.0.2 -b 127.0.0.3 -t 0 -o ticket <data
until_true test -s h1/head/key/a=2Fb
for n in 2 3; do
  mkdir "h$n"
  cp -R h1/head h1/key h1/md5 "h$n"
done
python3 "$T/webhosts.py" 127.0.0.2 127.0.0.3 127.0.0.5- >port &
servers="$servers $!"
until_true test -s port
DFURL="http://%h:$(cat port)/"
export DFURL
# try LIES2 LIES3 ARGUMENT...
try() {
  echo "$1" >is.2
  echo "$2" >is.3
  shift 2
  rm -f out
  getdf "$@" -o out
  echo $?
  [ ! -e out ] || cmp out data
}

try '' '' -H 127.0.0.5 -H 127.0.0.2 -k a/b
try flip '' -t ticket
try 'once 1500000' '' -n -r 100M -L -H 127.0.0.2 -k a/b
try 'status 404 No' 'status 410 No' -H 127.0.0.2 -H 127.0.0.3 -k a/b
try heads 'header data' -f -H 127.0.0.2 -H 127.0.0.3 -k a/b
echo >is.2
getdf -t ticket | cmp - data
echo flip >is.2
getdf -H 127.0.0.2 -k a/b >/dev/null
echo $?
getdf -H 127.0.0.2 -k a/b | wc -c
getdf -t data
echo $?
