# SIGKILL at every system call of every program that writes to a store (F1).
exec python3 -B "$T/crash/kill.py"
