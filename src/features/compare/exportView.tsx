import { version } from '../../../package.json';
import { bandAxis, bandLabel } from '../../state/bands';
import { comparedWindow, fitsWindow } from '../../state/canvas';
import { currentResult } from '../../state/panes';
import type { StudioState } from '../../state/store';
import { PAPER_PALETTE } from '../../ui/chartPalette';
import { type Figure, figureOf } from '../../ui/exportFigure';
import { fixed, small } from '../../ui/format';

/** A pane as it is printed. */
interface Cell {
  readonly title: string;
  readonly detail: string;
  /** PNG of the picture, one pixel a pixel. */
  readonly href: string;
  readonly width: number;
  readonly height: number;
}

const CELL = 300;
const GAP = 14;
const TITLE = 40;
const LINE = 16;
const MARGIN = 16;
/** More pictures stand in two rows. */
const MOST_COLUMNS = 5;

/**
 * What the compare canvas shows, on white, with a caption of its settings: every pane's picture as
 * it stands on the screen, not its zoom. Throws where no pane shows anything.
 */
export function drawView(state: StudioState, page: ParentNode): Figure {
  const cells = cellsOf(state, page);
  if (cells.length === 0) throw new Error('No pane shows a picture.');
  const columns = cells.length <= MOST_COLUMNS ? cells.length : Math.ceil(cells.length / 2);
  const rows = Math.ceil(cells.length / columns);
  const caption = captionOf(state);
  const aspect = cells[0].height / cells[0].width;
  const height = Math.round(CELL * Math.min(1, aspect));
  const size = {
    width: 2 * MARGIN + columns * CELL + (columns - 1) * GAP,
    height: 2 * MARGIN + rows * (height + TITLE + GAP) + caption.length * LINE,
  };
  return figureOf(<Drawing {...{ cells, columns, height, caption, size }} />, size);
}

interface DrawingProps {
  readonly cells: readonly Cell[];
  readonly columns: number;
  readonly height: number;
  readonly caption: readonly string[];
  readonly size: { readonly width: number; readonly height: number };
}

function Drawing({ cells, columns, height, caption, size }: DrawingProps) {
  const top = size.height - MARGIN - (caption.length - 1) * LINE;
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      {...size}
      viewBox={`0 0 ${size.width} ${size.height}`}
      fontFamily="system-ui, sans-serif"
      fontSize="12"
    >
      <title>{caption[0]}</title>
      {cells.map((cell, i) => {
        const x = MARGIN + (i % columns) * (CELL + GAP);
        const y = MARGIN + Math.floor(i / columns) * (height + TITLE + GAP);
        return (
          <g key={cell.title}>
            <text x={x} y={y + 12} fontWeight="600" fill={PAPER_PALETTE.text}>
              {cell.title}
            </text>
            <text x={x} y={y + 28} fill={PAPER_PALETTE.muted}>
              {cell.detail}
            </text>
            <image
              href={cell.href}
              x={x}
              y={y + TITLE}
              width={CELL}
              height={height}
              preserveAspectRatio="xMinYMin meet"
              style={{ imageRendering: 'pixelated' }}
            />
          </g>
        );
      })}
      {caption.map((line, i) => (
        <text key={line} x={MARGIN} y={top + i * LINE} fill={PAPER_PALETTE.muted}>
          {line}
        </text>
      ))}
    </svg>
  );
}

function cellsOf(state: StudioState, page: ParentNode): readonly Cell[] {
  const { panes, activePane, cube } = state;
  const window = comparedWindow(state);
  const print = (testId: string, title: string, detail: string): Cell[] => {
    const canvas = page.querySelector<HTMLCanvasElement>(`canvas[data-testid="${testId}"]`);
    if (!canvas) return [];
    const { width, height } = canvas;
    return [{ title, detail, href: canvas.toDataURL('image/png'), width, height }];
  };
  const swipe = state.layout === 'swipe';
  const originals = print(
    swipe ? 'swipe-canvas' : 'original-canvas',
    'Original',
    cube?.info.name ?? '',
  );
  const reconstructions = panes.flatMap((pane, i) => {
    const { result, id } = pane;
    if (!result || !window || !fitsWindow(pane, window, cube?.id)) return [];
    if (swipe && id !== activePane) return [];
    const active = id === activePane ? 'reconstruction' : `reconstruction-${i + 1}`;
    const { distortion, rate, reconstruction } = result;
    const quality = distortion
      ? `${fixed(distortion.psnr, 2)} dB, ${fixed(distortion.samDegrees, 2)}°, `
      : '';
    const testId = swipe ? 'swipe-over-canvas' : `${active}-canvas`;
    const title = `${i + 1} ${reconstruction.codecLabel}`;
    return print(testId, title, `${quality}${small(rate.bpp)} bpp`);
  });
  return [...originals, ...reconstructions];
}

const SHOWN = {
  picture: undefined,
  shown: 'mean absolute error at these bands',
  all: 'root mean square error over all bands',
  sam: 'spectral angle',
} as const;

/** What is shown and how, in lines. */
function captionOf(state: StudioState): readonly string[] {
  const { cube, percentiles, colourMode, rgbBands, greyBand, shown, errorLimit, angleLimit } =
    state;
  const window = comparedWindow(state);
  const result = currentResult(state);
  const info = cube?.info ?? result?.reconstruction.info;
  const name = info?.name ?? result?.fileName ?? '';
  const place = window ? `${window.width} × ${window.height} at (${window.x}, ${window.y})` : '';
  const axis = info && bandAxis(info, cube ? undefined : result?.reconstruction.codedBands);
  const label = (band: number) => (axis ? bandLabel(axis, band) : String(band + 1));
  const bands = {
    colour: `red, green, blue: ${rgbBands.map(label).join(', ')}`,
    grey: label(greyBand),
    components: 'principal components 1, 2, 3',
  }[colourMode];
  const full = shown === 'sam' ? `${angleLimit}°` : `${100 * errorLimit} % of the value range`;
  const what = SHOWN[shown];
  return [
    `${name}, ${place}; ${bands}; stretched by percentiles ${percentiles.join('–')}`,
    ...(what ? [`Reconstructions: ${what}, from black to ${full}`] : []),
    `HSI Compression Studio ${version}; figures of files that were decoded and compared`,
  ];
}
