package sparrow.models.family;

import java.util.List;
import java.util.Optional;
import sparrow.speech.wave.Waveform;

/**
 * A model's way from sound to a prompt: a speech encoder, and a builder of prompts for its output.
 *
 * <p>Safe for several threads.
 */
public sealed interface SpeechInput {
    /** Positions of the context that a second of sound takes. */
    double positionsPerSecond();

    /** The features of a waveform that the networks of the encoder read, for each frame [bins]: to compare with another implementation. */
    default List<float[]> features(Waveform waveform) {
        return switch (this) {
            case Tokens tokens -> tokens.encoder().features(waveform);
            case Embeddings embeddings -> embeddings.encoder().features(waveform);
        };
    }

    /**
     * Refuses sound that cannot fit the context, before minutes are spent on it.
     *
     * @param contextLength positions of the context
     * @throws IllegalArgumentException if the sound alone takes more
     */
    default void requireRoom(Waveform waveform, int contextLength) {
        double most = contextLength / positionsPerSecond();
        if (waveform.seconds() > most) {
            throw new IllegalArgumentException("question: " + Math.round(waveform.seconds())
                    + " s of sound do not fit the context, expected at most " + Math.round(most) + " s");
        }
    }

    /**
     * Sound becomes speech codes, which are ordinary tokens of the prompt.
     *
     * @param encoder sound to codes, each 0 or more
     * @param builder codes to prompts; codes without a token are left out
     * @param positionsPerSecond of the context that sound takes
     */
    record Tokens(TokenEncoder encoder, PromptBuilder<int[]> builder, double positionsPerSecond)
            implements SpeechInput {
        /**
         * The codes of a waveform.
         *
         * @throws IllegalArgumentException if it is silent, or its samples are no sound
         */
        public int[] encode(Waveform waveform) {
            return encoder.encode(HeardSound.checked(waveform));
        }

        /**
         * The first codes of sound that goes on which later sound most likely leaves as they are; none if it is silent so far.
         *
         * @throws IllegalArgumentException if its samples are no sound
         */
        public int[] encodeStablePrefix(Waveform soFar) {
            return soFar.isSilent() ? new int[0] : encoder.encodeStablePrefix(HeardSound.checked(soFar));
        }
    }

    /**
     * Sound becomes embeddings, which stand in the prompt where those of tokens would.
     *
     * @param encoder sound to pieces, each [positions, width]; a piece may have none
     * @param builder pieces to prompts
     * @param mixed texts and pieces to prompts; none if a turn is one of both
     * @param positionsPerSecond of the context that sound takes
     */
    record Embeddings(
            Encoder<List<float[]>> encoder,
            PromptBuilder<List<float[]>> builder,
            Optional<PromptBuilder<List<Part>>> mixed,
            double positionsPerSecond)
            implements SpeechInput {
        /** A part of a turn. */
        public sealed interface Part {}

        /** A text. */
        public record Text(String text) implements Part {}

        /**
         * A piece of a sound.
         *
         * @param vectors [positions, width]
         */
        public record Piece(float[] vectors) implements Part {}

        /**
         * The embeddings of a waveform, piece by piece.
         *
         * @throws IllegalArgumentException if it is silent, or its samples are no sound
         */
        public List<float[]> encode(Waveform waveform) {
            return encoder.encode(HeardSound.checked(waveform));
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

        /** The features of a waveform of any rate that its networks read, for each frame [bins]. */
        List<float[]> features(Waveform waveform);
    }

    /** A speech encoder that makes codes. */
    interface TokenEncoder extends Encoder<int[]> {
        /** The first codes of sound that goes on, which stay what they are. */
        int[] encodeStablePrefix(Waveform soFar);
    }
}
