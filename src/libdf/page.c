#include "page.h"

#include "indexfile.h"
#include "json.h"
#include "newest.h"
#include "pagerow.h"
#include "pagetext.h"
#include "status.h"
#include "url.h"

#include <nettle/base64.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#define START "<!doctype html>\n<html lang=\"en\" data-status=\""

struct page {
  struct html h;
  struct text status, index, host;
  size_t records;  /* where those of the index are; 0: there is none */
  const char *url; /* template; 0: no links to hosts */
};

static void put_host(struct page *p) {
  html_json(&p->h, p->host.p, p->host.len);
}

/* What may run, and how the page looks, is this text alone. */
static void put_hash(struct html *h, const char *text) {
  struct sha256_ctx c;
  uint8_t digest[SHA256_DIGEST_SIZE];
  char base64[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1] = "";
  sha256_init(&c);
  sha256_update(&c, strlen(text), (const uint8_t *)text);
  sha256_digest(&c, sizeof digest, digest);
  base64_encode_raw(base64, sizeof digest, digest);
  html_put(h, "'sha256-");
  html_put(h, base64);
  html_put(h, "'");
}

/* What the page says is so up to data-bytes of the delta. */
static void put_data(struct page *p) {
  char md5[MD5_HEX + 1];
  struct index in = {.epoch = ""};
  if (!indexfile_scan(&p->index, &in, &p->records))
    p->records = 0;
  digest_md5(p->status.p, p->status.len, md5);
  html_put(&p->h, START);
  html_put(&p->h, md5);
  html_put(&p->h, "\" data-epoch=\"");
  html_put(&p->h, in.epoch);
  html_put(&p->h, "\" data-bytes=\"");
  html_number(&p->h, in.delta_bytes);
  html_put(&p->h, "\" data-host=\"");
  put_host(p);
  html_put(&p->h, "\" data-url=\"");
  if (p->url)
    html_text(&p->h, p->url, strlen(p->url));
  html_put(&p->h, "\">\n");
}

static void put_head(struct page *p) {
  struct html *h = &p->h;
  html_put(h, "<meta charset=\"utf-8\">\n"
              "<meta http-equiv=\"Content-Security-Policy\" content=\""
              "default-src 'none'; connect-src 'self'; base-uri 'none'; "
              "form-action 'none'; script-src ");
  put_hash(h, pagetext_script);
  html_put(h, "; style-src ");
  put_hash(h, pagetext_style);
  html_put(h, "\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
              "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
  put_host(p);
  html_put(h, "</title>\n<style>");
  html_put(h, pagetext_style);
  html_put(h, "</style>\n<h1>");
  put_host(p);
  html_put(h, "</h1>\n");
}

static void put_totals(struct page *p) {
  struct html *h = &p->h;
  struct text published = pagerow_member(&p->status, "published");
  struct statvfs fs;
  html_put(h, "<p><span id=\"count\">");
  html_number(h, pagerow_number(&p->status, "chunks"));
  html_put(h, " chunks, ");
  html_size(h, pagerow_number(&p->status, "bytes"));
  html_put(h, "</span>; ");
  if (statvfs(".", &fs) == 0) {
    html_size(h, (uint64_t)fs.f_bavail * fs.f_frsize);
    html_put(h, " free; ");
  }
  html_put(h, "as of ");
  html_time(h, published.p, published.len);
  html_put(h, " UTC. <a href=\"index.json\">index.json</a> "
              "<a href=\"status.json\">status.json</a></p>\n");
}

static void put_pending(struct page *p) {
  struct html *h = &p->h;
  const char *end = p->status.p + p->status.len;
  const char *at = json_list(p->status.p, p->status.len, "pending");
  struct text v;
  html_put(h, "<section id=\"owed\"");
  html_put(h, at && *at == '{' ? ">\n" : " hidden>\n");
  html_put(h, "<h2>Still to be sent</h2>\n<table>\n"
              "<thead><tr><th>Target<th>Chunks<th>Size<th>Since<th>Tries"
              "<th>Last error</thead>\n<tbody id=\"pending\">\n");
  while (at && json_next(&at, end, &v.p, &v.len))
    pagerow_target(h, &v);
  html_put(h, "</tbody></table></section>\n");
}

static void put_chunks(struct page *p) {
  struct html *h = &p->h;
  struct newest newest = {.n = 0};
  if (p->records)
    newest_find(&newest, &p->index, p->records);
  html_put(h, "<h2>Newest chunks</h2>\n<form id=\"search\" hidden>"
              "<input id=\"q\" type=\"search\" autocomplete=\"off\" "
              "placeholder=\"key, MD5 or host, of all chunks\" "
              "aria-label=\"Search\"></form>\n<output id=\"found\"></output>\n"
              "<table id=\"chunks\">\n<thead><tr><th>Key<th>Size<th>Stored"
              "<th>Until<th>MD5<th>Also at</thead>\n<tbody id=\"rows\">\n");
  for (size_t i = 0; i < newest.n; ++i)
    pagerow_chunk(h, &newest.record[i], &p->host, p->url);
  if (!newest.n)
    html_put(h, "<tr><td colspan=\"6\">No chunk is stored here.</tr>\n");
  html_put(h, "</tbody></table>\n<script>");
  html_put(h, pagetext_script);
  html_put(h, "</script>\n</html>\n");
}

static int make(struct page *p, struct writer *w) {
  p->url = getenv("DFURL");
  if (!p->url || !*p->url)
    p->url = URL_DEFAULT;
  if (url_check(p->url))
    p->url = 0;
  p->host = pagerow_member(&p->status, "host");
  put_data(p);
  put_head(p);
  put_totals(p);
  put_pending(p);
  put_chunks(p);
  return p->h.failed ? -1 : writer_put(w, p->h.out.s, p->h.out.len);
}

int page_write(struct writer *w) {
  struct page p = {.url = 0};
  int r;
  if (text_map(STATUS_FILE, &p.status) < 0)
    return -1;
  r = text_map(INDEX_FILE, &p.index);
  if (r >= 0)
    r = make(&p, w);
  stralloc_free(&p.h.out);
  text_unmap(&p.status);
  text_unmap(&p.index);
  return r;
}

int page_current(const char *status_md5) {
  static const char start[] = START;
  const size_t len = sizeof start - 1;
  struct text t;
  int r = text_map(PAGE_FILE, &t);
  if (r <= 0)
    return r;
  r = t.len > len + MD5_HEX && !memcmp(t.p, start, len) &&
      !memcmp(t.p + len, status_md5, MD5_HEX);
  text_unmap(&t);
  return r;
}
