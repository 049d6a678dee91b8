/* Process diagrams: drawn by bpmn-js in the page's colours, with the place where the case stands. */
(function () {
  'use strict';
    const viewers = new Map();

  async function draw(box) {
    const old = viewers.get(box);
    if (old) old.destroy();
    const style = getComputedStyle(box), css = name => style.getPropertyValue(name).trim(), font = css('--font');
    const viewer = new BpmnJS({
      container: box,
      textRenderer: { defaultStyle: { fontFamily: font, fontSize: 15, lineHeight: 1.35 }, externalStyle: { fontFamily: font, fontSize: 13 } },
      bpmnRenderer: { defaultFillColor: css('--surface'), defaultStrokeColor: css('--line-strong'), defaultLabelColor: css('--ink-2') },
    });
    viewers.set(box, viewer);
    const answer = await fetch(box.dataset.diagram, { credentials: 'same-origin' });
    if (!answer.ok) throw new Error('diagram ' + answer.status);
    await viewer.importXML(await answer.text());
    const canvas = viewer.get('canvas'), registry = viewer.get('elementRegistry');
    const ids = name => (box.dataset[name] || '').split(',').filter(id => id && registry.get(id));
    const done = ids('done'), now = ids('now');
    done.forEach(id => canvas.addMarker(id, 'is-done'));
    now.forEach(id => canvas.addMarker(id, 'is-now'));
    ids('stopped').forEach(id => canvas.addMarker(id, 'is-stopped'));
    registry.filter(e => e.waypoints && done.includes(e.source.id) && done.concat(now, ids('stopped')).includes(e.target.id))
      .forEach(e => canvas.addMarker(e.id, 'is-walked'));
    if (now.length && box.dataset.note) {
      const note = Object.assign(document.createElement('span'), { className: 'c-diagram__note', textContent: box.dataset.note });
      viewer.get('overlays').add(now[0], { position: { bottom: -7, left: 8 }, html: note });
    }
    fit(box, viewer, now[0]);
    box.dataset.ready = '1';
  }

  function fit(box, viewer, now) {
    const canvas = viewer.get('canvas');
    canvas.zoom('fit-viewport', 'auto');
    canvas.zoom(canvas.zoom() * 0.95, 'auto');
    const node = now && viewer.get('elementRegistry').get(now);
    if (box.clientWidth < 600 && node) {           /* phone: a readable size, centred on where the case stands */
      canvas.zoom(0.78);
      const view = canvas.viewbox(), width = view.outer.width / 0.78, height = view.outer.height / 0.78;
      canvas.viewbox({ x: node.x + node.width / 2 - width / 2, y: node.y + node.height / 2 - height * 0.5, width, height });
    }
  }

  function drawAll() {
    document.querySelectorAll('[data-diagram]').forEach(box => draw(box).catch(() => {
      const failed = Object.assign(document.createElement('p'), { className: 'c-diagram__failed', textContent: box.getAttribute('aria-label') });
      box.replaceChildren(failed);
    }));
  }
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-zoom]');
    if (!button) return;
    const box = button.closest('.c-diagram').querySelector('[data-diagram]'), viewer = viewers.get(box);
    if (!viewer) return;
    if (button.dataset.zoom === 'fit') fit(box, viewer, (box.dataset.now || '').split(',')[0]);
    else viewer.get('zoomScroll').stepZoom(button.dataset.zoom === 'in' ? 1 : -1);
  });
  document.addEventListener('DOMContentLoaded', drawAll);
  document.addEventListener('guiyan:theme', drawAll);
})();
