# Sourced by long tests that need a new Debian: as root, from a mirror (MIRROR).
# CHROOTS is a directory to keep the chroots in.
: "${MIRROR:=http://deb.debian.org/debian}" "${CHROOTS:=$PWD}"

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
