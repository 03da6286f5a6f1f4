package sparrow.engine.transformer;

/**
 * Rotary position embedding of the first {@code dimensions} channels of every head; the others pass through.
 *
 * @param dimensions rotated channels of a head, even; all of them in Qwen2, half of them in ChatGLM
 * @param base the angle of pair j at a position is {@code position * base^(-2j / dimensions)}
 * @param pairing which two channels turn together
 */
public record Rope(int dimensions, double base, Pairing pairing) {
    /** Which two channels of a head turn together. */
    public enum Pairing {
        /** Channels 2j and 2j+1 (ChatGLM with {@code original_rope}). */
        INTERLEAVED,
        /** Channels j and j + dimensions/2 (Llama, Qwen2). */
        HALVES
    }

    public Rope {
        if (dimensions < 0 || dimensions % 2 != 0) {
            throw new IllegalArgumentException("rope: expected an even number of channels, got " + dimensions);
        }
        if (!(base > 0)) throw new IllegalArgumentException("rope: expected a base above 0, got " + base);
    }

    /** Cosines (first half) and sines (second half) of every pair's angle at a position; [dimensions]. */
    float[] angles(int position) {
        int pairs = dimensions / 2;
        float[] table = new float[dimensions];
        for (int j = 0; j < pairs; j++) {
            double angle = position * Math.pow(base, -2.0 * j / dimensions);
            table[j] = (float) Math.cos(angle);
            table[pairs + j] = (float) Math.sin(angle);
        }
        return table;
    }

    /** Turns the head that starts at {@code at}, in place. */
    void rotate(float[] x, int at, float[] angles) {
        int pairs = dimensions / 2;
        int first = pairing == Pairing.INTERLEAVED ? 2 : 1;
        int second = pairing == Pairing.INTERLEAVED ? 1 : pairs;
        for (int j = 0; j < pairs; j++) {
            int a = at + first * j;
            int b = a + second;
            float cos = angles[j];
            float sin = angles[pairs + j];
            float turned = x[a] * cos - x[b] * sin;
            x[b] = x[b] * cos + x[a] * sin;
            x[a] = turned;
        }
    }
}
