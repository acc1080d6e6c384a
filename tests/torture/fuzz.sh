# shellcheck shell=sh
# libFuzzer with ASan and UBSan on each target of tests/fuzz for FUZZ_SECONDS
# (120), from its corpus and limits.py. What is found is compared with the
# independent parser. FUZZ_TARGETS says which; FUZZ_KEEP=DIR puts what the
# corpus lacks into DIR/TARGET.
set -u
: "${FUZZ_SECONDS:=120}" "${FUZZ_KEEP:=}" "${FUZZ_TARGETS:=}"
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0
here=$(pwd -P)
cp -R "$T/.." tree
san='-fsanitize=address,undefined -fno-sanitize-recover=all'
cf="-O1 -fsanitize=fuzzer-no-link $san -DLIBFUZZER"
sed "1{s/^[^ ]*/clang/;s/\$/ $cf/;}" "$T/../conf-cc" >tree/conf-cc
sed "1{s/^[^ ]*/clang/;s/\$/ -fsanitize=fuzzer $san/;}" "$T/../conf-ld" \
  >tree/conf-ld
make -s -C tree clean && make -s -C tree fuzz || exit 111
make -s -C "$T/.." fuzz || exit 111 # to say their verdicts, without libFuzzer

[ -n "$FUZZ_TARGETS" ] ||
  FUZZ_TARGETS=$(for f in "$T"/fuzz/corpus/*; do echo "${f##*/}"; done)

# one TARGET: what it did, and FAIL if it is not as it must be.
one() {
  mkdir -p "$1/found" "$1/seeds" "$1/crash" "$1/run"
  python3 "$T/fuzz/limits.py" "$1" "$1/seeds"
  cp "$T/fuzz/corpus/$1"/* "$1/seeds" 2>/dev/null
  (cd "$1/run" && exec "$here/tree/tests/fuzz/$1.fuzz" \
    -max_total_time="$FUZZ_SECONDS" -max_len=4096 -timeout=20 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$here/$1/crash/" \
    "$here/$1/found" "$here/$1/seeds") >"$1/log" 2>&1 ||
    {
      echo "FAIL $1: exit $?"
      grep -A 30 -e ERROR -e 'not so' "$1/log" | head -n 40
      od -c "$1/crash"/* | head -n 40
    }
  (cd "$1/run" && exec python3 "$T/fuzz/parser.py" "$1" "$T/fuzz/$1.fuzz" \
    "$here/$1/seeds" "$here/$1/found") >"$1/compared" 2>&1 || {
    echo "FAIL $1: not what the parser says"
    head -n 20 "$1/compared"
  }
  echo "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$1/log")" \
    "inputs, $(find "$1/found" -type f | wc -l) kept, compared"
  [ -z "$FUZZ_KEEP" ] || keep "$1"
}

# keep TARGET: of what was found, what runs through more than the seeds do.
keep() {
  mkdir -p "$FUZZ_KEEP/$1"
  cp -R "$1/seeds" "$1/merged"
  (cd "$1/run" && exec "$here/tree/tests/fuzz/$1.fuzz" -set_cover_merge=1 \
    -max_len=1024 "$here/$1/merged" "$here/$1/found") >"$1/merge.log" 2>&1
  for f in "$1/merged"/*; do
    name=${f##*/}
    [ -e "$1/seeds/$name" ] || cp "$f" "$FUZZ_KEEP/$1/"
  done
}

for target in $FUZZ_TARGETS; do
  one "$target"
done | tee fuzz.out
! grep -q '^FAIL' fuzz.out
