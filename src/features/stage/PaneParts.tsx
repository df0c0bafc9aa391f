import type { ReactNode } from 'react';
import type { Notice } from '../../state/notice';
import { NoticeBox } from '../../ui/blocks';
import type { Shades } from '../../ui/codecStyle';
import { LineMark } from '../../ui/LineMark';

interface PaneCaptionProps {
  readonly title: string;
  readonly detail: ReactNode;
  /** Of the line that stands for the pane in charts. */
  readonly swatch?: Shades;
  /** Controls at the right end. */
  readonly aside?: ReactNode;
}

export function PaneCaption(props: PaneCaptionProps) {
  return (
    <figcaption className="caption">
      {props.swatch && <LineMark colour={props.swatch} />}
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
