# once
# A part of tests/torture/crash.sh, and that the checker of stores sees damage.
C=$T/crash/checkstore.py
mkdir base
(cd base && dfserve <"$T/vectors/stream-3.bin" 2>/dev/null)
hello=5d41402abc4b2a76b9719d911017c592

# damaged COMMAND: what the checker says of the store after it, in short.
damaged() {
  rm -rf s
  cp -a base s
  (cd s && eval "$1")
  shift
  python3 -B "$C" s --recovered "$@" >out 2>&1
  printf '%s %s\n' "$?" "$(sed 's/^wrong: //; 1q' out)"
}
echo "--- the checker"
damaged :
damaged "chmod 644 md5/5d/$hello"
damaged "rm md5/5d/$hello; printf hellO >md5/5d/$hello; chmod 444 md5/5d/*"
damaged "rm md5/5d/$hello"
damaged "rm head/5d/$hello"
damaged "rm key/greeting"
damaged "rm head/key/greeting"
damaged "touch .df/tmp/1.1"
damaged "touch .df/other"
damaged "touch .df/publishing"
damaged "echo broken >.df/commit/@400000006b05b91f03a96c45.1.0"
damaged "sed -i 's/\"bytes\":5/\"bytes\":6/' status.json"
damaged "sed -i 's/:5,/:6,/' index.json"
damaged "truncate -s -1 delta/*"
echo "$hello 5 127.0.0.2:1" >ack
damaged : --acknowledged ack
damaged : --acknowledged ack --host 127.0.0.2:1=none
echo "$hello 6" >ack
damaged : --acknowledged ack

echo "--- programs killed"
python3 -B "$T/crash/kill.py" --every 120 >out 2>&1
echo $?
grep ^wrong out
sed 's/ .*//' out | grep -v -e wrong -e '^$'
