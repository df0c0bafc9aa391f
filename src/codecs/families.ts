import { type HscHeader, isOpaqueNumber, type OpaqueHeader } from '../core/bitstream/header';
import { HscError } from '../core/errors';

/** A codec whose payload only it understands, as files know it. */
export interface OpaqueFamily {
  /** In files; no other codec's. */
  readonly number: number;
  /** Id of the codec. */
  readonly id: string;
  /** Bytes of a payload that are no samples. Throws `bitstream` or `truncated`. */
  sideInformation(payload: Uint8Array): number;
  /** Why its bytes belong to no place of the image, as a sentence. */
  readonly noMap: string;
  /** Bytes of each spectral component, where they are coded one by one. Throws as `sideInformation`. */
  componentBytes?(payload: Uint8Array, bands: number): number[];
}

const declared = new Map<number, OpaqueFamily>();

/** Makes a codec's files known; its own module does so, once. */
export function declareFamily(family: OpaqueFamily): OpaqueFamily {
  const { number, id } = family;
  if (declared.has(number) || familyNamed(id) || !isOpaqueNumber(number)) {
    throw new Error(`The codec ${id} cannot have the number ${number}: it has to be its own.`);
  }
  declared.set(number, family);
  return family;
}

/** The family of a codec's id, where there is one. */
export function familyNamed(id: string): OpaqueFamily | undefined {
  return [...declared.values()].find((one) => one.id === id);
}

/** The family that made a file. Throws `bitstream-version` where none here has its number. */
export function familyOf({ number }: OpaqueHeader): OpaqueFamily {
  const family = declared.get(number);
  if (family) return family;
  throw new HscError(
    'bitstream-version',
    `The .hsc file was made by a codec that is not known here (number ${number}): it is damaged or newer.`,
  );
}

/** Throws `bad-argument` where another codec made the file, and as {@link familyOf}. */
export function checkFamily(
  header: HscHeader,
  family: OpaqueFamily,
): asserts header is OpaqueHeader {
  const own = header.family === 'hific' ? header.family : familyOf(header).id;
  if (own !== family.id)
    throw new HscError('bad-argument', `A file of ${own} is none of ${family.id}.`);
}
