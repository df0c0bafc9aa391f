import { test } from '@playwright/test';
import { expectNoViolations } from './axe';
import { ATTENTION } from './sittings/attention';
import { BITS } from './sittings/bits';
import { COMPARE } from './sittings/compare';
import { CURVES } from './sittings/curves';
import { DAMAGE } from './sittings/damage';
import { METADATA } from './sittings/metadata';
import { SCENE } from './sittings/scene';
import { START } from './sittings/start';

test.use({ actionTimeout: 30_000 });

for (const { title, stops } of [START, SCENE, METADATA, COMPARE, CURVES, ATTENTION, BITS, DAMAGE]) {
  test(`axe finds nothing in either theme: ${title}`, async ({ page }, info) => {
    test.setTimeout(300_000);
    for (const { at, go } of stops) {
      await test.step(at, async () => {
        await go(page, info);
        await expectNoViolations(page, at);
      });
    }
  });
}
