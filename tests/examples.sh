# once
# The examples: lists that genrep takes, scripts that sh takes; what the README and dataflow(7) show is the same.
E=$T/../examples

echo '--- genrep takes every list, dumprep gives it back, genrep makes the same of that'
for f in "$E"/lists/*.txt; do
  genrep <"$f" >1.dat
  echo $?
  dumprep <1.dat >1.txt
  echo $?
  genrep <1.txt | cmp - 1.dat
  echo $?
  grep -c . 1.txt
done

echo '--- the scripts'
for f in "$E"/service/*/run "$E"/service/*/log/run; do
  sh -n "$f" && test -x "$f"
  echo $?
done

echo '--- README and dataflow(7) show the same three hosts'
mandoc -T ascii -O width=200 "$T/../man/dataflow.7" | sed 's/.\x08//g' |
  sed 's/^ *//' >page
sed -n '/^Three hosts/,/^What it depends/{s/^    *\(..*\)/\1/p;}' \
  "$T/../README" | sed 's/^ *//' >readme
wc -l <readme
while IFS= read -r line; do
  grep -qxF -e "$line" page || echo "not in dataflow(7): $line"
done <readme
