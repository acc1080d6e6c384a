# A push of a chunk while it expires, many times.
N=300 sh "$T/expire-race.sh" 2>&1 | tee out
cmp out "$T/expire-race.exp"
