import { HscError, isHscError, messageOf } from '../../core/errors';

/**
 * An error of the HDF5 library in a sentence. The library reports a stack of places, outermost
 * first; the innermost says what went wrong.
 */
export function hdf5Error(name: string, cause: unknown): HscError {
  if (isHscError(cause)) return cause;
  const report = messageOf(cause);
  const truncated = /truncated file: eof = (\d+).*stored_eof = (\d+)/.exec(report);
  if (truncated) {
    const [, size, stated] = truncated;
    return new HscError(
      'truncated',
      `${name} ends too early: it states ${stated} bytes and has ${size}.`,
      { cause },
    );
  }
  if (/file signature not found/.test(report)) {
    return new HscError('bad-file', `${name} is not an HDF5 file: it has no HDF5 signature.`, {
      cause,
    });
  }
  const filter = /required filter '?([^']*?)'? (?:is not registered|isn't available)/.exec(report);
  if (filter) {
    return new HscError(
      'unsupported',
      `${name} is compressed with the filter ${filter[1]}, which is not supported; rewrite it with h5repack -f GZIP=4.`,
      { cause },
    );
  }
  const reason = innermost(report);
  return new HscError(
    'bad-file',
    `${name} is damaged or not readable as HDF5${reason ? `: ${reason}` : ''}.`,
    { cause },
  );
}

function innermost(report: string): string {
  const places = [...report.matchAll(/#\d+: .* in \w+\(\): (.*)/g)];
  return places[places.length - 1]?.[1].trim() ?? '';
}
