# dumprep: list to text, complaints, limits.

say() {
  echo "--- $1"
}

# A list from printf's escapes.
try() {
  say "$1"
  printf "$2" | dumprep
  echo $?
}

for v in flat tree; do
  say "the list of vector list-$v"
  dumprep <"$T/vectors/list-$v.dat" >text
  echo $?
  cat text
  genrep <text | cmp - "$T/vectors/list-$v.dat"
done

a='\000\001a\000\001\000\000\000\000' # name a, port 1: 9 bytes
try 'one entry' "DFR1\000\000\000\011$a"
try 'an empty list is good, though genrep makes none' DFR1
try 'an entry twice in a set' "DFR1\000\000\000\022$a$a"
try 'names as they are' \
  'DFR1\000\000\000\014\000\004A..-\377\377\000\000\000\000'
try 'IPv6 addresses' \
  'DFR1\000\000\000\027\006 \001\015\270\000\000\000\000\000\001\000\000\000\000\000\000\000\001\000\000\000\000'

try 'nothing at all' ''
try 'a magic that is cut off' DFR
try 'another magic' "DFR2\000\000\000\011$a"
try 'the length of a set is cut off' 'DFR1\000\000\000'
try 'an empty set' 'DFR1\000\000\000\000'
try 'a set that is cut off' 'DFR1\000\000\000\012\000\001a\000\001\000\000\000\000'
try 'a byte after the list' "DFR1\000\000\000\011${a}x"
try 'a set that ends in an entry' 'DFR1\000\000\000\010\000\001a\000\001\000\000\000'
try 'a set that ends after the kind' 'DFR1\000\000\000\001\000'
try 'an unknown kind' 'DFR1\000\000\000\013\005abcd\000\001\000\000\000\000'
try 'port 0' 'DFR1\000\000\000\011\000\001a\000\000\000\000\000\000'
try 'no name' 'DFR1\000\000\000\010\000\000\000\001\000\000\000\000'
try 'a name with a NUL' 'DFR1\000\000\000\012\000\002a\000\000\001\000\000\000\000'
try 'a name that begins with -' \
  'DFR1\000\000\000\012\000\002-a\000\001\000\000\000\000'
try 'a name whose last label is a number' \
  'DFR1\000\000\000\014\000\004a.12\000\001\000\000\000\000'
try 'a branch that is longer than its set' \
  'DFR1\000\000\000\011\000\001a\000\001\000\000\000\001'
try 'a branch that is no list' \
  'DFR1\000\000\000\012\000\001a\000\001\000\000\000\001x'
try 'a branch with an empty set' \
  'DFR1\000\000\000\015\000\001a\000\001\000\000\000\004\000\000\000\000'

# make KIND N: genrep keeps the limits, so these lists come from elsewhere.
make() {
  python3 - "$@" <<'END'
import struct
import sys

kind, n = sys.argv[1], int(sys.argv[2])
entry = lambda i, b=b"": b"\4\12" + i.to_bytes(3, "big") + b"\0\1" + struct.pack(
    ">I", len(b)) + b
pack = lambda entries: struct.pack(">I", len(entries)) + entries
if kind == "entries":
    out = pack(b"".join(entry(i) for i in range(n)))
elif kind == "sets":
    out = b"".join(pack(entry(i)) for i in range(n))
elif kind == "after":  # a branch of n sets, and a set after it
    out = pack(entry(0, b"".join(pack(entry(i)) for i in range(n))))
    out += pack(entry(0))
elif kind == "depth":
    out = b""
    for i in range(n + 1):
        out = pack(entry(i, out))
elif kind == "bytes":
    name = lambda i, k: b"\0" + bytes([k]) + b"n%d" % i + b"x" * (
        k - len(b"n%d" % i)) + b"\0\1\0\0\0\0"
    left, out, i = n - 4, b"", 0
    while left > 261 * 2:
        out += name(i, 253)
        left -= 261
        i += 1
    out += name(i, left - 100 - 8) + name(i + 1, 100 - 8)
    out = pack(out)
sys.stdout.buffer.write(b"DFR1" + out)
END
}
limit() {
  say "$1"
  make "$2" "$3" >list
  dumprep <list >text
  echo $?
  wc -l <text
}
limit '8192 entries' entries 8192
limit '8193 entries' entries 8193
limit '256 sets' sets 256
limit '257 sets' sets 257
limit 'a branch of 255 sets and one more' after 255
limit 'a branch of 256 sets and one more: hosts take it, genrep does not' \
  after 256
limit 'branches 16 deep' depth 16
limit 'branches 17 deep' depth 17
limit '262144 bytes' bytes 262144
genrep <text | cmp - list
limit '262145 bytes' bytes 262145
say 'much more'
head -c 100000000 /dev/zero | dumprep
echo $?

for o in -x x -; do
  say "usage: $o"
  dumprep $o </dev/null
  echo $?
done
say 'output that cannot be written'
dumprep <"$T/vectors/list-flat.dat" >/dev/full
echo $?
say 'input that cannot be read'
dumprep </
echo $?
say 'a closed descriptor'
dumprep <&-
echo $?
dumprep <"$T/vectors/list-flat.dat" >&-
echo $?
