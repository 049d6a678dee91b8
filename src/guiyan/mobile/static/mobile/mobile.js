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

  /* That the end of a document was seen goes with the form; the server knows when it was opened. */
  document.addEventListener('submit', event => {
    const field = event.target.querySelector('[data-at-end]'), go = event.target.querySelector('[data-read-go]');
    if (field && go && go.getAttribute('aria-disabled') === 'false') field.value = '1';
  }, true);

  /* Fields that matter for one choice only: data-when="field=value". The server ignores them otherwise. */
  function depend(form) {
    form.querySelectorAll('[data-when]').forEach(box => {
      const [name, wanted] = box.dataset.when.split('='), field = form.elements[name];
      if (field) box.hidden = field.value !== wanted;
    });
  }
  document.addEventListener('change', event => { if (event.target.form) depend(event.target.form); });
  document.addEventListener('DOMContentLoaded', () => document.querySelectorAll('form').forEach(depend));
})();
