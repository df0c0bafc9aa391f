import { useStudio } from '../../state/react';
import type { Result } from '../../state/result';
import { NoticeBox, ProgressBar } from '../../ui/blocks';
import { Button, Segmented } from '../../ui/controls';
import { Landmark } from '../../ui/landmark';
import { DamageLab } from '../damage/DamageLab';
import './bits.css';
import { BitMapFigure } from './BitMapFigure';
import { BlockPanel } from './BlockPanel';
import { BytesPanel } from './BytesPanel';
import { ChannelFigure } from './ChannelFigure';
import { ComponentFigure } from './ComponentFigure';
import { EditsPanel } from './EditsPanel';
import { EffectFigure } from './EffectFigure';
import { useBitsResult, useEdited, useFileBits, useFootprint } from './useBits';

/** Where the bits of the decoded file go, and what becomes of it with other latents. */
export default function BitsRoom() {
  const result = useBitsResult();
  return result ? <Room key={result.reconstruction.id} result={result} /> : <div />;
}

/** Both halves of the room. */
function ToolChoice() {
  const tool = useStudio((state) => state.bitsView.tool);
  const setBitsView = useStudio((state) => state.setBitsView);
  return (
    <div className="bits__tools">
      <Segmented
        label="What is done with the file"
        value={tool}
        choices={[
          { value: 'edit', label: 'Bits and edits' },
          { value: 'damage', label: 'Damage' },
        ]}
        onChange={(next) => setBitsView({ tool: next })}
      />
    </div>
  );
}

function Room({ result }: { result: Result }) {
  const tool = useStudio((state) => state.bitsView.tool);
  if (tool === 'damage') return <DamageLab result={result} tools={<ToolChoice />} />;
  return <BitsAndEdits result={result} />;
}

function BitsAndEdits({ result }: { result: Result }) {
  const bits = useFileBits(result.reconstruction.id);
  const edited = useEdited(result);
  const footprint = useFootprint(result.reconstruction.id);
  const { value } = bits;
  if (!value) return <Waiting {...bits} />;
  const { latents } = value;
  return (
    <div className="bits">
      <div className="bits__main">
        <div className="bits__figures">
          <BitMapFigure result={result} latents={latents} />
          {latents ? (
            <EffectFigure result={result} edited={edited} footprint={footprint} />
          ) : (
            <p className="bits__reason muted">{value.noMap}</p>
          )}
        </div>
        {latents && <ChannelFigure result={result} latents={latents} />}
        {value.componentBytes && <ComponentFigure result={result} bits={value} />}
      </div>
      <Landmark as="aside" className="side side--right" aria-label="Bytes, block and edits">
        <ToolChoice />
        <BytesPanel result={result} bits={value} />
        {latents && (
          <>
            <EditsPanel result={result} latents={latents} edited={edited} />
            <BlockPanel result={result} latents={latents} />
          </>
        )}
      </Landmark>
    </div>
  );
}

function Waiting(bits: ReturnType<typeof useFileBits>) {
  const { progress, notice, cancelled, cancel, retry } = bits;
  return (
    <div className="bits__waiting">
      {notice && <NoticeBox>{notice.message}</NoticeBox>}
      {progress && (
        <>
          <p className="muted">Reading the file: {progress.label}</p>
          <ProgressBar done={progress.done} label="Reading the file" />
          <Button onClick={cancel}>Cancel</Button>
        </>
      )}
      {(notice || cancelled) && <Button onClick={retry}>Read the file again</Button>}
    </div>
  );
}
