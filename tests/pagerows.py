"""Prints the rows of the tables of index.html, as a browser without scripts has
them, and how many script, style, img and b elements there are."""
import html.parser


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.rows = {}, []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        if tag == "tr":
            self.rows.append([])
        elif tag == "a" and self.rows:
            self.rows[-1].append("-> %s" % dict(attrs).get("href"))

    def handle_data(self, data):
        if self.rows and data.strip() and "script" not in self.tags:
            self.rows[-1].append(data.strip())


page = Page()
page.feed(open("index.html", encoding="utf-8").read())
for row in page.rows:
    print(*row, sep=" | ")
print(*("%s %d" % (t, page.tags.get(t, 0))
        for t in ("script", "style", "img", "b")))
