import { useRef } from 'react';
import { Button, type ButtonProps } from './controls';

interface FilePickerProps extends Omit<ButtonProps, 'onClick'> {
  /** What the browser's dialog is for, to assistive technology. */
  readonly label: string;
  /** Picks a folder with everything in it instead of files. */
  readonly folder?: boolean;
  /** One file only. */
  readonly single?: boolean;
  readonly testId?: string;
  onFiles(files: readonly File[]): void;
}

/** Every browser has it and React's types do not. */
const FOLDER = { webkitdirectory: '' };

/** A button that opens the browser's file dialog. */
export function FilePicker({ label, folder, single, testId, onFiles, ...button }: FilePickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...button} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        hidden
        multiple={!single}
        {...(folder ? FOLDER : {})}
        aria-label={label}
        data-testid={testId}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
