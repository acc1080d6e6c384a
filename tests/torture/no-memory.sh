# Every allocation of every program fails, once and for good: tests/faults.
D=$PWD
(cd "$T/.." &&
  ./compile -shared -fPIC -o "$D/memory.so" tests/faults/memory.c) || exit
exec timeout 3000 python3 "$T/faults/memory.py" memory.so
