# The model of commit, duty, relay, retry, take-over and receipt, checked
# exhaustively (F15); then mutants of it, which must give counterexamples.
# FAULTS=1 is how many faults may come in a run.
: "${FAULTS:=1}"
failed=0

# check DEFINITION ...: 0 no error, 1 counterexample, 2 not exhausted.
check() {
  rm -f pan pan.* ./*.trail
  spin -a "$@" -DFAULTS="$FAULTS" "$T/model/dataflow.pml" >spin.out 2>&1 &&
    gcc -O2 -w -DSAFETY -DCOLLAPSE -DMEMLIM=6000 -o pan pan.c &&
    ./pan -m1000000 -n -E >pan.out 2>&1 || { cat spin.out pan.out && exit 111; }
  states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' pan.out)
  errors=$(tr '\r' '\n' <pan.out | sed -n 's/.*, errors: //p')
  if grep -q 'out of memory\|max search depth too small\|Interrupted' pan.out ||
    [ -z "$errors" ]; then
    return 2
  fi
  [ "$errors" = 0 ]
}

# holds NAME DEFINITION ...
holds() {
  name=$1
  shift
  check "$@"
  case $? in
    0) echo "holds: $name: $states states" ;;
    1) failed=1 && echo "FAILS: $name" && spin -t -g "$@" \
      -DFAULTS="$FAULTS" "$T/model/dataflow.pml" | tail -80 ;;
    *) failed=1 && echo "NOT EXHAUSTED: $name" && tail -5 pan.out ;;
  esac
}

# mutant NAME DEFINITION ...: a second fault may be needed to see it.
mutant() {
  name=$1
  shift
  FAULTS=$((FAULTS + 1))
  check "$@"
  found=$?
  FAULTS=$((FAULTS - 1))
  case $found in
    1) echo "found: $name" ;;
    *) failed=1 && echo "NOT FOUND: $name" ;;
  esac
}

holds 'a chain of three'
holds 'a set of two' -DSET
holds 'the second host refuses a chunk for good' -DREFUSES=B
holds 'the third host refuses a chunk for good' -DREFUSES=C
holds 'one of the set refuses a chunk for good' -DSET -DREFUSES=C
holds 'a host that the rules of the first do not allow' -DNARROW
holds 'the same, and the second refuses a chunk' -DNARROW -DREFUSES=B
holds 'a set, one of which the rules do not allow' -DSET -DNARROW
holds 'receipts, a chain' -DRECEIPT
holds 'receipts, a set' -DRECEIPT -DSET
holds 'receipts, the second host refuses a chunk' -DRECEIPT -DREFUSES=B

for bug in DATA_NOT_SYNCED COMMIT_NOT_SYNCED DUPLICATE_NOT_SYNCED \
  TAKE_OVER_NOT_SYNCED LEFT_OUT NOTED_AT_END; do
  mutant "$bug" -DBUG_$bug
done
[ "$failed" = 0 ]
