# dfserve: mutated streams against a model of the formats.
if [ -n "${SAN:-}" ]; then n=2000; else n=500; fi
python3 "$T/mutate.py" 1 "$n" "$T"/vectors/*.bin | sed "s/^$n /all /"
