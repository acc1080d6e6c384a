# Many at once in one store, each delayed at random by strace (F12).
failed=0
for seed in ${SEEDS:-1 2 3 4}; do
  rm -rf races
  python3 -B "$T/crash/races.py" --seed "$seed" \
    --seconds "${RACE_SECONDS:-60}" || failed=1
done
exit "$failed"
