# dfpublish in a store of a million chunks: made anew in bounded memory; a run for
# one new chunk takes what it takes in a store of a thousand; index.json costs
# less than 5 % of a core. N=100000 for a try.
D=$PWD
(cd "$T/.." && ./compile -c -o "$D/mkcommit.o" tests/mkcommit.c &&
  ./load "$D/mkcommit" "$D/mkcommit.o" src/libdf/libdf.a) || exit
PATH=$D:$PATH
export PATH DFHOST=10.0.0.1
exec python3 "$T/torture/publish-million.py" "${N:-1000000}"
