/** Milliseconds of a clock that never goes back. Not `performance.now()`, for whose first call Node 20 loads all of `perf_hooks`. */
export function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
