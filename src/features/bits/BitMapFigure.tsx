import { useMemo, useState } from 'react';
import { PIXELS_PER_LATENT as BLOCK } from '../../core/bitstream/tiles';
import type { LatentBits, LatentPosition } from '../../engine/bits';
import type { BitLayer } from '../../state/bits';
import { useStudio, useStudioStore } from '../../state/react';
import type { Result } from '../../state/result';
import { Segmented, Slider } from '../../ui/controls';
import { percent, small } from '../../ui/format';
import { PictureCanvas } from '../../ui/PictureCanvas';
import type { Placement } from '../stage/camera';
import { Pane } from '../stage/Pane';
import { PaneCaption, PaneProblem } from '../stage/PaneParts';
import { BlockMark } from './BlockMark';
import { paint, SEQUENTIAL } from './colours';
import { blockPixels } from './csv';
import { Legend } from './Legend';
import { useBitsOfFile, useDecodedPicture } from './useBits';
import { bitsText } from './words';

const LAYERS = [
  { value: 'latents', label: 'Latents' },
  { value: 'side', label: 'Side info' },
  { value: 'both', label: 'Both' },
] as const;

/** Bits of every position in the chosen layer, [height, width]. */
function layerOf({ latentBits, sideBits }: LatentBits, layer: BitLayer): Float64Array {
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
  const bits = useMemo(() => latents && layerOf(latents, view.layer), [latents, view.layer]);
  const most = useMemo(() => (bits ? bits.reduce((a, b) => Math.max(a, b), 0) : 0), [bits]);
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
            {latents && bits && shown
              ? readout(shown, bits[shown.y * latents.width + shown.x], info)
              : latents && '16 × 16 pixels each'}
          </span>
        }
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
            {latents && bits && (
              <MapLayer
                {...{ latents, bits, most, placement }}
                image={info}
                opacity={view.opacity}
              />
            )}
            {hovered && <BlockMark block={hovered} placement={placement} />}
            {block && <BlockMark block={block} placement={placement} chosen />}
          </>
        )}
      >
        <PaneProblem notice={notice} />
      </Pane>
      {latents && (
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
          <Legend
            map={SEQUENTIAL}
            label="Scale of the map"
            ends={['0', `${bitsText(most)} a block, ${small(most / BLOCK ** 2)} bpp`]}
          />
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
  return `(${x}, ${y}): ${bitsText(bits)}, ${small(bits / blockPixels(image, x, y))} bpp`;
}

interface MapLayerProps {
  readonly latents: LatentBits;
  readonly bits: Float64Array;
  readonly most: number;
  readonly image: { readonly width: number; readonly height: number };
  readonly opacity: number;
  readonly placement: Placement;
}

/** Blocks at the edge reach beyond the image, where nothing of them is shown. */
function MapLayer({ latents, bits, most, image, opacity, placement }: MapLayerProps) {
  const { width, height } = latents;
  const picture = useMemo(
    () => paint({ width, height, stride: BLOCK }, bits, [0, most], SEQUENTIAL),
    [width, height, bits, most],
  );
  const { left, top, zoom } = placement;
  return (
    <div
      className="bits-layer"
      style={{ left, top, width: image.width * zoom, height: image.height * zoom, opacity }}
    >
      <PictureCanvas
        picture={picture}
        testId="bit-map-layer"
        style={{ width: width * BLOCK * zoom, height: height * BLOCK * zoom }}
      />
    </div>
  );
}
