/**
 * {@code sparrow bench}: benchmarks of models and servers, one package for each, found by the command line as a service. All
 * stand on {@link sparrow.bench.harness}; {@code sparrow.bench.jmh} measures kernels alone, with JMH.
 */
package sparrow.bench;
