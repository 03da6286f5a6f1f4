/**
 * What benchmarks have in common: their options ({@link sparrow.bench.harness.BenchOptions}), replies and caches of given
 * tokens, and peak memory. The package knows no benchmark.
 */
package sparrow.bench.harness;
