#include "listtext.h"

#include <string.h>

#define SET_HEAD 4
#define INDENT 4

/* A list that is being read: the one of the file, or a branch in it. */
struct level {
  size_t indent;
  size_t branch_at; /* its bytes, after the length that its entry has of it */
  size_t set_at;    /* the set that is open */
  int is_open;
  unsigned int sets;
  struct complaint target; /* TARGET that no entry follows yet; line 0: none */
};

struct reader {
  struct listtext *l;
  struct complaint *c;
  struct level level[LIST_DEPTH + 1];
  unsigned int depth;
  uint32_t set[LIST_DEPTH + 1]; /* number of the open set at each depth */
  int after_entry;              /* the line before was an entry */
  char blank;                   /* the indentation's byte; 0: none seen */
};

static int refuse(struct reader *r, const char *why) {
  r->c->why = why;
  return 0;
}

static void put32(char *p, size_t u) {
  for (int i = 3; i >= 0; i--, u >>= 8)
    p[i] = (char)(u & 255);
}

static void set_close(struct reader *r) {
  struct level *v = &r->level[r->depth];

  if (v->is_open)
    put32(r->l->list + v->set_at, r->l->len - v->set_at - SET_HEAD);
  v->is_open = 0;
}

static int level_close(struct reader *r) {
  const struct level *v = &r->level[r->depth];

  if (v->target.line) {
    *r->c = v->target;
    return refuse(r, "no entry follows, so the set is empty");
  }
  set_close(r);
  if (r->depth == 0)
    return 1;
  put32(r->l->list + v->branch_at - 4, r->l->len - v->branch_at);
  r->depth--;
  return 1;
}

static int level_open(struct reader *r, size_t indent) {
  if (!r->after_entry)
    return refuse(r, "the indentation is uneven: no entry stands above");
  if (r->depth == LIST_DEPTH)
    return refuse(r, "branches are nested deeper than 16");
  r->level[++r->depth] =
      (struct level){.indent = indent, .branch_at = r->l->len};
  return 1;
}

/* Finds the list that a line of this indentation belongs to. */
static int place(struct reader *r, const char *blanks, size_t indent) {
  for (size_t i = 0; i < indent; i++) {
    if (r->blank && blanks[i] != r->blank)
      return refuse(r, "the indentation mixes spaces and tabs");
    r->blank = blanks[i];
  }
  if (indent > r->level[r->depth].indent)
    return level_open(r, indent);
  while (indent < r->level[r->depth].indent)
    if (!level_close(r))
      return 0;
  if (indent != r->level[r->depth].indent)
    return refuse(r, "the indentation is uneven");
  return 1;
}

static int take_target(struct reader *r) {
  struct level *v = &r->level[r->depth];

  r->after_entry = 0;
  if (!v->is_open)
    return refuse(r, "no entry stands before it, so the set is empty");
  if (v->sets == LIST_SETS)
    return refuse(r, "there are more than 256 sets in a row");
  set_close(r);
  v->target = *r->c;
  return 1;
}

static size_t entry_put(char *out, const struct entry *e) {
  size_t at = 0;

  out[at++] = (char)e->kind;
  if (e->kind == 0x00)
    out[at++] = (char)e->address_len;
  memcpy(out + at, e->address, e->address_len);
  at += e->address_len;
  out[at++] = (char)(e->port >> 8);
  out[at++] = (char)(e->port & 255);
  put32(out + at, 0);
  return at + 4;
}

/* Opens a set where none is, and sees to it that e is not in it already. */
static int set_ready(struct reader *r, const struct entry *e) {
  struct level *v = &r->level[r->depth];
  struct listtext *l = r->l;

  if (!v->is_open) {
    v->is_open = 1;
    v->set_at = l->len;
    v->sets++;
    v->target.line = 0;
    r->set[r->depth] = l->sets++;
    l->len += SET_HEAD;
    return 1;
  }
  for (uint32_t i = 0; i < l->entries; i++)
    if (l->set[i] == r->set[r->depth] && entry_same(&l->entry[i], e)) {
      r->c->other = l->line[i];
      return refuse(r, "this entry is in the set already");
    }
  return 1;
}

static int take_entry(struct reader *r) {
  struct listtext *l = r->l;
  char address[LIST_TEXT], bytes[LIST_TEXT + 8];
  struct entry e;
  size_t len;
  const char *why = entry_scan(r->c->text, r->c->text_len, address, &e);

  if (why)
    return refuse(r, why);
  if (l->entries == LIST_ENTRIES)
    return refuse(r, "there are more than 8192 entries");
  len = entry_put(bytes, &e);
  if (l->len + len + (r->level[r->depth].is_open ? 0 : SET_HEAD) > LIST_MAX)
    return refuse(r, "the list is longer than 262144 bytes");
  if (!set_ready(r, &e))
    return 0;
  memcpy(l->list + l->len, bytes, len);
  l->len += len;
  e.address = l->list + l->len - 6 - e.address_len;
  l->entry[l->entries] = e;
  l->set[l->entries] = r->set[r->depth];
  l->line[l->entries++] = r->c->line;
  r->after_entry = 1;
  return 1;
}

static int take_line(struct reader *r, const char *s, size_t len) {
  size_t indent = 0;

  while (len > 0 && memchr(" \t\r", s[len - 1], 3))
    len--;
  while (indent < len && (s[indent] == ' ' || s[indent] == '\t'))
    indent++;
  if (indent == len || s[indent] == '#')
    return 1;
  r->c->text = s + indent;
  r->c->text_len = len - indent;
  if (!place(r, s, indent))
    return 0;
  if (len - indent == 6 && memcmp(s + indent, "TARGET", 6) == 0)
    return take_target(r);
  return take_entry(r);
}

int listtext_scan(struct listtext *l, const char *text, size_t len,
                  struct complaint *c) {
  struct reader r = {.l = l, .c = c};
  uint32_t line = 0;

  l->len = l->entries = l->sets = 0;
  for (size_t at = 0; at < len;) {
    const char *end = memchr(text + at, '\n', len - at);
    const size_t n = end ? (size_t)(end - text) - at : len - at;

    *c = (struct complaint){.line = ++line, .text = ""};
    if (!take_line(&r, text + at, n))
      return 0;
    at += n + 1;
  }
  *c = (struct complaint){.text = ""};
  while (r.depth > 0)
    if (!level_close(&r))
      return 0;
  if (!level_close(&r))
    return 0;
  return l->entries > 0 ? 1 : refuse(&r, "there is no entry");
}

static size_t line_put(char *out, unsigned int depth, const char *s,
                       size_t len) {
  const size_t indent = (size_t)depth * INDENT;

  memset(out, ' ', indent);
  memcpy(out + indent, s, len);
  out[indent + len] = '\n';
  return indent + len + 1;
}

size_t listtext_fmt(char out[LISTTEXT_MAX], const char *list, size_t len) {
  struct list_walk w;
  struct entry e;
  char text[LIST_TEXT];
  size_t at = 0;

  list_walk_start(&w, list, len);
  while (list_walk_next(&w, &e)) {
    const size_t n = entry_text(&e, text);

    if (w.begins_set && w.sets[w.entry_depth] > 1)
      at += line_put(out + at, w.entry_depth, "TARGET", 6);
    at += line_put(out + at, w.entry_depth, text, n);
  }
  return at;
}
