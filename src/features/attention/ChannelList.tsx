import type { GateCell } from '../../state/attention';
import { useStudio } from '../../state/react';
import { blockName } from './names';

interface ChannelListProps {
  readonly title: string;
  readonly channels: readonly (GateCell & { readonly value: number })[];
  text(value: number): string;
}

/** Channels that stand out; each leads to its cell on the map. */
export function ChannelList({ title, channels, text }: ChannelListProps) {
  const chooseCell = useStudio((state) => state.chooseCell);
  return (
    <div className="channel-list">
      <h3 className="small muted">{title}</h3>
      <ol className="edit-list" aria-label={title}>
        {channels.map(({ block, channel, value }) => (
          <li key={`${block} ${channel}`}>
            <button
              type="button"
              className="edit-list__name truncate"
              onClick={() => chooseCell({ block, channel })}
            >
              {blockName(block).full}, channel {channel + 1}
            </button>
            <span>{text(value)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
