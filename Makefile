# dataflow (see README): make, make demo, make check, make install.
# GNU make. No configure: conf-cc and conf-ld say how to compile and link.

PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
COMPDIR = $(PREFIX)/share/bash-completion/completions
DESTDIR =

PROGRAMS = src/genrep src/dumprep src/pushdf src/dfserve src/dfrelay \
	src/dfsend src/dfpublish src/dfretry src/dfreceipt src/dfcheck \
	src/dfserve-conf src/getdf src/dfexpire src/dfverify
MODULES = $(patsubst %.c,%.o,$(wildcard src/libdf/*.c))
UNIT = $(patsubst %.c,%.test,$(wildcard tests/unit/*.c))
FUZZ = $(patsubst %.c,%.fuzz,$(filter-out %/main.c,$(wildcard tests/fuzz/*.c)))

# Debian packages. The web server, jq, curl and strace are for demo and check.
DEPS = gcc libc6-dev clang libowfat-dev libmd-dev nettle-dev \
	libcurl4-gnutls-dev libjansson-dev libcmocka-dev mandoc daemontools \
	jq curl strace busybox python3 bsdutils procps faketime stunnel4 \
	openssl ucspi-unix nginx-light lighttpd util-linux e2fsprogs \
	iproute2 iptables

# More, for bench.
BENCH_DEPS = rsync

# More, for torture. spin makes C, which gcc compiles.
TORTURE_DEPS = passwd prometheus chromium spin nbdkit nbdfuse

it: $(PROGRAMS)

# The headers of libowfat are in a directory of their own from Debian 13 on.
compile: conf-cc Makefile
	( echo '#!/bin/sh'; \
	  echo "exec `head -n 1 conf-cc` -D_GNU_SOURCE -Isrc/libdf -isystem /usr/include/libowfat \"\$$@\"" ) > $@
	chmod 755 $@

# conf-ld has --as-needed: a program gets only the libraries that it uses.
load: conf-ld Makefile
	( echo '#!/bin/sh'; echo 'out=$$1; shift'; \
	  echo "exec `head -n 1 conf-ld` -o \"\$$out\" \"\$$@\" -pthread -lowfat -lmd -lnettle -lcurl -ljansson" ) > $@
	chmod 755 $@

# MORECF: more for all, TESTCF: for the tests' own code, as in make MORECF=-MMD.
%.o: %.c compile
	./compile $(MORECF) -c -o $@ $<

tests/%.o: tests/%.c compile
	./compile $(MORECF) $(TESTCF) -c -o $@ $<

src/libdf/libdf.a: $(MODULES)
	rm -f $@
	ar cr $@ $(MODULES)

$(PROGRAMS): %: %.o src/libdf/libdf.a load
	./load $@ $< src/libdf/libdf.a

unit: $(UNIT)

$(UNIT): %.test: %.o src/libdf/libdf.a load
	./load $@ $< src/libdf/libdf.a -lcmocka

# The fuzz targets as programs that run the files they are given.
fuzz: $(FUZZ)

$(FUZZ): %.fuzz: %.o tests/fuzz/main.o src/libdf/libdf.a load
	./load $@ $< tests/fuzz/main.o src/libdf/libdf.a -ljansson

# Which object depends on which headers: made by the compiler, kept in git;
# make check compares. Run make depend after a change of #include lines.
include src/depend.mk

depend: compile
	rm -f src/depend.tmp
	for f in src/*.c src/libdf/*.c tests/unit/*.c tests/fuzz/*.c; do \
	  test ! -f "$$f" || ./compile -MM -MT "$${f%.c}.o" "$$f" \
	    >> src/depend.tmp || exit 1; \
	done
	sed -e ':a' -e '/\\$$/{N;s/ *\\\n */ /;ba' -e '}' src/depend.tmp \
	  > src/depend.new
	mv src/depend.new src/depend.mk
	rm -f src/depend.tmp

deps:
	@DEPS="$(DEPS)" sh tests/deps

check: deps
	@sh tests/run

torture: deps
	@DEPS="$(TORTURE_DEPS)" sh tests/deps
	@sh tests/torture/run

bench: deps
	@DEPS="$(BENCH_DEPS)" sh tests/deps
	@sh tests/bench/run

coverage: deps
	@sh tests/coverage

demo: deps
	@$(MAKE) -s it
	@sh tests/demo

deb:
	@DEPS="$(DEPS) dpkg-dev" sh tests/deps
	@sh examples/deb

install: it
	mkdir -p "$(DESTDIR)$(BINDIR)"
	for p in $(PROGRAMS); do \
	  install -m 755 "$$p" "$(DESTDIR)$(BINDIR)/" || exit 1; \
	done
	for m in man/*.[1-9]; do \
	  mkdir -p "$(DESTDIR)$(MANDIR)/man$${m##*.}" && \
	  install -m 644 "$$m" "$(DESTDIR)$(MANDIR)/man$${m##*.}/" || exit 1; \
	done
	mkdir -p "$(DESTDIR)$(COMPDIR)"
	install -m 644 examples/completion/dataflow "$(DESTDIR)$(COMPDIR)/"
	for p in $(PROGRAMS); do \
	  ln -sf dataflow "$(DESTDIR)$(COMPDIR)/$${p##*/}" || exit 1; \
	done

uninstall:
	for p in $(PROGRAMS) dataflow; do \
	  rm -f "$(DESTDIR)$(COMPDIR)/$${p##*/}"; \
	done
	for p in $(PROGRAMS); do rm -f "$(DESTDIR)$(BINDIR)/$${p##*/}"; done
	for m in man/*.[1-9]; do \
	  rm -f "$(DESTDIR)$(MANDIR)/man$${m##*.}/$${m##*/}"; \
	done

clean:
	rm -f compile load $(PROGRAMS) src/*.o src/libdf/*.o src/libdf/libdf.a \
	  tests/unit/*.o tests/unit/*.test tests/fuzz/*.o tests/fuzz/*.fuzz \
	  src/depend.tmp src/depend.new dataflow_*.deb

.PHONY: it unit fuzz depend deps check torture bench coverage demo install \
	uninstall clean
