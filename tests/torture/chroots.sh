# make check by gcc and clang in new Debian 12 and Debian 13, each with
# ucspi-tcp-ipv6 and with ucspi-tcp. As root, from a Debian mirror.
# RELEASES and TCPS say which, CHECK_ARGS which tests.
. "$T/chroot.sh"
set -u
: "${RELEASES:=bookworm trixie}"
: "${TCPS:=ucspi-tcp-ipv6 ucspi-tcp}" "${CHECK_ARGS:=}"
failed=0

for release in $RELEASES; do
  make_base "$release" || {
    failed=1
    continue
  }
  cp /etc/resolv.conf "$CHROOTS/$release/etc/resolv.conf"
  for tcp in $TCPS; do
    rm -rf "$CHROOTS/$release/tree"
    mkdir "$CHROOTS/$release/tree"
    tar -C "$T/.." --exclude='*.[oa]' --exclude='*.test' --exclude=./compile \
      --exclude=./load -cf - . | tar -C "$CHROOTS/$release/tree" -xf -
    echo "== $release, $tcp"
    # shellcheck disable=SC2016
    inside "$release" sh -c '
      apt-get -qq update && apt-get -qq -y install "$1" &&
        make -s -C /tree deps' check "$tcp" >"$release.$tcp.deps" 2>&1 || {
      tail -n 20 "$release.$tcp.deps"
      failed=1
      continue
    }
    # shellcheck disable=SC2016
    inside "$release" sh -c '
      cc --version | head -n 1
      clang --version | head -n 1
      cd /tree && BUILDS="gcc clang" LIMIT=600 sh tests/run "$@"' check $CHECK_ARGS \
      >"$release.$tcp.out" 2>&1 || failed=1
    grep -v '^ok' "$release.$tcp.out"
  done
done
exit "$failed"
