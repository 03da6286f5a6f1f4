/**
 * The harness of all benchmarks. A {@link sparrow.bench.harness.Benchmark} gives runs, {@link sparrow.bench.harness.Rounds} warms
 * up and runs them in alternation, and a {@link sparrow.bench.harness.BenchReport} of facts and tables becomes text or JSON. Beside
 * them are options, charts, and replies and caches of given tokens. The package knows no benchmark.
 */
package sparrow.bench.harness;
