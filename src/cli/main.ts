import { CODECS_USAGE, codecs } from './commands/codecs';
import { DECODE_USAGE, decode } from './commands/decode';
import { ENCODE_USAGE, encode } from './commands/encode';
import { EVALUATE_USAGE, evaluate } from './commands/evaluate';
import { INFO_USAGE, info } from './commands/info';
import { JOIN_USAGE, join, PLAN_USAGE, plan, SHARD_USAGE, shard } from './commands/parts';
import { REPORT_USAGE, report } from './commands/report';
import { EXIT, exitCodeOf, explain, UsageError } from './terminal';

type Command = (args: string[], signal: AbortSignal) => Promise<number>;

const COMMANDS: Readonly<Record<string, { readonly run: Command; readonly usage: string }>> = {
  encode: { run: encode, usage: ENCODE_USAGE },
  decode: { run: decode, usage: DECODE_USAGE },
  plan: { run: plan, usage: PLAN_USAGE },
  shard: { run: shard, usage: SHARD_USAGE },
  join: { run: join, usage: JOIN_USAGE },
  info: { run: info, usage: INFO_USAGE },
  evaluate: { run: evaluate, usage: EVALUATE_USAGE },
  report: { run: report, usage: REPORT_USAGE },
  codecs: { run: codecs, usage: CODECS_USAGE },
};

const USAGE = `hsc: compress hyperspectral images with learned and classical codecs

${Object.values(COMMANDS)
  .map(({ usage }) => usage)
  .join('\n\n')}

Every command that runs a codec takes --backend wasm|cpu, --models FOLDER, and --weights FILE (again
and again for several): weights tuned in the studio, as a codec of their own.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.`;

async function main(argv: string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(USAGE);
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = COMMANDS[name];
  if (!command) {
    console.error(`hsc: there is no command ${name}.\n\n${USAGE}`);
    return EXIT.usage;
  }
  if (args.includes('--help') || args.includes('-h')) {
    console.log(command.usage);
    return EXIT.ok;
  }
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  try {
    return await command.run(args, interrupted.signal);
  } catch (error) {
    console.error(`hsc: ${explain(error)}`);
    if (error instanceof UsageError) console.error(`\n${command.usage}`);
    return exitCodeOf(error);
  }
}

process.exitCode = await main(process.argv.slice(2));
