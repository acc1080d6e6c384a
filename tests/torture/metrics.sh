# promtool takes what examples/metrics makes of a store that owes something.
. "$T/hosts.sh"
trap hosts_end EXIT
host 1
host 2
at 2 | genrep >list.dat
stop 2
echo hello | REPLICATE_FN=list.dat push 1 -k hello || exit
until_true jq -e '.pending[0].tries > 0' h1/status.json >/dev/null || exit
sh "$T/../examples/metrics" <h1/status.json >metrics || exit
promtool check metrics <metrics || exit
grep '^dataflow_pending_[a-z]*{' metrics | tee pending
[ "$(wc -l <pending)" = 3 ] && grep -q '^dataflow_pending_oldest.*{.*} [0-9]*$' metrics
