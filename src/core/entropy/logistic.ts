/**
 * The logistic function and its inverse as tables, made with +, −, × and ÷ alone: those are rounded
 * alike on every machine, which the exponentials and logarithms of engines are not.
 */

/** Largest argument of {@link squash}, either way. */
const LIMIT = 12;
const STEPS = 64;
const TERMS = 16;

/** Entries of the inverse: probabilities are told apart by 1 / 16384. */
const CELLS = 16384;

/** e^(1 / STEPS) by its series. */
function smallPower(): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < TERMS; n++) {
    term /= n * STEPS;
    sum += term;
  }
  return sum;
}

function makeSquash(): Float64Array {
  const table = new Float64Array(2 * LIMIT * STEPS + 2);
  const middle = LIMIT * STEPS;
  const factor = smallPower();
  let power = 1;
  for (let i = 0; i <= middle; i++) {
    table[middle + i] = power / (1 + power);
    table[middle - i] = 1 / (1 + power);
    power *= factor;
  }
  table[2 * middle + 1] = table[2 * middle];
  return table;
}

const SQUASH = makeSquash();

/** 1 / (1 + e^−x), x beyond ±12 taken as ±12. */
export function squash(x: number): number {
  const clipped = x > LIMIT ? LIMIT : x < -LIMIT ? -LIMIT : x;
  const place = (clipped + LIMIT) * STEPS;
  const cell = Math.floor(place);
  return SQUASH[cell] + (place - cell) * (SQUASH[cell + 1] - SQUASH[cell]);
}

/** The arguments at which {@link squash} is each cell's middle, by walking up its table. */
function makeStretch(): Float64Array {
  const table = new Float64Array(CELLS);
  let at = 0;
  for (let i = 0; i < CELLS; i++) {
    const probability = (i + 0.5) / CELLS;
    while (SQUASH[at + 1] < probability) at++;
    const share = (probability - SQUASH[at]) / (SQUASH[at + 1] - SQUASH[at]);
    table[i] = (at + share) / STEPS - LIMIT;
  }
  return table;
}

const STRETCH = makeStretch();

/** ln(p / (1 − p)) of a probability in 0..1, not 1 itself, to 1 / 16384 of p. */
export function stretch(probability: number): number {
  return STRETCH[Math.floor(probability * CELLS)];
}
