# genrep: text to list, layouts, complaints, limits.

say() {
  printf -- '--- %s\n' "$1"
}

# What genrep makes of a text, and what it says; then its exit status.
try() {
  say "$1"
  shift
  genrep "$@" >out
  echo $?
  [ ! -s out ] || dumprep <out
}

# Exact bytes of a list.
bytes() {
  od -An -v -tx1 | tr -d ' \n'
  echo
}

hosts() {
  seq -f 'h%g:1' "$1" "$2"
}

for v in flat tree; do
  say "the list of vector list-$v is made to the byte"
  genrep <"$T/vectors/list-$v.txt" >out
  echo $?
  cmp out "$T/vectors/list-$v.dat"
done

say 'an IPv4 address, an IPv6 address and a name with their kinds'
printf '1.2.3.4:17478\n[1::2]:65535\nA-9.b:1\n' | genrep | bytes

printf '# x\n\n \t\n  # y\n#TARGET\na:1 \t\r\n\n  b:1\t\r\n# z\nTARGET \r\nc:1' |
  try 'comments, blank lines, blanks and CR at the end of lines are ignored'
printf 'a:1\n\tb:1\n\t\t\tc:1\n\td:1\ne:1\n' |
  try 'tabs indent as well as spaces'
printf 'a:1\n b:1\n TARGET\n    c:1\n d:1\n' |
  try 'uneven indentation after a TARGET in a branch is refused'
printf '[::ffff:10.0.0.1]:1\n[0:0::0:1]:1\n[ABCD::]:1\n[1:0:2:3:4:5:6:0]:1\n' |
  try 'IPv6 addresses in any form of RFC 4291'
printf 'example.org.:1\na..:1\n1.2.3.4.:1\n0-:1\n' |
  try 'names with empty labels at the end'
printf 'a:1\nA:2\nTARGET\na:1\n' |
  try 'a host twice, but with other ports or in other sets'
printf 'a:00017\n' | try 'zeros before a port'

refuse() {
  # shellcheck disable=SC2059
  printf -- "$1" | try "refused: $1"
}
refuse ''
refuse '\n# nothing\n'
refuse 'a'
refuse 'a:'
refuse 'a:0'
refuse 'a:65536'
refuse 'a:1x'
refuse 'a:-1'
refuse 'a:+1'
refuse 'a: 1'
refuse 'a:1 # x'
refuse 'a:1 b:1'
refuse 'a:9999999999999999999'
refuse ':1'
refuse '-a:1'
refuse '.a:1'
refuse 'a_b:1'
refuse 'a/b:1'
refuse '1.2.3:1'
refuse '1.2.3.4.5:1'
refuse '1.2.3.256:1'
refuse '1.2.3.04:1'
refuse 'a.1:1'
refuse '127.1:1'
refuse '0x7f.0.0.1.1:1'
refuse '::1:1'
refuse '[::1]'
refuse '[::1]:'
refuse '[::1]:0'
refuse '[::1'
refuse '[::1]x:1'
refuse '[]:1'
refuse '[:::1]:1'
refuse '[fe80::1%%eth0]:1'
refuse '[1.2.3.4]:1'
refuse '[a]:1'
refuse 'b:1\na\000b:1\n'
refuse 'b:1\n\033[31mred  \377:1\n'
refuse '\n\na:1\n\nb:1\n\nA:1\n'
refuse '[::1]:1\n[0::1]:1\n'
refuse 'a:1\n  x:1\n  y:1\n  x:1\n'
refuse 'TARGET\na:1\n'
refuse 'a:1\nTARGET\n# end\n'
refuse 'a:1\nTARGET\nTARGET\nb:1\n'
refuse 'a:1\n  b:1\n  TARGET\nc:1\n'
refuse 'a:1\n  b:1\n  TARGET\n'
refuse 'a:1\n  TARGET\n  b:1\n'
refuse 'a:1\nTARGET x\nb:1\n'
refuse 'target\n'
refuse ' a:1\n'
refuse 'a:1\n    b:1\n  c:1\n'
refuse 'a:1\n  b:1\n\tc:1\n'
refuse 'a:1\n \tb:1\n'
refuse 'a:1\nTARGET\n  b:1\n'

say 'text that does not fit a log line is cut'
{ printf 'a:1\n'; head -c 5000 /dev/zero | tr '\0' x; } | genrep
echo $?
say 'a name of 253 bytes'
n253=$(head -c 253 /dev/zero | tr '\0' n)
echo "$n253:1" | genrep | wc -c
say 'a name of 254 bytes'
echo "n$n253:1" | genrep
echo $?

say '8192 entries'
hosts 1 8192 | genrep | wc -c
say '8193 entries'
hosts 1 8193 | genrep
echo $?
say '256 sets in a row'
hosts 1 256 | sed '2,$i TARGET' | genrep | wc -c
say '257 sets in a row'
hosts 1 257 | sed '2,$i TARGET' | genrep
echo $?
say '256 sets in a row in a branch'
{ echo a:1; hosts 1 256 | sed '2,$i TARGET' | sed 's/^/ /'; } | genrep | wc -c
say '257 sets in a row in a branch'
{ echo a:1; hosts 1 257 | sed '2,$i TARGET' | sed 's/^/ /'; } | genrep
echo $?
say 'a branch of 255 sets and one set after it'
{ echo a:1; hosts 1 255 | sed '2,$i TARGET' | sed 's/^/ /'
  printf 'TARGET\nb:1\n'; } | genrep | wc -c
