import { useStudio } from '../../state/react';
import { NoticeBox } from '../../ui/blocks';

/** Said before training starts where no graphics card does the work. */
export function SlowStart() {
  const slow = useStudio(({ backend }) => {
    const { name, software } = backend?.chosen ?? {};
    return name !== undefined && (software || name === 'wasm' || name === 'cpu');
  });
  if (!slow) return null;
  return (
    <NoticeBox kind="info">
      No graphics card does the work here: a step takes seconds. It runs all the same, and other
      rooms stay usable.
    </NoticeBox>
  );
}
