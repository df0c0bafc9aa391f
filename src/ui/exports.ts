import { saveFile, saveText } from './download';
import { type Figure, pngOf } from './exportFigure';

/** A way out for what a view shows. */
export interface Export {
  readonly label: string;
  readonly detail: string;
  /** Heading that it stands under in the menu; exports of a group follow one another. */
  readonly group?: string;
  readonly disabled?: boolean;
  run(): void | Promise<void>;
}

/** A figure as SVG and as PNG, drawn when it is asked for; `base` is the file's name without ending. */
export function figureExports(
  base: string,
  draw: () => Figure | Promise<Figure>,
): readonly [Export, Export] {
  return [
    {
      label: 'SVG',
      detail: 'with a caption; text stays text',
      run: async () => saveText(`${base}.svg`, (await draw()).svg),
    },
    {
      label: 'PNG',
      detail: 'the same at twice its size',
      run: async () => saveFile(`${base}.png`, await pngOf(await draw())),
    },
  ];
}

/** Numbers as a table. */
export function tableExport(base: string, detail: string, write: () => string): Export {
  return { label: 'CSV', detail, run: () => saveText(`${base}.csv`, write()) };
}
