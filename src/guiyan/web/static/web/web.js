/* Small behaviours of the desktop pages. No inline script, no eval. */
(function () {
  'use strict';
  /* Filters that say nothing stay out of the address. */
  document.addEventListener('htmx:configRequest', event => {
    if (!event.target.closest('[data-lean]')) return;
    const told = event.detail.parameters;
    Object.keys(told).forEach(name => {
      const value = Array.isArray(told[name]) ? told[name][told[name].length - 1] : told[name];
      if (value === '' || (name === 'sort' && value === 'name')) delete told[name]; else told[name] = value;
    });
  });

  /* A search that was typed was already asked for: leaving its field must not ask again and overtake what was clicked. */
  document.addEventListener('change', event => {
    if (event.target.type === 'search' && event.target.closest('form[hx-get]')) event.stopPropagation();
  }, true);

  /* A value that was shown in full is masked again after its time. */
  function remask(scope) {
    scope.querySelectorAll('[data-mask-after]:not([data-timed])').forEach(box => {
      box.setAttribute('data-timed', '');
      const seconds = Number(box.dataset.maskAfter);
      let left = seconds;
      const clock = box.querySelector('[data-left]');
      const timer = setInterval(() => {
        left -= 1;
        if (clock) clock.textContent = String(left);
        if (left > 0) return;
        clearInterval(timer);
        const model = box.querySelector('template');
        if (model && box.isConnected) {
          const masked = model.content.firstElementChild.cloneNode(true);
          box.replaceWith(masked);
          htmx.process(masked);
        }
      }, 1000);
    });
  }
  document.addEventListener('htmx:afterSettle', event => remask(event.target.parentElement || document));

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

  /* A branch of the organisation folds; a large one begins folded. */
  function fold(turn, open) {
    turn.setAttribute('aria-expanded', open ? 'true' : 'false');
    document.getElementById(turn.dataset.tree).hidden = !open;
  }
  document.addEventListener('click', event => {
    const turn = event.target.closest('[data-tree]');
    if (turn) fold(turn, turn.getAttribute('aria-expanded') !== 'true');
  });
  document.addEventListener('DOMContentLoaded', () => {
    const turns = Array.from(document.querySelectorAll('[data-tree]'));
    if (document.querySelectorAll('.w-unit').length > 40) turns.slice(1).forEach(turn => fold(turn, false));
  });

  /* Typing one's own answer chooses it. */
  document.addEventListener('input', event => {
    if (!event.target.hasAttribute('data-chooses')) return;
    const own = event.target.closest('.w-choice').querySelector('input[type=radio]');
    own.checked = event.target.value !== '';
  });

  /* Fields that matter for one choice only. */
  function depend(form) {
    form.querySelectorAll('[data-when]').forEach(box => {
      const [name, wanted] = box.dataset.when.split('=');
      const field = form.elements[name];
      if (field) box.hidden = !wanted.split('|').includes(field.value);
    });
  }
  document.addEventListener('change', event => { if (event.target.form) depend(event.target.form); });
  document.addEventListener('DOMContentLoaded', () => document.querySelectorAll('form').forEach(depend));
})();
