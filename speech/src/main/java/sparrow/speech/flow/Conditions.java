package sparrow.speech.flow;

import sparrow.speech.layers.Batch;
import sparrow.tensor.kernel.Block;

/**
 * Conditions of the flow from noise to mel frames.
 *
 * @param mu encoded codes at each frame, [frames, melBins]; must fill its array
 * @param speaker speaker row, [melBins]
 * @param given leading frames that already exist, [n, melBins]; n may be 0
 */
public record Conditions(Block mu, float[] speaker, float[] given) {
    /**
     * Creates the estimator input, [sequences, frames, 4 * melBins]. Each frame consists of x (initially 0), mu, the
     * speaker row and the given frame. The first sequence is conditional; a second, unconditional sequence contains
     * only x.
     */
    Batch estimatorInput(int sequences) {
        int bins = mu.columns();
        Batch input = Batch.zeros(sequences, mu.rows(), 4 * bins);
        for (int t = 0; t < mu.rows(); t++) {
            int at = t * 4 * bins;
            System.arraycopy(mu.data(), t * bins, input.data(), at + bins, bins);
            System.arraycopy(speaker, 0, input.data(), at + 2 * bins, bins);
            if (t * bins < given.length) System.arraycopy(given, t * bins, input.data(), at + 3 * bins, bins);
        }
        return input;
    }
}
