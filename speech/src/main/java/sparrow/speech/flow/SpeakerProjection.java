package sparrow.speech.flow;

import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.tensor.kernel.Block;

/** Projects a speaker vector to the speaker row of the estimator input. */
public record SpeakerProjection(Linear linear) {
    /** Reads {@code spk_embed_affine_layer}. */
    public static SpeakerProjection load(LayerReader reader, int melBins, int speakerWidth) {
        return new SpeakerProjection(reader.linear("spk_embed_affine_layer", melBins, speakerWidth));
    }

    /**
     * Scales a vector to length 1 and projects it.
     *
     * @param vector speaker vector, [speakerWidth]; zeros remain zeros
     * @return speaker row, [melBins]
     * @throws IllegalArgumentException if the vector has a different width
     */
    public float[] of(float[] vector) {
        int width = linear.weight().columns();
        if (vector.length != width) {
            throw new IllegalArgumentException("speaker vector: expected " + width + " values, got " + vector.length);
        }
        double squares = 0;
        for (float value : vector) squares += (double) value * value;
        float scale = (float) (1 / Math.max(Math.sqrt(squares), 1e-12));
        Block unit = Block.of(new float[width], 1, width);
        for (int i = 0; i < width; i++) unit.data()[i] = vector[i] * scale;
        return linear.of(unit).data();
    }
}
