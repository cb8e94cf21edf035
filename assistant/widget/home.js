/** Copies the embed line; without a clipboard it can still be selected, so the button stays away. */
(() => {
  'use strict';
  const [line, button, copied] = ['.embed code', '#copy', '#copied'].map((found) => document.querySelector(found));
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener('click', async () => {
    copied.textContent = '';
    try {
      await navigator.clipboard.writeText(line.textContent);
      copied.textContent = 'Copied.';
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      copied.textContent = 'Your browser does not allow copying. Select the line instead.';
    }
  });
})();
