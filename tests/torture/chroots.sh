# make check by gcc and clang in new Debian 12 and Debian 13, each with
# ucspi-tcp-ipv6 and with ucspi-tcp. As root, from a Debian mirror (MIRROR).
# RELEASES and TCPS say which, CHROOTS a directory to keep the chroots in.
set -u
: "${MIRROR:=http://deb.debian.org/debian}" "${RELEASES:=bookworm trixie}"
: "${TCPS:=ucspi-tcp-ipv6 ucspi-tcp}" "${CHROOTS:=$PWD}" "${CHECK_ARGS:=}"
failed=0

# A release that this debootstrap is too old to know is made as sid is.
scripts=/usr/share/debootstrap/scripts
make_base() {
  [ ! -e "$CHROOTS/$1/etc/debian_version" ] || return 0
  script=
  [ -e "$scripts/$1" ] || script=$scripts/sid
  # shellcheck disable=SC2086
  debootstrap --variant=minbase --include=make "$1" "$CHROOTS/$1" \
    "$MIRROR" $script >"$1.log" 2>&1 || {
    tail -n 20 "$1.log"
    return 1
  }
}

# inside RELEASE COMMAND...: in the chroot, with what is mounted there gone
# afterwards.
inside() {
  root=$CHROOTS/$1
  shift
  # shellcheck disable=SC2016
  unshare -m sh -c '
    r=$0
    mount --bind "$r" "$r" && mount -t proc proc "$r/proc" &&
      mount --rbind /sys "$r/sys" &&
      mount --rbind /dev "$r/dev" && mount -t tmpfs tmpfs "$r/tmp" &&
      exec chroot "$r" env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root \
        DEBIAN_FRONTEND=noninteractive "$@"' "$root" "$@"
}

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
