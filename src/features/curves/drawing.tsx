import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { PAPER_PALETTE } from '../../ui/chartPalette';
import {
  captionHeight,
  RateDistortionChart,
  type RateDistortionChartProps,
} from '../../ui/RateDistortionChart';

type Content = Pick<RateDistortionChartProps, 'series' | 'x' | 'y' | 'references' | 'name'>;

const SIZE = { width: 900, height: 560 };
const PNG_SCALE = 2;

interface Drawing {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** The chart on white with a caption, complete in itself. */
function draw(content: Content, caption: readonly string[]): Drawing {
  const size = { width: SIZE.width, height: SIZE.height + captionHeight(caption.length) };
  const place = document.createElement('div');
  const root = createRoot(place);
  flushSync(() =>
    root.render(
      <RateDistortionChart {...content} {...size} caption={caption} palette={PAPER_PALETTE} />,
    ),
  );
  const svg = place.querySelector('svg');
  if (!svg) throw new Error('The chart was not drawn.');
  svg.insertAdjacentHTML('afterbegin', '<rect width="100%" height="100%" fill="#ffffff"/>');
  const text = new XMLSerializer().serializeToString(svg);
  root.unmount();
  return { text, ...size };
}

export function toSvg(content: Content, caption: readonly string[]): string {
  return draw(content, caption).text;
}

/** At twice its size, for slides. */
export async function toPng(
  content: Content,
  caption: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const { text, width, height } = draw(content, caption);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * PNG_SCALE;
  canvas.height = height * PNG_SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The browser could not make a PNG of the chart.');
  return new Uint8Array(await blob.arrayBuffer());
}
