import { describe, expect, it } from 'vitest';
import { isPaletteChord, type KeyPress, matchKey } from './keys';
import { SHORTCUTS } from './shortcuts';

type Modifier = 'Control' | 'Alt' | 'Meta' | 'Shift' | 'AltGraph';

function press(key: string, code: string, ...held: Modifier[]): KeyPress {
  return {
    key,
    code,
    ctrlKey: held.includes('Control'),
    altKey: held.includes('Alt'),
    metaKey: held.includes('Meta'),
    getModifierState: (name) => held.includes(name as Modifier),
  };
}

const meaning = (...event: Parameters<typeof press>) => matchKey(press(...event), SHORTCUTS)?.text;

describe('shortcuts by keyboard layout', () => {
  it.each<[string, string, Parameters<typeof press>]>([
    ['US', 'Lower target rate', ['[', 'BracketLeft']],
    ['US', 'Lower target rate', ['<', 'Comma', 'Shift']],
    ['US', 'Higher target rate', ['>', 'Period', 'Shift']],
    ['German', 'Lower target rate', ['<', 'IntlBackslash']],
    ['German', 'Higher target rate', ['>', 'IntlBackslash', 'Shift']],
    ['German on Linux', 'Lower target rate', ['[', 'Digit8', 'AltGraph']],
    ['German on Windows', 'Higher target rate', [']', 'Digit9', 'Control', 'Alt', 'AltGraph']],
    ['German, AltGr unreported', 'Higher target rate', [']', 'Digit9', 'Control', 'Alt']],
    ['German on a Mac', 'Lower target rate', ['[', 'Digit5', 'Alt']],
    ['French', 'Lower target rate', ['<', 'IntlBackslash']],
    ['French', 'Lower target rate', ['[', 'Digit5', 'Control', 'Alt', 'AltGraph']],
    ['US', 'All commands', ['/', 'Slash']],
    ['German', 'All commands', ['/', 'Digit7', 'Shift']],
    ['French', 'All commands', ['/', 'Period', 'Shift']],
    ['US', 'This sheet', ['?', 'Slash', 'Shift']],
    ['German', 'This sheet', ['?', 'Minus', 'Shift']],
    ['French', 'This sheet', ['?', 'KeyM', 'Shift']],
    ['German', 'Zoom in', ['+', 'BracketRight']],
    ['French', 'Zoom in', ['=', 'Equal']],
    ['French', 'Zoom out', ['-', 'Digit6']],
    ['French', 'Show the scene', ['&', 'Digit1']],
    ['French', 'Show the scene', ['1', 'Digit1', 'Shift']],
    ['French', 'Fit into the pane', ['à', 'Digit0']],
  ])('%s: %s', (_layout, text, event) => {
    expect(meaning(...event)).toBe(text);
  });

  it('leave the browser its own', () => {
    expect(meaning('s', 'KeyS', 'Control')).toBeUndefined();
    expect(meaning('s', 'KeyS', 'Meta')).toBeUndefined();
    expect(meaning('e', 'KeyE', 'Alt')).toBeUndefined();
    expect(meaning('0', 'Digit0', 'Control')).toBeUndefined();
    expect(meaning('+', 'Equal', 'Control')).toBeUndefined();
    expect(meaning('[', 'BracketLeft', 'Meta')).toBeUndefined();
    expect(meaning('!', 'Digit1', 'Shift')).toBeUndefined();
  });

  it('open the palette by Ctrl or Cmd and K', () => {
    expect(isPaletteChord(press('k', 'KeyK', 'Control'))).toBe(true);
    expect(isPaletteChord(press('K', 'KeyK', 'Meta'))).toBe(true);
    expect(isPaletteChord(press('k', 'KeyK'))).toBe(false);
    expect(isPaletteChord(press('k', 'KeyK', 'Control', 'Alt'))).toBe(false);
  });

  it('belong to one action each', () => {
    const keys = SHORTCUTS.flatMap((one) => one.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