say 'a branch of 256 sets and one set after it'
{ echo a:1; hosts 1 256 | sed '2,$i TARGET' | sed 's/^/ /'
  printf 'TARGET\nb:1\n'; } | genrep
echo $?
nest() {
  for i in $(seq 0 "$1"); do
    printf "%${i}sh%d:1\n" '' "$i"
  done
}
say 'branches nested 16 deep'
nest 16 | genrep | wc -c
say 'branches nested 17 deep'
nest 17 | genrep
echo $?
# 1007 entries of 260 bytes and 4 of the set are 261824 bytes; 320 are left.
big() {
  seq -f "%04g$(printf %.248s "$n253"):1" 1 1007
  printf "x%.$1s:1\ny%.100s:1\n" "$n253" "$n253"
}
say 'a list of 262144 bytes'
big 202 | genrep >out
echo $?
wc -c <out
say 'a list of 262145 bytes'
big 203 | genrep >out
echo $?
wc -c <out
say 'text of 16777216 bytes'
{ echo a:1; head -c 16777212 /dev/zero | tr '\0' '\n'; } | genrep | wc -c
say 'text of 16777217 bytes'
{ echo a:1; head -c 16777213 /dev/zero | tr '\0' '\n'; } | genrep
echo $?

square() {
  hosts 1 "$1"
  echo TARGET
  seq -f 'i%g:1' 1 "$2"
}
say '100000 deliveries'
square 250 399 | genrep | wc -c
say 'more than 100000 deliveries'
square 251 399 | genrep
echo $?
say 'more than 100000 deliveries, with -F'
square 251 399 | genrep -F | wc -c
say 'the same, divided'
square 251 399 | genrep -d | wc -c

hosts 1 9 | try '-f 2: a tree, breadth first' -f 2
hosts 1 3 | try '-f 1: a chain' -f 1
hosts 1 3 | try '-f 8192: as it was' -f 8192
hosts 1 256 | genrep -f 1 >out
say '-f 1 with 256 hosts'
wc -c <out
say '-f 1 with 257 hosts'
hosts 1 257 | genrep -f 1
echo $?
say '-f 2 with 8192 hosts'
hosts 1 8192 | genrep -f 2 | wc -c
printf 'a:1\nTARGET\nb:1\n' | try '-f with TARGET is refused' -f 2
printf 'a:1\nb:1\n  c:1\n' | try '-f with a branch is refused' -f 2
printf 'a:1\na:1\n' | try '-f with a host twice is refused' -f 2
say '-f where the sets of the tree make the list too long'
big 202 | genrep -f 2
echo $?
for n in '' 0 8193 -1 1x 1k; do
  say "-f '$n' is refused"
  genrep -f "$n" </dev/null
  echo $?
done

{ hosts 1 2; echo TARGET; hosts 3 7; echo TARGET; hosts 8 13; } |
  try '-d: each set divided among the hosts of the set before it' -d
{ hosts 1 3; echo TARGET; hosts 4 5; echo TARGET; hosts 6 8; } |
  try '-d: sets smaller than the one before' -d
hosts 1 3 | try '-d: one set stays' -d
say '-d with 17 sets'
hosts 1 17 | sed '2,$i TARGET' | genrep -d | wc -c
say '-d with 18 sets'
hosts 1 18 | sed '2,$i TARGET' | genrep -d
echo $?
printf 'a:1\n  b:1\nTARGET\nc:1\n' | try '-d with a branch is refused' -d
printf 'a:1\nb:1\nTARGET\nc:1\nB:1\n' | try '-d with a host twice is refused' -d

say 'on a terminal it says what the list comes to'
on_terminal() {
  script -qec "genrep $1 <text >out" /dev/null </dev/null | tr -d '\r'
}
hosts 1 1 >text
on_terminal
hosts 1 7 >text
on_terminal
on_terminal '-f 2'
on_terminal '-f 1'
square 2 3 >text
on_terminal
on_terminal -d
say 'a host passes a list on once, and never to itself'
printf 'a:1\n  x:1\nb:1\n  x:1\nTARGET\nc:1\nd:1\nTARGET\nc:1\n' >text
on_terminal
say 'elsewhere it says nothing'
genrep <text 2>&1 | dumprep

say 'the counts of random lists against one that follows what hosts do'
python3 "$T/replist.py" counts 20

say 'what is refused, on a terminal too, leaves no byte'
printf 'a:1\na:1\n' >text
on_terminal
wc -c <out

for o in -x -f '-d -f 2' '-F x' -; do
  say "usage: $o"
  # shellcheck disable=SC2086
  genrep $o </dev/null
  echo $?
done

say 'output that cannot be written'
echo a:1 | genrep >/dev/full
echo $?
say 'input that cannot be read'
genrep </
echo $?
say 'a closed descriptor'
genrep <&-
echo $?
genrep </dev/null >&-
echo $?
genrep </dev/null 2>&-
echo $?
say 'nobody reads the output'
mkfifo pipe
(exec 3<>pipe 4>pipe 3<&-; echo a:1 | { genrep >&4; echo $?; })

say 'random lists against another reader and writer'
python3 "$T/replist.py" trips 60
say 'layouts against one that follows what hosts do'
python3 "$T/replist.py" layouts
