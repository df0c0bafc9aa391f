import { expect, type Page, test } from '@playwright/test';
import { encode, openStudio } from './studio';

test.use({ hasTouch: true });

type Points = readonly (readonly [number, number])[];

/** Fingers that come down at `from`, go to `to` in steps and are lifted. */
async function fingers(page: Page, from: Points, to: Points): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const at = (t: number) =>
    from.map(([x, y], id) => ({ x: x + t * (to[id][0] - x), y: y + t * (to[id][1] - y), id }));
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
  for (let step = 1; step <= 5; step++) {
    await session.send('Input.dispatchTouchEvent', {
      type: 'touchMove',
      touchPoints: at(step / 5),
    });
  }
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await session.detach();
}

/** Bounds of the picture on the screen. */
async function picture(page: Page) {
  const box = await page.getByTestId('scene-canvas').boundingBox();
  if (!box) throw new Error('There is no picture.');
  return box;
}

test('two fingers zoom and pan the scene, one finger pins a pixel', async ({ page }) => {
  await openStudio(page);
  await page.getByTestId('sample-fields').tap();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  const before = await picture(page);
  const patch = await page.getByText(/^patch 96 × 96 at/).innerText();
  const [x, y] = [before.x + before.width / 2, before.y + before.height / 2];

  // Both on the patch's frame, which a single finger would move.
  const near = [
    [x - 30, y],
    [x + 30, y],
  ] as const;
  await fingers(page, near, [
    [x - 60, y],
    [x + 60, y],
  ]);
  const zoomed = await picture(page);
  expect(zoomed.width).toBe(2 * before.width);
  await expect(page.getByText(patch, { exact: true })).toBeVisible();

  await fingers(page, near, [
    [x + 10, y + 25],
    [x + 70, y + 25],
  ]);
  const moved = await picture(page);
  expect(moved.width).toBe(zoomed.width);
  expect(Math.abs(moved.x - zoomed.x - 40)).toBeLessThanOrEqual(1);
  expect(Math.abs(moved.y - zoomed.y - 25)).toBeLessThanOrEqual(1);
  await expect(page.locator('.place-mark')).toBeHidden();

  await page.touchscreen.tap(x, y);
  await expect(page.locator('.place-mark')).toBeVisible();
  await fingers(page, [[x, y]], [[x + 40, y]]);
  await expect(page.getByText(patch, { exact: true })).toBeHidden();
});

test('targets are large enough for fingers, and what tooltips say can be read', async ({
  page,
}) => {
  await openStudio(page);
  await page.getByTestId('sample-fields').tap();
  await encode(page);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button')]
      .map((one) => ({ name: one.textContent, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && box.height < 40)
      .map(({ name, box }) => `${name}: ${box.width}×${box.height}`),
  );
  expect(small).toEqual([]);
  await page.getByRole('button', { name: 'How measured' }).tap();
  await expect(page.getByRole('tooltip')).toContainText('All figures come from the bytes');
});
