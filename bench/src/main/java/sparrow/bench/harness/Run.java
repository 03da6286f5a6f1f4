package sparrow.bench.harness;

import java.util.function.BooleanSupplier;

/**
 * A named run of a benchmark.
 *
 * @param name name displayed on the terminal
 * @param work function that measures, stores the result, and returns whether it was not interrupted; an interrupted
 *     result is discarded
 */
public record Run(String name, BooleanSupplier work) {}
