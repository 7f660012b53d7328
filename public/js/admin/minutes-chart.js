// What came in the last hour as one bar for each minute: upwards what was taken, downwards what was refused. Beside it the
// same as a table, for those who do not see it and those who want to know exactly.
import { msg, number } from '../i18n.js';
import { barsOf, SERIES } from './minute-bars.js';

const SVG = 'http://www.w3.org/2000/svg';
const clock = new Intl.DateTimeFormat(document.documentElement.lang || 'en', { hour: '2-digit', minute: '2-digit' });

export function startMinutesChart(chart) {
  const find = (name) => chart.querySelector(`[data-chart-${name}]`);
  const picture = find('picture');

  return {
    show(perMinute) {
      const sums = Object.fromEntries(SERIES.map((name) => [name, sumOf(perMinute, name)]));
      for (const [name, sum] of Object.entries(sums)) find(`sum="${name}"`).textContent = number(sum);
      const received = Object.values(sums).reduce((all, sum) => all + sum, 0) - sums.refused;
      picture.setAttribute('aria-label', msg('chart-label', number(received), number(sums.refused)));
      const { bars, baseline, most } = barsOf(perMinute, picture.viewBox.baseVal);
      find('most').textContent = number(most);
      picture.replaceChildren(...bars.map((bar) => drawn(bar, perMinute[bar.index])), line(baseline));
      const busy = perMinute.filter(isBusy);
      find('rows').replaceChildren(...busy.reverse().map(tableRow));
      find('quiet').hidden = busy.length > 0;
      for (const name of ['frame', 'table']) find(name).hidden = busy.length === 0;
    },
  };

  function line(y) {
    const { width } = picture.viewBox.baseVal;
    return element('line', { class: 'chart__line', x1: 0, x2: width, y1: y, y2: y });
  }
}

const sumOf = (minutes, name) => minutes.reduce((sum, minute) => sum + minute[name], 0);
const isBusy = (minute) => SERIES.some((name) => minute[name] > 0);

function drawn({ x, width, pieces }, minute) {
  const group = element('g', {});
  const title = element('title', {});
  title.textContent = [
    clock.format(new Date(minute.minute)),
    ...SERIES.filter((name) => minute[name] > 0).map((name) => `${msg(`count-${name}`)}: ${number(minute[name])}`),
  ].join('\n');
  group.append(title);
  for (const { name, y, height } of pieces) {
    group.append(element('rect', { class: `chart__bar chart__bar--${name}`, x, width, y, height }));
  }
  return group;
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function tableRow(minute) {
  const row = document.createElement('tr');
  const heading = document.createElement('th');
  heading.scope = 'row';
  heading.textContent = clock.format(new Date(minute.minute));
  row.append(heading);
  for (const name of SERIES) row.insertCell().textContent = number(minute[name]);
  return row;
}
