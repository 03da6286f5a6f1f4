package sparrow.gpu.bench;

import java.util.List;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.engine.device.DeviceInfo;

/**
 * The report of a benchmark of a device without a model. 1 GB is 10^9 bytes.
 *
 * @param command command line
 * @param machine the machine that contains the device
 * @param device description of the device
 * @param bytes size of the device memory used for the measurements
 * @param readGbPerS speed of a kernel that only reads: the ceiling
 * @param copyGbPerS speed of a kernel that copies, counting bytes read and written
 * @param launchUs microseconds per launch of an empty kernel, averaged over {@value KernelBenchmark#LAUNCHES} launches
 * @param roundTripUs microseconds from the launch of an empty kernel until the host is notified of its end
 * @param products products of rows and matrices
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
     * A product of rows and a matrix. Consecutive products use different matrices of this shape, so that no matrix is
     * in a cache.
     *
     * @param model name of the model that contains the matrix
     * @param matrix name of the matrix
     * @param outputs number of matrix rows, reduced if the matrix does not fit in the memory
     * @param inputs number of matrix columns
     * @param type number format of the matrix
     * @param rows number of rows multiplied by the matrix at once
     * @param bytes size of the matrix
     * @param us time in microseconds
     * @param gbPerS read speed at the median time
     * @param shareOfCeiling read speed as a fraction of the ceiling
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
