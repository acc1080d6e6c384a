# A power cut at any system call of a delivery, and of a push that replaces a
# rotten copy: a part of tests/torture/strict-replay.sh. And the order of writes
# of more runs.
# once
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
record_verify
record_many
record_anew
python3 "$T/crash/replay.py" --quick deliver again \
  --promises takeover retry expire verify many anew |
  sed -E 's/[0-9]{2,} points, [0-9]{3,} distinct states, [0-9]{2,} rec.*, //
    s/ [0-9]{3,} calls,//'
