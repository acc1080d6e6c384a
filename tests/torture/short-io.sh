# Short reads and writes, interrupted calls, one byte a segment: tests/faults.
D=$PWD
(cd "$T/.." &&
  ./compile -shared -fPIC -o "$D/short.so" tests/faults/short.c) || exit
exec timeout 3000 python3 "$T/faults/short.py" short.so
