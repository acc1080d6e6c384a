# Every system call of every program fails, once and for good: tests/faults.
exec timeout 3000 python3 "$T/faults/calls.py" -v
