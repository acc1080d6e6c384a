src/dfcheck.o: src/dfcheck.c src/libdf/chunklist.h src/libdf/md5set.h src/libdf/clock.h src/libdf/digest.h src/libdf/fds.h src/libdf/file.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/hex.h src/libdf/holding.h src/libdf/published.h src/libdf/fetch.h src/libdf/pace.h src/libdf/inquiry.h src/libdf/json.h src/libdf/number.h src/libdf/printable.h src/libdf/text.h src/libdf/url.h
src/dfexpire.o: src/dfexpire.c src/libdf/batch.h src/libdf/digest.h src/libdf/expired.h src/libdf/expiry.h src/libdf/header.h src/libdf/label.h src/libdf/clock.h src/libdf/event.h src/libdf/expired.h src/libdf/fds.h src/libdf/file.h src/libdf/going.h src/libdf/keeping.h src/libdf/number.h src/libdf/publishing.h src/libdf/sandbox.h src/libdf/slot.h src/libdf/store.h
src/dfpublish.o: src/dfpublish.c src/libdf/changes.h src/libdf/digest.h src/libdf/commit.h src/libdf/label.h src/libdf/expiry.h src/libdf/header.h src/libdf/fds.h src/libdf/file.h src/libdf/heads.h src/libdf/keys.h src/libdf/keyname.h src/libdf/stage.h src/libdf/leaving.h src/libdf/going.h src/libdf/pending.h src/libdf/commit.h src/libdf/printable.h src/libdf/recording.h src/libdf/delta.h src/libdf/writer.h src/libdf/indexfile.h src/libdf/text.h src/libdf/listed.h src/libdf/latest.h src/libdf/rewriting.h src/libdf/sandbox.h src/libdf/stage.h src/libdf/status.h src/libdf/pending.h src/libdf/store.h src/libdf/sweep.h src/libdf/taking.h src/libdf/changes.h src/libdf/leaving.h src/libdf/turn.h
src/dfreceipt.o: src/dfreceipt.c src/libdf/clock.h src/libdf/confirming.h src/libdf/digest.h src/libdf/duties.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/entry.h src/libdf/event.h src/libdf/fds.h src/libdf/file.h src/libdf/header.h src/libdf/noting.h src/libdf/duties.h src/libdf/number.h src/libdf/publishing.h src/libdf/receipt.h src/libdf/wants.h src/libdf/spool.h src/libdf/header.h src/libdf/trying.h src/libdf/printable.h src/libdf/url.h
src/dfrelay.o: src/dfrelay.c src/libdf/branch.h src/libdf/list.h src/libdf/entry.h src/libdf/relay.h src/libdf/spool.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/clock.h src/libdf/confirming.h src/libdf/event.h src/libdf/fds.h src/libdf/file.h src/libdf/list.h src/libdf/listfile.h src/libdf/noting.h src/libdf/duties.h src/libdf/commit.h src/libdf/number.h src/libdf/orders.h src/libdf/publishing.h src/libdf/pushid.h src/libdf/stream.h src/libdf/rules.h src/libdf/spool.h src/libdf/takeover.h src/libdf/targets.h src/libdf/trigger.h src/libdf/trying.h src/libdf/printable.h
src/dfretry.o: src/dfretry.c src/libdf/clock.h src/libdf/duties.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/event.h src/libdf/fds.h src/libdf/file.h src/libdf/number.h src/libdf/pending.h src/libdf/publishing.h src/libdf/retrying.h src/libdf/relay.h src/libdf/list.h src/libdf/entry.h src/libdf/spool.h src/libdf/header.h src/libdf/work.h src/libdf/duties.h src/libdf/rules.h src/libdf/store.h src/libdf/trigger.h src/libdf/trying.h src/libdf/printable.h
src/dfsend.o: src/dfsend.c src/libdf/digest.h src/libdf/fds.h src/libdf/follow.h src/libdf/listfile.h src/libdf/list.h src/libdf/entry.h src/libdf/number.h src/libdf/orders.h src/libdf/digest.h src/libdf/passing.h src/libdf/commit.h src/libdf/label.h src/libdf/header.h src/libdf/spool.h src/libdf/pushid.h src/libdf/stream.h src/libdf/relay.h src/libdf/sender.h src/libdf/pace.h
src/dfserve-conf.o: src/dfserve-conf.c src/libdf/fds.h src/libdf/newtree.h src/libdf/number.h src/libdf/template.h
src/dfserve.o: src/dfserve.c src/libdf/clock.h src/libdf/connection.h src/libdf/event.h src/libdf/fds.h src/libdf/file.h src/libdf/group.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/recent.h src/libdf/spool.h src/libdf/header.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h src/libdf/input.h src/libdf/twin.h src/libdf/stream.h src/libdf/network.h src/libdf/number.h src/libdf/publishing.h src/libdf/receive.h src/libdf/group.h src/libdf/hashing.h src/libdf/input.h src/libdf/relay.h src/libdf/refused.h src/libdf/relay.h src/libdf/rules.h src/libdf/sandbox.h src/libdf/slot.h src/libdf/store.h src/libdf/trigger.h
src/dfverify.o: src/dfverify.c src/libdf/clock.h src/libdf/copying.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/event.h src/libdf/expiry.h src/libdf/fds.h src/libdf/file.h src/libdf/going.h src/libdf/heads.h src/libdf/held.h src/libdf/keeping.h src/libdf/number.h src/libdf/publishing.h src/libdf/rehash.h src/libdf/pace.h src/libdf/rules.h src/libdf/list.h src/libdf/entry.h src/libdf/sandbox.h src/libdf/slot.h src/libdf/store.h src/libdf/verified.h
src/dumprep.o: src/dumprep.c src/libdf/fds.h src/libdf/file.h src/libdf/list.h src/libdf/entry.h src/libdf/listcount.h src/libdf/digest.h src/libdf/targets.h src/libdf/list.h src/libdf/listtext.h src/libdf/printable.h src/libdf/whole.h
src/genrep.o: src/genrep.c src/libdf/fds.h src/libdf/file.h src/libdf/layout.h src/libdf/list.h src/libdf/entry.h src/libdf/listcount.h src/libdf/digest.h src/libdf/targets.h src/libdf/listtext.h src/libdf/number.h src/libdf/printable.h src/libdf/whole.h
src/getdf.o: src/getdf.c src/libdf/clock.h src/libdf/digest.h src/libdf/download.h src/libdf/digest.h src/libdf/fetch.h src/libdf/pace.h src/libdf/sink.h src/libdf/fds.h src/libdf/fetch.h src/libdf/finding.h src/libdf/asking.h src/libdf/header.h src/libdf/label.h src/libdf/hosts.h src/libdf/header.h src/libdf/keyname.h src/libdf/label.h src/libdf/number.h src/libdf/printable.h src/libdf/progress.h src/libdf/sink.h src/libdf/store.h src/libdf/url.h src/libdf/whole.h
src/pushdf.o: src/pushdf.c src/libdf/append.h src/libdf/origin.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/backup.h src/libdf/chunkline.h src/libdf/fds.h src/libdf/file.h src/libdf/hashing.h src/libdf/header.h src/libdf/keyname.h src/libdf/listfile.h src/libdf/list.h src/libdf/entry.h src/libdf/names.h src/libdf/origin.h src/libdf/plan.h src/libdf/chunkline.h src/libdf/listcount.h src/libdf/targets.h src/libdf/printable.h src/libdf/progress.h src/libdf/pushid.h src/libdf/stream.h src/libdf/pushopts.h src/libdf/remote.h src/libdf/sender.h src/libdf/pace.h src/libdf/source.h src/libdf/ticket.h
src/libdf/append.o: src/libdf/append.c src/libdf/append.h src/libdf/origin.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/backup.h src/libdf/merge.h src/libdf/ticket.h
src/libdf/arriving.o: src/libdf/arriving.c src/libdf/arriving.h src/libdf/receive.h src/libdf/group.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/recent.h src/libdf/spool.h src/libdf/header.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h src/libdf/hashing.h src/libdf/input.h src/libdf/twin.h src/libdf/stream.h src/libdf/relay.h src/libdf/clock.h src/libdf/file.h src/libdf/keyname.h src/libdf/room.h
src/libdf/asking.o: src/libdf/asking.c src/libdf/asking.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/hosts.h src/libdf/clock.h src/libdf/fetch.h src/libdf/pace.h src/libdf/url.h
src/libdf/backup.o: src/libdf/backup.c src/libdf/backup.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/list.h src/libdf/entry.h
src/libdf/batch.o: src/libdf/batch.c src/libdf/batch.h src/libdf/digest.h src/libdf/expired.h src/libdf/expiry.h src/libdf/header.h src/libdf/label.h src/libdf/held.h
src/libdf/beside.o: src/libdf/beside.c src/libdf/beside.h
src/libdf/branch.o: src/libdf/branch.c src/libdf/branch.h src/libdf/list.h src/libdf/entry.h src/libdf/relay.h src/libdf/spool.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/follow.h src/libdf/named.h src/libdf/commit.h src/libdf/orders.h src/libdf/takeover.h src/libdf/targets.h
src/libdf/cachefile.o: src/libdf/cachefile.c src/libdf/cachefile.h src/libdf/file.h
src/libdf/changes.o: src/libdf/changes.c src/libdf/changes.h src/libdf/digest.h src/libdf/file.h src/libdf/text.h src/libdf/writer.h
src/libdf/chunkline.o: src/libdf/chunkline.c src/libdf/chunkline.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
src/libdf/chunklist.o: src/libdf/chunklist.c src/libdf/chunklist.h src/libdf/md5set.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/hex.h
src/libdf/clock.o: src/libdf/clock.c src/libdf/clock.h
src/libdf/commit.o: src/libdf/commit.c src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/file.h src/libdf/list.h src/libdf/entry.h src/libdf/netstring.h src/libdf/number.h src/libdf/stream.h src/libdf/header.h
src/libdf/confirming.o: src/libdf/confirming.c src/libdf/confirming.h src/libdf/fds.h
src/libdf/connection.o: src/libdf/connection.c src/libdf/connection.h src/libdf/tcp.h
src/libdf/copying.o: src/libdf/copying.c src/libdf/copying.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/fds.h src/libdf/file.h src/libdf/hosts.h src/libdf/keeping.h src/libdf/place.h src/libdf/store.h
src/libdf/delta.o: src/libdf/delta.c src/libdf/delta.h src/libdf/label.h src/libdf/writer.h src/libdf/file.h
src/libdf/digest.o: src/libdf/digest.c src/libdf/digest.h
src/libdf/download.o: src/libdf/download.c src/libdf/download.h src/libdf/digest.h src/libdf/fetch.h src/libdf/pace.h src/libdf/sink.h
src/libdf/duties.o: src/libdf/duties.c src/libdf/duties.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/follow.h src/libdf/heads.h src/libdf/list.h src/libdf/entry.h
src/libdf/entry.o: src/libdf/entry.c src/libdf/entry.h src/libdf/number.h
src/libdf/event.o: src/libdf/event.c src/libdf/event.h src/libdf/printable.h
src/libdf/expired.o: src/libdf/expired.c src/libdf/expired.h src/libdf/expiry.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/heads.h src/libdf/number.h src/libdf/text.h
src/libdf/expiry.o: src/libdf/expiry.c src/libdf/expiry.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/file.h src/libdf/heads.h
src/libdf/fds.o: src/libdf/fds.c src/libdf/fds.h
src/libdf/fetch.o: src/libdf/fetch.c src/libdf/fetch.h src/libdf/pace.h src/libdf/clock.h src/libdf/number.h
src/libdf/file.o: src/libdf/file.c src/libdf/file.h
src/libdf/finding.o: src/libdf/finding.c src/libdf/finding.h src/libdf/asking.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/hosts.h src/libdf/keyname.h src/libdf/store.h
src/libdf/follow.o: src/libdf/follow.c src/libdf/follow.h
src/libdf/going.o: src/libdf/going.c src/libdf/going.h src/libdf/digest.h src/libdf/file.h src/libdf/heads.h
src/libdf/group.o: src/libdf/group.c src/libdf/group.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/recent.h src/libdf/spool.h src/libdf/header.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h src/libdf/clock.h src/libdf/file.h src/libdf/keeping.h src/libdf/place.h src/libdf/slot.h src/libdf/store.h src/libdf/taken.h
src/libdf/hashing.o: src/libdf/hashing.c src/libdf/hashing.h src/libdf/digest.h
src/libdf/header.o: src/libdf/header.c src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/list.h src/libdf/entry.h src/libdf/number.h
src/libdf/heads.o: src/libdf/heads.c src/libdf/heads.h src/libdf/digest.h
src/libdf/held.o: src/libdf/held.c src/libdf/held.h src/libdf/digest.h src/libdf/commit.h src/libdf/label.h src/libdf/heads.h
src/libdf/hex.o: src/libdf/hex.c src/libdf/hex.h
src/libdf/holding.o: src/libdf/holding.c src/libdf/holding.h src/libdf/md5set.h src/libdf/published.h src/libdf/fetch.h src/libdf/pace.h src/libdf/label.h src/libdf/digest.h src/libdf/file.h src/libdf/hex.h src/libdf/jsonwalk.h
src/libdf/hosts.o: src/libdf/hosts.c src/libdf/hosts.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/backup.h
src/libdf/html.o: src/libdf/html.c src/libdf/html.h src/libdf/json.h
src/libdf/indexfile.o: src/libdf/indexfile.c src/libdf/indexfile.h src/libdf/label.h src/libdf/text.h src/libdf/writer.h src/libdf/delta.h src/libdf/json.h src/libdf/latest.h src/libdf/digest.h src/libdf/number.h
src/libdf/input.o: src/libdf/input.c src/libdf/input.h src/libdf/twin.h src/libdf/digest.h src/libdf/stream.h src/libdf/header.h src/libdf/label.h src/libdf/list.h src/libdf/entry.h src/libdf/clock.h
src/libdf/inquiry.o: src/libdf/inquiry.c src/libdf/inquiry.h src/libdf/cachefile.h src/libdf/clock.h src/libdf/digest.h src/libdf/header.h src/libdf/label.h src/libdf/holding.h src/libdf/md5set.h src/libdf/published.h src/libdf/fetch.h src/libdf/pace.h src/libdf/url.h
src/libdf/json.o: src/libdf/json.c src/libdf/json.h
src/libdf/jsonread.o: src/libdf/jsonread.c src/libdf/jsonread.h
src/libdf/jsonwalk.o: src/libdf/jsonwalk.c src/libdf/jsonwalk.h
src/libdf/keeping.o: src/libdf/keeping.c src/libdf/keeping.h src/libdf/slot.h
src/libdf/keyname.o: src/libdf/keyname.c src/libdf/keyname.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
src/libdf/keys.o: src/libdf/keys.c src/libdf/keys.h src/libdf/digest.h src/libdf/keyname.h src/libdf/stage.h src/libdf/going.h src/libdf/header.h src/libdf/label.h src/libdf/heads.h src/libdf/keyticket.h src/libdf/merge.h src/libdf/store.h src/libdf/stored.h
src/libdf/keyticket.o: src/libdf/keyticket.c src/libdf/keyticket.h src/libdf/merge.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
src/libdf/label.o: src/libdf/label.c src/libdf/label.h
src/libdf/latest.o: src/libdf/latest.c src/libdf/latest.h src/libdf/digest.h src/libdf/text.h src/libdf/json.h
src/libdf/layout.o: src/libdf/layout.c src/libdf/layout.h src/libdf/list.h src/libdf/entry.h
src/libdf/leaving.o: src/libdf/leaving.c src/libdf/leaving.h src/libdf/going.h src/libdf/digest.h src/libdf/file.h src/libdf/keys.h src/libdf/keyname.h src/libdf/stage.h src/libdf/store.h src/libdf/stored.h src/libdf/header.h src/libdf/label.h
src/libdf/list.o: src/libdf/list.c src/libdf/list.h src/libdf/entry.h
src/libdf/listcount.o: src/libdf/listcount.c src/libdf/listcount.h src/libdf/digest.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h
src/libdf/listed.o: src/libdf/listed.c src/libdf/listed.h src/libdf/indexfile.h src/libdf/label.h src/libdf/text.h src/libdf/writer.h src/libdf/latest.h src/libdf/digest.h src/libdf/delta.h src/libdf/json.h src/libdf/number.h
src/libdf/listfile.o: src/libdf/listfile.c src/libdf/listfile.h src/libdf/list.h src/libdf/entry.h
src/libdf/listtext.o: src/libdf/listtext.c src/libdf/listtext.h src/libdf/list.h src/libdf/entry.h
src/libdf/md5set.o: src/libdf/md5set.c src/libdf/md5set.h
src/libdf/merge.o: src/libdf/merge.c src/libdf/merge.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/pushes.h
src/libdf/named.o: src/libdf/named.c src/libdf/named.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/orders.h
src/libdf/names.o: src/libdf/names.c src/libdf/names.h
src/libdf/netstring.o: src/libdf/netstring.c src/libdf/netstring.h
src/libdf/network.o: src/libdf/network.c src/libdf/network.h
src/libdf/newest.o: src/libdf/newest.c src/libdf/newest.h src/libdf/text.h src/libdf/indexfile.h src/libdf/label.h src/libdf/writer.h src/libdf/json.h
src/libdf/newtree.o: src/libdf/newtree.c src/libdf/newtree.h src/libdf/file.h
src/libdf/noting.o: src/libdf/noting.c src/libdf/noting.h src/libdf/digest.h src/libdf/duties.h src/libdf/commit.h src/libdf/label.h src/libdf/named.h src/libdf/orders.h
src/libdf/number.o: src/libdf/number.c src/libdf/number.h
src/libdf/orders.o: src/libdf/orders.c src/libdf/orders.h src/libdf/digest.h src/libdf/file.h src/libdf/number.h
src/libdf/origin.o: src/libdf/origin.c src/libdf/origin.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/ticket.h
src/libdf/pace.o: src/libdf/pace.c src/libdf/pace.h src/libdf/clock.h
src/libdf/page.o: src/libdf/page.c src/libdf/page.h src/libdf/digest.h src/libdf/writer.h src/libdf/indexfile.h src/libdf/label.h src/libdf/text.h src/libdf/json.h src/libdf/newest.h src/libdf/pagerow.h src/libdf/html.h src/libdf/pagetext.h src/libdf/status.h src/libdf/pending.h src/libdf/commit.h src/libdf/url.h
src/libdf/pagerow.o: src/libdf/pagerow.c src/libdf/pagerow.h src/libdf/html.h src/libdf/text.h src/libdf/json.h src/libdf/keyname.h src/libdf/number.h src/libdf/url.h
src/libdf/pagetext.o: src/libdf/pagetext.c src/libdf/pagetext.h
src/libdf/passing.o: src/libdf/passing.c src/libdf/passing.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/header.h src/libdf/spool.h src/libdf/file.h src/libdf/netstring.h src/libdf/store.h
src/libdf/pending.o: src/libdf/pending.c src/libdf/pending.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/heads.h src/libdf/json.h src/libdf/record.h src/libdf/trying.h src/libdf/printable.h
src/libdf/place.o: src/libdf/place.c src/libdf/place.h src/libdf/digest.h src/libdf/file.h src/libdf/label.h src/libdf/slot.h src/libdf/store.h
src/libdf/plan.o: src/libdf/plan.c src/libdf/plan.h src/libdf/chunkline.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/listcount.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h
src/libdf/printable.o: src/libdf/printable.c src/libdf/printable.h
src/libdf/progress.o: src/libdf/progress.c src/libdf/progress.h src/libdf/clock.h src/libdf/file.h src/libdf/printable.h
src/libdf/published.o: src/libdf/published.c src/libdf/published.h src/libdf/fetch.h src/libdf/pace.h src/libdf/label.h src/libdf/clock.h src/libdf/delta.h src/libdf/writer.h src/libdf/jsonread.h src/libdf/url.h
src/libdf/publishing.o: src/libdf/publishing.c src/libdf/publishing.h src/libdf/fds.h src/libdf/rewriting.h src/libdf/indexfile.h src/libdf/label.h src/libdf/text.h src/libdf/writer.h
src/libdf/pushes.o: src/libdf/pushes.c src/libdf/pushes.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
src/libdf/pushid.o: src/libdf/pushid.c src/libdf/pushid.h src/libdf/stream.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/list.h src/libdf/entry.h
src/libdf/pushopts.o: src/libdf/pushopts.c src/libdf/pushopts.h src/libdf/origin.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/backup.h src/libdf/number.h
src/libdf/receipt.o: src/libdf/receipt.c src/libdf/receipt.h src/libdf/wants.h src/libdf/clock.h src/libdf/file.h src/libdf/number.h src/libdf/published.h src/libdf/fetch.h src/libdf/pace.h src/libdf/label.h src/libdf/store.h src/libdf/digest.h
src/libdf/receive.o: src/libdf/receive.c src/libdf/receive.h src/libdf/group.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/recent.h src/libdf/spool.h src/libdf/header.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h src/libdf/hashing.h src/libdf/input.h src/libdf/twin.h src/libdf/stream.h src/libdf/relay.h src/libdf/arriving.h src/libdf/clock.h src/libdf/place.h src/libdf/relaying.h src/libdf/verify.h
src/libdf/recent.o: src/libdf/recent.c src/libdf/recent.h src/libdf/digest.h src/libdf/file.h
src/libdf/record.o: src/libdf/record.c src/libdf/record.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/json.h src/libdf/keyname.h src/libdf/keys.h src/libdf/stage.h src/libdf/store.h
src/libdf/recording.o: src/libdf/recording.c src/libdf/recording.h src/libdf/delta.h src/libdf/label.h src/libdf/writer.h src/libdf/indexfile.h src/libdf/text.h src/libdf/listed.h src/libdf/latest.h src/libdf/digest.h src/libdf/record.h
src/libdf/refused.o: src/libdf/refused.c src/libdf/refused.h src/libdf/digest.h src/libdf/file.h src/libdf/json.h src/libdf/label.h src/libdf/printable.h src/libdf/record.h src/libdf/slot.h src/libdf/text.h
src/libdf/rehash.o: src/libdf/rehash.c src/libdf/rehash.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/pace.h
src/libdf/relay.o: src/libdf/relay.c src/libdf/relay.h src/libdf/list.h src/libdf/entry.h src/libdf/spool.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/fds.h src/libdf/file.h src/libdf/number.h src/libdf/slot.h
src/libdf/relaying.o: src/libdf/relaying.c src/libdf/relaying.h src/libdf/receive.h src/libdf/group.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/recent.h src/libdf/spool.h src/libdf/header.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h src/libdf/hashing.h src/libdf/input.h src/libdf/twin.h src/libdf/stream.h src/libdf/relay.h src/libdf/clock.h src/libdf/orders.h
src/libdf/remote.o: src/libdf/remote.c src/libdf/remote.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
src/libdf/retrying.o: src/libdf/retrying.c src/libdf/retrying.h src/libdf/relay.h src/libdf/list.h src/libdf/entry.h src/libdf/spool.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/work.h src/libdf/commit.h src/libdf/duties.h src/libdf/clock.h src/libdf/confirming.h src/libdf/orders.h src/libdf/pushid.h src/libdf/stream.h src/libdf/slot.h src/libdf/trying.h src/libdf/printable.h
src/libdf/rewriting.o: src/libdf/rewriting.c src/libdf/rewriting.h src/libdf/indexfile.h src/libdf/label.h src/libdf/text.h src/libdf/writer.h src/libdf/file.h src/libdf/number.h src/libdf/page.h src/libdf/digest.h src/libdf/slot.h src/libdf/status.h src/libdf/pending.h src/libdf/commit.h
src/libdf/room.o: src/libdf/room.c src/libdf/room.h
src/libdf/rules.o: src/libdf/rules.c src/libdf/rules.h src/libdf/list.h src/libdf/entry.h src/libdf/number.h
src/libdf/sandbox.o: src/libdf/sandbox.c src/libdf/sandbox.h
src/libdf/sender.o: src/libdf/sender.c src/libdf/sender.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/pace.h src/libdf/netstring.h src/libdf/sending.h src/libdf/tcp.h
src/libdf/sending.o: src/libdf/sending.c src/libdf/sending.h src/libdf/sender.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/pace.h src/libdf/clock.h src/libdf/file.h src/libdf/netstring.h src/libdf/tcp.h
src/libdf/sink.o: src/libdf/sink.c src/libdf/sink.h src/libdf/beside.h src/libdf/file.h
src/libdf/slot.o: src/libdf/slot.c src/libdf/slot.h
src/libdf/source.o: src/libdf/source.c src/libdf/source.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
src/libdf/spool.o: src/libdf/spool.c src/libdf/spool.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/file.h src/libdf/netstring.h
src/libdf/stage.o: src/libdf/stage.c src/libdf/stage.h src/libdf/digest.h src/libdf/file.h src/libdf/heads.h src/libdf/store.h
src/libdf/status.o: src/libdf/status.c src/libdf/status.h src/libdf/digest.h src/libdf/indexfile.h src/libdf/label.h src/libdf/text.h src/libdf/writer.h src/libdf/pending.h src/libdf/commit.h src/libdf/delta.h src/libdf/file.h src/libdf/json.h src/libdf/number.h src/libdf/refused.h
src/libdf/store.o: src/libdf/store.c src/libdf/store.h src/libdf/digest.h src/libdf/file.h
src/libdf/stored.o: src/libdf/stored.c src/libdf/stored.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/stage.h
src/libdf/stream.o: src/libdf/stream.c src/libdf/stream.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/list.h src/libdf/entry.h src/libdf/netstring.h
src/libdf/sweep.o: src/libdf/sweep.c src/libdf/sweep.h src/libdf/heads.h src/libdf/slot.h src/libdf/spool.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
src/libdf/taken.o: src/libdf/taken.c src/libdf/taken.h src/libdf/group.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/recent.h src/libdf/spool.h src/libdf/header.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h src/libdf/file.h src/libdf/store.h
src/libdf/takeover.o: src/libdf/takeover.c src/libdf/takeover.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h src/libdf/duties.h src/libdf/keeping.h src/libdf/orders.h src/libdf/stream.h src/libdf/header.h
src/libdf/taking.o: src/libdf/taking.c src/libdf/taking.h src/libdf/changes.h src/libdf/digest.h src/libdf/commit.h src/libdf/label.h src/libdf/header.h src/libdf/leaving.h src/libdf/going.h src/libdf/stage.h src/libdf/expiry.h src/libdf/keys.h src/libdf/keyname.h src/libdf/keyticket.h src/libdf/merge.h src/libdf/stored.h
src/libdf/targets.o: src/libdf/targets.c src/libdf/targets.h src/libdf/list.h src/libdf/entry.h
src/libdf/tcp.o: src/libdf/tcp.c src/libdf/tcp.h
src/libdf/template.o: src/libdf/template.c src/libdf/template.h
src/libdf/text.o: src/libdf/text.c src/libdf/text.h src/libdf/file.h
src/libdf/ticket.o: src/libdf/ticket.c src/libdf/ticket.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/beside.h src/libdf/file.h
src/libdf/trigger.o: src/libdf/trigger.c src/libdf/trigger.h
src/libdf/trying.o: src/libdf/trying.c src/libdf/trying.h src/libdf/printable.h src/libdf/file.h src/libdf/number.h src/libdf/store.h src/libdf/digest.h
src/libdf/turn.o: src/libdf/turn.c src/libdf/turn.h src/libdf/slot.h
src/libdf/twin.o: src/libdf/twin.c src/libdf/twin.h src/libdf/digest.h src/libdf/stream.h src/libdf/header.h src/libdf/label.h src/libdf/list.h src/libdf/entry.h src/libdf/clock.h src/libdf/file.h src/libdf/number.h src/libdf/slot.h
src/libdf/url.o: src/libdf/url.c src/libdf/url.h
src/libdf/verified.o: src/libdf/verified.c src/libdf/verified.h src/libdf/digest.h src/libdf/file.h src/libdf/number.h
src/libdf/verify.o: src/libdf/verify.c src/libdf/verify.h src/libdf/group.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/recent.h src/libdf/spool.h src/libdf/header.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h src/libdf/store.h
src/libdf/wants.o: src/libdf/wants.c src/libdf/wants.h src/libdf/digest.h src/libdf/hex.h src/libdf/jsonread.h src/libdf/label.h
src/libdf/whole.o: src/libdf/whole.c src/libdf/whole.h
src/libdf/work.o: src/libdf/work.c src/libdf/work.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/duties.h src/libdf/list.h src/libdf/entry.h src/libdf/file.h
src/libdf/writer.o: src/libdf/writer.c src/libdf/writer.h src/libdf/file.h
tests/unit/append.o: tests/unit/append.c src/libdf/append.h src/libdf/origin.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/backup.h
tests/unit/asking.o: tests/unit/asking.c tests/unit/../httpd.h src/libdf/asking.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/hosts.h src/libdf/clock.h
tests/unit/batch.o: tests/unit/batch.c src/libdf/batch.h src/libdf/digest.h src/libdf/expired.h src/libdf/expiry.h src/libdf/header.h src/libdf/label.h src/libdf/commit.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h
tests/unit/beside.o: tests/unit/beside.c src/libdf/beside.h src/libdf/file.h tests/unit/setup.h src/libdf/store.h src/libdf/digest.h tests/unit/synced.h
tests/unit/cachefile.o: tests/unit/cachefile.c src/libdf/cachefile.h src/libdf/file.h
tests/unit/changes.o: tests/unit/changes.c src/libdf/changes.h src/libdf/digest.h src/libdf/file.h src/libdf/store.h tests/unit/synced.h
tests/unit/chunkline.o: tests/unit/chunkline.c src/libdf/chunkline.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
tests/unit/chunklist.o: tests/unit/chunklist.c src/libdf/chunklist.h src/libdf/md5set.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/hex.h
tests/unit/clock.o: tests/unit/clock.c src/libdf/clock.h
tests/unit/commit.o: tests/unit/commit.c src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/list.h src/libdf/entry.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h
tests/unit/confirming.o: tests/unit/confirming.c src/libdf/confirming.h src/libdf/file.h tests/unit/setup.h src/libdf/store.h src/libdf/digest.h
tests/unit/connection.o: tests/unit/connection.c src/libdf/connection.h
tests/unit/copying.o: tests/unit/copying.c src/libdf/copying.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h tests/unit/synced.h
tests/unit/delta.o: tests/unit/delta.c src/libdf/delta.h src/libdf/label.h src/libdf/writer.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h tests/unit/synced.h
tests/unit/digest.o: tests/unit/digest.c src/libdf/digest.h
tests/unit/download.o: tests/unit/download.c tests/unit/../httpd.h src/libdf/download.h src/libdf/digest.h src/libdf/fetch.h src/libdf/pace.h src/libdf/sink.h
tests/unit/duties.o: tests/unit/duties.c src/libdf/branch.h src/libdf/list.h src/libdf/entry.h src/libdf/relay.h src/libdf/spool.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/clock.h src/libdf/commit.h src/libdf/duties.h src/libdf/commit.h src/libdf/heads.h src/libdf/retrying.h src/libdf/work.h src/libdf/duties.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/spool.h src/libdf/takeover.h src/libdf/targets.h src/libdf/trigger.h src/libdf/work.h
tests/unit/entry.o: tests/unit/entry.c src/libdf/entry.h
tests/unit/event.o: tests/unit/event.c src/libdf/event.h
tests/unit/expired.o: tests/unit/expired.c src/libdf/expired.h src/libdf/expiry.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h
tests/unit/expiry.o: tests/unit/expiry.c src/libdf/expiry.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h tests/unit/synced.h
tests/unit/fds.o: tests/unit/fds.c src/libdf/fds.h
tests/unit/fetch.o: tests/unit/fetch.c tests/unit/../httpd.h src/libdf/clock.h src/libdf/fetch.h src/libdf/pace.h
tests/unit/file.o: tests/unit/file.c src/libdf/file.h src/libdf/slot.h src/libdf/store.h src/libdf/digest.h tests/unit/synced.h
tests/unit/finding.o: tests/unit/finding.c tests/unit/../httpd.h src/libdf/finding.h src/libdf/asking.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/hosts.h
tests/unit/follow.o: tests/unit/follow.c src/libdf/clock.h src/libdf/follow.h
tests/unit/going.o: tests/unit/going.c src/libdf/going.h src/libdf/digest.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h
tests/unit/group.o: tests/unit/group.c src/libdf/clock.h src/libdf/group.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/recent.h src/libdf/spool.h src/libdf/header.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/slot.h
tests/unit/hashing.o: tests/unit/hashing.c src/libdf/hashing.h src/libdf/digest.h
tests/unit/header.o: tests/unit/header.c src/libdf/header.h src/libdf/digest.h src/libdf/label.h
tests/unit/heads.o: tests/unit/heads.c src/libdf/heads.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h
tests/unit/held.o: tests/unit/held.c src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/held.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h
tests/unit/hex.o: tests/unit/hex.c src/libdf/hex.h
tests/unit/holding.o: tests/unit/holding.c tests/unit/../httpd.h src/libdf/file.h src/libdf/hex.h src/libdf/holding.h src/libdf/md5set.h src/libdf/published.h src/libdf/fetch.h src/libdf/pace.h src/libdf/label.h
tests/unit/hosts.o: tests/unit/hosts.c src/libdf/hosts.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
tests/unit/html.o: tests/unit/html.c src/libdf/html.h
tests/unit/indexfile.o: tests/unit/indexfile.c src/libdf/indexfile.h src/libdf/label.h src/libdf/text.h src/libdf/writer.h src/libdf/delta.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h
tests/unit/input.o: tests/unit/input.c src/libdf/clock.h src/libdf/input.h src/libdf/twin.h src/libdf/digest.h src/libdf/stream.h src/libdf/header.h src/libdf/label.h src/libdf/list.h src/libdf/entry.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h
tests/unit/inquiry.o: tests/unit/inquiry.c tests/unit/../httpd.h src/libdf/clock.h src/libdf/file.h src/libdf/holding.h src/libdf/md5set.h src/libdf/published.h src/libdf/fetch.h src/libdf/pace.h src/libdf/label.h src/libdf/inquiry.h
tests/unit/json.o: tests/unit/json.c src/libdf/json.h
tests/unit/jsonread.o: tests/unit/jsonread.c src/libdf/jsonread.h
tests/unit/jsonwalk.o: tests/unit/jsonwalk.c src/libdf/jsonwalk.h
tests/unit/keeping.o: tests/unit/keeping.c src/libdf/keeping.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/slot.h
tests/unit/keyname.o: tests/unit/keyname.c src/libdf/keyname.h
tests/unit/keys.o: tests/unit/keys.c src/libdf/keys.h src/libdf/digest.h src/libdf/keyname.h src/libdf/stage.h src/libdf/file.h src/libdf/going.h src/libdf/header.h src/libdf/label.h src/libdf/stage.h src/libdf/store.h
tests/unit/keyticket.o: tests/unit/keyticket.c src/libdf/keyticket.h src/libdf/merge.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
tests/unit/label.o: tests/unit/label.c src/libdf/label.h
tests/unit/latest.o: tests/unit/latest.c src/libdf/latest.h src/libdf/digest.h src/libdf/text.h
tests/unit/layout.o: tests/unit/layout.c src/libdf/layout.h src/libdf/list.h src/libdf/entry.h src/libdf/listtext.h
tests/unit/leaving.o: tests/unit/leaving.c src/libdf/keys.h src/libdf/digest.h src/libdf/keyname.h src/libdf/stage.h src/libdf/leaving.h src/libdf/going.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h tests/unit/synced.h
tests/unit/list.o: tests/unit/list.c src/libdf/list.h src/libdf/entry.h
tests/unit/listcount.o: tests/unit/listcount.c src/libdf/listcount.h src/libdf/digest.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h src/libdf/listtext.h
tests/unit/listed.o: tests/unit/listed.c src/libdf/listed.h src/libdf/indexfile.h src/libdf/label.h src/libdf/text.h src/libdf/writer.h src/libdf/latest.h src/libdf/digest.h src/libdf/delta.h src/libdf/writer.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h
tests/unit/listfile.o: tests/unit/listfile.c src/libdf/listfile.h src/libdf/list.h src/libdf/entry.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h
tests/unit/listtext.o: tests/unit/listtext.c src/libdf/listtext.h src/libdf/list.h src/libdf/entry.h
tests/unit/md5set.o: tests/unit/md5set.c src/libdf/md5set.h
tests/unit/merge.o: tests/unit/merge.c src/libdf/merge.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/pushes.h
tests/unit/named.o: tests/unit/named.c src/libdf/named.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/orders.h
tests/unit/names.o: tests/unit/names.c src/libdf/names.h
tests/unit/netstring.o: tests/unit/netstring.c src/libdf/netstring.h
tests/unit/network.o: tests/unit/network.c src/libdf/network.h
tests/unit/newest.o: tests/unit/newest.c src/libdf/indexfile.h src/libdf/label.h src/libdf/text.h src/libdf/writer.h src/libdf/newest.h
tests/unit/newtree.o: tests/unit/newtree.c src/libdf/file.h src/libdf/newtree.h tests/unit/synced.h
tests/unit/noting.o: tests/unit/noting.c src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/noting.h src/libdf/duties.h src/libdf/commit.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h
tests/unit/number.o: tests/unit/number.c src/libdf/number.h
tests/unit/orders.o: tests/unit/orders.c src/libdf/orders.h src/libdf/digest.h
tests/unit/origin.o: tests/unit/origin.c src/libdf/backup.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/origin.h src/libdf/ticket.h
tests/unit/pace.o: tests/unit/pace.c src/libdf/clock.h src/libdf/pace.h
tests/unit/page.o: tests/unit/page.c src/libdf/page.h src/libdf/digest.h src/libdf/writer.h src/libdf/pagetext.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h
tests/unit/pagerow.o: tests/unit/pagerow.c src/libdf/pagerow.h src/libdf/html.h src/libdf/text.h
tests/unit/pagetext.o: tests/unit/pagetext.c src/libdf/pagetext.h
tests/unit/passing.o: tests/unit/passing.c src/libdf/passing.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/header.h src/libdf/spool.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h
tests/unit/place.o: tests/unit/place.c src/libdf/digest.h src/libdf/place.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/slot.h tests/unit/synced.h
tests/unit/plan.o: tests/unit/plan.c src/libdf/listtext.h src/libdf/list.h src/libdf/entry.h src/libdf/plan.h src/libdf/chunkline.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/listcount.h src/libdf/targets.h
tests/unit/printable.o: tests/unit/printable.c src/libdf/printable.h
tests/unit/progress.o: tests/unit/progress.c src/libdf/progress.h
tests/unit/published.o: tests/unit/published.c tests/unit/../httpd.h src/libdf/clock.h src/libdf/file.h src/libdf/published.h src/libdf/fetch.h src/libdf/pace.h src/libdf/label.h
tests/unit/publishing.o: tests/unit/publishing.c src/libdf/publishing.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h
tests/unit/pushid.o: tests/unit/pushid.c src/libdf/pushid.h src/libdf/stream.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/list.h src/libdf/entry.h
tests/unit/pushopts.o: tests/unit/pushopts.c src/libdf/pushopts.h src/libdf/origin.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
tests/unit/receipt.o: tests/unit/receipt.c tests/unit/../httpd.h src/libdf/file.h src/libdf/published.h src/libdf/fetch.h src/libdf/pace.h src/libdf/label.h src/libdf/receipt.h src/libdf/wants.h src/libdf/store.h src/libdf/digest.h
tests/unit/receive.o: tests/unit/receive.c src/libdf/arriving.h src/libdf/receive.h src/libdf/group.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/recent.h src/libdf/spool.h src/libdf/header.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h src/libdf/hashing.h src/libdf/input.h src/libdf/twin.h src/libdf/stream.h src/libdf/relay.h src/libdf/clock.h src/libdf/label.h src/libdf/netstring.h src/libdf/orders.h src/libdf/receive.h src/libdf/relaying.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/slot.h
tests/unit/recent.o: tests/unit/recent.c src/libdf/recent.h src/libdf/digest.h src/libdf/store.h
tests/unit/record.o: tests/unit/record.c src/libdf/record.h src/libdf/store.h src/libdf/digest.h
tests/unit/recording.o: tests/unit/recording.c src/libdf/recording.h src/libdf/delta.h src/libdf/label.h src/libdf/writer.h src/libdf/indexfile.h src/libdf/text.h src/libdf/listed.h src/libdf/latest.h src/libdf/digest.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h
tests/unit/refused.o: tests/unit/refused.c src/libdf/refused.h src/libdf/slot.h src/libdf/store.h src/libdf/digest.h
tests/unit/rehash.o: tests/unit/rehash.c src/libdf/clock.h src/libdf/rehash.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/pace.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h
tests/unit/relay.o: tests/unit/relay.c src/libdf/file.h src/libdf/relay.h src/libdf/list.h src/libdf/entry.h src/libdf/spool.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/slot.h src/libdf/store.h
tests/unit/remote.o: tests/unit/remote.c src/libdf/remote.h
tests/unit/retrying.o: tests/unit/retrying.c src/libdf/clock.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/heads.h src/libdf/list.h src/libdf/entry.h src/libdf/retrying.h src/libdf/relay.h src/libdf/list.h src/libdf/spool.h src/libdf/header.h src/libdf/work.h src/libdf/commit.h src/libdf/duties.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/slot.h src/libdf/spool.h src/libdf/trying.h src/libdf/printable.h
tests/unit/rewriting.o: tests/unit/rewriting.c src/libdf/indexfile.h src/libdf/label.h src/libdf/text.h src/libdf/writer.h src/libdf/label.h src/libdf/rewriting.h src/libdf/indexfile.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/slot.h tests/unit/synced.h
tests/unit/room.o: tests/unit/room.c src/libdf/room.h
tests/unit/rules.o: tests/unit/rules.c src/libdf/rules.h src/libdf/list.h src/libdf/entry.h
tests/unit/sandbox.o: tests/unit/sandbox.c src/libdf/sandbox.h
tests/unit/sender.o: tests/unit/sender.c src/libdf/sender.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/pace.h
tests/unit/sending.o: tests/unit/sending.c src/libdf/sending.h src/libdf/sender.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/pace.h
tests/unit/sink.o: tests/unit/sink.c src/libdf/file.h tests/unit/setup.h src/libdf/store.h src/libdf/digest.h src/libdf/sink.h
tests/unit/slot.o: tests/unit/slot.c src/libdf/clock.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/slot.h
tests/unit/source.o: tests/unit/source.c src/libdf/source.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
tests/unit/spool.o: tests/unit/spool.c tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/spool.h src/libdf/header.h src/libdf/label.h
tests/unit/stage.o: tests/unit/stage.c src/libdf/stage.h src/libdf/digest.h src/libdf/file.h src/libdf/header.h src/libdf/label.h src/libdf/heads.h src/libdf/store.h tests/unit/synced.h
tests/unit/status.o: tests/unit/status.c src/libdf/status.h src/libdf/digest.h src/libdf/indexfile.h src/libdf/label.h src/libdf/text.h src/libdf/writer.h src/libdf/pending.h src/libdf/commit.h src/libdf/file.h src/libdf/pending.h src/libdf/refused.h src/libdf/store.h src/libdf/writer.h
tests/unit/store.o: tests/unit/store.c src/libdf/store.h src/libdf/digest.h tests/unit/synced.h
tests/unit/stored.o: tests/unit/stored.c tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/stage.h src/libdf/stored.h src/libdf/header.h src/libdf/label.h
tests/unit/stream.o: tests/unit/stream.c src/libdf/netstring.h src/libdf/stream.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/list.h src/libdf/entry.h
tests/unit/sweep.o: tests/unit/sweep.c tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/slot.h src/libdf/spool.h src/libdf/header.h src/libdf/label.h src/libdf/sweep.h
tests/unit/taken.o: tests/unit/taken.c tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/taken.h src/libdf/group.h src/libdf/commit.h src/libdf/label.h src/libdf/recent.h src/libdf/spool.h src/libdf/header.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h
tests/unit/takeover.o: tests/unit/takeover.c src/libdf/commit.h src/libdf/digest.h src/libdf/label.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/takeover.h src/libdf/commit.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h
tests/unit/taking.o: tests/unit/taking.c src/libdf/file.h src/libdf/keys.h src/libdf/digest.h src/libdf/keyname.h src/libdf/stage.h tests/unit/setup.h src/libdf/store.h src/libdf/stored.h src/libdf/header.h src/libdf/label.h src/libdf/taking.h src/libdf/changes.h src/libdf/commit.h src/libdf/leaving.h src/libdf/going.h
tests/unit/targets.o: tests/unit/targets.c src/libdf/targets.h src/libdf/list.h src/libdf/entry.h
tests/unit/tcp.o: tests/unit/tcp.c src/libdf/tcp.h
tests/unit/template.o: tests/unit/template.c src/libdf/template.h
tests/unit/text.o: tests/unit/text.c tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/text.h
tests/unit/ticket.o: tests/unit/ticket.c tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/ticket.h src/libdf/header.h src/libdf/label.h
tests/unit/trying.o: tests/unit/trying.c src/libdf/list.h src/libdf/entry.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/trying.h src/libdf/printable.h
tests/unit/turn.o: tests/unit/turn.c tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/turn.h
tests/unit/twin.o: tests/unit/twin.c src/libdf/clock.h tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/slot.h src/libdf/twin.h src/libdf/stream.h src/libdf/header.h src/libdf/label.h src/libdf/list.h src/libdf/entry.h
tests/unit/url.o: tests/unit/url.c src/libdf/url.h
tests/unit/verified.o: tests/unit/verified.c tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/verified.h
tests/unit/verify.o: tests/unit/verify.c src/libdf/file.h src/libdf/store.h src/libdf/digest.h src/libdf/verify.h src/libdf/group.h src/libdf/commit.h src/libdf/label.h src/libdf/recent.h src/libdf/spool.h src/libdf/header.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h
tests/unit/wants.o: tests/unit/wants.c src/libdf/wants.h
tests/unit/whole.o: tests/unit/whole.c src/libdf/whole.h
tests/unit/writer.o: tests/unit/writer.c tests/unit/setup.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h tests/unit/synced.h src/libdf/writer.h
tests/fuzz/commit.o: tests/fuzz/commit.c tests/fuzz/target.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/stream.h src/libdf/header.h src/libdf/list.h src/libdf/entry.h
tests/fuzz/header.o: tests/fuzz/header.c tests/fuzz/target.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h
tests/fuzz/index.o: tests/fuzz/index.c tests/fuzz/target.h src/libdf/delta.h src/libdf/label.h src/libdf/writer.h src/libdf/file.h src/libdf/indexfile.h src/libdf/text.h src/libdf/json.h src/libdf/listed.h src/libdf/indexfile.h src/libdf/latest.h src/libdf/digest.h src/libdf/status.h src/libdf/pending.h src/libdf/commit.h src/libdf/text.h
tests/fuzz/json.o: tests/fuzz/json.c tests/fuzz/target.h src/libdf/json.h
tests/fuzz/list.o: tests/fuzz/list.c tests/fuzz/target.h src/libdf/layout.h src/libdf/list.h src/libdf/entry.h src/libdf/listcount.h src/libdf/digest.h src/libdf/targets.h src/libdf/listtext.h src/libdf/targets.h
tests/fuzz/listtext.o: tests/fuzz/listtext.c tests/fuzz/target.h src/libdf/digest.h src/libdf/listtext.h src/libdf/list.h src/libdf/entry.h
tests/fuzz/main.o: tests/fuzz/main.c tests/fuzz/target.h src/libdf/file.h src/libdf/store.h src/libdf/digest.h
tests/fuzz/orders.o: tests/fuzz/orders.c tests/fuzz/target.h src/libdf/file.h src/libdf/orders.h src/libdf/digest.h
tests/fuzz/published.o: tests/fuzz/published.c tests/fuzz/target.h src/libdf/hex.h src/libdf/holding.h src/libdf/md5set.h src/libdf/published.h src/libdf/fetch.h src/libdf/pace.h src/libdf/label.h
tests/fuzz/receive.o: tests/fuzz/receive.c tests/fuzz/target.h src/libdf/file.h src/libdf/receive.h src/libdf/group.h src/libdf/commit.h src/libdf/digest.h src/libdf/label.h src/libdf/recent.h src/libdf/spool.h src/libdf/header.h src/libdf/targets.h src/libdf/list.h src/libdf/entry.h src/libdf/hashing.h src/libdf/input.h src/libdf/twin.h src/libdf/stream.h src/libdf/relay.h src/libdf/store.h
tests/fuzz/stream.o: tests/fuzz/stream.c tests/fuzz/target.h src/libdf/stream.h src/libdf/header.h src/libdf/digest.h src/libdf/label.h src/libdf/list.h src/libdf/entry.h
