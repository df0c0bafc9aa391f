import { Component, type ReactNode } from 'react';
import { messageOf } from '../core/errors';
import { NoticeBox } from '../ui/blocks';
import { Button } from '../ui/controls';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error?: unknown;
}

/** Catches what a component throws while drawing. Open cubes stay in the engine. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = {};

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <main className="broken">
        <NoticeBox
          actions={
            <>
              <Button variant="primary" onClick={() => this.setState({ error: undefined })}>
                Try again
              </Button>
              <Button onClick={() => location.reload()}>Reload the page</Button>
            </>
          }
        >
          The studio could not draw this view: {messageOf(this.state.error)}
        </NoticeBox>
      </main>
    );
  }
}
