/** What an SE block is called on screen: alone, and below the heading of its part. */
export interface BlockName {
  readonly full: string;
  readonly short: string;
}

type Pattern = readonly [RegExp, (number: number) => string];

const ENCODER: readonly Pattern[] = [
  [/^encoder\.se_input$/, () => 'Input bands'],
  [/^encoder\.se(\d+)$/, (i) => `Stage ${i + 1}`],
];

const GENERATOR: readonly Pattern[] = [
  [/^generator\.se_in$/, () => 'Latents'],
  [/^generator\.se_in2$/, () => 'First convolution'],
  [/^generator\.block(\d+)\.se1$/, (i) => `Residual ${i + 1}, first`],
  [/^generator\.block(\d+)\.se2$/, (i) => `Residual ${i + 1}, second`],
  [/^generator\.upse(\d+)$/, (i) => `Upsampling ${i + 1}`],
  [/^generator\.detail_se$/, () => 'Detail'],
];

function match(patterns: readonly Pattern[], block: string): string | undefined {
  for (const [pattern, name] of patterns) {
    const found = pattern.exec(block);
    if (found) return name(Number(found[1]));
  }
  return undefined;
}

/** `Encoder, stage 2`; a block that a later model may bring keeps its own name. */
export function blockName(block: string): BlockName {
  const encoder = match(ENCODER, block);
  const short = encoder ?? match(GENERATOR, block);
  if (!short) return { full: block, short: block };
  const part = encoder ? 'Encoder' : 'Generator';
  return { full: `${part}, ${short.charAt(0).toLowerCase()}${short.slice(1)}`, short };
}
