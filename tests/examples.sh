# once
# The examples: lists that genrep takes, rules that tcprules takes, scripts that
# sh takes; what the README and dataflow(7) show is the same.
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

echo '--- the rules'
cp "$E"/rules/* .
make -s
echo $?
ip() {
  TCPREMOTEIP=$1 tcprulescheck "$2" | tr '\n' ' '
  echo
}
ip 10.0.0.77 clients.cdb
ip 10.0.1.77 clients.cdb
ip 10.0.0.77 targets.cdb
ip 10.0.1.9 targets.cdb
ip 10.0.1.8 targets.cdb

echo '--- the scripts'
for f in "$E"/service/*/run "$E"/service/*/log/run; do
  sh -n "$f" && test -x "$f"
  echo $?
done

echo '--- the log patterns put trouble into a second log, with real lines'
set -f
grep -v '^#' "$E/service/dfserve/log/run" >run
sed -i 's/exec setuidgid dataflog/exec/' run
printf '%s\n' \
  'tcpserver: status: 1/100' \
  'dfserve: stored 1 10.0.0.9 5d41402abc4b2a76b9719d911017c592 5 3' \
  'dfserve: refused 1 10.0.0.9 5d41402abc4b2a76b9719d911017c592 5 3 too large' \
  'dfserve: reset 1 10.0.0.9 - 5 3 cut off' \
  'dfrelay: delivered 1 10.0.0.2:17478 5d41402abc4b2a76b9719d911017c592 5 3' \
  'dfrelay: failed 1 10.0.0.2:17478 - 5 3 refused' \
  'dfserve: warning: no target rules' \
  'dfserve: fatal: unable to open the store' | sh run
echo $?
sed 's/^@[0-9a-f]* //' main/trouble/current
wc -l <main/current

echo '--- README and dataflow(7) show the same three hosts'
mandoc -T ascii -O width=200 "$T/../man/dataflow.7" | sed 's/.\x08//g' |
  sed 's/^ *//' >page
sed -n '/^Three hosts/,/^What it depends/{s/^    *\(..*\)/\1/p;}' \
  "$T/../README" | sed 's/^ *//' >readme
wc -l <readme
while IFS= read -r line; do
  grep -qxF -e "$line" page || echo "not in dataflow(7): $line"
done <readme
