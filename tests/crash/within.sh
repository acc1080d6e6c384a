# within.sh PROGRAM ARGUMENT ...: runs one of these programs as the first process
# of namespaces of its own; all that it has started ends with it. Needs root.
here=$(dirname "$0")
exec unshare -mnpf --kill-child --mount-proc --propagation private \
  python3 -B "$here/$@"
