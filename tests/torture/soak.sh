# Five hosts, faults at random (F11): SEEDS runs of SOAK_SECONDS, without and
# with receipts. Needs root.
[ "$(id -u)" = 0 ] || { echo 'needs root' && exit 1; }
: "${SOAK_SECONDS:=60}" "${SEEDS:=1 2 3 4}"
failed=0
for seed in $SEEDS; do
  for receipts in '' --receipts; do
    rm -rf soak
    sh "$T/crash/within.sh" soak.py --seed "$seed" --figures figures \
      --seconds "$SOAK_SECONDS" $receipts || failed=1
  done
done
python3 -B "$T/crash/soak.py" --sum figures || failed=1
exit "$failed"
