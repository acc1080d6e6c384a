#ifndef SANDBOX_H
#define SANDBOX_H

/* Takes from this process, and from all that it will start, what a store's
 * programs never need (landlock(7), PR_SET_NO_NEW_PRIVS). From then on:
 *
 *   - no program gives it more rights than it has (set-user-ID and the like);
 *   - it changes files only below the current directory, and writes to
 *     /dev/null; what is open already stays open;
 *   - it executes only what is in a directory of path, programs, and loaders
 *     (below /lib, /usr/lib and where this program's own is);
 *   - it signals and traces only what it has started (Linux 6.12).
 *
 * path is that of $PATH, 0: none; what is not absolute in it is left out, and
 * so is what is empty. programs, up to a null pointer, are strings of
 * words: a name is looked for in path, where it may be a link that leads out of
 * there; an absolute path counts where it is a file. 0: none.
 *
 * 1; 0: the kernel has no landlock, or one that is too old (before Linux 5.19):
 * only the first holds; -1 errno. */
int sandbox_enter(const char *path, const char *const *programs);

#endif
