/**
 * The harness of all benchmarks. A {@link sparrow.bench.harness.Benchmark} defines runs, {@link
 * sparrow.bench.harness.Rounds} warms up and runs them in alternation, and a {@link sparrow.bench.harness.BenchReport}
 * of facts and tables is printed as text or JSON. The package also contains common options, charts, and replies and
 * caches of given tokens. It does not depend on the benchmarks.
 */
package sparrow.bench.harness;
