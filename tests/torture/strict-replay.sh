# F3, strict replay: every allowed loss of what is not durable, at each system
# call of recorded runs. See tests/crash/replay.py.
. "$T/crash/record.sh"
trap hosts_end EXIT

printf hello >small
head -c 70000 /dev/urandom >large
printf 'third chunk' >third
head -c 3000 /dev/urandom >fourth
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN

host 2
host 3
record_deliver
record_again
record_takeover
record_retry
record_expire
record_many
record_anew
# Of many files not every pair.
python3 "$T/crash/replay.py" deliver again takeover retry expire anew &&
  python3 "$T/crash/replay.py" --quick many
