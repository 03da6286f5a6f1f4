/**
 * {@code sparrow bench}: benchmarks of models and servers, in one package each. The benchmarks are based on
 * {@link sparrow.bench.harness}. {@code sparrow.bench.jmh} measures individual kernels with JMH.
 */
package sparrow.bench;
