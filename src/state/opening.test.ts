import { describe, expect, it, vi } from 'vitest';
import { createStudio } from './store';
import { fakeEngine, opened } from './testing';

describe('leaving what is being opened', () => {
  it('keeps what was open and lets go of the new image when it comes', async () => {
    const engine = fakeEngine();
    const { getState } = createStudio(engine);
    await getState().openSample('field');
    const before = getState().cube;
    let arrive = () => {};
    vi.mocked(engine.open).mockImplementationOnce(
      (id) =>
        new Promise((resolve) => {
          arrive = () => resolve(opened(id));
        }),
    );
    const opening = getState().openFiles([new File(['x'], 'large.mat')]);
    await vi.waitFor(() => expect(engine.open).toHaveBeenCalled());
    expect(getState().opening).toBe('large.mat');
    getState().cancelOpening();
    expect(getState().opening).toBeUndefined();
    arrive();
    await opening;
    expect(getState().cube).toBe(before);
    expect(getState().openNotice).toBeUndefined();
    expect(engine.close).toHaveBeenCalledWith(vi.mocked(engine.open).mock.calls[0][0]);
  });
});
