"""Routers of sites, and the two ways in which a widget stands on a page."""

TURBO = '<script src="/modules/@hotwired/turbo/dist/turbo.es2017-umd.js"></script>'
MORPHING = TURBO + '<meta name="turbo-refresh-method" content="morph">'
HTMX = '<script src="/modules/htmx.org/dist/htmx.js"></script>'
# What Astro's client router does: a new body, and its scripts run again.
SWAPPING = """<script>
addEventListener('click', async (event) => {
  const link = event.target.closest?.('a[href^=page]');
  if (!link) return;
  event.preventDefault();
  history.pushState({}, '', link.href);
  await go();
});
addEventListener('popstate', () => go());
async function go() {
  const there = location.href;
  const html = await (await fetch(there)).text();
  if (location.href !== there) return; // whoever was quicker has gone on
  const next = new DOMParser().parseFromString(html, 'text/html');
  document.title = next.title;
  document.documentElement.lang = next.documentElement.lang;
  document.body.replaceWith(document.adoptNode(next.body));
  for (const old of document.body.querySelectorAll('script')) {
    const tag = document.createElement('script');
    for (const { name, value } of old.attributes) tag.setAttribute(name, value);
    old.replaceWith(tag);
  }
}
</script>"""
REWRITING = SWAPPING.replace(
    "  const next",
    "  document.open(); document.write(html); document.close(); return;\n  const next",
)
ROUTERS = {"turbo": TURBO, "htmx": HTMX, "swapping": SWAPPING, "rewriting": REWRITING}
FLOATING = '<script src="/widget.js" data-title="Ask us" defer></script>'
INLINE = "<footnote-chat inline></footnote-chat>"
