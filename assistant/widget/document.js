/** Brings the quoted span into view when the page's address names it without `#quote`. */
(() => {
  'use strict';
  const quote = document.getElementById('quote');
  if (!quote) return;
  quote.scrollIntoView({ block: 'center' });
  quote.focus({ preventScroll: true });
})();
