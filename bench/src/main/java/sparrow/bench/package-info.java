/**
 * {@code sparrow bench}: benchmarks of models and servers, with a package for each. They use {@link
 * sparrow.bench.harness}. {@code sparrow.bench.jmh} measures single kernels with JMH.
 */
package sparrow.bench;
