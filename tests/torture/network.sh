# Each fault of the network by itself, within bounds (F10). Needs root.
[ "$(id -u)" = 0 ] || { echo 'needs root' && exit 1; }
exec sh "$T/crash/within.sh" network.py
