# The power goes at each call that may matter, on a journalled ext4 (F2).
exec python3 -B "$T/crash/powercut.py"
