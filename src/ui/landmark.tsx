import { createContext, type HTMLAttributes, type ReactNode, useContext, useState } from 'react';

const Home = createContext<HTMLElement | null>(null);

/** Where lists, menus and hints are drawn: in the landmark or dialog of what opens them. */
export function usePopupHome(): HTMLElement | null {
  return useContext(Home);
}

interface LandmarkProps extends HTMLAttributes<HTMLElement> {
  readonly as: 'header' | 'main' | 'aside' | 'footer';
}

/** A landmark of the page, with the popups of all that stands in it. */
export function Landmark({ as: Tag, children, ...rest }: LandmarkProps) {
  const [home, setHome] = useState<HTMLElement | null>(null);
  return (
    <Tag ref={setHome} {...rest}>
      <PopupHome at={home}>{children}</PopupHome>
    </Tag>
  );
}

/** Draws the popups of its children in an element. */
export function PopupHome({ at, children }: { at: HTMLElement | null; children: ReactNode }) {
  return <Home value={at}>{children}</Home>;
}
