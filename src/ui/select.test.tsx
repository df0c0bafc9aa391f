// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Select } from './controls';

const CHOICES = [
  { value: 'a', label: 'Apple' },
  { value: 'b', label: 'Banana', detail: 'Long and yellow' },
  { value: 'c', label: 'Cherry', disabled: true },
  { value: 'd', label: 'Date' },
] as const;

function Fruit() {
  const [value, setValue] = useState<string>('b');
  return <Select label="Fruit" value={value} choices={CHOICES} onChange={setValue} />;
}

beforeAll(() => {
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  Element.prototype.scrollIntoView ??= () => {};
});
afterEach(cleanup);

const box = () => screen.getByRole('combobox', { name: 'Fruit' });
const option = (name: string) => screen.getByRole('option', { name });

describe('a list of choices', () => {
  it('opens at what is chosen, and gives the focus back', async () => {
    render(<Fruit />);
    box().focus();
    fireEvent.keyDown(box(), { key: 'ArrowDown' });
    expect(document.activeElement).toBe(option('Banana'));
    expect(option('Banana').getAttribute('aria-selected')).toBe('true');
    expect(option('Cherry').getAttribute('aria-disabled')).toBe('true');
    fireEvent.keyDown(option('Banana'), { key: 'Escape' });
    expect(screen.queryByRole('listbox')).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(box()));
  });

  it('is named by its label, explained by its detail', () => {
    render(<Fruit />);
    fireEvent.keyDown(box(), { key: 'Enter' });
    const described = option('Banana').getAttribute('aria-describedby') ?? '';
    expect(document.getElementById(described)?.textContent).toBe('Long and yellow');
    expect(screen.getByRole('listbox', { name: 'Fruit' })).toBeTruthy();
  });

  it('takes a choice by keys and tells it', () => {
    render(<Fruit />);
    fireEvent.keyDown(box(), { key: 'Enter' });
    option('Date').focus();
    fireEvent.keyDown(option('Date'), { key: 'Enter' });
    expect(box().textContent).toBe('Date');
    expect(screen.queryByRole('listbox')).toBeNull();
  });

  it('refuses what is disabled', () => {
    render(<Fruit />);
    fireEvent.keyDown(box(), { key: 'Enter' });
    fireEvent.click(option('Cherry'));
    expect(box().textContent).toBe('Banana');
  });
});
