import { HscError } from '../../core/errors';

/**
 * What a code stream's markers say (ISO/IEC 15444-1, Annex A). A `.hsc` file keeps the packets
 * alone: 140 bytes and more of markers follow from these few numbers, and at 0.2 bpp a 96 × 96
 * patch has 230 bytes.
 */
export interface CodestreamShape {
  readonly width: number;
  readonly height: number;
  /** 9 … 16. */
  readonly bits: number;
  readonly signed: boolean;
  /** 0 … {@link MAX_LEVELS}. */
  readonly levels: number;
}

export const MAX_LEVELS = 6;

/** Quantiser steps of 16-bit samples: LL by number of levels. */
const LL_STEPS = [0x8000, 0x8824, 0x9f52, 0xa738, 0xaf20, 0xb720, 0xbf20];
/** HL (= LH) and HH by level, the finest first. */
const DETAIL_STEPS = [
  [0x97d3, 0x9762],
  [0x9005, 0x9047],
  [0xa750, 0xa768],
  [0xaf00, 0xaee0],
  [0xb6f0, 0xb6c0],
  [0xbee0, 0xbea0],
] as const;
/** A step's exponent is its top 5 bits; a sample of one bit less has an exponent of one less. */
const EXPONENT_UNIT = 1 << 11;

const [SOC, SIZ, COD, QCD, SOT, SOD, EOC] = [
  0xff4f, 0xff51, 0xff52, 0xff5c, 0xff90, 0xff93, 0xffd9,
];
const MARKER_BYTES = 2;

/**
 * Zero bytes put after the packets. Packets that carry nothing are a zero byte each, of which a
 * file keeps none; a decoder does not mind more than there were.
 */
const PADDING = MAX_LEVELS + 2;

/** The packets of a code stream of one tile, without the zero bytes at their end. */
export function packetsOf(codestream: Uint8Array): Uint8Array {
  const view = new DataView(codestream.buffer, codestream.byteOffset, codestream.byteLength);
  let at = MARKER_BYTES;
  while (at + 4 <= codestream.length && view.getUint16(at) !== SOD) {
    at += MARKER_BYTES + view.getUint16(at + MARKER_BYTES);
  }
  let end = codestream.length - MARKER_BYTES;
  if (view.getUint16(0) !== SOC || at >= end || view.getUint16(end) !== EOC) {
    throw new HscError('bitstream', 'JPEG 2000 gave a code stream that is not one.');
  }
  const start = at + MARKER_BYTES;
  while (end > start && codestream[end - 1] === 0) end--;
  return codestream.slice(start, end);
}

/** The code stream, readable by any decoder of JPEG 2000, that has these packets. */
export function codestreamOf(packets: Uint8Array, shape: CodestreamShape): Uint8Array<ArrayBuffer> {
  const { width, height, bits, signed, levels } = shape;
  const steps = quantiserSteps(levels, bits);
  const size = [width, height, 0, 0].flatMap((value) => bigEndian(value, 4));
  const tilePart = 12 + MARKER_BYTES + packets.length + PADDING;
  const head = [
    ...marker(SOC),
    ...segment(SIZ, [0, 0, ...size, ...size, 0, 1, (signed ? 128 : 0) + bits - 1, 1, 1]),
    // One layer, no component transform, the levels, blocks of 64 × 64, the 9/7 wavelet.
    ...segment(COD, [0, 0, 0, 1, 0, levels, 4, 4, 0, 0]),
    // Explicit steps, two guard bits.
    ...segment(QCD, [0x42, ...steps.flatMap((step) => bigEndian(step, 2))]),
    ...segment(SOT, [0, 0, ...bigEndian(tilePart, 4), 0, 1]),
    ...marker(SOD),
  ];
  const codestream = new Uint8Array(head.length + packets.length + PADDING + MARKER_BYTES);
  codestream.set(head);
  codestream.set(packets, head.length);
  codestream.set(marker(EOC), codestream.length - MARKER_BYTES);
  return codestream;
}

/** OpenJPEG's steps: one over the norm of each subband's synthesis basis, in its coding. */
function quantiserSteps(levels: number, bits: number): number[] {
  const details = DETAIL_STEPS.slice(0, levels).reverse();
  const steps = [LL_STEPS[levels], ...details.flatMap(([hl, hh]) => [hl, hl, hh])];
  return steps.map((step) => step - (16 - bits) * EXPONENT_UNIT);
}

function bigEndian(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);
}

function marker(code: number): number[] {
  return bigEndian(code, 2);
}

function segment(code: number, content: readonly number[]): number[] {
  return [...marker(code), ...bigEndian(content.length + 2, 2), ...content];
}
