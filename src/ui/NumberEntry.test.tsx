// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NumberEntry } from './NumberEntry';

afterEach(cleanup);

function entry(onCommit: (value: number) => boolean) {
  render(<NumberEntry label="Red" text="640.3 nm" value="640.3" onCommit={onCommit} />);
  const input = screen.getByRole<HTMLInputElement>('textbox', { name: 'Red' });
  const type = (value: string, key?: string) => {
    fireEvent.focus(input);
    fireEvent.change(input, { target: { value } });
    if (key) fireEvent.keyDown(input, { key });
  };
  return { input, type };
}

describe('an entry of a number', () => {
  it('shows the unit until somebody types', () => {
    const { input } = entry(() => true);
    expect(input.value).toBe('640.3 nm');
    fireEvent.focus(input);
    expect(input.value).toBe('640.3');
  });

  it('takes numbers with and without a unit', () => {
    const commit = vi.fn(() => true);
    const { type } = entry(commit);
    for (const text of ['700', ' 700.5 nm', '700,25', '-3 %', '3e-5']) type(text, 'Enter');
    expect(commit.mock.calls).toEqual([[700], [700.5], [700.25], [-3], [3e-5]]);
  });

  it('says what is no number or no good, and goes back on Escape', () => {
    const commit = vi.fn(() => false);
    const { input, type } = entry(commit);
    for (const text of ['red', '', '1.2.3', 'nm 5']) type(text, 'Enter');
    expect(commit).not.toHaveBeenCalled();
    expect(input.getAttribute('aria-invalid')).toBe('true');
    type('5', 'Enter');
    expect(commit).toHaveBeenCalledWith(5);
    expect(input.getAttribute('aria-invalid')).toBe('true');
    fireEvent.keyDown(input, { key: 'Escape' });
    expect([input.value, input.getAttribute('aria-invalid')]).toEqual(['640.3', 'false']);
  });
});
