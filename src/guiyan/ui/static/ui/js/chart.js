/* Charts: <div class="c-chart" data-chart="ID"> draws the ECharts option in <script type="application/json" id="ID">.
   A colour written as "var(--brand)" follows the theme. SVG renderer and rich-text tooltips need no inline style. */
(function () {
  'use strict';
  const charts = new Map();
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  function themed(value) {
    if (typeof value === 'string') return value.replace(/^var\((--[a-z0-9-]+)\)$/, (_all, name) => css(name));
    if (Array.isArray(value)) return value.map(themed);
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, themed(v)]));
    return value;
  }
  function draw(box) {
    if (charts.has(box)) charts.get(box).dispose();
    const chart = echarts.init(box, null, { renderer: 'svg' });
    charts.set(box, chart);
    const option = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const axis = { axisLine: { lineStyle: { color: 'var(--line)' } }, axisTick: { show: false }, axisLabel: { color: 'var(--ink-3)' }, nameTextStyle: { color: 'var(--ink-3)' }, splitLine: { lineStyle: { color: 'var(--line)' } } };
    const dressed = a => Object.assign({}, axis, a);
    ['xAxis', 'yAxis'].forEach(k => { if (option[k]) option[k] = Array.isArray(option[k]) ? option[k].map(dressed) : dressed(option[k]); });
    if (option.legend) option.legend = Object.assign({ itemWidth: 12, itemHeight: 8, icon: 'roundRect', textStyle: { color: 'var(--ink-2)' } }, option.legend);
    chart.setOption(themed(Object.assign({
      animation: false, color: ['var(--brand)', 'var(--warn)', 'var(--ok)', 'var(--violet)', 'var(--cyan)', 'var(--bad)'],
      textStyle: { fontFamily: css('--font'), color: 'var(--ink-3)' },
      tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
    }, option)));
  }
  const drawAll = () => document.querySelectorAll('[data-chart]').forEach(draw);
  document.addEventListener('DOMContentLoaded', drawAll);
  document.addEventListener('guiyan:theme', drawAll);
  window.addEventListener('resize', () => charts.forEach(chart => chart.resize()));
})();
