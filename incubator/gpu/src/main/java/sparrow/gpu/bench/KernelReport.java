package sparrow.gpu.bench;

import java.util.List;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.engine.device.DeviceInfo;

/**
 * The report of a benchmark of a device without a model. GB are 10^9 bytes.
 *
 * @param command as it was called
 * @param machine that the device belongs to
 * @param device its description
 * @param bytes of its memory that was measured over
 * @param readGbPerS of a kernel that only reads: the ceiling
 * @param copyGbPerS of a kernel that copies, bytes read and written together
 * @param launchUs microseconds of a launch of a kernel that does nothing, as one of {@value KernelBenchmark#LAUNCHES}
 * @param roundTripUs microseconds from the launch of such a kernel until the host knows that it has ended
 * @param products of rows with matrices
 */
public record KernelReport(
        String command,
        Machine machine,
        DeviceInfo device,
        long bytes,
        Quartiles readGbPerS,
        Quartiles copyGbPerS,
        Quartiles launchUs,
        Quartiles roundTripUs,
        List<Product> products) {
    /**
     * A product of rows with a matrix. Several matrices of the shape take turns, so that none is in a cache.
     *
     * @param model that has the matrix
     * @param matrix its name
     * @param outputs rows of the matrix: fewer than it has if it does not fit the memory
     * @param inputs columns of the matrix
     * @param type of its numbers
     * @param rows that were multiplied with it at once
     * @param bytes of it
     * @param us microseconds
     * @param gbPerS at the median time
     * @param shareOfCeiling the same by the ceiling
     */
    public record Product(
            String model,
            String matrix,
            int outputs,
            int inputs,
            String type,
            int rows,
            long bytes,
            Quartiles us,
            double gbPerS,
            double shareOfCeiling) {}
}
