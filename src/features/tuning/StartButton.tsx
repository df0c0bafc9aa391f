import { Button } from '../../ui/controls';

interface StartButtonProps {
  /** Why training cannot start. */
  readonly fault: string | undefined;
  readonly testId: string;
  onStart(): void;
}

/** Starts training, or says why it cannot. */
export function StartButton({ fault, testId, onStart }: StartButtonProps) {
  return (
    <>
      <Button
        variant="primary"
        wide
        large
        disabled={fault !== undefined}
        data-testid={testId}
        onClick={onStart}
      >
        Start
      </Button>
      {fault && <p className="muted small">{fault}</p>}
    </>
  );
}
