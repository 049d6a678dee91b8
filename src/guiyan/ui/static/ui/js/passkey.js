/* A passkey that was not given is told in words; the sign-in library would only write to the console. */
document.addEventListener('allauth.error', event => {
  const model = document.getElementById('toast-passkey'), place = document.getElementById('toasts');
  if (!model || !place) return;
  event.preventDefault();
  place.querySelectorAll('[data-passkey]').forEach(old => old.remove());
  place.appendChild(model.content.cloneNode(true));
  place.lastElementChild.setAttribute('data-passkey', '');
});
