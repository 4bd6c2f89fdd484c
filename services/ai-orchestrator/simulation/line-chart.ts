/** Some lines over the same xs. */
export interface LineChart {
  readonly title: string;
  readonly xs: readonly number[];
  readonly lines: readonly { readonly name: string; readonly ys: readonly number[] }[];
}

const [width, height, margin] = [760, 300, 44];
// Told apart by those who see red and green alike, too.
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00'];

/** Draws lines as an SVG that reads on light and dark pages. */
export function lineChart({ title, xs, lines }: LineChart): string {
  const top = niceTop(Math.max(...lines.flatMap(({ ys }) => ys)));
  const [first = 0, last = 1] = [xs[0], xs.at(-1)];
  const xOf = (x: number): number => margin + ((x - first) / (last - first || 1)) * (width - 2 * margin - 90);
  const yOf = (y: number): number => height - margin - (y / top) * (height - 2 * margin);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const y = yOf(share * top).toFixed(1);
    return `<line x1="${String(margin)}" x2="${String(width - margin - 90)}" y1="${y}" y2="${y}" stroke="#888" stroke-opacity="0.3"/><text x="${String(margin - 6)}" y="${y}" dy="4" text-anchor="end">${String(+(share * top).toFixed(2))}</text>`;
  });
  const hours = xs
    .filter((x) => x % 3 === 0)
    .map((x) => `<text x="${xOf(x).toFixed(1)}" y="${String(height - margin + 18)}" text-anchor="middle">${String(x)}</text>`);
  const drawn = lines.map(({ name, ys }, index) => {
    const colour = colours[index % colours.length] ?? '#888';
    const points = ys.map((y, at) => `${xOf(xs[at] ?? 0).toFixed(1)},${yOf(y).toFixed(1)}`).join(' ');
    const y = margin + 18 * index;
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points}"/><rect x="${String(width - margin - 80)}" y="${String(y - 8)}" width="10" height="10" fill="${colour}"/><text x="${String(width - margin - 64)}" y="${String(y + 1)}">${name}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" font-family="sans-serif" font-size="12" fill="#888" role="img" aria-label="${title}">`,
    `<text x="${String(margin)}" y="20" font-size="14">${title}</text>`,
    ...grid,
    ...hours,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function niceTop(most: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(most, 1e-9)));
  return (Math.ceil((most / unit) * 2) / 2) * unit;
}
