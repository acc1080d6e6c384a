# make deb: lintian is content; in a new Debian 12 the package is installed, the
# demo runs with it, and nothing of it is left after a purge.
. "$T/chroot.sh"
sh "$T/../examples/deb" || exit
lintian --allow-root --fail-on error,warning dataflow_*.deb || exit
echo 'lintian is content'
make_base bookworm || exit
new=$CHROOTS/bookworm
cp /etc/resolv.conf "$new/etc/resolv.conf"
rm -f "$new"/root/dataflow_*.deb
cp dataflow_*.deb "$new/root"
cat >"$new/root/steps" <<'E'
set -e
apt-get -qq update
apt-get -qq -y install /root/dataflow_*.deb busybox curl jq procps
cd /
dpkg -L dataflow | while IFS= read -r f; do
  [ -d "$f" ] || echo "$f"
done >/root/files
[ -s /root/files ]
INSTALLED=1 sh /usr/share/doc/dataflow/examples/demo
apt-get -qq -y purge dataflow
while IFS= read -r f; do
  [ ! -e "$f" ] || { echo "left: $f"; exit 1; }
done </root/files
find / -xdev ! -path '/root/*' ! -path '/tree*' -name '*dataflow*' | tee /root/left
[ ! -s /root/left ]
echo 'purged clean'
E
inside bookworm sh /root/steps >steps.out 2>&1 || {
  tail -n 40 steps.out
  exit 1
}
grep -e '^== all hosts' -e '^purged' steps.out
