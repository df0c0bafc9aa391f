import type { CodecMeta } from '../../codecs/types';
import { byHeading, headingOf } from '../../ui/codecHeadings';
import { codecStyle, markerPath, themed } from '../../ui/codecStyle';

/** What hides a part of the page with the family that it belongs to. */
export interface FamilyMark {
  readonly 'data-family'?: string;
}

export function familyMark(codec: CodecMeta | undefined): FamilyMark {
  return codec ? { 'data-family': headingOf(codec) } : {};
}

/** A box a family to show or hide it everywhere on the page, without a script; none where there is but one. */
export function Families({ codecs }: { codecs: readonly CodecMeta[] }) {
  const headings = byHeading(codecs);
  if (headings.length < 2) return null;
  const rules = headings.map(
    ({ heading }, i) =>
      `body:has(#family-${i}:not(:checked)) [data-family="${heading}"] { display: none; }`,
  );
  return (
    <fieldset className="families">
      <legend>Codecs shown</legend>
      <style dangerouslySetInnerHTML={{ __html: rules.join('\n') }} />
      {headings.map(({ heading, members }, i) => (
        <label key={heading} title={members.map(({ label }) => label).join(', ')}>
          <input type="checkbox" id={`family-${i}`} defaultChecked />
          {heading}
        </label>
      ))}
    </fieldset>
  );
}

/** A codec's name beside its marker, as in the charts. */
export function CodecName({ codec }: { codec: CodecMeta }) {
  const { colour, marker } = codecStyle(codec.id);
  return (
    <span className="codec" {...familyMark(codec)}>
      <svg viewBox="-7 -7 14 14" width={14} height={14} aria-hidden="true">
        <path d={markerPath(marker, 62)} fill={themed(colour)} />
      </svg>
      {codec.label}
    </span>
  );
}
