#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sandbox.h"

#define PATH_HERE "/usr/bin:/bin"

/* What the kernel says of landlock in place of what it would say. */
static int abi, error;
static long failing;

long syscall(long number, ...) {
  static long (*real)(long, ...);
  long a[4];
  va_list ap;
  va_start(ap, number);
  for (int i = 0; i < 4; ++i)
    a[i] = va_arg(ap, long);
  va_end(ap);
  if (!real)
    *(void **)&real = dlsym(RTLD_NEXT, "syscall");
  if (error && number == failing) {
    errno = error;
    return -1;
  }
  if (abi && number == SYS_landlock_create_ruleset && !a[0])
    return abi;
  return real(number, a[0], a[1], a[2], a[3]);
}

static int start(void **state) {
  (void)state;
  return system("mkdir store store/a store/b out other && "
                "cp /bin/true store/true && cp /bin/true out/true && "
                "cp /bin/true out/more && ln -s ../out/true other/program && "
                "echo kept >out/file && echo kept >store/a/file");
}

/* In a process of its own, in the store: the number of the check that failed;
 * 0: none. */
static void in_store(int (*check)(void)) {
  int status;
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (!pid)
    _exit(chdir("store") < 0 ? 99 : check());
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_true(WIFEXITED(status));
  if (WEXITSTATUS(status))
    fail_msg("check %d failed", WEXITSTATUS(status));
}

static int denied(int r) {
  return r < 0 && errno == EACCES;
}

static int opens(const char *name, int flags) {
  int fd = open(name, flags | O_CLOEXEC, 0644);
  if (fd >= 0)
    close(fd);
  return fd;
}

/* The exit code of a program; 127: it cannot be executed. */
static int runs(const char *name) {
  int status;
  pid_t pid = fork();
  if (!pid) {
    execlp(name, name, (char *)0);
    _exit(errno == EACCES ? 127 : 126);
  }
  return waitpid(pid, &status, 0) == pid && WIFEXITED(status)
             ? WEXITSTATUS(status)
             : -1;
}

static int check_inside(void) {
  if (sandbox_enter(0, 0) != 1)
    return 1;
  if (opens("a/new", O_RDWR | O_CREAT | O_EXCL) < 0)
    return 2;
  if (rename("a/new", "b/new") < 0 || link("b/new", "a/link") < 0)
    return 3;
  if (mkdir("b/dir", 0755) < 0 || symlink("../x", "b/dir/link") < 0 ||
      mkfifo("b/dir/fifo", 0600) < 0)
    return 4;
  if (truncate("b/new", 5) < 0 || opens("b/new", O_WRONLY | O_TRUNC) < 0)
    return 5;
  if (unlink("a/link") < 0 || unlink("b/new") < 0 || unlink("b/dir/link") < 0 ||
      unlink("b/dir/fifo") < 0 || rmdir("b/dir") < 0)
    return 6;
  return 0;
}

