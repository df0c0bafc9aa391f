import { createStore } from 'zustand/vanilla';

/** What lies over the studio. */
export type Overlay = 'palette' | 'sheet';

const store = createStore<{ readonly shown: Overlay | undefined }>()(() => ({ shown: undefined }));

/** Keys, buttons and commands open overlays from anywhere; one at a time is shown. */
export const overlays = {
  store,
  show: (shown: Overlay) => store.setState({ shown }),
  close: () => store.setState({ shown: undefined }),
};
