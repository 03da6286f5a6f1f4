package sparrow.speech.flow;

import sparrow.speech.layers.Batch;
import sparrow.tensor.kernel.Block;

/**
 * The inputs that guide the flow from noise to mel frames.
 *
 * @param mu encoded codes at each frame, [frames, melBins], a whole array
 * @param speaker the speaker's row, [melBins]
 * @param given frames that exist already, from the first on, [n, melBins]; n may be 0
 */
public record Conditions(Block mu, float[] speaker, float[] given) {
    /**
     * The estimator's input but for x, which is still 0: [sequences, frames, 4 * melBins], at each frame x, mu, speaker and
     * given frame side by side. The first sequence is the conditional one; a second, unconditional one has only x.
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