static int check_outside(void) {
  int out = open("../out/open", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (symlink("../../out/file", "a/way") < 0 || symlink("../../out", "a/ways") < 0)
    return 1;
  if (sandbox_enter(PATH_HERE, 0) != 1)
    return 2;
  if (!denied(opens("../out/new", O_WRONLY | O_CREAT)) ||
      !denied(opens("../out/file", O_WRONLY)) ||
      !denied(opens("../out/file", O_RDWR | O_TRUNC)) ||
      !denied(opens("a/way", O_WRONLY)) ||
      !denied(opens("a/ways/new", O_WRONLY | O_CREAT)))
    return 3;
  if (!denied(unlink("../out/file")) || !denied(mkdir("../out/dir", 0755)) ||
      !denied(symlink("x", "../out/link")) ||
      !denied(mkfifo("../out/fifo", 0600)) ||
      !denied(truncate("../out/file", 0)))
    return 4;
  if (!denied(rmdir("../other")) || !denied(rename("../out/file", "../out/f")))
    return 5;
  if (rename("a/file", "../out/moved") == 0 ||
      link("a/file", "../out/l") == 0 ||
      rename("../out/file", "a/taken") == 0 || link("../out/file", "a/l") == 0)
    return 6;
  if (opens("../out/file", O_RDONLY) < 0 || opens("/dev/null", O_RDWR) < 0 ||
      opens("/dev/null", O_WRONLY | O_CREAT | O_TRUNC) < 0)
    return 7;
  if (!denied(opens("/dev/zero", O_WRONLY)) ||
      mknod("a/zero", S_IFCHR | 0600, 1 << 8 | 5) == 0)
    return 8;
  return write(out, "x", 1) == 1 ? 0 : 9; /* it was open before */
}

static int check_execute(void) {
  const char *programs[] = {"no/path program none ../out/true", 0, 0};
  char path[4096], words[8192], dir[2048];
  if (!getcwd(dir, sizeof dir))
    return 1;
  snprintf(path, sizeof path, PATH_HERE "::.:relative:%s/../other", dir);
  snprintf(words, sizeof words, " %s/../out/more  %s ", dir, dir);
  programs[1] = words;
  if (sandbox_enter(path, programs) != 1)
    return 2;
  if (runs("/bin/true") != 0 || runs("true") != 0 || runs("/bin/sh") == 127)
    return 3;
  if (runs("./true") != 127)
    return 4;
  if (runs("../other/program") != 0) /* a link that leads out of path */
    return 5;
  if (runs("../out/more") != 0)
    return 6;
  return system("exec ./true 2>/dev/null") == 126 << 8 ? 0 : 7;
}

static int check_nothing(void) {
  if (sandbox_enter(0, 0) != 1)
    return 1;
  return runs("/bin/true") == 127 && runs("./true") == 127 ? 0 : 2;
}

static int check_others(void) {
  pid_t pid;
  int status;
  if (sandbox_enter(PATH_HERE, 0) != 1)
    return 1;
  if (kill(getppid(), 0) == 0 || errno != EPERM)
    return 2;
  if (ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0)
    return 3;
  pid = fork();
  if (!pid)
    for (;;)
      pause();
  if (kill(pid, SIGKILL) < 0 || waitpid(pid, &status, 0) != pid)
    return 4;
  return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 5;
}

static int check_twice(void) {
  if (sandbox_enter(PATH_HERE, 0) != 1 || sandbox_enter(0, 0) != 1)
    return 1;
  if (opens("a/twice", O_WRONLY | O_CREAT) < 0 || runs("/bin/true") != 127)
    return 2;
  return chdir("a") == 0 && sandbox_enter(0, 0) == 1 &&
                 denied(opens("../b/no", O_WRONLY | O_CREAT))
             ? 0
             : 3;
}

/* Nobody has it: only that no program gives rights. */
static int check_lacking(void) {
  static const int errors[] = {ENOSYS, EOPNOTSUPP, EPERM};
  failing = SYS_landlock_create_ruleset;
  for (int i = 0; i < 3; ++i) {
    error = errors[i];
    if (sandbox_enter(0, 0) != 0)
      return 1 + i;
  }
  error = 0;
  abi = 1;
  if (sandbox_enter(0, 0) != 0)
    return 4;
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
    return 5;
  return opens("../out/lacking", O_WRONLY | O_CREAT) < 0 ? 6 : 0;
}

static int check_failing(void) {
  static const long calls[] = {SYS_landlock_create_ruleset,
                               SYS_landlock_add_rule,
                               SYS_landlock_restrict_self};
  error = ENOMEM;
  for (int i = 0; i < 3; ++i) {
    failing = calls[i];
    errno = 0;
    if (sandbox_enter(PATH_HERE, 0) != -1 || errno != ENOMEM)
      return 1 + i;
  }
  return opens("leak", O_WRONLY | O_CREAT) == 3 ? 0 : 4;
}

static int check_old(void) {
  if (sandbox_enter(PATH_HERE, 0) != 1)
    return 1;
  if (!denied(opens("../out/new", O_WRONLY | O_CREAT)) ||
      runs("./true") != 127 || runs("true") != 0)
    return 2;
  if (opens("/dev/null", O_WRONLY | O_TRUNC) < 0 ||
      rename("a/file", "b/file") < 0 || rename("b/file", "a/file") < 0)
    return 3;
  return denied(truncate("../out/true", 1)) == (abi >= 3) ? 0 : 4;
}

static void works_inside(void **state) {
  (void)state;
  in_store(check_inside);
}

static void changes_nothing_outside(void **state) {
  (void)state;
  in_store(check_outside);
}

static void executes_what_it_must(void **state) {
  (void)state;
  in_store(check_execute);
  in_store(check_nothing);
}

static void reaches_no_other_process(void **state) {
  (void)state;
  in_store(check_others);
}

static void may_be_entered_again(void **state) {
  (void)state;
  in_store(check_twice);
}

static void kernels_without(void **state) {
  (void)state;
  in_store(check_lacking);
  in_store(check_failing);
}

static void older_kernels(void **state) {
  (void)state;
  for (abi = 2; abi < 7; ++abi)
    in_store(check_old);
  abi = 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(works_inside),
      cmocka_unit_test(changes_nothing_outside),
      cmocka_unit_test(executes_what_it_must),
      cmocka_unit_test(reaches_no_other_process),
      cmocka_unit_test(may_be_entered_again),
      cmocka_unit_test(kernels_without),
      cmocka_unit_test(older_kernels),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
