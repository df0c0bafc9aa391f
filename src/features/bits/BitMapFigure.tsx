import { useMemo, useState } from 'react';
import { PIXELS_PER_LATENT as BLOCK } from '../../core/bitstream/tiles';
import { paintValues } from '../../core/cube/colourMaps';
import type { PixelWindow } from '../../core/cube/types';
import type { Picture } from '../../engine/api';
import type { LatentBits, LatentPosition } from '../../engine/bits';
import type { BitLayer } from '../../state/bits';
import { useStudio, useStudioStore } from '../../state/react';
import { type Result, resultBase } from '../../state/result';
import { Segmented, Slider } from '../../ui/controls';
import { ExportMenu } from '../../ui/ExportMenu';
import { figureExports, tableExport } from '../../ui/exports';
import { percent, small } from '../../ui/format';
import { PictureCanvas } from '../../ui/PictureCanvas';
import { layerOf } from '../../ui/PictureGrid';
import { bandsText } from '../figureCaption';
import type { Placement } from '../stage/camera';
import { LostTiles } from '../stage/LostTiles';
import { Pane } from '../stage/Pane';
import { PaneCaption, PaneProblem } from '../stage/PaneParts';
import { BlockMark } from './BlockMark';
import { SEQUENTIAL } from './colours';
import { blockPixels, positionsCsv } from './csv';
import { blockFrame, drawMap } from './figures';
import { Legend } from './Legend';
import { isLostBlock } from './lostBlocks';
import { useBitsOfFile, useDecodedPicture } from './useBits';
import { bitsText } from './words';

const LAYERS = [
  { value: 'latents', label: 'Latents' },
  { value: 'side', label: 'Side info' },
  { value: 'both', label: 'Both' },
] as const;

/** Bits of every position in the chosen layer, [height, width]. */
function bitsOf({ latentBits, sideBits }: LatentBits, layer: BitLayer): Float64Array {
  if (layer === 'latents') return latentBits;
  if (layer === 'side') return sideBits;
  return latentBits.map((bits, i) => bits + sideBits[i]);
}

/** The decoded picture under the map of its bits; without a map where the codec has none. */
export function BitMapFigure(props: { result: Result; latents: LatentBits | undefined }) {
  const { result, latents } = props;
  const { reconstruction } = result;
  const { id, info } = reconstruction;
  const store = useStudioStore();
  const view = useStudio((state) => state.bitsView);
  const camera = useStudio((state) => state.compareCamera);
  const { block } = useBitsOfFile(id);
  const [hovered, setHovered] = useState<LatentPosition>();
  const { picture, notice } = useDecodedPicture(reconstruction, id, undefined);
  const map = useMap(latents, view.layer, reconstruction.lost);
  const { setCamera, setBitsOfFile, setBitsView } = store.getState();
  const choose = (at: LatentPosition) => {
    setBitsOfFile(id, { block: block?.x === at.x && block.y === at.y ? undefined : at });
    setBitsView({ effect: 'footprint' });
  };
  const move = (dx: number, dy: number) => {
    if (!latents) return;
    const { width, height } = latents;
    const from = block ?? { x: (width >> 1) - dx, y: (height >> 1) - dy };
    const clamp = (value: number, end: number) => Math.min(end - 1, Math.max(0, value));
    setBitsOfFile(id, { block: { x: clamp(from.x + dx, width), y: clamp(from.y + dy, height) } });
    setBitsView({ effect: 'footprint' });
  };
  const shown = hovered ?? block;
  const blockOf = ({ x, y }: LatentPosition) => ({
    x: Math.floor(x / BLOCK),
    y: Math.floor(y / BLOCK),
  });

  return (
    <figure className="figure bits-figure">
      <PaneCaption
        title={latents ? 'Bits per block' : 'Reconstruction'}
        detail={
          <span data-testid="block-readout">
            {map && shown
              ? readout(shown, map.bits[shown.y * map.picture.width + shown.x], info)
              : map && '16 × 16 pixels each'}
          </span>
        }
        aside={latents && map && <MapExport {...{ result, latents, map, picture }} />}
      />
      <Pane
        label="Bits over the image. Arrow keys choose a block."
        testId="bit-map"
        image={info}
        picture={picture}
        camera={camera}
        onCamera={(next) => setCamera('compare', next)}
        onHover={(pixel) => setHovered(pixel && latents && blockOf(pixel))}
        onClick={(pixel) => latents && choose(blockOf(pixel))}
        onArrow={move}
        overlay={(placement) => (
          <>
            {map && (
              <MapLayer
                picture={map.picture}
                placement={placement}
                image={info}
                opacity={view.opacity}
              />
            )}
            <LostTiles reconstruction={reconstruction} placement={placement} />
            {hovered && <BlockMark block={hovered} placement={placement} />}
            {block && <BlockMark block={block} placement={placement} chosen />}
          </>
        )}
      >
        <PaneProblem notice={notice} />
      </Pane>
      {latents && map && (
        <div className="bits-figure__foot">
          <div className="bits-figure__row">
            <Segmented
              label="Which bits the map shows"
              value={view.layer}
              choices={LAYERS}
              onChange={(layer) => setBitsView({ layer })}
            />
            <div className="bits-figure__slider">
              <Slider
                label="Opacity of the map"
                value={view.opacity}
                min={0}
                max={1}
                step={0.05}
                valueText={percent(view.opacity, 0)}
                onChange={(opacity) => setBitsView({ opacity })}
              />
            </div>
          </div>
          <Legend table={SEQUENTIAL} label="Scale of the map" ends={['0', map.high]} />
        </div>
      )}
    </figure>
  );
}

