import { expect, it } from 'vitest';
import { csv } from './csv';
import { point } from './testing';

it('writes a column a figure, a column a section, and empty cells for what does not exist', () => {
  const text = csv([
    point({ cube: 'a, "b"', grid: 'vnir-128', ssim: Number.NaN }),
    point({ codec: 'lossless', rate: undefined, psnr: Infinity }),
  ]);
  const [header, first, second, end] = text.split('\n');
  const columns = header.split(',');
  expect(columns).toEqual([...new Set(columns)]);
  expect(columns).toEqual(expect.arrayContaining(['grid', 'metadataBytes', 'latentsBytes']));
  expect(first.startsWith('"a, ""b""",hific-se,0.4,30,,2,')).toBe(true);
  expect(second.startsWith('town,lossless,,inf,0.9,')).toBe(true);
  expect(second.split(',')).toHaveLength(columns.length);
  expect(end).toBe('');
});
