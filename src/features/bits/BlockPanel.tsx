import { useMemo } from 'react';
import type { LatentBits, LatentPosition } from '../../engine/bits';
import { useStudioStore } from '../../state/react';
import type { Result } from '../../state/result';
import { Panel } from '../../ui/blocks';
import { IconButton, Segmented } from '../../ui/controls';
import { fixed, small } from '../../ui/format';
import { originText } from './channels';
import { blockPixels } from './csv';
import { blockKey, factorOf, scaleBlock } from './edits';
import { FactorControl } from './FactorControl';
import { isLostBlock } from './lostBlocks';
import { useBitsOfFile, usePutEdit } from './useBits';
import { bitsText } from './words';

/** Of a block's channels, the dearest are listed. */
const LISTED = 8;

/** What the file holds of the chosen block. */
export function BlockPanel({ result, latents }: { result: Result; latents: LatentBits }) {
  const { block } = useBitsOfFile(result.reconstruction.id);
  if (!block) return null;
  return <Block result={result} latents={latents} block={block} />;
}

interface BlockProps {
  readonly result: Result;
  readonly latents: LatentBits;
  readonly block: LatentPosition;
}

function Block({ result, latents, block }: BlockProps) {
  const { id, info, lost } = result.reconstruction;
  const store = useStudioStore();
  const { channel, oneChannel, edits } = useBitsOfFile(id);
  const { put, remove } = usePutEdit(id);
  const { setBitsOfFile, setBitsView } = store.getState();
  const only = oneChannel ? channel : undefined;
  const at = block.y * latents.width + block.x;
  const [own, side] = [latents.latentBits[at], latents.sideBits[at]];
  return (
    <Panel
      title={`Block (${block.x}, ${block.y})`}
      aside={
        <IconButton
          icon="close"
          label="Choose no block"
          onClick={() => setBitsOfFile(id, { block: undefined })}
        />
      }
    >
      {isLostBlock(lost, block) && (
        <p className="small">
          This block lies in a damaged tile: its bits are not known, and its latents are guessed
          from the tiles around it.
        </p>
      )}
      <dl className="figures figures--small">
        <dt>Latents, side information</dt>
        <dd data-testid="block-bits">
          {bitsText(own)} + {bitsText(side)}
        </dd>
        <dt>Rate</dt>
        <dd>{small((own + side) / blockPixels(info, block.x, block.y))} bpp</dd>
      </dl>
      <SymbolStrip latents={latents} at={at} />
      <SymbolTable
        latents={latents}
        at={at}
        channel={channel}
        onChoose={(next) => setBitsOfFile(id, { channel: next })}
      />
      <Segmented
        label="Footprint of"
        value={only === undefined ? 'all' : 'one'}
        choices={[
          { value: 'all', label: 'All channels' },
          {
            value: 'one',
            label: channel === undefined ? 'One channel' : `Channel ${channel}`,
            disabled: channel === undefined,
          },
        ]}
        onChange={(choice) => {
          setBitsOfFile(id, { oneChannel: choice === 'one' });
          setBitsView({ effect: 'footprint' });
        }}
      />
      <FactorControl
        title={`Latents of this block${only === undefined ? '' : `, channel ${only}`}`}
        label="Factor of the block"
        factor={factorOf(edits, blockKey(block, only))}
        onChange={(factor) => {
          if (factor === 1) remove(blockKey(block, only));
          else put(scaleBlock(block, only, factor));
        }}
      />
    </Panel>
  );
}

const STRIP = { width: 300, height: 44 };

/** Symbols of all channels, left to right, up and down from zero. */
function SymbolStrip({ latents, at }: { latents: LatentBits; at: number }) {
  const { channels, symbols } = latents;
  const { path, most, used } = useMemo(() => {
    const own = symbols.subarray(at * channels, (at + 1) * channels);
    const largest = own.reduce((top, q) => Math.max(top, Math.abs(q)), 1);
    const middle = STRIP.height / 2;
    const bars = Array.from(own, (q, c) => {
      if (q === 0) return '';
      const x = ((c + 0.5) * STRIP.width) / channels;
      // The root keeps small symbols in sight beside large ones.
      const length = Math.sign(q) * Math.sqrt(Math.abs(q) / largest) * (middle - 1);
      return `M${x.toFixed(2)} ${middle}v${(-length).toFixed(2)}`;
    });
    return { path: bars.join(''), most: largest, used: own.filter((q) => q !== 0).length };
  }, [symbols, channels, at]);
  return (
    <div>
      <svg
        className="strip"
        viewBox={`0 0 ${STRIP.width} ${STRIP.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Symbols of ${channels} channels`}
      >
        <path className="strip__zero" d={`M0 ${STRIP.height / 2}h${STRIP.width}`} />
        <path className="strip__bars" d={path} />
      </svg>
      <p className="small muted">
        Symbols by channel, up to ±{most}: {used} of {channels} not zero.
      </p>
    </div>
  );
}

interface SymbolTableProps {
  readonly latents: LatentBits;
  readonly at: number;
  readonly channel: number | undefined;
  onChoose(channel: number): void;
}

function SymbolTable({ latents, at, channel, onChoose }: SymbolTableProps) {
  const { channels, symbolBits, symbols } = latents;
  const dearest = useMemo(() => {
    const bits = symbolBits.subarray(at * channels, (at + 1) * channels);
    const order = Array.from(bits.keys()).sort((a, b) => bits[b] - bits[a]);
    return order.slice(0, LISTED);
  }, [symbolBits, channels, at]);
  return (
    <table className="symbols">
      <thead>
        <tr>
          <th scope="col">Channel</th>
          <th scope="col">Symbol</th>
          <th scope="col">Bits</th>
        </tr>
      </thead>
      <tbody>
        {dearest.map((c) => (
          <tr key={c} className={c === channel ? 'symbols__row--chosen' : undefined}>
            <th scope="row">
              <button
                type="button"
                className="symbols__channel"
                aria-pressed={c === channel}
                title={originText(latents, c)}
                onClick={() => onChoose(c)}
              >
                {c}
              </button>
            </th>
            <td>{String(symbols[at * channels + c]).replace('-', '−')}</td>
            <td>{fixed(symbolBits[at * channels + c], 1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
