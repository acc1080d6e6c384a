# Clocks: a Stamp more than a day ahead is refused; jumps back and forth, 2038 and
# 2106 lose nothing and show nothing wrong.
# once

say() {
  echo "--- $1"
}

norm() {
  sed -e '/^dfserve: no-reset /d' \
    -e 's/^\(df[a-z]*: [a-z-]*\) [0-9]* \([^ ]* [^ ]* [0-9]*\) [0-9]*/\1 \2/'
}

# dfserve gives dfpublish a small environment: it gets its clock here.
preload=$(faketime -f +0 printenv LD_PRELOAD)
real=$(command -v dfpublish)
mkdir bin store
cat >bin/dfpublish <<E
#!/bin/sh
. $PWD/clock
exec $real "\$@"
E
chmod 755 bin/dfpublish
PATH=$PWD/bin:$PATH

# at DATE: from now on the clock begins there (UTC) for each program.
at() {
  cat >clock <<E
export TZ=UTC LD_PRELOAD='$preload' FAKETIME='@$1' NO_FAKE_STAT=1
export FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1
E
}
serve() {
  (. ./clock && cd store && dfserve <../"$1" 2>&1; echo $?) | norm
}
label() {
  printf '@%x%08x' "$((0x4000000000000000 + 10 + $(TZ=UTC date -d "$1" +%s)))" 0
}
records() {
  jq -r '.chunks[] | [(.keys | join(" ")), .stamp, .stored[:15], .expires] | join(" | ")' \
    store/index.json | sort
}

{
  for y in 2026-11-24T12:00:00 2038-01-19T03:14:07 2038-01-19T03:14:09 \
    2106-02-07T06:28:17; do
    echo "s$y begin chunk:$y stamp:$(label "${y}Z") '+Key: $y' '+Key-was: x' '+Cache-Time: 86400' end"
  done
  echo "more begin chunk:more stamp:$(label 2026-11-25T11:59:00Z) '+Key: shared' end"
  echo "ahead begin chunk:ahead stamp:$(label 2026-11-25T12:01:00Z) '+Key: ahead' end"
  echo "shared begin chunk:shared stamp:$(label 2038-01-19T03:14:09Z) '+Key: shared' end"
  echo "late begin chunk:late stamp:$(label 2020-01-01T00:00:00Z) '+Key: shared' end"
} >words
python3 "$T/stream.py" <words

say 'a Stamp less than a day ahead is taken, one more than a day ahead refused'
at '2026-11-24 12:00:00'
serve more
serve ahead

say 'before, at and after the end of 31 bits, and of 32'
for y in 2026-11-24T12:00:00 2038-01-19T03:14:07 2038-01-19T03:14:09 \
  2106-02-07T06:28:17; do
  at "$(echo "$y" | tr T ' ')"
  serve "s$y"
done
serve shared
records

say 'Stored is the earliest time, in whatever order it was found here'
at '2038-01-19 03:14:10'
serve shared
records | grep shared
at '2106-02-07 06:28:17'
serve shared
records | grep shared
(cd store && dfpublish -r)
records | grep shared

say 'the clock jumps back: what is new is taken, what is ahead is refused'
find store/md5 store/head store/key -printf '%p %T@ %l\n' | sort >before
at '2026-11-24 12:30:00'
serve s2106-02-07T06:28:17
serve s2026-11-24T12:00:00
find store/md5 store/head store/key -printf '%p %T@ %l\n' | sort | diff before - &&
  echo 'nothing has changed'
serve late
say 'and to before all of it'
at '1999-12-31 23:59:59'
serve late
serve s2026-11-24T12:00:00
(. ./clock && cd store && dfpublish -r)
records
readlink store/key/shared | grep -c "$(printf shared | md5sum | cut -c 1-32)"

say 'and far ahead'
at '2500-01-01 00:00:00'
serve late
(. ./clock && cd store && dfpublish -r)
records | wc -l
(cd store && find md5 -type f | sed 's|^md5/../\(.*\)|\1  &|' |
  md5sum -c --quiet && echo good)
find store/.df/tmp store/.df/id store/.df/stream -mindepth 1
