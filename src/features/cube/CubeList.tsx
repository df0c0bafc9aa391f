import { useStudio } from '../../state/react';
import { IconButton } from '../../ui/controls';
import { count } from '../../ui/format';

/** The open cubes; one is looked at. Nothing where there is no choice. */
export function CubeList() {
  const cubes = useStudio((state) => state.cubes);
  const current = useStudio((state) => state.cube?.id);
  const activate = useStudio((state) => state.activateCube);
  const close = useStudio((state) => state.closeCube);
  if (cubes.length < 2) return null;
  return (
    <ul className="cube-list" aria-label="Open images">
      {cubes.map(({ cube: { id, info } }) => (
        <li key={id} className={id === current ? 'cube-list__current' : undefined}>
          <button
            type="button"
            className="cube-list__name"
            aria-current={id === current}
            onClick={() => activate(id)}
          >
            <span className="truncate">{info.name}</span>
            <small>
              {count(info.width)} × {count(info.height)} × {count(info.bands)}
            </small>
          </button>
          <IconButton icon="close" label={`Close ${info.name}`} onClick={() => close(id)} />
        </li>
      ))}
    </ul>
  );
}
