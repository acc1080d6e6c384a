# IPv6 throughout: hosts, lists, rules, URLs, log lines; a chain over ::1.
# once
# ipv6
. "$T/hosts.sh"
trap hosts_end EXIT
ip6=1

DNSREWRITEFILE=$PWD/rewrite
REPLICATE_FN=$PWD/list.dat
export DNSREWRITEFILE REPLICATE_FN
echo '=six.example:::1' >rewrite
head -c 300000 /dev/urandom >data
m=$(md5 data)
# A web server for all of them.
tcpserver -1RHl0 ::1 0 sh -c '
  tee -a web.log | busybox httpd -i -h .' >web.port 2>/dev/null &
servers=$!
until_true test -s web.port
web=$(cat web.port)

for h in 1 2 3 4; do
  host "$h"
done
echo "=six.example:allow,DFPORTS=\"$(cat h4.port)\"" >>targets
tcprules targets.cdb targets.tmp <targets

# plain: without what differs from run to run.
plain() {
  sed 's/\]:[0-9-]*/]:PORT/; s/six.example:[0-9]*/six.example:PORT/
    s/ [0-9]* \([][]\)/ PID \1/; s/'"$m"' \([0-9]*\) [0-9]*/MD5 \1 MS/; s/'"$m"'/MD5/'
}

echo "--- a chain of four, the last one by its name"
printf '%s\nTARGET\n%s\nTARGET\nsix.example:%s\n' "$(at 2)" "$(at 3)" \
  "$(cat h4.port)" | genrep >list.dat
dumprep <list.dat | plain
push 1 -k six -o ticket <data
echo $?
for h in 1 2 3 4; do
  until_true has "$h" "$m" && echo "host $h has it"
done
until_true idle 1 2 3 4
plain <ticket | grep -i host
jq -c '[.host, (.chunks[] | .host, .backup_hosts)]' h4/index.json

echo "--- what the logs say"
for h in 1 2 4; do
  sed 's/^\(df[a-z]*: [a-z-]* \)[0-9]* /\1PID /' "h$h.log" | plain |
    grep -e delivered -e stored | sort
done

echo "--- the host itself is skipped, an address is refused by its rule"
printf '%s\n[2001:db8::1]:%s\n[::]:%s\n' "$(at 1)" "$(cat h1.port)" \
  "$(cat h1.port)" | genrep >list.dat
echo self | push 1
echo $?
grep target-refused h1.log | sed 's/^[^[]*//; s/ - 0 [0-9]* / /' | plain

echo "--- a target that is down, and comes again"
printf '%s\n' "$(at 3)" | genrep >list.dat
stop 3
printf down >down
push 1 <down
echo $?
until_true grep -q "dfrelay: failed .*\[::1\]:$(cat h3.port) " h1.log
until_true jq -e '.pending[0].tries == 1' h1/status.json >/dev/null
jq -r '.pending[].target' h1/status.json | plain
(cd h1 && dfretry -l) | sed 's/ .*//' | plain
again 3
until_true tcpclient -RHl0 ::1 "$(cat h3.port)" true
(cd h1 && DFPORT=$(cat ../h1.port) dfretry -1 -x ../targets.cdb 2>/dev/null)
echo $?
until_true has 3 "$(md5 down)" && echo 'host 3 has it'

echo "--- %h in brackets: a receipt, getdf, dfcheck"
DFURL=http://%h:$web/h2/
export DFURL
host 5
unset DFURL
printf '%s\n' "$(at 2)" | genrep >list.dat
printf receipt >receipt
push 5 <receipt
echo $?
until_true idle 5
grep -c 'dfrelay: delivered .*\[::1\]' h5.log
grep -q "GET /h2/status.json" web.log && echo asked
getdf -u "http://%h:$web/h4/" -H ::1 "$m" | cmp - data && echo equal
getdf -u "http://%h:$web/h4/" -t ticket | cmp - data && echo equal
echo "$m" | dfcheck -u "http://%h:$web/h4/" ::1 >/dev/null
echo $?
