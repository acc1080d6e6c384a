# dfserve: mutated streams against a model of the formats.
if [ -n "${SAN:-}" ]; then n=1500; else n=2000; fi
python3 "$T/mutate.py" 1 "$n" "$T"/vectors/*.bin | sed "s/^$n /all /"
