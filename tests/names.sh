# Host names in lists: tcpclient looks them up, at each try. A rewriting file of
# the resolver stands in for a name server.
. "$T/hosts.sh"
trap hosts_end EXIT

DNSREWRITEFILE=$PWD/rewrite
REPLICATE_FN=$PWD/list.dat
export DNSREWRITEFILE REPLICATE_FN
printf hello >hello
m=$(md5 hello)
host 1
host 2
printf 'a.example:%s\n' "$(cat h2.port)" | genrep >list.dat

echo "--- a name needs a rule of its own"
push 1 -k no hello
echo $?
until_true idle 1
grep -c 'target-refused .* a.example:.* not allowed by the target rules' h1.log

echo "--- it leads to nobody so far"
echo "=a.example:allow,DFPORTS=\"$(cat h2.port)\"" >>targets
tcprules targets.cdb targets.tmp <targets
echo '=a.example:127.0.0.99' >rewrite
push 1 -k one hello
echo $?
until_true grep -q 'dfrelay: failed .* a.example:' h1.log
until_true jq -e '.pending[0].tries == 1' h1/status.json >/dev/null
jq -r '.pending[].target' h1/status.json | sed 's/:.*//'

echo "--- it does now"
echo '=a.example:127.0.0.2' >rewrite
(cd h1 && DFPORT=$(cat ../h1.port) dfretry -1 -x ../targets.cdb 2>/dev/null)
echo $?
until_true has 2 "$m"
jq -c '.chunks[] | [.host, .backup_hosts]' h2/index.json
until_true idle 1 2

echo "--- pushed to under a name"
REPLICATE_FN='' tcpclient -RHl0 A.example "$(cat h2.port)" pushdf -h a.example hello
echo $?
until_true jq -e '.chunks[0].host == "a.example"' h2/index.json >/dev/null
jq -c '.chunks[] | [.host, .backup_hosts]' h2/index.json
