/* memory.so, for LD_PRELOAD: one allocation fails, or all from it on.
 *   FAULTS_PROGRAM  only in the program of this name
 *   FAULTS_WHEN     N, or N+: which allocation (from 1 on) fails
 *   FAULTS_COUNT    a file of 8 bytes: how many there have been
 *   FAULTS_OWN      those of other libraries than libc are not counted
 * The program may close all descriptors and be confined: the file is mapped
 * before main. strdup and the like of libc take their memory by malloc. */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of glibc, which has them for such shims. */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static volatile uint64_t *count;
static uint64_t when;
static int ever;
static struct range {
  uintptr_t from, to;
} own[2]; /* of the program, of libc; none: all count */
static int owns;

/* The first one is the program. */
static int find_own(struct dl_phdr_info *info, size_t size, void *first) {
  (void)size;
  if (!*(int *)first && !strstr(info->dlpi_name, "/libc.so"))
    return 0;
  *(int *)first = 0;
  for (int i = 0; i < info->dlpi_phnum && owns < 2; ++i) {
    const ElfW(Phdr) *p = info->dlpi_phdr + i;
    if (p->p_type != PT_LOAD || !(p->p_flags & PF_X))
      continue;
    own[owns].from = info->dlpi_addr + p->p_vaddr;
    own[owns].to = own[owns].from + p->p_memsz;
    ++owns;
    return 0;
  }
  return 0;
}

__attribute__((constructor)) static void start(void) {
  const char *program = getenv("FAULTS_PROGRAM"), *n = getenv("FAULTS_WHEN");
  const char *file = getenv("FAULTS_COUNT");
  char *end;
  int fd, first = 1;
  if (!program || !n || !file || strcmp(program, program_invocation_short_name))
    return;
  when = strtoull(n, &end, 10);
  ever = *end == '+';
  if (getenv("FAULTS_OWN"))
    dl_iterate_phdr(find_own, &first);
  fd = open(file, O_RDWR | O_CLOEXEC);
  if (fd < 0)
    _exit(99);
  count = (uint64_t *)syscall(SYS_mmap, 0, 8, PROT_READ | PROT_WRITE,
                              MAP_SHARED, fd, 0);
  close(fd);
}

static int counts(const void *caller) {
  uintptr_t at = (uintptr_t)caller;
  for (int i = 0; i < owns; ++i)
    if (at >= own[i].from && at < own[i].to)
      return 1;
  return !owns;
}

static int fails(const void *caller) {
  uint64_t n;
  if (!count || !counts(caller))
    return 0;
  n = ++*count;
  if (n != when && !(ever && n > when))
    return 0;
  errno = ENOMEM;
  return 1;
}

void *malloc(size_t len) {
  return fails(__builtin_return_address(0)) ? 0 : __libc_malloc(len);
}

void *calloc(size_t n, size_t len) {
  return fails(__builtin_return_address(0)) ? 0 : __libc_calloc(n, len);
}

void *realloc(void *p, size_t len) {
  return fails(__builtin_return_address(0)) ? 0 : __libc_realloc(p, len);
}

void *mmap(void *p, size_t len, int prot, int flags, int fd, off_t at) {
  if (fails(__builtin_return_address(0)))
    return MAP_FAILED;
  return (void *)syscall(SYS_mmap, p, len, prot, flags, fd, at);
}

void *mmap64(void *p, size_t len, int prot, int flags, int fd, off_t at) {
  if (fails(__builtin_return_address(0)))
    return MAP_FAILED;
  return (void *)syscall(SYS_mmap, p, len, prot, flags, fd, at);
}
