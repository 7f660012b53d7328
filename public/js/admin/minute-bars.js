// Where the bars of the chart stand. Pure: a test draws any hour.

/** From the baseline upwards. */
const TAKEN = ['queued', 'approved', 'duplicate', 'dropped', 'ignored'];
/** What is refused hangs below the baseline. */
export const SERIES = [...TAKEN, 'refused'];

/** A single message does not fill the picture. */
const LEAST = 5;
/** Share of a minute's place that stays empty beside its bar. */
const GAP = 0.2;

/**
 * Answers the bars of the minutes in which something came, the height of the baseline, and what a bar that reaches the top
 * stands for. `size`: { width, height } of the picture.
 */
export function barsOf(perMinute, { width, height }) {
  const most = Math.max(LEAST, ...perMinute.map(takenIn));
  // A flood of refused requests is cut: it must not press flat what was taken.
  const mostRefused = Math.min(most, Math.max(...perMinute.map(({ refused }) => refused)));
  const scale = height / (most + mostRefused);
  const baseline = most * scale;
  const slot = width / perMinute.length;
  const bars = perMinute.flatMap((minute, index) => {
    const pieces = piecesOf(minute, { scale, baseline, mostRefused });
    return pieces.length === 0 ? [] : [{ index, x: (index + GAP / 2) * slot, width: slot * (1 - GAP), pieces }];
  });
  return { bars, baseline, most };
}

function piecesOf(minute, { scale, baseline, mostRefused }) {
  let y = baseline;
  const pieces = TAKEN.filter((name) => minute[name] > 0).map((name) => {
    const height = minute[name] * scale;
    y -= height;
    return { name, y, height };
  });
  if (minute.refused === 0) return pieces;
  return [...pieces, { name: 'refused', y: baseline, height: Math.min(minute.refused, mostRefused) * scale }];
}

const takenIn = (minute) => TAKEN.reduce((sum, name) => sum + minute[name], 0);
