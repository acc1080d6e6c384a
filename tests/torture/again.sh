# A crash in the recovery from a crash (F9).
exec python3 -B "$T/crash/again.py" --every 3
