import { useEffect, useState } from 'react';
import { useStudioStore } from '../state/react';
import { droppedFiles } from '../ui/dropped';

/** Takes files dropped anywhere on the page. */
export function DropTarget() {
  const store = useStudioStore();
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Enter and leave fire for every element crossed: the pointer is out once they balance.
    let depth = 0;
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onEnter = (event: DragEvent) => {
      if (carriesFiles(event)) setOver(++depth > 0);
    };
    const onLeave = (event: DragEvent) => {
      if (carriesFiles(event)) setOver(--depth > 0);
    };
    const onOver = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const onDrop = async (event: DragEvent) => {
      if (!event.dataTransfer || !carriesFiles(event)) return;
      // A field that takes files itself, such as a list of wavelengths, has taken these.
      const taken = event.defaultPrevented;
      event.preventDefault();
      depth = 0;
      setOver(false);
      if (taken) return;
      await store.getState().openFiles(await droppedFiles(event.dataTransfer));
    };
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('dragover', onOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('drop', onDrop);
    };
  }, [store]);
  if (!over) return null;
  return (
    <div className="drop-veil" aria-hidden="true">
      <span>Drop to open</span>
    </div>
  );
}
