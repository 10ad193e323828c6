// @ts-check
// The incomplete beta function and the quantiles that follow from it: what scipy gives the tables in Python.

const TINY = 1e-300;
const EXACT = 1e-15;

/** Coefficients of Lanczos' approximation to the gamma function, for g = 7. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The logarithm of the gamma function, for x > 0. @param {number} x @returns {number} */
function logGamma(x) {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  const sum = LANCZOS.reduce((all, each, k) => (k ? all + each / (x + k - 1) : each), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The logarithm of the beta function. @param {number} a @param {number} b */
const logBeta = (a, b) => logGamma(a) + logGamma(b) - logGamma(a + b);

/** The continued fraction of the incomplete beta function, by Lentz' method. @param {number} a @param {number} b @param {number} x */
function fraction(a, b, x) {
  const far = (/** @type {number} */ value) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / far(1 - ((a + b) * x) / (a + 1));
  let found = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / far(1 + even * d);
    c = far(1 + even / c);
    found *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / far(1 + odd * d);
    c = far(1 + odd / c);
    found *= d * c;
    if (Math.abs(d * c - 1) < EXACT) break;
  }
  return found;
}

/**
 * The regularised incomplete beta function.
 * @param {number} a above 0
 * @param {number} b above 0
 * @param {number} x from 0 to 1
 * @returns {number}
 */
export function betainc(a, b, x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b));
  // The fraction is quick on one side of the mean; the other follows by symmetry.
  return x < (a + 1) / (a + b + 2) ? (front * fraction(a, b, x)) / a : 1 - (front * fraction(b, a, 1 - x)) / b;
}

/** Inverses that were asked for; rows of one question share many of them. @type {Map<string, number>} */
const known = new Map();

/**
 * The x at which the regularised incomplete beta function is p.
 * @param {number} a above 0
 * @param {number} b above 0
 * @param {number} p from 0 to 1
 */
export function betaincinv(a, b, p) {
  const key = `${a} ${b} ${p}`;
  const found = known.get(key) ?? invert(a, b, p);
  known.set(key, found);
  return found;
}

/** By Newton's steps; one that leaves the bracket becomes a bisection. @param {number} a @param {number} b @param {number} p */
function invert(a, b, p) {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const scale = logBeta(a, b);
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  for (let turn = 0; turn < 200; turn++) {
    const over = betainc(a, b, x) - p;
    if (over > 0) high = x;
    else low = x;
    const slope = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - scale);
    const step = x - over / slope;
    const next = step > low && step < high ? step : (low + high) / 2;
    if (Math.abs(next - x) <= EXACT * next || next === low || next === high) return next;
    x = next;
  }
  return x;
}

/**
 * The quantile of Student's t distribution; of the normal one for infinitely many degrees of freedom.
 * @param {number} df degrees of freedom
 * @param {number} p strictly between 0 and 1
 * @returns {number}
 */
export function stdtrit(df, p) {
  if (p < 0.5) return -stdtrit(df, 1 - p);
  if (df === Infinity) return normal(p);
  const x = betaincinv(df / 2, 0.5, 2 * (1 - p));
  return Math.sqrt((df * (1 - x)) / x);
}

/** The quantile of the normal distribution, for 0.5 ≤ p < 1 - 1e-9. @param {number} p */
function normal(p) {
  let low = 0;
  let high = 6;
  while (high - low > EXACT * high) {
    const x = (low + high) / 2;
    if (x === low || x === high) break;
    // Below x: 1/2 + density · (x + x³/3 + x⁵/15 + …).
    let term = x;
    let sum = x;
    for (let k = 3; term > EXACT * sum; k += 2) sum += term *= (x * x) / k;
    if (0.5 + (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum < p) low = x;
    else high = x;
  }
  return (low + high) / 2;
}
