/**
 * The common parts of all benchmarks. A {@link sparrow.bench.harness.Benchmark} provides runs,
 * {@link sparrow.bench.harness.Rounds} runs a warm-up and then alternates the runs, and a
 * {@link sparrow.bench.harness.BenchReport} of facts and tables is printed as text or JSON. The package also contains
 * common options, charts, and replies and caches with predetermined tokens. The package does not depend on individual
 * benchmarks.
 */
package sparrow.bench.harness;
