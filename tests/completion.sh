# bash completion: every option of every usage message is offered, and nothing
# once
# else; words for arguments by their names.
cat >try <<'END'
. "$T/../examples/completion/dataflow"
COMPREPLY=()
_dataflow "$1" "$2" "$3"
printf '%s\n' "${COMPREPLY[@]}"
END
# offered PROGRAM WORD PREVIOUS
offered() {
  bash --norc try "$@" | sort -u
}

echo "--- options"
for f in "$T"/../src/*.c; do
  p=$(basename "$f" .c)
  "$p" -/ 2>&1 | sed 's/.*: usage: [^ ]* //' |
    grep -o '\(^\|[[ ]\)-[A-Za-z0-9]*' | sed 's/.*-//' | grep -o . |
    sed 's/^/-/' | sort >want
  offered "$p" - "$p" | grep . >have
  cmp -s want have || { echo "$p: offered, wanted"; paste have want; }
  grep -q "[ ]$p\( \|\$\)" "$T/../examples/completion/dataflow" ||
    echo "$p is not among the commands"
done
echo "--- some of them"
offered pushdf -k pushdf
offered dfserve-conf - dfserve-conf

echo "--- arguments and operands"
mkdir "a b" dir
: >"a b/c"
: >a-file
offered pushdf a- -o
offered pushdf a pushdf
offered pushdf "a b/" pushdf
offered dfserve a- -x
offered dfserve-conf d dfserve-conf | grep -x dir
offered dfserve-conf roo dfserve-conf | grep -x root
echo "none:"
offered pushdf a -k
offered pushdf - -c
offered dfserve a -t
