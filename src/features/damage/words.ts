import type { Damage } from '../../core/bitstream/damage';
import type { FileSpan, SectionKind, SpanDamage } from '../../core/bitstream/fileMap';
import { count } from '../../ui/format';

export const SECTION_NAMES: Readonly<Record<Exclude<SectionKind, 'tile'>, string>> = {
  header: 'Header',
  index: 'Tile index',
  metadata: 'Metadata',
  weights: 'Tuned weights',
  payload: 'Coded image',
};

/** `Tile 3`, `Metadata`. */
export function spanName({ kind, tile = 0 }: FileSpan): string {
  return kind === 'tile' ? `Tile ${tile + 1}` : SECTION_NAMES[kind];
}

/** `1 byte`, `1,200 bytes`. */
export function bytesText(bytes: number): string {
  return `${count(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`;
}

/** A damage as the list names it. */
export function damageText(damage: Damage): string {
  switch (damage.kind) {
    case 'bit':
      return `Bit ${damage.bit} of byte ${count(damage.byte)} flipped`;
    case 'bits':
      return `${count(damage.count)} random ${damage.count === 1 ? 'bit' : 'bits'} flipped`;
    case 'run':
      return `${bytesText(damage.length)} from ${count(damage.from)} on overwritten`;
    case 'cut':
      return `Cut after ${bytesText(damage.length)}`;
  }
}

/** `2 bytes changed, 30 bytes cut off`. */
export function hitText({ changed, missing }: SpanDamage): string {
  const parts = [
    changed > 0 && `${bytesText(changed)} changed`,
    missing > 0 && `${bytesText(missing)} cut off`,
  ];
  return parts.filter(Boolean).join(', ');
}
