# 100 000 keys of any bytes come back equal from two parsers.
mkdir store
python3 "$T/keys.py" make 100000 11 >stream
(cd store && dfserve <../stream) >log 2>&1
echo "exit $?"
{
  python3 "$T/keys.py" log <log
  (cd store && python3 "$T/keys.py" check 100000 11)
} | tee out
[ "$(grep -c 'all as they were$' out)" = 5 ] &&
  grep -q '^lines not printable: 0' out && grep -q '^control characters: 0' out
