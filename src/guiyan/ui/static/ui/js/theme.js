/* Runs before the first paint: no flash of the wrong theme. External, so the policy needs no nonce. */
(function () {
  var root = document.documentElement, theme = root.getAttribute('data-bs-theme') || 'light';
  try {
    theme = localStorage.getItem('guiyan-theme') ||
      (window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : theme);
  } catch (e) { /* storage may be switched off; the page's own theme stays */ }
  root.setAttribute('data-bs-theme', theme === 'dark' ? 'dark' : 'light');
  if (document.body) document.body.setAttribute('data-weui-theme', theme === 'dark' ? 'dark' : 'light');
  /* Older embedded kernels lack two functions that bpmn-js needs. */
  if (!Object.hasOwn) Object.hasOwn = function (o, k) { return Object.prototype.hasOwnProperty.call(o, k); };
  if (!window.structuredClone) window.structuredClone = function (v) { return JSON.parse(JSON.stringify(v)); };
})();
