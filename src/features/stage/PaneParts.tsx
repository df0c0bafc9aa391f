import type { ReactNode } from 'react';
import type { Notice } from '../../state/notice';
import { NoticeBox } from '../../ui/blocks';

interface PaneCaptionProps {
  readonly title: string;
  readonly detail: ReactNode;
  readonly swatch?: string;
  /** Controls at the right end. */
  readonly aside?: ReactNode;
}

export function PaneCaption(props: PaneCaptionProps) {
  return (
    <figcaption className="caption">
      {props.swatch && (
        <span className="caption__swatch" style={{ background: props.swatch }} aria-hidden="true" />
      )}
      <span className="caption__title">{props.title}</span>
      <span className="caption__detail truncate">{props.detail}</span>
      {props.aside && <span className="caption__aside">{props.aside}</span>}
    </figcaption>
  );
}

export function PaneProblem({ notice }: { notice: Notice | undefined }) {
  if (!notice) return null;
  return (
    <div className="pane__middle">
      <NoticeBox>{notice.message}</NoticeBox>
    </div>
  );
}
