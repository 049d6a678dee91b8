/* Reading gate, sheet and signature pad of the phone pages. The server checks everything again: it holds the time of
   the first opening and the digest of what was shown. */
(function () {
  'use strict';
  function setOff(button, off) {
    button.setAttribute('aria-disabled', off ? 'true' : 'false');
    button.classList.toggle('weui-btn_disabled', off);
  }

  /* <main data-read-seconds="12"> … <p data-read-hint data-ready="…" data-more="…" data-wait="… {n} …"> … <button data-read-go> */
  function readingGate(doc) {
    const seconds = Number(doc.dataset.readSeconds || 0), bar = document.querySelector('[data-read-bar]');
    const hint = document.querySelector('[data-read-hint]'), go = document.querySelector('[data-read-go]');
    if (!hint || !go) return;
    let atEnd = false, seen = 0, last = Date.now();
    function gate() {
      const ready = atEnd && seen >= seconds * 1000;
      setOff(go, !ready);
      hint.textContent = ready ? hint.dataset.ready
        : atEnd ? hint.dataset.wait.replace('{n}', Math.ceil((seconds * 1000 - seen) / 1000)) : hint.dataset.more;
      const field = document.querySelector('[data-read-ms]');
      if (field) field.value = String(seen);
    }
    function tick() { const now = Date.now(); if (!document.hidden) seen += now - last; last = now; gate(); }
    function scrolled() {
      const html = document.documentElement, part = Math.min(1, (html.scrollTop + innerHeight) / html.scrollHeight);
      if (bar) bar.style.width = Math.round(part * 100) + '%';
      if (part > 0.985) atEnd = true;
      gate();
    }
    addEventListener('scroll', scrolled, { passive: true });
    setInterval(tick, 500);
    scrolled();
  }

  function sheets() {
    document.addEventListener('click', event => {
      const opener = event.target.closest('[data-sheet-open]');
      if (opener && opener.getAttribute('aria-disabled') !== 'true') show(document.getElementById(opener.dataset.sheetOpen), true, opener);
      const closer = event.target.closest('[data-sheet-close]');
      if (closer) show(closer.closest('[data-sheet]'), false);
    });
    document.addEventListener('keydown', event => {
      const open = document.querySelector('[data-sheet]:not([hidden])');
      if (open && event.key === 'Escape') show(open, false);
    });
  }
  let opener = null;
  function show(sheet, shown, from) {
    sheet.hidden = !shown;
    document.body.classList.toggle('is-locked', shown);
    if (shown) {
      opener = from;
      sheet.querySelectorAll('[data-signature]').forEach(start);
      const first = sheet.querySelector('button, input:not([type=hidden]), textarea, select');
      if (first) first.focus();
    } else if (opener) { opener.focus(); }
  }

  const pads = new Map();
  function start(box) {
    const canvas = box.querySelector('canvas');
    if (!window.SignaturePad || pads.has(box) || !canvas.clientWidth) { if (pads.has(box)) fit(box); return; }
    const pad = new SignaturePad(canvas, { minWidth: 1, maxWidth: 3.2, penColor: '#141b2b', velocityFilterWeight: 0.6 });
    pads.set(box, pad);
    fit(box);
    pad.addEventListener('endStroke', () => changed(box));
    box.querySelector('.p-pad__clear').addEventListener('click', () => { pad.clear(); changed(box); });
    const form = box.closest('form');
    form.addEventListener('change', () => changed(box));
    form.addEventListener('submit', () => {
      box.querySelector('input[type=hidden]').value = JSON.stringify({ png: pad.toDataURL('image/png'), strokes: pad.toData() });
    });
    changed(box);
  }
  function fit(box) {
    const pad = pads.get(box), canvas = box.querySelector('canvas'), ratio = Math.max(devicePixelRatio || 1, 1), data = pad.toData();
    canvas.width = canvas.clientWidth * ratio; canvas.height = canvas.clientHeight * ratio;
    canvas.getContext('2d').scale(ratio, ratio);
    pad.clear();
    if (data.length) pad.fromData(data);
  }
  function changed(box) {
    const pad = pads.get(box), form = box.closest('form'), submit = form.querySelector('[data-sign-submit]');
    box.classList.toggle('has-ink', !pad.isEmpty());
    const agreed = Array.from(form.querySelectorAll('input[type=checkbox][required]')).every(tick => tick.checked);
    if (submit) setOff(submit, pad.isEmpty() || !agreed);
  }

  document.addEventListener('DOMContentLoaded', () => {
    const doc = document.querySelector('[data-read-seconds]');
    if (doc) readingGate(doc);
    sheets();
    document.querySelectorAll('[data-signature]').forEach(start);
  });
  addEventListener('resize', () => pads.forEach((_pad, box) => { if (box.querySelector('canvas').clientWidth) fit(box); }));
})();
