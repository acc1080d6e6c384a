# once
# The examples of web servers: what is public is served as it must be, .df and
# all else is not, also where the server runs as the user that owns the store.
# On sockets in the file system, in place of a port.
E=$T/../examples
D=$PWD
(cd "$T/.." && ./compile -c -o "$D/mkcommit.o" tests/mkcommit.c &&
  ./load "$D/mkcommit" "$D/mkcommit.o" src/libdf/libdf.a) || exit
mkdir -p www/dfstor
cd www/dfstor || exit
printf '<script>alert(1)</script>' >../../data
printf '%s\n' 'Key: evil.html' 'Host: 10.0.0.1' \
  'Stamp: @400000006a00005000000000' >../../h
../../mkcommit c1 @400000006a00007000000000 ../../h ../../data
DFHOST=10.0.0.1 dfpublish
md5=$(jq -r '.chunks[0].md5' index.json)
delta=$(jq -r .delta status.json)
echo secret >.df/host
cd ../.. || exit

# ask PATH [curl options]: status, what the headers say of the body
ask() {
  path=$1
  shift
  curl -s --path-as-is --unix-socket sock -D head -o body "$@" "http://h$path"
  sed -n 's/\r$//; 1s/^HTTP[^ ]* \([0-9]*\).*/\1/p; /^\(Content-Type\|X-Content\|Content-Security\|Cache-Control\|Content-Range\)/Ip' head |
    sed 's/^[A-Za-z-]*: //' | sort | paste -s -d ' '
}
# Every spelling of what must not be seen: none of them answers 200.
closed() {
  for p in /.df /.df/ /.df/host //.df/host /./.df/host /%2edf/host /.%64f/host \
    /md5/../.df/host /md5/..%2f.df/host /key/../.df/host /key/%2e%2e/.df/host \
    /head/../.df/host /delta/../.df/host /md5/ /md5 /key/ /head/ /delta/ \
    /delta/../../www /.df/commit/ /nothing; do
    ask "/dfstor$p" >/dev/null
    grep -q secret body && echo "$p: shown"
    case $(sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p' head) in
      30?|4??) ;;
      *) echo "$p: $(head -n 1 head)" ;;
    esac
  done
  echo closed
}
look() {
  until [ -S sock ]; do kill -0 $! || return; done
  for p in / /index.html /index.json /status.json "/$delta" "/md5/$(printf %.2s "$md5")/$md5" \
    /key/evil.html "/head/$(printf %.2s "$md5")/$md5" /head/key/evil.html; do
    echo "$p" | sed "s/$md5/MD5/; s/@[0-9a-f]*/EPOCH/; s|/[0-9a-f][0-9a-f]/|/XX/|"
    ask "/dfstor$p"
  done
  ask /dfstor/key/evil.html >/dev/null
  cmp body data && echo 'the data'
  ask /dfstor/ >/dev/null
  cmp body www/dfstor/index.html && echo 'the page'
  ask "/dfstor/$delta" -r 2-5
  cat body
  echo
  ask "/dfstor/$delta" >/dev/null
  etag=$(sed -n 's/\r$//; s/^ETag: //Ip' head)
  ask "/dfstor/$delta" -H "If-None-Match: $etag" | cut -c 1-3
  closed
}

echo '--- nginx'
sed -e "s|^user .*|user $(id -un);|; s|/run/nginx-dataflow.pid|$D/pid|" \
  -e "s|listen 80;|listen unix:$D/sock;|; /listen \[::\]/d" \
  -e "s|/srv/dataflow|$D/www|" "$E/nginx.conf" >nginx.conf
nginx -p "$D" -e "$D/log" -c "$D/nginx.conf" -g 'daemon off;' >log2 2>&1 &
look
kill $!
wait
grep -v 'directive makes sense only' log2
rm -f sock

echo '--- lighttpd'
sed -e "/^server.username/d; /^server.groupname/d; s|/srv/dataflow|$D/www|" \
  -e "s|^server.port = 80|server.bind = \"$D/sock\"|" \
  "$E/lighttpd.conf" >lighttpd.conf
lighttpd -D -f lighttpd.conf >log3 2>&1 &
look
kill $!
wait
grep -v 'server started\|graceful\|server stopped\|[Ss]hutdown' log3

echo '--- busybox httpd'
# Each request is a process of its own, without a socket.
get() {
  printf 'GET %s HTTP/1.0\r\n\r\n' "$1" |
    busybox httpd -i -c "$E/httpd.conf" -h "$D/www"
}
for p in / /index.json "/$delta" /key/evil.html; do
  get "/dfstor$p" | sed -n 's/\r$//; s/^HTTP[^ ]* //p; s/^Content-type: //p' |
    paste -s -d ' '
done
for p in /.df/host //.df/host /./.df/host /%2edf/host /key/../.df/host; do
  get "/dfstor$p" >body
  grep -q secret body && echo "$p: shown"
  head -n 1 body | cut -d ' ' -f 2
done
echo 'without httpd.conf'
printf 'GET /dfstor/.df/host HTTP/1.0\r\n\r\n' |
  busybox httpd -i -h "$D/www" | grep secret
