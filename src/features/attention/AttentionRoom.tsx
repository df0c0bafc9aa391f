import { attentionCodec } from '../../state/attention';
import { useStudio } from '../../state/react';
import './attention.css';
import { EditPictures } from './EditPictures';
import { GateMap } from './GateMap';
import { InputBandPlot } from './InputBandPlot';
import { PixelSpectrum } from './PixelSpectrum';
import { useSettling } from './useAttention';

function Plot() {
  const read = useStudio((state) => state.attention);
  const plot = useStudio((state) => state.attentionView.plot);
  if (!read) return <div className="input-plot" />;
  if (plot === 'pixel' || read.blocks[0]?.part !== 'input') return <PixelSpectrum read={read} />;
  return <InputBandPlot read={read} />;
}

/** The room of channel attention: gates, what edits of them do, and the weights of the bands. */
export default function AttentionRoom() {
  useSettling();
  const able = useStudio(
    (state) => state.codecs.length === 0 || attentionCodec(state) !== undefined,
  );
  if (!able) {
    return (
      <p className="attention-none muted">
        No codec with channel attention is installed: HiFiC SE is the one that has it.
      </p>
    );
  }
  return (
    <>
      <GateMap />
      <EditPictures />
      <Plot />
    </>
  );
}
