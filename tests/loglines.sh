# Each event that the sources log is in the table of dataflow(5), and each that
# asks for somebody, as dataflow(7) says, goes into the second log of dfserve-conf.
# once
export LC_ALL=C
plain() {
  mandoc -T ascii -O width=300 "$T/../man/$1" | sed 's/.\x08//g'
}
differ() {
  diff "$1" "$2" | sed -n "s/^< /only in $3: /p; s/^> /only in $4: /p"
}

echo '--- the sources, and the table of dataflow(5)'
cat >words.py <<'E2'
import re, sys
for name in sys.argv[1:]:
    text = open(name).read()
    program = re.findall(r'event_line\(\s*\w+,\s*"([a-z]+)"', text)
    if "event_line(" not in text:
        continue
    words = []
    for call in re.findall(r'\bevent\(([^,]*),', text):
        words += re.findall(r'"([a-z-]+)"', call)
    words += re.findall(r'event_line\(\s*\w+,\s*"[a-z]+",\s*"([a-z-]+)"', text)
    assert len(set(program)) == 1 and words, name
    for word in words:
        print("%s: %s" % (program[0], word))
E2
python3 words.py "$T"/../src/*.c | sort -u >sources
plain dataflow.5 | sed -n '/^LOG LINES/,/^[A-KM-Z]/p' |
  sed -n 's/^ *\(df[a-z]*: [a-z-]*\)  .*/\1/p' | sort >table
differ sources table 'the sources' 'dataflow(5)'
[ -s table ] || echo 'no table'

echo '--- the lines that ask for somebody, and the second log'
sed -n '/^\.Ss Log lines/,/^\.Ss Sizing/s/^\.It Li "\(.*\)"$/\1/p' \
  "$T/../man/dataflow.7" | sort >asking
[ -s asking ] || echo 'no list'
dfserve-conf "$(id -un)" "$(id -un)" "$PWD/conf" 0 17478 "$PWD/store"
sed 's/setuidgid [^ ]* //' conf/dfserve/log/run >run
sort -u sources asking | sed 's/$/ 7 10.0.0.2:17478 - 0 0 why/' | sh run
sed 's/^@[0-9a-f]* //; s/ 7 .*//' main/trouble/current | sort >trouble
differ asking trouble 'dataflow(7)' 'the second log'
