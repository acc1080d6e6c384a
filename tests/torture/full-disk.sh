# A full disk, of every size around the need: tests/faults. As root.
exec timeout 3000 unshare -m python3 "$T/faults/disk.py" 1 \
  one announced many inodes publish reserve dfexpire dfexpire.inodes \
  dfexpire-d dfexpire-d.inodes dfverify dfverify.inodes getdf getdf.inodes \
  getdf-1 dfcheck dfcheck.inodes
