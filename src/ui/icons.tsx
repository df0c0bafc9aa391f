import type { ReactNode } from 'react';

const SHAPES = {
  check: <path d="m3.5 8.5 3 3 6-7" />,
  chevron: <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />,
  close: <path d="m4 4 8 8m0-8-8 8" />,
  caution: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.8v3.8m0 2.3v.2" />
    </>
  ),
  contrast: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11Z" fill="currentColor" />
    </>
  ),
  file: <path d="M4 2.5h5l3 3v8H4Zm5 0v3h3" />,
  folder: <path d="M2 4.5h4l1.5 1.5H14v6.5H2Z" />,
  keyboard: (
    <>
      <rect x="1.5" y="4" width="13" height="8" rx="1.5" />
      <path d="M4 6.7h.1m2.6 0h.1m2.6 0h.1m2.6 0h.1M5 9.5h6" />
    </>
  ),
  minus: <path d="M3.5 8h9" />,
  more: <path d="M3.5 8h.1m4.35 0h.1m4.35 0h.1" strokeWidth="2.2" />,
  moon: <path d="M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5Z" />,
  loop: <path d="M3 7a5 5 0 0 1 9.3-1.5M13 9a5 5 0 0 1-9.3 1.5M12.6 2.6v3h-3M3.4 13.4v-3h3" />,
  next: <path d="M4 4v8l6-4Zm8 0v8" />,
  pause: <path d="M5.5 3.5v9m5-9v9" />,
  pingPong: <path d="M2.5 8h11M5 5.5 2.5 8 5 10.5m6-5L13.5 8 11 10.5" />,
  play: <path d="M5 3.5v9l7-4.5Z" />,
  plus: <path d="M3.5 8h9M8 3.5v9" />,
  previous: <path d="M12 4v8L6 8ZM4 4v8" />,
  save: <path d="M8 2.5v7.5m-3.2-3L8 10.2l3.2-3.2M3 13.5h10" />,
  redo: <path d="M12.5 3v4h-4m3.6-.4A5 5 0 1 0 13 9.5" />,
  undo: <path d="M3.5 3v4h4m-3.6-.4A5 5 0 1 1 3 9.5" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.2" />
      <path d="m10.2 10.2 3.3 3.3" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.7" />
      <path d="M8 1.5v1.6m0 9.8v1.6M1.5 8h1.6m9.8 0h1.6M3.4 3.4l1.1 1.1m7 7 1.1 1.1m0-9.2-1.1 1.1m-7 7-1.1 1.1" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

/** A 16 px line drawing; decorative, so the control it sits in needs a name of its own. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {SHAPES[name]}
    </svg>
  );
}

/** The studio's mark: bands of one scene, one above the other. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <path d="M2 7 10 3l8 4-8 4Z" fill="var(--accent)" />
      <path d="m2 11 8 4 8-4" stroke="var(--accent)" strokeWidth="1.6" opacity=".75" />
      <path d="m2 14.6 8 4 8-4" stroke="var(--accent)" strokeWidth="1.6" opacity=".4" />
    </svg>
  );
}
