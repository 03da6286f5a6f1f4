package sparrow.bench.harness;

import java.util.function.BooleanSupplier;

/**
 * One thing that a round measures.
 *
 * @param name of it, as the screen shows it
 * @param work measures, keeps what it found, and tells whether it ran to its end; what was interrupted is not kept
 */
public record Run(String name, BooleanSupplier work) {}
