// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { colourTable, divergingTable } from '../core/cube/colourMaps';
import { stopsOf } from './ColourBar';
import { ACCENT } from './chartPalette';
import { codecStyle, dashOf, paneStyles, type Shades } from './codecStyle';
import { ExportMenu } from './ExportMenu';
import { sheetOf } from './FigureSheet';
import { pictureGrid } from './PictureGrid';

afterEach(cleanup);

/** Nothing in a figure may lean on a page around it. */
const ALONE = /var\(|light-dark|class=|currentColor/;

const drawn = (svg: string) => new DOMParser().parseFromString(svg, 'image/svg+xml');

describe('a figure on paper', () => {
  const caption = [
    { text: 'this patch', shades: ACCENT, dash: '7 3' },
    { text: 'a word '.repeat(40).trim() },
  ];
  const drawing = <rect width={300} height={100} fill="#000000" />;
  const figure = sheetOf({ title: 'Gates & bits', caption, width: 300, height: 100, drawing });

  it('stands alone: white ground, fonts, colours of its own', () => {
    const { documentElement: svg } = drawn(figure.svg);
    expect(svg.querySelector('title')?.textContent).toBe('Gates & bits');
    expect(svg.querySelector('rect')?.getAttribute('fill')).toBe('#ffffff');
    expect(svg.getAttribute('font-family')).toMatch(/sans-serif$/);
    expect(figure.svg).not.toMatch(ALONE);
    expect(figure.width).toBeGreaterThan(300);
  });

  it('breaks long lines of the caption between words and loses none', () => {
    const texts = [...drawn(figure.svg).querySelectorAll('text')].map((one) => one.textContent);
    const lines = texts.slice(2);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.join(' ')).toBe(caption[1].text);
    const lowest = Math.max(
      ...[...drawn(figure.svg).querySelectorAll('text')].map((one) =>
        Number(one.getAttribute('y')),
      ),
    );
    expect(lowest).toBeLessThan(figure.height);
  });

  it('shows the line that a word of the caption explains', () => {
    const line = drawn(figure.svg).querySelector('line');
    expect(line?.getAttribute('stroke')).toBe(ACCENT.light);
    expect(line?.getAttribute('stroke-dasharray')).toBe('7 3');
  });

  it('has pictures in rows with the ends of their colours', () => {
    const scale = { table: colourTable('viridis'), low: '0', high: '12.5 bits' };
    const layer = { href: 'data:image/png;base64,AA==', width: 100, height: 50 };
    const cell = { title: 'One', image: { width: 96, height: 48 }, layers: [layer], scale };
    const grid = pictureGrid({ cells: Array.from({ length: 7 }, () => cell) });
    const { svg } = sheetOf({ title: 'Pictures', caption: [], ...grid });
    expect(drawn(svg).querySelectorAll('image')).toHaveLength(7);
    expect(svg).toContain('12.5 bits');
    expect(svg).toContain('#440154');
    expect(svg).not.toMatch(ALONE);
    // Seven do not fit in one row: four and three.
    expect(grid.width).toBe(4 * 300 + 3 * 14);
  });
});

describe('colours of a scale', () => {
  it('begin, end and have their middle where the table has', () => {
    const stops = stopsOf(divergingTable());
    expect(stops[0]).toBe('#0b2f63');
    expect(stops[(stops.length - 1) / 2]).toBe('#f5f5f4');
    expect(stops.at(-1)).toBe('#612807');
    expect(stopsOf(colourTable('viridis')).at(-1)).toBe('#fde725');
  });
});

describe('looks of panes', () => {
  const all = ['hific-opt', 'hific-se-gan', 'pca-jpeg2000', 'jpeg2000', 'lossless', 'unknown'];

  it('are the codec’s own where no other pane shows it', () => {
    for (const [i, style] of paneStyles(all).entries()) {
      expect(style).toMatchObject(codecStyle(all[i]));
      expect(style.dash).toBeUndefined();
    }
  });

  it('differ in their dashes among panes of one codec, neighbours in shade too', () => {
    const styles = paneStyles(Array.from({ length: 7 }, () => 'hific-se'));
    expect(new Set(styles.map(({ dash }) => dash)).size).toBe(7);
    for (let i = 1; i < styles.length; i++) {
      expect(styles[i].colour.light).not.toBe(styles[i - 1].colour.light);
      expect(styles[i].colour.dark).not.toBe(styles[i - 1].colour.dark);
    }
    expect(dashOf(0)).toBeUndefined();
  });

  it('hold 3:1 on the ground of both themes', () => {
    const grounds = { light: '#fafbfb', dark: '#15181b' };
    for (const codec of all) {
      for (const { colour } of paneStyles([codec, codec])) {
        for (const theme of ['light', 'dark'] as const satisfies (keyof Shades)[]) {
          expect(contrast(colour[theme], grounds[theme])).toBeGreaterThanOrEqual(3);
        }
      }
    }
  });
});

/** Contrast of two sRGB colours after WCAG 2.1. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe('the menu of exports', () => {
  const open = () =>
    fireEvent.keyDown(screen.getByRole('button', { name: 'Export the bits' }), { key: 'Enter' });

  it('says what failed, and that can be dismissed', async () => {
    const failing = {
      label: 'PNG',
      detail: 'at twice its size',
      run: async () => {
        throw new Error('There is no picture to be exported yet.');
      },
    };
    render(<ExportMenu what="the bits" testId="export" choices={[failing]} />);
    open();
    fireEvent.click(await screen.findByRole('menuitem', { name: /^PNG/ }));
    expect((await screen.findByRole('alert')).textContent).toContain('There is no picture');
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('has exports of the same name under headings of their own', async () => {
    const runs: string[] = [];
    const svg = (group: string) => ({
      label: 'SVG',
      detail: 'text stays text',
      group,
      run: () => void runs.push(group),
    });
    render(<ExportMenu what="the bits" testId="export" choices={[svg('Map'), svg('Chart')]} />);
    open();
    const group = await screen.findByRole('group', { name: 'Chart' });
    fireEvent.click(group.querySelector('[role="menuitem"]') as HTMLElement);
    expect(runs).toEqual(['Chart']);
  });
});
