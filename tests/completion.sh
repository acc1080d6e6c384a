# bash completion: every option of every usage message is offered, and nothing
# once
# else; words for arguments by their names.
cat >try <<'END'
. "$T/../examples/completion/dataflow"
if [ "$1" = all ]; then
  for f in "$T"/../src/*.c; do
    p=${f##*/}
    p=${p%.c}
    _dataflow "$p" - "$p"
    [ "${#COMPREPLY[@]}" = 0 ] || printf "$p %s\n" "${COMPREPLY[@]}"
    complete -p "$p" >/dev/null
    "$p" -/ 2>>usage
  done
else
  _dataflow "$@"
  printf '%s\n' "${COMPREPLY[@]}"
fi
END
# offered PROGRAM WORD PREVIOUS
offered() {
  bash --norc try "$@" | sort -u
}

echo "--- options"
offered all >have
sed 's/: usage: [^ ]*//' usage | awk '{
  for (i = 2; i <= NF; i++)
    if ($i ~ /^\[?-/) {
      gsub(/[^A-Za-z0-9]/, "", $i)
      for (n = 1; n <= length($i); n++)
        print $1, "-" substr($i, n, 1)
    }
}' | sort >want
diff want have && [ -s want ] && echo "all are offered"
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
