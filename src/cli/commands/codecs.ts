import { parse, STUDIO_OPTIONS } from '../arguments';
import { ratesText } from '../codecsPage';
import { startStudio } from '../studio';
import { EXIT, table } from '../terminal';

export const CODECS_USAGE = `hsc codecs
  the codecs of this installation, their rates and sources
  --json      JSON Lines`;

export async function codecs(args: string[]): Promise<number> {
  const { values } = parse(args, { ...STUDIO_OPTIONS, json: { type: 'boolean', default: false } });
  const metas = (await startStudio({ models: values.models, weights: values.weights })).codecs.map(
    ({ meta }) => meta,
  );
  if (values.json) {
    for (const meta of metas) console.log(JSON.stringify(meta));
    return EXIT.ok;
  }
  console.log(
    table(
      ['id', 'label', 'family', 'grids', 'rates'],
      metas.map((meta) => [
        meta.id,
        meta.label,
        meta.family,
        meta.grids?.join(', ') ?? 'any',
        ratesText(meta),
      ]),
    ),
  );
  for (const { id, description } of metas) console.log(`\n${id}: ${description}`);
  return EXIT.ok;
}
