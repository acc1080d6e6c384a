# Each fault of the network by itself, within bounds (F10). Needs root.
[ "$(id -u)" = 0 ] || { echo 'needs root' && exit 1; }
exec unshare -mnpf --kill-child --mount-proc --propagation private \
  python3 -B "$T/crash/network.py"
