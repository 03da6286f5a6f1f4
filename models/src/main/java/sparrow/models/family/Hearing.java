package sparrow.models.family;

import java.util.List;
import sparrow.speech.wave.Waveform;

/** How a model hears: what its speech encoder makes of sound, and how that becomes a prompt. */
public sealed interface Hearing {
    /**
     * Sound becomes speech codes, which are ordinary tokens of the prompt.
     *
     * @param encoder sound to codes, each 0 or more
     * @param prompter codes to prompts; codes without a token are left out
     */
    record Codes(Encoder<int[]> encoder, Prompter<int[]> prompter) implements Hearing {
        /**
         * The codes of a waveform.
         *
         * @throws IllegalArgumentException if it is silent
         */
        public int[] hear(Waveform waveform) {
            return encoder.encode(audible(waveform));
        }
    }

    /**
     * Sound becomes embeddings, which stand in the prompt where those of tokens would.
     *
     * @param encoder sound to pieces, each [positions, width]; a piece may have none
     * @param prompter pieces to prompts
     */
    record Vectors(Encoder<List<float[]>> encoder, Prompter<List<float[]>> prompter) implements Hearing {
        /**
         * The embeddings of a waveform, piece by piece.
         *
         * @throws IllegalArgumentException if it is silent
         */
        public List<float[]> hear(Waveform waveform) {
            return encoder.encode(audible(waveform));
        }
    }

    /**
     * A speech encoder, loaded when it is first used.
     *
     * @param <T> what sound becomes
     */
    interface Encoder<T> {
        /** Encodes a waveform of any rate. */
        T encode(Waveform waveform);
    }

    private static Waveform audible(Waveform waveform) {
        if (!waveform.isSilent()) return waveform;
        throw new IllegalArgumentException("question: expected speech, found silence (peak " + waveform.peak() + ")");
    }
}
