package sparrow.speech.flow;

import sparrow.speech.layers.Batch;
import sparrow.tensor.kernel.Block;

/**
 * The conditions of the flow from noise to mel frames.
 *
 * @param mu encoded codes at each frame, [frames, melBins], a whole array
 * @param speaker row of the speaker, [melBins]
 * @param given leading frames that exist already, [n, melBins]; n may be 0
 */
public record Conditions(Block mu, float[] speaker, float[] given) {
    /**
     * Creates the input of the estimator, [sequences, frames, 4 * melBins]: x, which is 0 for now, mu, speaker and
     * given frame at each frame. The first sequence is conditional; a second, unconditional sequence contains only x.
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
