import { activePaneOf, type CodecPane, codecOf } from '../../state/panes';
import { useStudio } from '../../state/react';
import { IconButton, Select } from '../../ui/controls';
import { fixed } from '../../ui/format';
import { LineMark } from '../../ui/LineMark';
import { useCodecChoices, withoutRate } from '../codecs';
import { RateSlider } from '../coding/RateSlider';
import { usePaneStyles } from '../paneStyle';
import { PaneStretch } from '../view/PaneStretch';

interface CodecCaptionProps {
  readonly pane: CodecPane;
  readonly number: number;
}

/** Codec and rate of a pane. */
export function CodecCaption({ pane, number }: CodecCaptionProps) {
  const choices = useCodecChoices();
  const codec = useStudio((state) => codecOf(state, pane));
  const active = useStudio((state) => activePaneOf(state).id === pane.id);
  const style = usePaneStyles().get(pane.id);
  const several = useStudio((state) => state.panes.length > 1);
  const setCodec = useStudio((state) => state.setCodec);
  const setRate = useStudio((state) => state.setRate);
  const remove = useStudio((state) => state.removePane);
  return (
    <figcaption className="codec-caption">
      <div className="codec-caption__row">
        {style && <LineMark {...style} />}
        <Select
          label={`Method of pane ${number}`}
          value={pane.codecId}
          placeholder="No method yet"
          choices={choices}
          onChange={(id) => setCodec(id, pane.id)}
        />
        <span className="codec-caption__space" />
        <PaneStretch
          paneKey={pane.id}
          name={active ? 'reconstruction' : `reconstruction-${number}`}
        />
        {several && (
          <IconButton icon="close" label={`Close pane ${number}`} onClick={() => remove(pane.id)} />
        )}
      </div>
      <div className="codec-caption__row codec-caption__rate">
        {codec?.rateRange ? (
          <>
            <RateSlider
              label={`Bits per pixel asked of pane ${number}`}
              codec={codec}
              rate={pane.rate}
              onChange={(rate) => setRate(rate, pane.id)}
            />
            <span className="codec-caption__value">{fixed(pane.rate, 2)} bpp</span>
          </>
        ) : (
          <span className="muted small">{codec ? withoutRate(codec).short : ''}</span>
        )}
      </div>
    </figcaption>
  );
}