function readout(
  { x, y }: LatentPosition,
  bits: number,
  image: { readonly width: number; readonly height: number },
): string {
  if (Number.isNaN(bits)) return `(${x}, ${y}): in a damaged tile`;
  return `(${x}, ${y}): ${bitsText(bits)}, ${small(bits / blockPixels(image, x, y))} bpp`;
}

interface BitMap {
  /** Of every position, row by row; NaN in damaged tiles. */
  readonly bits: Float64Array;
  /** A pixel a block. */
  readonly picture: Picture;
  /** What the brightest colour stands for. */
  readonly high: string;
}

/** The map of the chosen layer; nothing where the codec has none. */
function useMap(
  latents: LatentBits | undefined,
  layer: BitLayer,
  lost: readonly PixelWindow[] | undefined,
): BitMap | undefined {
  return useMemo(() => {
    if (!latents) return undefined;
    const { width, height } = latents;
    const known = bitsOf(latents, layer);
    const most = known.reduce((a, b) => Math.max(a, b), 0);
    const bits = known.map((own, i) => {
      const at = { x: i % width, y: Math.floor(i / width) };
      return isLostBlock(lost, at) ? Number.NaN : own;
    });
    const picture = {
      width,
      height,
      stride: BLOCK,
      rgba: paintValues(bits, [0, most], SEQUENTIAL),
      stretch: [{ low: 0, high: most }],
    };
    return { bits, picture, high: `${bitsText(most)} a block, ${small(most / BLOCK ** 2)} bpp` };
  }, [latents, layer, lost]);
}

interface MapExportProps {
  readonly result: Result;
  readonly latents: LatentBits;
  readonly map: BitMap;
  /** The decoded picture below the map. */
  readonly picture: Picture | undefined;
}

const LAYER_TEXTS: Readonly<Record<BitLayer, string>> = {
  latents: 'Bits of the latents',
  side: 'Bits of the side information',
  both: 'Bits of latents and side information',
};

function MapExport({ result, latents, map, picture }: MapExportProps) {
  const store = useStudioStore();
  const base = `${resultBase(result)}_bits-map`;
  const { id, info } = result.reconstruction;
  const { block } = useBitsOfFile(id);
  const draw = () => {
    const state = store.getState();
    const { layer, opacity } = state.bitsView;
    return drawMap(state, {
      title: 'Bits per block',
      cells: [
        {
          title: `${BLOCK} × ${BLOCK} pixels each`,
          image: info,
          layers: [...(picture ? [layerOf(picture)] : []), { ...layerOf(map.picture), opacity }],
          marks: block && blockFrame(block, BLOCK),
          scale: { table: SEQUENTIAL, low: '0', high: map.high },
        },
      ],
      texts: [
        `${LAYER_TEXTS[layer]} in viridis, from the file’s probability tables; the map covers ${percent(opacity, 0)} of the picture’s colours.`,
        bandsText(state),
      ],
    });
  };
  return (
    <ExportMenu
      what="the map of bits"
      testId="export-bit-map"
      variant="quiet"
      choices={[
        tableExport(`${resultBase(result)}_bits-positions`, 'one row a block of the image', () =>
          positionsCsv(latents, info, result.reconstruction.lost),
        ),
        ...figureExports(base, draw),
      ]}
    />
  );
}

interface MapLayerProps {
  readonly picture: Picture;
  readonly image: { readonly width: number; readonly height: number };
  readonly opacity: number;
  readonly placement: Placement;
}

/** Blocks at the edge reach beyond the image, where nothing of them is shown. */
function MapLayer({ picture, image, opacity, placement }: MapLayerProps) {
  const { left, top, zoom } = placement;
  const side = picture.stride * zoom;
  return (
    <div
      className="bits-layer"
      style={{ left, top, width: image.width * zoom, height: image.height * zoom, opacity }}
    >
      <PictureCanvas
        picture={picture}
        testId="bit-map-layer"
        style={{ width: picture.width * side, height: picture.height * side }}
      />
    </div>
  );
}
