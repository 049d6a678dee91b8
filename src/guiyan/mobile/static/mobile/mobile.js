/* Small behaviours of the phone pages. No inline script, no eval. */
(function () {
  'use strict';
  /* A form is sent once, however often its button is pressed. */
  document.addEventListener('submit', event => {
    const form = event.target;
    if (!form.hasAttribute('data-once')) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    form.querySelectorAll('button[type=submit]').forEach(button => button.setAttribute('aria-busy', 'true'));
  });
  window.addEventListener('pageshow', () => document.querySelectorAll('[data-once]').forEach(form => {
    delete form.dataset.sent;
    form.querySelectorAll('[aria-busy]').forEach(button => button.removeAttribute('aria-busy'));
  }));
})();
