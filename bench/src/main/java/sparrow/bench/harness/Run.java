package sparrow.bench.harness;

import java.util.function.BooleanSupplier;

/**
 * A run of a benchmark.
 *
 * @param name name shown on the screen
 * @param work measures, stores the result, and returns true if it was not interrupted; an interrupted result is
 *     discarded
 */
public record Run(String name, BooleanSupplier work) {}
