import { useEffect } from 'react';
import { PLAY_SPEEDS } from '../../state/player';
import { useStudio, useStudioStore } from '../../state/react';
import { IconButton, Select } from '../../ui/controls';

/** Shows one band after the other while playing. */
function usePlaying(): void {
  const store = useStudioStore();
  const playing = useStudio((state) => state.playing && state.colourMode === 'grey');
  const speed = useStudio((state) => state.playSpeed);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => store.getState().playOn(), 1000 / speed);
    return () => clearInterval(timer);
  }, [store, playing, speed]);
}

const SPEEDS = PLAY_SPEEDS.map((speed) => ({ value: String(speed), label: `${speed} bands/s` }));

/** Plays through the bands. Starts only when asked to. */
export function PlayBar() {
  usePlaying();
  const store = useStudioStore();
  const playing = useStudio((state) => state.playing);
  const speed = useStudio((state) => state.playSpeed);
  const order = useStudio((state) => state.playOrder);
  const { setPlaying, setPlaySpeed, setPlayOrder, stepBand } = store.getState();
  const loops = order === 'loop';
  return (
    <fieldset className="play-bar" aria-label="Play through the bands">
      <IconButton icon="previous" label="Previous band (,)" onClick={() => stepBand(-1)} />
      <IconButton
        icon={playing ? 'pause' : 'play'}
        label={playing ? 'Pause (B)' : 'Play through the bands (B)'}
        onClick={() => setPlaying(!playing)}
      />
      <IconButton icon="next" label="Next band (.)" onClick={() => stepBand(1)} />
      <Select
        label="Speed of playing"
        value={String(speed)}
        choices={SPEEDS}
        onChange={(value) => setPlaySpeed(Number(value))}
      />
      <IconButton
        icon={loops ? 'loop' : 'pingPong'}
        label={loops ? 'After the last band: the first' : 'After the last band: backwards'}
        onClick={() => setPlayOrder(loops ? 'ping-pong' : 'loop')}
      />
    </fieldset>
  );
}
