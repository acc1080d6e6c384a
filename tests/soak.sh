# A minute of torture/soak: five hosts, each with a disk, a link and target rules
# of its own, under fire.
# once
# cluster
soak() {
  sh "$T/crash/within.sh" soak.py --seed 12 --seconds 60 --faults 1 \
    --pushes 1 --reads 1 --figures figures >out 2>&1
  echo "$1 $?"
  grep '^wrong: ' out
  [ -s figures ] || tail -n 20 out
}
soak 'all is well again after it:'
# figure NAME LEAST: how much of it there was.
figure() {
  echo "$2 $3 at least: $(jq "[$1 >= $2]" -c figures)"
}
figure .seconds 60 'seconds'
figure .acknowledged 10 'uploads were acknowledged'
figure .chunks 20 'chunks in them'
figure '.["good reads"]' 10 'reads were good'
figure '([.faults[]] | add)' 20 'faults'
figure '([.faults[] | select(. > 0)] | length)' 8 'kinds of faults'
jq -c '["lost", .lost, "wrong bytes", .["wrong bytes"], "wrong", .wrong]' figures
