/* Behaviour of the shell and of components. No inline script, no eval: works under script-src 'self'. */
(function () {
  'use strict';
  const root = document.documentElement;

  function setTheme(theme) {
    root.setAttribute('data-bs-theme', theme);
    if (document.body.hasAttribute('data-weui-theme')) document.body.setAttribute('data-weui-theme', theme);
    try { localStorage.setItem('guiyan-theme', theme); } catch (e) { /* not remembered, still applied */ }
    document.dispatchEvent(new CustomEvent('guiyan:theme', { detail: theme }));
  }

  document.addEventListener('alpine:init', () => {
    Alpine.data('shell', () => ({
      nav: false,
      get navClass() { return this.nav ? 'nav-open' : ''; },
      get navShown() { return this.nav ? 'true' : 'false'; },
      toggleNav() { this.nav = !this.nav; },
      closeNav() { this.nav = false; },
      toggleTheme() { setTheme(root.getAttribute('data-bs-theme') === 'dark' ? 'light' : 'dark'); },
    }));
    Alpine.data('fileDrop', () => ({
      files: [], hot: false,
      get overClass() { return this.hot ? 'is-over' : ''; },
      over() { this.hot = true; },
      out() { this.hot = false; },
      drop(event) {
        this.hot = false;
        const input = this.$root.querySelector('input[type=file]');
        if (event.dataTransfer && event.dataTransfer.files.length) {
          input.files = event.dataTransfer.files;
          input.dispatchEvent(new Event('change', { bubbles: true }));
        }
      },
      picked(event) { this.files = Array.from(event.target.files).map((file, i) => this.judge(file, i)); },
      judge(file, i) {
        const max = Number(this.$root.dataset.maxMb) * 1048576;
        const kinds = (this.$root.dataset.accept || '').split(',').map(k => k.trim().toLowerCase()).filter(k => k.startsWith('.'));
        const word = name => this.$root.querySelector('[data-words-' + name + ']').textContent;
        const size = file.size > 1048576 ? (file.size / 1048576).toFixed(1) + ' MB' : Math.max(1, Math.round(file.size / 1024)) + ' KB';
        const wrongKind = kinds.length && !kinds.some(k => file.name.toLowerCase().endsWith(k));
        const tooBig = max && file.size > max;
        const note = wrongKind ? word('kind') : tooBig ? word('size') + ' · ' + size : size;
        return { key: i + file.name, name: file.name, note, css: wrongKind || tooBig ? 'is-bad' : '' };
      },
    }));
  });

  /* Widths come from data, by CSSOM: the policy forbids style attributes. */
  function draw(scope) {
    scope.querySelectorAll('[data-w]').forEach(bar => { bar.style.width = bar.dataset.w + '%'; });
    scope.querySelectorAll('.c-toast[data-goes]:not([data-timed])').forEach(toast => {
      toast.setAttribute('data-timed', '');
      setTimeout(() => leave(toast), 6000);
    });
  }
  function leave(toast) {
    toast.classList.add('is-leaving');
    setTimeout(() => toast.remove(), 260);
  }

  /* A question before an act with data-confirm or hx-confirm, in a dialog of the page's own. */
  function ask(question, yes) {
    const box = document.getElementById('confirm');
    if (!box || !window.bootstrap) { if (window.confirm(question)) yes(); return; }
    box.querySelector('[data-question]').textContent = question;
    const modal = bootstrap.Modal.getOrCreateInstance(box), go = box.querySelector('[data-yes]');
    go.onclick = () => { modal.hide(); yes(); };
    box.addEventListener('shown.bs.modal', () => go.focus(), { once: true });
    modal.show();
  }

  document.addEventListener('click', event => {
    const off = event.target.closest('[aria-disabled=true]');
    if (off) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    const close = event.target.closest('[data-toast-close]');
    if (close) { leave(close.closest('.c-toast')); return; }
    const print = event.target.closest('[data-print]');
    if (print) { window.print(); return; }
    const asks = event.target.closest('[data-confirm]');
    if (asks && !asks.dataset.agreed) {
      event.preventDefault(); event.stopImmediatePropagation();
      ask(asks.dataset.confirm, () => { asks.dataset.agreed = '1'; asks.click(); delete asks.dataset.agreed; });
    }
  }, true);

  document.addEventListener('htmx:confirm', event => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, () => event.detail.issueRequest(true));
  });
  document.addEventListener('htmx:afterSwap', event => draw(event.target));
  /* A refusal or an error is shown, never swallowed: the server answers with a toast or a part of the page. */
  document.addEventListener('htmx:beforeSwap', event => {
    if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  ['htmx:responseError', 'htmx:sendError', 'htmx:timeout'].forEach(name => document.addEventListener(name, () => {
    const model = document.getElementById('toast-failed'), place = document.getElementById('toasts');
    if (model && place && !place.querySelector('[data-failed]')) {
      place.appendChild(model.content.cloneNode(true));
      place.lastElementChild.setAttribute('data-failed', '');
    }
  }));

  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      const search = document.getElementById('search');
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
  });

  document.addEventListener('DOMContentLoaded', () => {
    draw(document);
    const first = document.querySelector('[data-focus]');
    if (first && !first.closest('.guide')) first.focus();
  });
})();
